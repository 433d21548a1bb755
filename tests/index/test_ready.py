"""Vectors made ahead: a build takes them up, and is the same to the bit as one that made them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from incremental import MakeFiche

from corpus.canonical import build_canonical
from corpus.models import DocumentCanonique
from corpus.passages import cut_passages
from index.build import BuildReport, build_index
from index.embedding.encoder import Encoder
from index.entries import passage_entry
from index.lexicon import Lexique
from index.models import Entry
from index.ready import ReadReady, embed, pack_ready, ready_name, unpack_ready

WORDS = (
    "# Horaires\n\nLe club ouvre à 17 heures.\n\n# Goûter\n\nUn goûter est offert aux enfants.\n"
)


@pytest.fixture(scope="module")
def document(make_fiche: MakeFiche) -> DocumentCanonique:
    return build_canonical(WORDS, make_fiche())


@pytest.fixture(scope="module")
def entries(document: DocumentCanonique, lexique: Lexique) -> tuple[Entry, ...]:
    return tuple(passage_entry(one, document, lexique) for one in cut_passages(document))


@pytest.fixture(scope="module")
def piece(entries: tuple[Entry, ...], encoder: Encoder) -> bytes:
    vectors = [embed(one, encoder) for one in entries]
    return pack_ready(entries, vectors, encoder.description.dimension)


def built(
    document: DocumentCanonique, encoder: Encoder, lexique: Lexique, folder: Path, ready: ReadReady
) -> tuple[BuildReport, dict[str, bytes]]:
    report = build_index({"essai": document}, encoder, lexique, folder, ready=ready)
    version = folder / "versions" / report.info.version
    files = (path for path in sorted(version.rglob("*")) if path.is_file())
    return report, {path.relative_to(version).as_posix(): path.read_bytes() for path in files}


def test_an_index_made_of_ready_vectors_is_the_same_to_the_bit(  # noqa: PLR0917
    document: DocumentCanonique,
    entries: tuple[Entry, ...],
    piece: bytes,
    encoder: Encoder,
    lexique: Lexique,
    tmp_path: Path,
) -> None:
    ready = {ready_name(entries, encoder.description): piece}
    bare, expected = built(document, encoder, lexique, tmp_path / "bare", lambda _name: None)
    taken, found = built(document, encoder, lexique, tmp_path / "ready", ready.get)
    assert (bare.embedded, taken.embedded) == (len(entries), 0)
    assert found == expected


def test_a_piece_gives_back_the_vectors_that_it_was_made_of(
    entries: tuple[Entry, ...], piece: bytes, encoder: Encoder
) -> None:
    found = unpack_ready(piece, entries, encoder.description.dimension)
    for one in entries:
        expected = embed(one, encoder)
        for name in ("sentence", "tokens", "scales", "ends"):
            assert np.array_equal(getattr(found[one.key], name), getattr(expected, name))


def test_a_piece_of_other_entries_is_not_taken_up(
    entries: tuple[Entry, ...], piece: bytes, encoder: Encoder
) -> None:
    assert unpack_ready(piece, entries[:1], encoder.description.dimension) == {}


@pytest.mark.parametrize("cut", [0, 10, -1])
def test_a_piece_cut_short_is_not_taken_up(
    entries: tuple[Entry, ...], piece: bytes, encoder: Encoder, cut: int
) -> None:
    assert unpack_ready(piece[:cut], entries, encoder.description.dimension) == {}


def test_another_model_has_pieces_of_its_own(entries: tuple[Entry, ...], encoder: Encoder) -> None:
    here = encoder.description
    other = here.model_copy(update={"content_hash": "0" * 64})
    assert ready_name(entries, here) != ready_name(entries, other)
