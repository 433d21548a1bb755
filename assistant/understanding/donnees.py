"""Reading of the word lists that stand beside this package's code."""

from __future__ import annotations

from importlib import resources
from typing import Any

from corpus.lecture_yaml import read_yaml


def lire_yaml(nom: str) -> Any:  # noqa: ANN401 - whatever the file holds; the caller's model checks it
    """Return the content of the data file ``nom`` (``"departements.yaml"``) of this package."""
    contenu = resources.files(__package__).joinpath(nom).read_text(encoding="utf-8")
    return read_yaml(contenu)
