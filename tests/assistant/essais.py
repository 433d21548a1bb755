"""Types and constants that tests of answers and commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from assistant.models import Reponse

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
