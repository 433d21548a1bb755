"""Turns that say nothing alone: read with what came before."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.dialogue.memoire import Sujet
from assistant.dialogue.suites import Suite, lire_suite, recommence, remplacer

JOUR = date(2026, 11, 21)
PLAFOND = Sujet(question="Quel est le prix plafond ?", voie="regle")
DEPOT = Sujet(question="Dans l'Hérault, on dépose jusqu'à quand pour 2025-2026 ?", voie="regle")


def lire(texte: str, sujet: Sujet | None = PLAFOND) -> Suite:
    return lire_suite(texte, sujet, JOUR)


@pytest.mark.parametrize(
    "texte",
    [
        "pourquoi ?",
        "Pourquoi ça ?",
        "pk",
        "et pourquoi donc ?",
        "ah bon ?",
        "pourquoi sous réserve ?",
    ],
)
def test_a_turn_that_asks_the_reason_is_read_so(texte: str) -> None:
    assert lire(texte).genre == "pourquoi"


@pytest.mark.parametrize(
    "texte",
    [
        "où est-ce écrit ?",
        "C'est dans quel texte ?",
        "ta source ?",
        "Quelle page ?",
        "c ecrit ou, d'où ça sort",
    ],
)
def test_a_turn_that_asks_where_it_stands_is_read_so(texte: str) -> None:
    assert lire(texte).genre == "source"


@pytest.mark.parametrize(
    "texte",
    [
        "Pourquoi le Clas est-il gratuit pour les familles du quartier ?",
        "pourquoi pas le samedi matin ?",
    ],
)
def test_a_whole_question_that_begins_with_why_stands_alone(texte: str) -> None:
    assert lire(texte).genre == "seule"


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("et dans le Rhône ?", "On dépose jusqu'à quand pour 2025-2026 ? (Rhône)"),
        ("et pour le 69", "On dépose jusqu'à quand pour 2025-2026 ? (Rhône)"),
        ("et en 2024-2025 ?", "Dans l'Hérault, on dépose jusqu'à quand ? (2024-2025)"),
        ("Nous sommes à Lyon", "On dépose jusqu'à quand pour 2025-2026 ? (Rhône)"),
    ],
)
def test_another_place_or_year_asks_the_last_question_again(texte: str, attendu: str) -> None:
    lue = lire(texte, DEPOT)
    assert (lue.genre, lue.texte) == ("cadre", attendu)


@pytest.mark.parametrize(
    "texte",
    [
        "et en milieu rural ?",
        "Et si on commence en janvier ?",
        "mais sans animateur ?",
        "et ceux du CP ?",
    ],
)
def test_a_turn_that_goes_on_keeps_the_words_of_the_last_question(texte: str) -> None:
    lue = lire(texte)
    assert lue.genre == "suite"
    assert lue.texte == texte
    assert lue.rappel == PLAFOND.question
    assert lue.montree == f"{texte} (à propos de : {PLAFOND.question})"


@pytest.mark.parametrize(
    "texte",
    ["À quel moment sont-ils payés ?", "Les deux sont-ils cumulables ?", "financement dans ce cas"],
)
def test_a_pronoun_refers_to_the_last_question(texte: str) -> None:
    assert lire(texte).genre == "suite"


@pytest.mark.parametrize(
    "texte",
    [
        "Combien de séances par semaine ?",
        "Les cours d'anglais, ça passe ?",
        "Qui signe la charte dans une association ?",
        "nb enfants groupe",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(texte: str) -> None:
    assert lire(texte) == Suite(genre="seule", texte=texte)


def test_nothing_is_a_follow_up_before_anything_was_answered() -> None:
    assert lire("et en milieu rural ?", None).genre == "seule"


def test_a_change_of_subject_is_not_read_with_what_came_before() -> None:
    assert lire("Autre chose : et les bonus ?") == Suite(genre="seule", texte="et les bonus ?")


@pytest.mark.parametrize(
    ("question", "texte", "attendu"),
    [
        (
            "Quel niveau pour le coordinateur ?",
            "et les animateurs ?",
            "Quel niveau pour l'animateur ?",
        ),
        (
            "À quoi sert le bonus enfants ?",
            "et le deuxième bonus ?",
            "À quoi sert le bonus « parents » ?",
        ),
        (
            "Combien d'années pour une association ?",
            "et un centre social ?",
            "Combien d'années pour une centre social ?",
        ),
    ],
)
def test_one_of_a_kind_takes_the_place_of_the_other(
    question: str, texte: str, attendu: str
) -> None:
    assert remplacer(question, texte) == attendu


def test_nothing_is_replaced_where_the_turn_says_more() -> None:
    assert (
        remplacer("Quel niveau pour le coordinateur ?", "les animateurs dorment-ils sur place ?")
        is None
    )


@pytest.mark.parametrize(
    ("texte", "reste"),
    [
        ("recommençons", ""),
        ("Bon, on recommence : 10 enfants en ville", "10 enfants en ville"),
        ("nouveau projet, deux groupes", "deux groupes"),
        ("on commence quand ?", None),
    ],
)
def test_starting_again_gives_what_is_asked_next(texte: str, reste: str | None) -> None:
    assert recommence(texte) == reste
