from __future__ import annotations

from datetime import date

import pytest

from corpus.library import load_corpus
from corpus.models import DocumentCanonique
from pages_clas.lien import lire_lien, probleme_de_plage
from pages_clas.recherche import trouver
from pages_clas.reperes import annees_proposees


@pytest.fixture(scope="module")
def documents() -> dict[str, DocumentCanonique]:
    return dict(load_corpus().documents)


@pytest.mark.parametrize("cherche", ["scolarité", "SCOLARITE", "scolarite"])
def test_search_ignores_case_and_accents(cherche: str) -> None:
    texte = "La scolarité et la Scolarité"
    assert [texte[d:f].lower() for d, f in trouver(texte, cherche)] == ["scolarité"] * 2


def test_search_takes_any_white_space_between_words() -> None:
    assert trouver("27\n  semaines", "27 semaines") == [(0, 13)]


def test_search_takes_straight_and_curly_apostrophes_alike() -> None:
    assert trouver("l’école", "l'ecole") == [(0, 7)]


@pytest.mark.parametrize("cherche", ["", " ", "a", " é "])
def test_too_short_a_search_finds_nothing(cherche: str) -> None:
    assert trouver("aaa ééé", cherche) == []


def test_signs_of_regular_expressions_are_searched_as_they_are() -> None:
    assert trouver("un (.*) deux", "(.*)") == [(3, 7)]


def test_a_good_link_is_read(documents: dict[str, DocumentCanonique]) -> None:
    lien = lire_lien({"document": "000", "version": "v", "debut": "5", "fin": "9"}, documents)
    assert lien == ("000", "v", (5, 9), None)


@pytest.mark.parametrize(
    ("debut", "fin"),
    [("a", "9"), ("5", ""), ("-1", "9"), ("5", "9" * 30), ("1.5", "9"), ("٣", "x")],
)
def test_positions_that_are_not_numbers_are_named(
    debut: str, fin: str, documents: dict[str, DocumentCanonique]
) -> None:
    lien = lire_lien({"document": "000", "debut": debut, "fin": fin}, documents)
    assert lien.plage is None
    assert "deux nombres entiers sont attendus" in (lien.probleme or "")


def test_one_position_alone_is_not_enough(documents: dict[str, DocumentCanonique]) -> None:
    assert lire_lien({"document": "000", "debut": "5"}, documents).probleme


def test_an_unknown_text_is_named_with_the_known_ones(
    documents: dict[str, DocumentCanonique],
) -> None:
    probleme = lire_lien({"document": "999"}, documents).probleme or ""
    assert "« 999 »" in probleme
    assert "000, 001, 002, 003, 004" in probleme


@pytest.mark.parametrize("plage", [(0, 0), (3, 2), (0, 11), (20, 30)])
def test_a_span_outside_the_text_is_refused(plage: tuple[int, int]) -> None:
    assert "en compte 10" in (probleme_de_plage(plage, "0123456789") or "")


def test_a_span_of_white_space_is_refused() -> None:
    assert "n'a pas de mots" in (probleme_de_plage((1, 3), "a  b") or "")


def test_the_school_years_offered_go_from_the_oldest_text_to_the_next_one() -> None:
    annees = annees_proposees(date(2026, 11, 21))
    assert annees[0] == "2027-2028"
    assert annees[-1] == "2021-2022"


def test_in_july_the_coming_school_year_is_the_current_one() -> None:
    assert annees_proposees(date(2026, 7, 1))[0] == "2027-2028"
    assert annees_proposees(date(2026, 6, 30))[0] == "2026-2027"
