from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.embedding.errors import FichierModeleInvalide
from index.embedding.pack import open_packed

if TYPE_CHECKING:
    from pathlib import Path

PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁été")
HIDDEN = 32


def packed_file(*, magic: bytes = b"E5S1", version: int = 1) -> bytes:
    """A whole small file: one 4-bit tensor of two rows, one float32 tensor."""
    blob = "".join(PIECES).encode()
    offsets = np.cumsum([0, *(len(piece.encode()) for piece in PIECES)]).astype("<u4")
    nibbles = bytes(low | (15 - low) << 4 for low in range(16))
    blocks = [np.array(scale, dtype="<f2").tobytes() + nibbles for scale in (1, 0.5)]
    tensors = {"emb.word": (1, 64, b"".join(blocks)), "bias": (0, 3, struct.pack("<3f", 1, 2, 3))}
    head = magic + struct.pack("<I7ifi", version, HIDDEN, 1, 1, 64, 2, 8, 1, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob)) + offsets.tobytes()
    head += struct.pack("<5f", *range(5)) + blob
    head += struct.pack("<iI", 1, 9) + bytes(9) + struct.pack("<i", len(tensors))
    start = len(head) + sum(2 + len(name) + 21 for name in tensors)
    directory, data = b"", b""
    for name, (kind, count, raw) in tensors.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, count, start + len(data), len(raw))
        data += raw
    return head + directory + data


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "modele.bin"


def test_pieces_and_scores_are_read_in_order(path: Path) -> None:
    path.write_bytes(packed_file())
    packed = open_packed(path)
    assert packed.pieces == PIECES
    assert packed.scores.tolist() == [0, 1, 2, 3, 4]


def test_the_first_half_of_a_block_is_in_the_low_nibbles(path: Path) -> None:
    path.write_bytes(packed_file())
    rows = open_packed(path).tensor("emb.word", (2, HIDDEN))
    expected = [*range(-8, 8), *range(7, -9, -1)]
    assert rows[0].tolist() == expected
    assert rows[1].tolist() == [value / 2 for value in expected]


def test_chosen_rows_are_those_of_the_whole_tensor(path: Path) -> None:
    path.write_bytes(packed_file())
    packed = open_packed(path)
    whole = packed.tensor("emb.word", (2, HIDDEN))
    chosen = packed.tensor("emb.word", (2, HIDDEN), np.array([1]))
    assert np.array_equal(chosen, whole[1:])


def test_a_float_tensor_is_read_as_it_is(path: Path) -> None:
    path.write_bytes(packed_file())
    assert open_packed(path).tensor("bias", (3,)).tolist() == [1, 2, 3]


def test_a_file_cut_anywhere_is_refused(path: Path) -> None:
    whole = packed_file()
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        with pytest.raises(FichierModeleInvalide):
            open_packed(path)


def test_a_foreign_file_is_named_as_such(path: Path) -> None:
    path.write_bytes(packed_file(magic=b"GGUF"))
    with pytest.raises(FichierModeleInvalide, match=r"n'est pas un modèle au format E5S1.*GGUF"):
        open_packed(path)


def test_an_unknown_version_is_refused(path: Path) -> None:
    path.write_bytes(packed_file(version=7))
    with pytest.raises(FichierModeleInvalide, match="version 7"):
        open_packed(path)


def test_an_absent_tensor_is_named(path: Path) -> None:
    path.write_bytes(packed_file())
    with pytest.raises(FichierModeleInvalide, match="pooler"):
        open_packed(path).tensor("pooler", (3,))


def test_a_tensor_of_another_size_is_refused(path: Path) -> None:
    path.write_bytes(packed_file())
    with pytest.raises(FichierModeleInvalide, match="3 valeurs ; 4 sont attendues"):
        open_packed(path).tensor("bias", (4,))
