"""Records of a replay: what the same questions and projects get on two versions of the base."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from assistant.eligibility.models import Verdict
from assistant.eligibility.schema import Statut
from assistant.models import TypeReponse
from corpus.models import FROZEN

Gravite = Literal["haute", "moyenne", "basse"]
GRAVITES: tuple[Gravite, ...] = ("haute", "moyenne", "basse")
"""``haute``: somebody would be told something else; ``moyenne``: in other words, or with other
amounts; ``basse``: proved otherwise."""


class QuestionTemoin(BaseModel):
    """A question put to both versions."""

    model_config = FROZEN

    question: str = Field(min_length=1)
    departement: str | None = None
    annee_scolaire: str | None = None
    date: str | None = Field(default=None, exclude_if=lambda value: value is None)
    """Day that « cette année » counts from; None: today."""
    avant: tuple[str, ...] = Field(default=(), exclude_if=lambda value: not value)
    """Turns of the conversation before it."""


class ProjetTemoin(BaseModel):
    """A project checked with both versions, and what it is there for."""

    model_config = FROZEN

    nom: str = Field(min_length=1)
    projet: dict[str, object]


class CitationRejouee(BaseModel):
    """Words that prove an answer, and where they stand."""

    model_config = FROZEN

    document: str
    version: str
    debut: int
    fin: int
    extrait: str


class ReponseRejouee(BaseModel):
    """What a version answers."""

    model_config = FROZEN

    type: TypeReponse
    texte: str
    citations: tuple[CitationRejouee, ...]


class EcartReponse(BaseModel):
    """A question whose answer is no longer the same."""

    model_config = FROZEN

    question: QuestionTemoin
    type_change: bool
    texte_change: bool
    citations_changees: bool
    avant: ReponseRejouee
    apres: ReponseRejouee

    @property
    def gravite(self) -> Gravite:
        """How much it matters to whoever asks."""
        if self.type_change:
            return "haute"
        return "moyenne" if self.texte_change else "basse"


class CritereChange(BaseModel):
    """A criterion that has another status; None: it is listed on one side alone."""

    model_config = FROZEN

    code: str
    collectif: int | None
    avant: Statut | None
    apres: Statut | None
    motif: str
    """Why it has the new one; the old one where the criterion is gone."""


class EuroChange(BaseModel):
    """An amount that differs, in whole euros; None: it is not known."""

    model_config = FROZEN

    montant: str
    """Its name among the amounts of a result: ``total``, ``ps_par_collectif.1``."""
    avant: int | float | None
    apres: int | float | None


class EcartProjet(BaseModel):
    """A project that is no longer judged, or paid, the same."""

    model_config = FROZEN

    nom: str
    verdict_avant: Verdict
    verdict_apres: Verdict
    criteres: tuple[CritereChange, ...]
    euros: tuple[EuroChange, ...]

    @property
    def gravite(self) -> Gravite:
        """How much it matters to whoever brings the project."""
        return "haute" if self.verdict_avant != self.verdict_apres else "moyenne"


class Rejeu(BaseModel):
    """Everything that flips between two versions, most serious first."""

    model_config = FROZEN

    avant: str
    """Identity of the version in service."""
    apres: str
    """Identity of the version that the draft would make."""
    questions: int
    projets: int
    """How many were put to both."""
    reponses: tuple[EcartReponse, ...]
    verifications: tuple[EcartProjet, ...]
