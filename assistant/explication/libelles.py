"""The French words of an explanation, from ``libelles.yaml``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from corpus.lecture_yaml import read_yaml

_FICHIER = Path(__file__).with_name("libelles.yaml")


class ReglageNomme(BaseModel):
    """A settings file of the program and what it is for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fichier: str
    sert_a: str


class Libelles(BaseModel):
    """Words by code, for each kind of thing explained."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    voies: dict[str, str]
    raisons: dict[str, str]
    traits: dict[str, str]
    signaux: dict[str, str]
    fiches: dict[str, str]
    termes: dict[str, str]
    certitudes: dict[str, str]
    statuts: dict[str, str]
    decisions: dict[str, str]
    portees: dict[str, str]
    genres: dict[str, str]
    durees: dict[str, str]
    reglages: tuple[ReglageNomme, ...]


@lru_cache(maxsize=1)
def lire_libelles() -> Libelles:
    """Read the words shipped with the program."""
    return Libelles.model_validate(read_yaml(_FICHIER.read_text(encoding="utf-8")))
