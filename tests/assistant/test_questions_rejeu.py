"""What was asked is asked again with what it followed."""

from __future__ import annotations

from questions_gardees import echange

from assistant.questions_posees.models import Ligne
from assistant.questions_posees.rejeu import as_questions

FIRST, SECOND = "a" * 16, "b" * 16


def line(numero: int, conversation: str, tour: int, question: str, place: str = "34") -> Ligne:
    kept = echange(question=question, departement=place, conversation=conversation, tour=tour)
    return Ligne(numero=numero, echange=kept, opinion=None)


TOLD = line(1, FIRST, 1, "On a 9 enfants")
ALONE = line(2, SECOND, 1, "Qui paie ?", "69")
FOLLOWS = line(3, FIRST, 2, "c'est bon ?", "69")
LAST = line(4, FIRST, 3, "et combien ?")
EVERYTHING = (LAST, TOLD, ALONE, FOLLOWS)


def test_a_question_asked_alone_is_asked_alone() -> None:
    [question] = as_questions([ALONE], EVERYTHING)
    assert (question.id, question.question, question.tours) == ("n2", "Qui paie ?", None)
    assert question.departement == "69"


def test_a_follow_up_comes_after_what_was_said_and_nothing_comes_after_it() -> None:
    [question] = as_questions([FOLLOWS], EVERYTHING)
    assert question.question is None
    assert question.tours == ("On a 9 enfants", "c'est bon ?")
    assert question.departement == "69"


def test_a_conversation_is_asked_once_in_the_order_in_which_it_began() -> None:
    questions = as_questions([LAST, ALONE, TOLD], EVERYTHING)
    assert [question.id for question in questions] == ["n1", "n2"]
    assert questions[0].tours == ("On a 9 enfants", "c'est bon ?", "et combien ?")


def test_nothing_found_is_nothing_to_ask() -> None:
    assert as_questions([], EVERYTHING) == ()
