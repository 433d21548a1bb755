"""The steps of an answer are told as they begin, by the steps themselves."""

from __future__ import annotations

import pytest
from essais import DAY

from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Memoire
from assistant.etapes import Etape, commencer, suivre
from assistant.models import Question


def suivies(assistant: Conseiller, texte: str) -> list[Etape]:
    dites: list[Etape] = []
    with suivre(dites.append):
        assistant.echanger(Question(id="e", date=DAY), texte, Memoire())
    return [e for rang, e in enumerate(dites) if rang == 0 or dites[rang - 1] != e]


def test_a_question_is_understood_searched_composed_and_checked(assistant: Conseiller) -> None:
    dites = [e for e in suivies(assistant, "Combien d'enfants par groupe ?") if e != "relire"]
    assert dites == ["comprendre", "chercher", "composer", "verifier"]


def test_the_learned_reader_is_told_of_where_it_reads(assistant: Conseiller) -> None:
    dites = suivies(assistant, "Combien d'enfants par groupe ?")
    assert ("relire" in dites) == (assistant.modeles.reader is not None)


def test_a_project_is_examined(assistant: Conseiller) -> None:
    dites = suivies(assistant, "On a 6 gamins à la campagne et 1 anim c bon ?")
    assert "examiner" in dites
    assert dites[0] == "comprendre"
    assert dites[-1] == "verifier"


def test_a_greeting_searches_nothing(assistant: Conseiller) -> None:
    assert suivies(assistant, "bonjour") == ["comprendre"]


def test_the_answer_is_the_same_whether_someone_listens_or_not(assistant: Conseiller) -> None:
    question = Question(id="e", date=DAY)
    texte = "Combien de séances par semaine ?"
    seule = assistant.echanger(question, texte, Memoire()).scellee.reponse
    with suivre(lambda _: None):
        suivie = assistant.echanger(question, texte, Memoire()).scellee.reponse
    assert suivie == seule


def test_nobody_listens_once_the_block_is_over() -> None:
    dites: list[Etape] = []
    with suivre(dites.append):
        commencer("chercher")
    commencer("verifier")
    assert dites == ["chercher"]


def test_a_listener_that_stops_stops_the_answer(assistant: Conseiller) -> None:
    def arreter(_: Etape) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), suivre(arreter):
        assistant.echanger(Question(id="e", date=DAY), "Combien de séances ?", Memoire())
