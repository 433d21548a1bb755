"""What a check gives back: the result, exactly as other programs read it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from assistant.eligibility.schema import Statut
from assistant.models import Citation

FERME = ConfigDict(frozen=True, extra="forbid")

Verdict = Literal["eligible", "eligible_sous_reserve", "non_eligible", "incomplet"]


class Critere(BaseModel):
    """A criterion as found; ``collectif`` counts from 1, null for the project as a whole."""

    model_config = FERME

    code: str
    collectif: int | None
    statut: Statut
    motif: str
    constate: str | None
    attendu: str | None
    portee: str
    citations: tuple[Citation, ...]


class Bareme(BaseModel):
    """The ceiling price that was used, and whether it is known for the project's own year."""

    model_config = FERME

    annee_scolaire: str | None
    prix_plafond: int | float | None
    taux: float | None
    a_confirmer: bool


class Montants(BaseModel):
    """Whole euros; null: an unknown fact is needed. ``_min`` and ``_max``: over what is unknown."""

    model_config = FERME

    bareme: Bareme
    ps_par_collectif: tuple[int | None, ...]
    ps_total: int | None
    ps_min: int | None
    ps_max: int | None
    bonus_enfants: int | None
    bonus_parents: int | None
    total_avant_plafond: int | None
    plafond_80: int | None
    total: int | None
    total_min: int | None
    total_max: int | None
    acompte_n_max: int | None
    acompte_n1_max: int | None
    solde: int | None
    detail: tuple[str, ...]


class EcheanceDePaiement(BaseModel):
    """A step of the payment calendar."""

    model_config = FERME

    quand: str
    quoi: str
    montant: int | None
    citations: tuple[Citation, ...]


class Pluriannuel(BaseModel):
    """Whether several years may be funded at once; null: it depends on unknown facts."""

    model_config = FERME

    possible: bool | None
    duree_max_annees: int | None
    motif: str
    citations: tuple[Citation, ...]


class Correction(BaseModel):
    """A change of one fact; changes of one ``ensemble`` go together."""

    model_config = FERME

    ensemble: int
    champ: str
    de: Any
    vers: Any
    motif: str


class Resultat(BaseModel):
    """The answer of the checker for one project."""

    model_config = FERME

    verdict: Verdict
    criteres: tuple[Critere, ...]
    montants: Montants
    calendrier_paiement: tuple[EcheanceDePaiement, ...]
    pluriannuel: Pluriannuel
    a_renseigner: tuple[str, ...]
    corrections: tuple[Correction, ...]
    reserves: tuple[str, ...]
