"""Types and constants that tests of answers and commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from assistant.models import Question, Reponse

DAY = "2025-11-03"
"""The day that questions are asked: a test must not depend on today."""
QUESTIONS = Path(__file__).resolve().parents[1] / "questions"


class Sortie(NamedTuple):
    """What a command gave."""

    status: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        return self.raw.decode("utf-8")


Clas = Callable[..., Sortie]
Ask = Callable[..., Reponse]


def asked(*names: str) -> list[Question]:
    """Questions of sets, by their names."""
    lines = (
        line
        for name in names
        for line in (QUESTIONS / f"{name}.jsonl").read_text("utf-8").splitlines()
    )
    return [Question.model_validate_json(line) for line in lines]
