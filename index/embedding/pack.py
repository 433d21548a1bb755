"""Read the packed 4-bit file of the model (magic ``E5S1``) and de-quantise its tensors.

Layout, little-endian: magic, version; nine model sizes; vocabulary (sizes, offsets, scores,
bytes of the pieces); a normalisation table, not used here; the directory of the tensors; their
data. A tensor is kept either as float32, or as blocks of 32 weights: one float16 scale, then
16 bytes of two nibbles each, the low nibbles being the first 16 weights; weight = scale × (nibble
- 8).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from index.embedding.errors import FichierModeleInvalide

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

MAGIC = b"E5S1"
VERSION = 1
BLOCK = 32
BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)])
FLOAT32, FOUR_BITS = 0, 1
MAX_PIECES = 1_000_000


@dataclass(frozen=True)
class PackedSizes:
    """Sizes of the network, as a BERT configuration names them."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    token_types: int


@dataclass(frozen=True)
class _Entry:
    kind: int
    count: int
    offset: int
    size: int


@dataclass(frozen=True)
class PackedModel:
    """A packed file, open: its sizes, its pieces with their scores, its tensors on demand."""

    sizes: PackedSizes
    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    entries: Mapping[str, _Entry]
    data: NDArray[np.uint8]

    def tensor(
        self, name: str, shape: tuple[int, ...], rows: NDArray[np.int64] | None = None
    ) -> NDArray[np.float32]:
        """De-quantise one tensor to float32 of ``shape``; of its first axis, ``rows`` alone.

        Raises `FichierModeleInvalide` when the tensor is absent or of another size.
        """
        entry = self.entries.get(name)
        if entry is None:
            raise FichierModeleInvalide(f"Le fichier du modèle n'a pas de tenseur « {name} ».")
        expected = int(np.prod(shape))
        if entry.count != expected:
            raise FichierModeleInvalide(
                f"Le tenseur « {name} » compte {entry.count} valeurs ; {expected} sont attendues."
            )
        raw = self.data[entry.offset : entry.offset + entry.size]
        if entry.kind == FLOAT32:
            values = raw.view("<f4").reshape(shape)
            return np.array(values if rows is None else values[rows], dtype=np.float32)
        blocks = raw.view(BLOCK_TYPE).reshape(shape[0], -1)
        picked = blocks if rows is None else blocks[rows]
        return _dequantise(picked).reshape(len(picked), *shape[1:])


def _dequantise(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    nibbles = blocks["nibbles"]
    weights = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8
    return weights * blocks["scale"].astype(np.float32)[..., None]


class _Cursor:
    """Reads numbers one after the other, and says so when the file ends too early."""

    def __init__(self, data: NDArray[np.uint8], path: Path) -> None:
        self._data = data
        self._path = path
        self._position = 0

    def raw(self, size: int) -> bytes:
        end = self._position + size
        if size < 0 or end > len(self._data):
            raise FichierModeleInvalide(
                f"Le fichier {self._path.name} est tronqué ou abîmé : {len(self._data)} octets, "
                f"au moins {end} attendus."
            )
        taken = self._data[self._position : end].tobytes()
        self._position = end
        return taken

    def numbers(self, layout: str) -> tuple[int, ...]:
        return struct.unpack("<" + layout, self.raw(struct.calcsize("<" + layout)))

    def number(self, layout: str) -> int:
        return self.numbers(layout)[0]


def open_packed(path: Path) -> PackedModel:
    """Open a packed file; its tensors stay on disk until they are asked for.

    Raises `FichierModeleInvalide` when the file is of another kind, of an unknown version,
    truncated, or inconsistent.
    """
    if not path.is_file() or path.stat().st_size == 0:
        raise FichierModeleInvalide(f"Le fichier {path.name} est absent ou vide.")
    data = np.memmap(path, dtype=np.uint8, mode="r")
    cursor = _Cursor(data, path)
    magic = cursor.raw(len(MAGIC))
    if magic != MAGIC:
        raise FichierModeleInvalide(
            f"Le fichier {path.name} n'est pas un modèle au format {MAGIC.decode()} : "
            f"il commence par {magic!r}."
        )
    version = cursor.number("I")
    if version != VERSION:
        raise FichierModeleInvalide(
            f"Le fichier {path.name} est de version {version} ; seule la version {VERSION} est lue."
        )
    sizes = PackedSizes(*cursor.numbers("7i"))
    cursor.raw(4)  # epsilon of the layer normalisation: BERT's own, rounded to float32
    block = cursor.number("i")
    if block != BLOCK:
        raise FichierModeleInvalide(f"Blocs de {block} poids ; seuls ceux de {BLOCK} sont lus.")
    pieces, scores = _read_vocabulary(cursor)
    cursor.raw(_skip_normalisation(cursor))
    entries = _read_directory(cursor, len(data))
    return PackedModel(sizes, pieces, scores, entries, data)


def _read_vocabulary(cursor: _Cursor) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    count, bos, eos, pad, unknown = cursor.numbers("5i")
    if not 0 < count <= MAX_PIECES or (bos, pad, eos, unknown) != (0, 1, 2, 3):
        raise FichierModeleInvalide(f"Le vocabulaire annoncé ({count} morceaux) n'est pas valide.")
    length = cursor.number("Q")
    offsets = np.frombuffer(cursor.raw(4 * (count + 1)), "<u4").astype(np.int64)
    scores = np.frombuffer(cursor.raw(4 * count), "<f4").astype(np.float32)
    text = cursor.raw(length)
    if offsets[-1] > length or np.any(np.diff(offsets) < 0) or not np.isfinite(scores).all():
        raise FichierModeleInvalide("Le vocabulaire du fichier du modèle est abîmé.")
    try:
        pieces = tuple(text[start:end].decode("utf-8") for start, end in pairwise(offsets))
    except UnicodeDecodeError as problem:
        raise FichierModeleInvalide("Un morceau du vocabulaire n'est pas de l'UTF-8.") from problem
    return pieces, scores


def _skip_normalisation(cursor: _Cursor) -> int:
    """Size of the normalisation table in bytes; it is not needed (see `tokenizer.charsmap`)."""
    cursor.number("i")
    return cursor.number("I")


def _read_directory(cursor: _Cursor, file_size: int) -> dict[str, _Entry]:
    entries = {}
    for _ in range(cursor.number("i")):
        name = cursor.raw(cursor.number("H")).decode("ascii", "replace")
        entry = _Entry(*cursor.numbers("BIQQ"))
        expected = {
            FLOAT32: 4 * entry.count,
            FOUR_BITS: entry.count // BLOCK * BLOCK_TYPE.itemsize,
        }.get(entry.kind)
        if expected != entry.size or entry.offset + entry.size > file_size:
            raise FichierModeleInvalide(
                f"Le tenseur « {name} » est tronqué ou d'un type inconnu ({entry.kind})."
            )
        entries[name] = entry
    return entries
