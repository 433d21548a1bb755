"""Records of the training data: questions, near misses, and what answers each target.

A target is what the assistant can say (a card), known here by its id alone. The words of the texts
are kept as quotations, so that the data follow a text that is laid out or cut otherwise.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from corpus.models import FROZEN

Voix = Literal["benevole", "coordination", "mairie", "parent", "agent", "comptable"]
Registre = Literal["soutenu", "courant", "sms", "fautes", "mots_cles", "recit", "suite"]
Manque = Literal["attribut", "lieu", "annee", "dispositif"]

_ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class Extrait(BaseModel):
    """Words of a text, verbatim."""

    model_config = FROZEN

    document: str
    extrait: str = Field(min_length=12)


class Cible(BaseModel):
    """What a question is about, and what each passage that comes near says of it.

    The judgements were made by reading each passage beside the target's question and answer.
    """

    model_config = FROZEN

    id: str = Field(pattern=_ID)
    sujet: str
    """Family of subjects, the unit that is held out whole."""
    silence: bool = False
    """The texts do not say: nothing answers it."""
    repond: tuple[Extrait, ...] = ()
    """Words that answer it, in every text that says so."""
    en_partie: tuple[Extrait, ...] = ()
    """Words that say something of it: neither an answer nor a wrong one."""
    ne_repond_pas: tuple[Extrait, ...] = ()
    """Words that the search brings near, read, and that do not answer."""


class Ecrite(BaseModel):
    """What a question written for training says of itself."""

    model_config = FROZEN

    id: str = Field(pattern=_ID)
    question: str = Field(min_length=3, max_length=1200)
    cible: str = Field(pattern=_ID)
    """The target that it was written from."""
    voix: Voix
    registre: Registre
    departement: str | None = Field(default=None, pattern=r"^(\d{2,3}|2[AB])$")
    """That of the person who asks, where the question names it or a town of it."""
    annee: str | None = Field(default=None, pattern=r"^\d{4}-\d{4}$")
    fabrication: str = Field(min_length=1)
    """How it was made, and in which lot."""


class QuestionEcrite(Ecrite):
    """A question that its target answers."""


class Presque(Ecrite):
    """A near miss: the same subject as its target, with something that the texts do not cover."""

    manque: Manque
    """What is missing: the thing asked, the place, the year or the scheme."""
    demande: str = Field(min_length=1)
    """The thing, place, year or scheme asked about, in short."""


class Lointaine(BaseModel):
    """A question about anything else than the Clas: no target comes near it."""

    model_config = FROZEN

    id: str = Field(pattern=_ID)
    question: str = Field(min_length=3, max_length=1200)
    registre: Registre
    fabrication: str = Field(min_length=1)
    """How it was made, and in which lot."""
