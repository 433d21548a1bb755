"""The questions and projects that come with the program to be put to two versions of the base."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from assistant.publication.rejeu_modeles import ProjetTemoin, QuestionTemoin
from corpus.lecture_yaml import read_yaml

_FOLDER = Path(__file__).parent
_QUESTIONS = TypeAdapter(tuple[QuestionTemoin, ...])
_PROJETS = TypeAdapter(tuple[ProjetTemoin, ...])


def read_questions() -> tuple[QuestionTemoin, ...]:
    """Everyday questions over the whole of the texts."""
    return _QUESTIONS.validate_python(_read("questions_temoins.yaml")["questions"])


def read_projects() -> tuple[ProjetTemoin, ...]:
    """Projects over the criteria and the amounts: each is the first one with some facts changed.

    A fact is named by its path (``collectifs.1.enfants``), groups being counted from 1.
    """
    found = _read("projets_temoins.yaml")
    complete: dict[str, Any] = found["complet"]
    return _PROJETS.validate_python(
        [
            {"nom": entry["nom"], "projet": _changed(complete, entry.get("faits", {}))}
            for entry in found["projets"]
        ]
    )


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = read_yaml(_FOLDER.joinpath(name).read_text("utf-8"))
    return content


def _changed(node: Any, facts: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Copy a node with the facts at some paths replaced, or added."""
    if isinstance(node, list):
        return [_changed(part, _under(facts, str(rank))) for rank, part in enumerate(node, start=1)]
    if not isinstance(node, dict):
        return node
    kept = {name: _changed(part, _under(facts, name)) for name, part in node.items()}
    return kept | {path: value for path, value in facts.items() if "." not in path}


def _under(facts: dict[str, Any], name: str) -> dict[str, Any]:
    start = f"{name}."
    return {path.removeprefix(start): v for path, v in facts.items() if path.startswith(start)}
