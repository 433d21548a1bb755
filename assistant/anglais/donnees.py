"""Reading of the data files that stand beside this package's code."""

from __future__ import annotations

from importlib import resources
from typing import Any

from corpus.lecture_yaml import read_yaml


def lire_yaml(*chemin: str) -> Any:  # noqa: ANN401 - whatever the file holds; the caller's model checks it
    """Return the content of the data file at ``chemin`` (``"textes", "axes.yaml"``)."""
    contenu = resources.files(__package__).joinpath(*chemin).read_text(encoding="utf-8")
    return read_yaml(contenu)


def fichiers_yaml(dossier: str) -> tuple[str, ...]:
    """Return the names of the data files of a folder of this package, sorted."""
    lieu = resources.files(__package__).joinpath(dossier)
    return tuple(sorted(f.name for f in lieu.iterdir() if f.name.endswith(".yaml")))
