"""The same question always has the same answer, to the byte."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from essais import DAY, QUESTIONS, Clas

from assistant.dialogue.conseiller import Conseiller
from assistant.evaluation.sets import lire_jeu
from assistant.models import Question

pytestmark = pytest.mark.long  # the short suite puts one conversation twice


def _of_all_kinds(of_each: int) -> list[Question]:
    sets = ("base_dev", "reponses_dev", "silence_dev", "conversations_dev")
    return [
        asked.question.model_copy(update={"date": DAY})
        for name in sets
        for asked in lire_jeu(QUESTIONS / f"{name}.jsonl")[:of_each]
    ]


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    """Two dozen questions of all kinds."""
    return _of_all_kinds(6)


def _put(assistant: Conseiller, questions: list[Question]) -> list[list[str]]:
    return [[sealed.json for sealed in assistant.repondre(q)] for q in questions]


@pytest.fixture(scope="module")
def forwards(assistant: Conseiller, questions: list[Question]) -> list[list[str]]:
    """Their answers, one after the other."""
    return _put(assistant, questions)


def test_answers_do_not_depend_on_what_was_asked_before(
    assistant: Conseiller, questions: list[Question], forwards: list[list[str]]
) -> None:
    backwards = _put(assistant, questions[::-1])[::-1]
    assert forwards == backwards


def test_more_answers_do_not_depend_on_what_was_asked_before(assistant: Conseiller) -> None:
    forty = _of_all_kinds(10)
    assert _put(assistant, forty) == _put(assistant, forty[::-1])[::-1]


def test_answers_do_not_depend_on_other_threads(
    assistant: Conseiller, questions: list[Question], forwards: list[list[str]]
) -> None:
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda q: _put(assistant, [q])[0], questions))
    assert together == forwards


def test_a_file_gives_the_same_bytes_twice_and_in_any_order(
    clas: Clas, questions: list[Question], tmp_path: Path
) -> None:
    def lines(asked: list[Question], name: str) -> list[bytes]:
        source, target = tmp_path / f"{name}.jsonl", tmp_path / f"{name}.reponses.jsonl"
        source.write_text("".join(q.model_dump_json() + "\n" for q in asked), encoding="utf-8")
        assert clas("demander", "--lot", source, "--sortie", target).status == 0
        return target.read_bytes().splitlines()

    once = lines(questions, "une")
    assert len(once) == len(questions)
    assert lines(questions, "deux") == once
    assert lines(questions[::-1], "envers") == once[::-1]
