from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assistant.configuration import read_configuration
from bench.echelle import slope
from bench.echelle_copies import boxed, parts_in, write_parts
from bench.echelle_magasin import EXACT, GRAPH, HALF, Demande, etabli, neighbours, scopes, words_of
from bench.echelle_replique import hold, weight
from bench.grappes import make
from corpus.models import NATIONALE
from index.lexical import LexicalIndex
from index.lexicon import Lexique
from index.parts import Part, document_file
from index.storage import open_index
from index.stored import StoredIndex

INSTALLED = read_configuration().dossier_index


@pytest.fixture
def stored(lexique: Lexique) -> StoredIndex:
    """The index that is installed."""
    return open_index(INSTALLED, lexique)


@pytest.fixture
def copies(stored: StoredIndex, tmp_path: Path) -> Path:
    """Twice the five documents, and a few more."""
    info = stored.info
    target = tmp_path / "copies"
    written = write_parts(
        INSTALLED / "versions" / info.version, info.documents, 2 * info.passages + 1, target
    )
    assert written > 2 * info.passages
    return target


def test_copies_are_documents_of_their_own(copies: Path) -> None:
    parts = [Part.model_validate_json(file.read_bytes()) for file in parts_in(copies)]
    names = [part.document.fiche.id for part in parts]
    passages = [passage for part in parts for passage in part.passages]
    assert len(set(names)) == len(parts) > 10
    assert len({passage.id for passage in passages}) == len(passages)
    for part in parts:
        assert {p.document for p in part.passages} == {part.document.fiche.id}
        assert [entry.target for entry in part.entries] == [p.id for p in part.passages]
        for passage in part.passages:
            assert part.document.texte[passage.debut : passage.fin] == passage.texte


def test_what_is_held_grows_with_what_is_read(copies: Path) -> None:
    held = hold(str(copies), weigh=True)
    assert held["passages"] > 400
    assert held["disque"] > 1_000 * held["passages"]
    assert sum(held["parts"].values()) > 5_000 * held["passages"]


def test_a_pdf_has_a_box_for_each_word(stored: StoredIndex) -> None:
    version = stored.info.version
    content = (INSTALLED / "versions" / version / document_file("003")).read_bytes()
    document = Part.model_validate(boxed(json.loads(content))).document
    assert len(document.boites) == len(document.texte.split())
    assert [document.texte[b.debut : b.fin] for b in document.boites] == document.texte.split()


def test_what_is_shared_is_weighed_once() -> None:
    shared = "x" * 1_000
    assert 1_000 < weight([shared, shared], set()) < 2_000
    assert weight(shared, {id(shared)}) == 0


def test_the_slope_is_that_of_the_two_greatest_sizes() -> None:
    found = [{"passages": n, "memoire": m} for n, m in ((1, 50), (10, 100), (110, 600))]
    assert slope(found, "memoire") == 5


def test_a_tenth_of_the_passages_is_national() -> None:
    assert scopes(100_000).count(NATIONALE) == 10_000


@pytest.mark.long
def test_postgresql_is_measured_whatever_finds_what_is_near(
    stored: StoredIndex, lexique: Lexique
) -> None:
    count = len(stored.passages)
    vectors = make(np.asarray(stored.vectors[:count]), 1_000)
    lexical = LexicalIndex.build([entry.searched for entry in stored.entries[:count]], lexique)
    asked = [
        Demande(stored.vectors[count + place], lexical.read("combien d'enfants par groupe ?"))
        for place in range(8)
    ]
    with etabli(vectors.shape[1]) as there:
        found = {m.sorte: m for m in neighbours(there, vectors, asked, (EXACT, GRAPH, HALF))}
        words = words_of(there, 4 * count, lexical, asked)
    assert found[EXACT].rappel == found[EXACT].rappel_departement == 1
    assert found[EXACT].graphe == 0
    assert found[GRAPH].rappel > 0.9
    assert found[HALF].rappel > 0.9
    assert found[HALF].graphe < 0.7 * found[GRAPH].graphe
    assert words.passages == 4 * count
    # A row and a weight for each passage that holds a word of the question.
    assert words.envoye % 8 == 0
    assert words.envoye > 0
