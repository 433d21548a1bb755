"""No local rule out of its département; years and scope of what is found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.library import Corpus, load_corpus
from corpus.models import NATIONALE
from index.embedding.encoder import Encoder
from index.french import words
from index.models import SearchQuery
from index.scope import is_local, may_answer, outside_year
from index.search import Searcher
from index.view import IndexView

DEPARTEMENTS = [
    *(f"{n:02d}" for n in range(1, 96) if n != 20),
    "2A",
    "2B",
    *(str(n) for n in range(971, 977)),
]
OWN_WORDS = {
    "34": "Parentalité 34 Hérault plateforme ELAN avant le 15 juillet 2025 note de cadrage",
    "69": "comité de pilotage local Rhône commune de moins de 5000 habitants plan mercredi",
}
VOCABULARY = sorted({w for d in load_corpus().documents.values() for w in words(d.texte)})


@pytest.fixture(scope="module")
def searcher(
    index_folder: Path, encoder: Encoder, ouvre_version: Callable[[Path], IndexView]
) -> Searcher:
    return Searcher(ouvre_version(index_folder), encoder)


def scopes(searcher: Searcher, query: SearchQuery, k: int) -> set[str]:
    return {
        searcher.documents[hit.passage.document].fiche.portee
        for hit in searcher.search(query, k).hits
    }


both_in_the_long_suite = pytest.mark.parametrize(
    "ouvre_version",
    ["fichiers", pytest.param("magasin", marks=pytest.mark.long)],
    indirect=True,
    scope="module",
)


@both_in_the_long_suite
@pytest.mark.parametrize("code", DEPARTEMENTS)
def test_words_of_another_departement_never_bring_its_text(searcher: Searcher, code: str) -> None:
    for other, text in OWN_WORDS.items():
        found = scopes(searcher, SearchQuery(text=text, departements=(code,)), 500)
        assert found <= {NATIONALE, code}
        assert (code in found) == (code in OWN_WORDS), other


@both_in_the_long_suite
@settings(max_examples=100, deadline=None)
@given(
    code=st.sampled_from(DEPARTEMENTS),
    question=st.one_of(
        st.lists(st.sampled_from(VOCABULARY), max_size=12).map(" ".join), st.text(max_size=60)
    ),
    year=st.sampled_from([None, "2021-2022", "2024-2025", "2025-2026"]),
)
def test_no_question_brings_a_local_rule_out_of_its_departement(
    searcher: Searcher, code: str, question: str, year: str | None
) -> None:
    query = SearchQuery(text=question, departements=(code,), annee_scolaire=year)
    assert scopes(searcher, query, 500) <= {NATIONALE, code}


def test_several_departements_may_be_asked_about_at_once(searcher: Searcher) -> None:
    query = SearchQuery(text=" ".join(OWN_WORDS.values()), departements=("34", "69"))
    assert scopes(searcher, query, 100) == {NATIONALE, "34", "69"}


def test_without_departement_local_texts_are_found_and_labelled(searcher: Searcher) -> None:
    hits = searcher.search(SearchQuery(text=OWN_WORDS["34"]), 20).hits
    assert {"34", NATIONALE} <= {searcher.documents[h.passage.document].fiche.portee for h in hits}
    for hit in hits:
        local = searcher.documents[hit.passage.document].fiche.portee != NATIONALE
        assert hit.local is local


def test_a_text_outside_its_years_stays_a_candidate_and_is_labelled(searcher: Searcher) -> None:
    query = SearchQuery(text=OWN_WORDS["69"], departements=("69",), annee_scolaire="2025-2026")
    found = [h for h in searcher.search(query, 20).hits if h.passage.document == "002"]
    assert found
    assert all(hit.hors_annee for hit in found)


def test_ten_passages_are_returned_where_the_corpus_has_them(searcher: Searcher) -> None:
    for text in ("combien d’enfants par groupe ?", "xyzzy", "", "?" * 50):
        assert len(searcher.search(SearchQuery(text=text), 10).hits) >= 10


def test_a_search_gives_the_same_ranks_each_time(searcher: Searcher) -> None:
    query = SearchQuery(text="combien de séances par semaine en milieu rural ?")
    assert searcher.search(query, 30) == searcher.search(query, 30)


@pytest.mark.parametrize(
    ("name", "year", "outside"),
    [
        ("000", "2025-2026", False),
        ("000", "2024-2025", True),
        ("000", "2026-2027", True),
        ("002", "2024-2025", False),
        ("002", "2025-2026", True),
        ("004", "2020-2021", True),
        ("004", "2035-2036", False),
        ("001", "1999-2000", False),
        ("003", "2022-2023", False),
        ("003", "2023-2024", True),
        ("000", None, False),
    ],
)
def test_a_text_applies_to_its_school_years(
    corpus: Corpus, name: str, year: str | None, outside: bool
) -> None:
    assert outside_year(corpus.documents[name].fiche, year) is outside


def test_a_text_answers_its_departement_or_everybody(corpus: Corpus) -> None:
    for document in corpus.documents.values():
        fiche = document.fiche
        assert may_answer(fiche, ())
        assert may_answer(fiche, (fiche.portee,))
        assert may_answer(fiche, ("01",)) is not is_local(fiche)
