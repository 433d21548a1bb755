"""Records of the agents' marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import AwareDatetime, BaseModel, Field

from corpus.models import FROZEN

Genre = Literal["fiche", "reponse"]
Jugement = Literal["verifie", "douteux", "faux"]
Statut = Jugement | Literal["leve"]
"""``leve``: what was said before no longer holds."""

COMMENTAIRE = 1000
"""Characters of a comment, at most."""
DIT = 400
"""Characters of what was judged that a mark keeps, for whoever reads it later."""


class AvisRefuse(ValueError):
    """A mark that cannot be set; the message says why and what is accepted."""


class AvisInutilisables(Exception):
    """The marks cannot be read or written; the message says why and what to do."""


class Avis(BaseModel):
    """What an agent says of a card or of an answer. Never changed: another one comes after it."""

    model_config = FROZEN

    date: AwareDatetime
    auteur: str = Field(min_length=1, max_length=100)
    """Who says so, as their account is called."""
    genre: Genre
    cible: str = Field(min_length=1, max_length=200)
    """Id of the card; the fingerprint of the answer, which is the same whoever asks."""
    statut: Statut
    commentaire: str = Field(max_length=COMMENTAIRE)
    version: str = Field(pattern=r"^([0-9a-f]{12})?$")
    """Version of the document base that was in service; empty for an index made without one."""
    empreinte: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Fingerprint of the words and quotations that were judged."""
    dit: str = Field(max_length=DIT)
    """First words of what was judged."""


@dataclass(frozen=True, slots=True)
class Cible:
    """A card or an answer as somebody has it before their eyes."""

    genre: Genre
    nom: str
    empreinte: str
    version: str
    dit: str
