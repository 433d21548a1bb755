"""Read the training data whole, and refuse what does not hold together."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from index.french import fold
from index.training.records import Cible, Ecrite, Lointaine, Presque, QuestionEcrite

FOLDER: Final = Path(__file__).parent / "donnees"
CIBLES: Final = "cibles.jsonl"
QUESTIONS: Final = "questions.jsonl"
PRESQUE: Final = "presque.jsonl"
LOINTAINES: Final = "lointaines.jsonl"
_Record = TypeVar("_Record", bound=BaseModel)


class DonneesInutilisables(ValueError):
    """The training data cannot be used; the message names the file, the line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Donnees:
    """Everything that training reads."""

    cibles: Mapping[str, Cible]
    questions: tuple[QuestionEcrite, ...]
    presque: tuple[Presque, ...]
    lointaines: tuple[Lointaine, ...]


def read_training(folder: Path = FOLDER) -> Donnees:
    """Read targets, questions, near misses, and questions about anything else.

    Raises:
        DonneesInutilisables: a line is no record, an id or a question comes twice, a question
            is of no known target, or of one that the texts do not answer.
    """
    cibles = {cible.id: cible for cible in _records(folder / CIBLES, Cible)}
    questions = tuple(_records(folder / QUESTIONS, QuestionEcrite))
    presque = tuple(_records(folder / PRESQUE, Presque))
    lointaines = tuple(_records(folder / LOINTAINES, Lointaine))
    _check_once((*questions, *presque, *lointaines))
    for one in (*questions, *presque):
        if one.cible not in cibles:
            raise DonneesInutilisables(f"{one.id} : cible inconnue, « {one.cible} »")
    for question in questions:
        if not cibles[question.cible].repond:
            raise DonneesInutilisables(
                f"{question.id} : rien dans les textes ne répond à la cible « {question.cible} » ; "
                "une question sans réponse va dans les presque"
            )
    return Donnees(cibles, questions, presque, lointaines)


def same_words(question: str) -> str:
    """A question without case, accents, punctuation or spacing: what makes two the same."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(question)).split())


def _records(path: Path, kind: type[_Record]) -> Iterable[_Record]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise DonneesInutilisables(f"{path.name} ne se lit pas : {error.strerror}") from error
    for number, line in enumerate(lines, start=1):
        try:
            yield kind.model_validate(json.loads(line))
        except (ValueError, ValidationError) as error:
            raise DonneesInutilisables(f"{path.name}, ligne {number} : {error}") from error


def _check_once(written: Iterable[Ecrite | Lointaine]) -> None:
    ids: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for one in written:
        ids[one.id] += 1
        asked[same_words(one.question)] += 1
    twice = [name for name, count in (*ids.items(), *asked.items()) if count > 1]
    if twice:
        raise DonneesInutilisables(f"écrit deux fois : « {twice[0]} »")
