"""Search among the ways that people ask."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from corpus.library import Corpus
from corpus.models import NATIONALE
from index.build import build_index
from index.embedding.encoder import Encoder
from index.lexicon import Lexique
from index.models import Asked, SearchQuery
from index.search import Searcher
from index.view import IndexView

WAYS = {
    "effectif": ("Combien d'enfants par groupe ?", "Quelle taille pour un groupe ?"),
    "solde": ("Quand le solde est-il versé ?", "À quel moment touche-t-on le solde ?"),
}


@pytest.fixture(scope="module")
def searcher(
    corpus: Corpus,
    encoder: Encoder,
    lexique: Lexique,
    tmp_path_factory: pytest.TempPathFactory,
    ouvre_version: Callable[[Path], IndexView],
) -> Searcher:
    """A searcher on one text and four ways to ask."""
    document = corpus.documents["003"]
    asked = [
        Asked(target=target, text=way, portee=NATIONALE, spans=(("003", 0, 20),))
        for target, ways in WAYS.items()
        for way in ways
    ]
    folder: Path = tmp_path_factory.mktemp("index")
    build_index({"003": document}, encoder, lexique, folder, asked=asked)
    return Searcher(ouvre_version(folder), encoder)


def test_the_target_asked_for_comes_first(searcher: Searcher) -> None:
    found = searcher.search(SearchQuery(text=WAYS["solde"][0]), 10).asked
    assert [hit.target for hit in found] == ["solde", "effectif"]
    assert found[0].text == WAYS["solde"][0]
    assert found[0].score == pytest.approx(1.0, abs=0.01)


def test_the_two_nearest_ways_are_averaged(searcher: Searcher) -> None:
    query = SearchQuery(text=WAYS["solde"][0])
    first = searcher.search(query, 10).asked[0]
    alone = searcher.retrieve(query, 10, without=WAYS["solde"][0]).result.asked
    second = next(hit for hit in alone if hit.target == "solde")
    assert second.text == WAYS["solde"][1]
    assert first.pair == pytest.approx((first.score + second.score) / 2, abs=1e-5)


def test_a_way_left_out_is_as_if_nobody_had_asked_so(searcher: Searcher) -> None:
    query = SearchQuery(text=WAYS["effectif"][0])
    found = searcher.retrieve(query, 10, without=WAYS["effectif"][0]).result.asked
    assert WAYS["effectif"][0] not in [hit.text for hit in found]
    assert all(np.isfinite(hit.score) for hit in found)
    assert searcher.retrieve(query, 10).result.asked[0].text == WAYS["effectif"][0]
