"""A « Oui » or a « Non » never stands for the question turned round."""

from __future__ import annotations

import pytest
from essais import Ask


@pytest.mark.parametrize(
    "question",
    ["faut-il tenir un registre des présences ?", "peut on faire le clas dans l'école"],
)
def test_a_yes_or_no_to_a_question_turned_round_says_which(ask: Ask, question: str) -> None:
    texte = ask(question).texte
    assert not texte.startswith(("Oui", "Non"))
    title, rest = texte.removeprefix("**").split("** ", 1)
    assert title.endswith("?")
    assert rest.startswith(("Oui", "Non"))


def test_one_that_answers_the_very_question_comes_first(ask: Ask) -> None:
    assert ask("Peut-on accueillir des enfants de maternelle ?").texte.startswith("Non")
