"""A sentence that asks two questions gets both answers, each under its question."""

from __future__ import annotations

import re

import pytest
from essais import DAY, Ask
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answers.engine import Assistant
from assistant.answers.questions_jointes import ASKED, asked_apart
from assistant.answers.understanding import comprendre
from assistant.models import Question

EFFECTIF, SEANCES = "8 à 12 enfants", "2 séances par semaine"


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        (
            "Combien d'enfants par groupe et combien de séances par semaine ?",
            ("Combien d'enfants par groupe", "combien de séances par semaine ?"),
        ),
        (
            "Bonjour, nous sommes une mairie. Combien d'enfants ? Et quels sont les horaires ?",
            ("Bonjour, nous sommes une mairie. Combien d'enfants", "quels sont les horaires ?"),
        ),
        (
            "Faut-il un diplôme, combien d'adultes par groupe et quand est versé le solde ?",
            ("Faut-il un diplôme", "combien d'adultes par groupe", "quand est versé le solde ?"),
        ),
    ],
)
def test_each_question_of_a_sentence_is_found(asked: str, parts: tuple[str, ...]) -> None:
    assert asked_apart(asked) == parts


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "Combien d'enfants par groupe ?",
        "Peut-on accueillir des CP et des CM2 ?",
        "Je voudrais savoir quand déposer le dossier",
        "Combien d'enfants et d'animateurs par groupe ?",
        "Quel est le montant de l'aide et à quel moment est-elle versée ?",
        "Quel document lie la Caf au gestionnaire et quel en est l'objet ?",
        "Combien de séances ? combien ?",
        "Combien d'un, et combien de deux, et combien de trois, et combien de quatre ?",
        "Combien d'enfants " + "vraiment " * 60 + "et combien de séances ?",
    ],
)
def test_what_hangs_together_is_one_question(asked: str) -> None:
    assert asked_apart(asked) == ()


@given(st.lists(st.sampled_from(["combien de", "et", "?", ",", "quel", "faut-il", "a b", "é"])))
@settings(deadline=None)
def test_questions_are_the_words_of_the_sentence_in_their_order(words: list[str]) -> None:
    texte = " ".join(words)
    parts = asked_apart(texte)
    assert re.fullmatch(".*".join(map(re.escape, parts)), texte) or not parts
    assert len(parts) in (0, *range(2, ASKED + 1))


def test_both_questions_are_answered_each_under_its_own(ask: Ask) -> None:
    texte = ask("Combien d'enfants par groupe et combien de séances par semaine ?").texte
    titles = re.findall(r"\*\*([^*]+\?)\*\*", texte)
    assert len(titles) == 2
    assert 0 < texte.index(EFFECTIF) < texte.index(titles[1]) < texte.index(SEANCES)


def test_each_quotation_keeps_one_number(ask: Ask) -> None:
    answer = ask("Combien d'enfants par groupe et combien de séances par semaine ?")
    first, second = answer.texte.split("**Combien de séances", 1)
    numbers = [{int(n) for n in re.findall(r"\[(\d+)\]", part)} for part in (first, second)]
    assert numbers[0] | numbers[1] == set(range(1, len(answer.citations) + 1))
    assert "séances" in answer.citations[min(numbers[1] - numbers[0]) - 1].extrait


def test_the_rule_of_ones_departement_stands_beside_each(ask: Ask) -> None:
    answer = ask("Combien d'enfants par groupe et combien de séances par semaine ?", "69")
    assert EFFECTIF in answer.texte
    assert "**Rhône seulement (2024-2025)**" in answer.texte
    assert SEANCES in answer.texte


def test_what_the_texts_do_not_say_is_said_beside_what_they_say(ask: Ask) -> None:
    answer = ask("Quel est le plafond de la Ps et quelle est la date limite de dépôt ?")
    assert answer.type == "reponse"
    assert "7 885 €" in answer.texte
    assert "Les textes ne le disent pas pour votre département" in answer.texte


def test_a_question_that_no_card_answers_leaves_the_sentence_whole(
    rules_assistant: Assistant,
) -> None:
    asked = "Combien d'enfants par groupe et combien coûte un poney de compétition ?"
    read = comprendre(Question(id="q", question=asked, date=DAY), asked)
    assert len(asked_apart(read.recherche)) == 2
    assert rules_assistant.trouver_chaque(read).jointes == ()


def test_a_sentence_about_another_scheme_is_not_taken_apart(rules_assistant: Assistant) -> None:
    asked = "Combien d'enfants par groupe en crèche et combien de séances par semaine ?"
    read = comprendre(Question(id="q", question=asked, date=DAY), asked)
    assert len(asked_apart(read.recherche)) == 2
    assert rules_assistant.trouver_chaque(read).jointes == ()


def test_two_questions_that_only_silences_answer_stay_a_silence(ask: Ask) -> None:
    answer = ask("Quels sont les horaires et jusqu'à quand déposer ?")
    assert answer.type == "hors_corpus"
