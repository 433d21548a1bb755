"""School years, civil years and dates named in a question."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.understanding.annees import annee_scolaire_courante, reperer_annees

NOVEMBRE = date(2025, 11, 3)


def lues(question: str, jour: date = NOVEMBRE) -> list[tuple[str, str]]:
    return [(m.valeur, m.nature) for m in reperer_annees(question, jour)]


@pytest.mark.parametrize(
    ("question", "attendue"),
    [
        ("orientations 2025-2026", "2025-2026"),
        ("2025/2026", "2025-2026"),
        ("2025–2026", "2025-2026"),
        ("2025 - 2026", "2025-2026"),
        ("2025 2026", "2025-2026"),
        ("2024/25", "2024-2025"),
        ("2024-25", "2024-2025"),
        ("année 24/25", "2024-2025"),
        ("clas 24-25", "2024-2025"),
        ("rentrée 2025", "2025-2026"),
        ("rentree scolaire de septembre 2025", "2025-2026"),
        ("année scolaire 2025", "2025-2026"),
        ("année scolaire 2025-2026", "2025-2026"),
        ("cette année", "2025-2026"),
        ("l'année en cours", "2025-2026"),
        ("l'an prochain", "2026-2027"),
        ("l’année prochaine", "2026-2027"),
        ("l'année scolaire prochaine", "2026-2027"),
        ("l'année dernière", "2024-2025"),
        ("l'an dernier", "2024-2025"),
        ("l'an passé", "2024-2025"),
        ("à la rentrée", "2026-2027"),
        ("dès la rentrée prochaine", "2026-2027"),
    ],
)
def test_a_school_year_is_read(question: str, attendue: str) -> None:
    assert lues(question) == [(attendue, "scolaire")]


@pytest.mark.parametrize(
    ("question", "attendue"),
    [("en 2021", "2021"), ("prix plafond 2021 ?", "2021"), ("depuis 1996", "1996")],
)
def test_a_lone_year_is_civil(question: str, attendue: str) -> None:
    assert lues(question) == [(attendue, "civile")]


@pytest.mark.parametrize(
    ("question", "attendue"),
    [
        ("avant le 15 juillet 2025", "2025-07-15"),
        ("1er septembre 2025", "2025-09-01"),
        ("le 06/04/2021", "2021-04-06"),
        ("le 6.4.2021", "2021-04-06"),
        ("06/04/21", "2021-04-06"),
        ("2025-07-01", "2025-07-01"),
        ("en juillet 2025", "2025-07"),
        ("Août 2025", "2025-08"),
    ],
)
def test_a_date_is_one_mention_and_no_year_besides(question: str, attendue: str) -> None:
    assert lues(question) == [(attendue, "date")]


@pytest.mark.parametrize(
    "question",
    [
        "circulaire 2011-176",
        "circulaire n° 2021-006",
        "n° 2012/63",
        "2000 €",
        "2021 euros",
        "une commune de 1998 habitants",
        "31/02/2025",
        "le 45/13/2025",
        "0612342021",
        "chaque année",
        "cette année-là",
        "en milieu d'année",
        "l'allocation de rentrée scolaire",
        "à la rentrée de janvier",
        "12 à 15 enfants",
        "2 500",
        "loi de 1901",
    ],
)
def test_references_amounts_and_impossible_dates_are_no_years(question: str) -> None:
    assert lues(question) == []


def test_the_date_of_a_circular_is_read_beside_its_number() -> None:
    assert lues("circulaire n°2021-006 du 6 avril 2021") == [("2021-04-06", "date")]


def test_a_longer_range_gives_its_two_civil_years() -> None:
    assert lues("convention 2022-2025") == [("2022", "civile"), ("2025", "civile")]


@pytest.mark.parametrize(
    ("jour", "cette", "prochaine", "derniere", "rentree"),
    [
        (date(2025, 6, 30), "2024-2025", "2025-2026", "2023-2024", "2025-2026"),
        (date(2025, 7, 1), "2025-2026", "2025-2026", "2024-2025", "2025-2026"),
        (date(2025, 8, 31), "2025-2026", "2025-2026", "2024-2025", "2025-2026"),
        (date(2025, 9, 15), "2025-2026", "2026-2027", "2024-2025", "2025-2026"),
        (date(2025, 10, 1), "2025-2026", "2026-2027", "2024-2025", "2026-2027"),
        (date(2026, 1, 5), "2025-2026", "2026-2027", "2024-2025", "2026-2027"),
    ],
)
def test_relative_years_turn_on_the_first_of_july(
    jour: date, cette: str, prochaine: str, derniere: str, rentree: str
) -> None:
    questions = ("cette année", "l'an prochain", "l'année dernière", "à la rentrée")
    valeurs = [lues(question, jour)[0][0] for question in questions]
    assert valeurs == [cette, prochaine, derniere, rentree]
    assert annee_scolaire_courante(jour) == cette


def test_a_date_falls_in_a_school_year_and_a_civil_year_in_none() -> None:
    juin, juillet, civile = reperer_annees("30 juin 2025, 1er juillet 2025, 2025", NOVEMBRE)
    assert juin.annee_scolaire == "2024-2025"
    assert juillet.annee_scolaire == "2025-2026"
    assert civile.annee_scolaire is None


MORCEAUX = st.sampled_from(
    [
        "2025",
        "2026",
        "2025-2026",
        "/25",
        "15",
        "juillet",
        "rentrée",
        "année",
        "scolaire",
        "prochaine",
        "n°",
        "cette",
        "l'",
        "-",
        "/",
        ".",
        "é",
        "06/04/2021",
        "0",
        "9999",
        "\u0301",
    ]
)


@given(st.one_of(st.text(max_size=300), st.lists(MORCEAUX, max_size=40).map(" ".join)), st.dates())
def test_any_text_is_read_and_offsets_point_at_the_mention(texte: str, jour: date) -> None:
    for mention in reperer_annees(texte, jour):
        assert texte[mention.debut : mention.fin] == mention.forme
        assert mention.forme
