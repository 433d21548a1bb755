"""Records exchanged with the outside: questions, answers and their citations."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

FROZEN = ConfigDict(frozen=True, extra="forbid")

TypeReponse = Literal["reponse", "eligibilite", "precision", "hors_corpus"]


class Question(BaseModel):
    """One line of ``--lot``: a question, or the turns of a conversation; other keys are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    question: str | None = None
    tours: tuple[str, ...] | None = None
    departement: str | None = None
    annee_scolaire: str | None = None
    date: str | None = None
    """ISO date that « cette année » counts from; absent: today."""


class Citation(BaseModel):
    """A verbatim quotation: ``extrait`` is exactly ``debut:fin`` of the document's stored text."""

    model_config = FROZEN

    document: str
    version: str
    titre: str
    portee: str
    annee: str | None
    section: str | None
    page: int | None
    extrait: str = Field(min_length=1)
    debut: int = Field(ge=0)
    fin: int = Field(gt=0)


class PassageClasse(BaseModel):
    """A retrieved passage and its score (higher is better; comparable within one answer only)."""

    model_config = FROZEN

    document: str
    debut: int
    fin: int
    texte: str
    score: float


class Reponse(BaseModel):
    """What the person reads, what proves it, and how sure the program is of it."""

    model_config = FROZEN

    type: TypeReponse
    texte: str
    citations: tuple[Citation, ...]
    passages: tuple[PassageClasse, ...]
    portee: str
    confiance: float = Field(ge=0, le=1)
    eligibilite: dict[str, Any] | None = None
