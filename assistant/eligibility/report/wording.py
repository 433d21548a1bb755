"""The fixed words of the report, read once from their file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from assistant.eligibility.models import Verdict
from assistant.eligibility.schema import Statut
from corpus.lecture_yaml import read_yaml

_FICHIER: Final = Path(__file__).with_name("textes.yaml")
_ESPACE_FINE: Final = re.compile(r"(?<=«) | (?=[»;:?!])")
"""Spaces that French keeps on the line of the sign that they go with."""
_FERME = ConfigDict(frozen=True, extra="forbid")


class MotsDuVerdict(BaseModel):
    """A verdict in words, and the sentence that says what it means."""

    model_config = _FERME

    mot: str
    sens: str


class MotsDuStatut(BaseModel):
    """A status in words, and the sign shown beside it, never alone."""

    model_config = _FERME

    mot: str
    signe: str


class GroupeDeStatuts(BaseModel):
    """Statuses that are shown together; ``vide``: what is said when there is none."""

    model_config = _FERME

    titre: str
    statuts: tuple[Statut, ...]
    vide: str
    bref: str | None = None
    """Name in the summary; null: left out of it."""


class Textes(BaseModel):
    """All the words."""

    model_config = _FERME

    verdicts: Mapping[Verdict, MotsDuVerdict]
    statuts: Mapping[Statut, MotsDuStatut]
    groupes: tuple[GroupeDeStatuts, ...]
    parties: Mapping[str, str]
    valeurs: Mapping[str, str]
    questions: Mapping[str, str]
    mots: Mapping[str, str]

    def mot(self, cle: str, **valeurs: object) -> str:
        """Return a phrase, its places filled in."""
        return self.mots[cle].format(**valeurs) if valeurs else self.mots[cle]


@lru_cache(maxsize=1)
def lire_textes() -> Textes:
    """Read the words of the report."""
    ecrit = _FICHIER.read_text(encoding="utf-8")
    donnees: Any = read_yaml(_ESPACE_FINE.sub("\u00a0", ecrit))
    return Textes.model_validate(donnees)
