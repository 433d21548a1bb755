"""Knowledge cards as data: a question people have, its short answer, the words that prove it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FERME = ConfigDict(frozen=True, extra="forbid")

Polarite = Literal["oui", "non", "sous_condition"]
Attribut = Literal[
    "nombre", "montant", "part", "date", "duree", "qui", "ou", "comment", "quoi",
    "pourquoi", "oui_non", "liste", "comparaison",
]  # fmt: skip


class Preuve(BaseModel):
    """Words of a text, verbatim, that say what the card says."""

    model_config = FERME

    document: str
    extrait: str = Field(min_length=12)


class Fiche(BaseModel):
    """One card. Its answer is our own plain French; figures that are dated come by reference."""

    model_config = FERME

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    sujet: str
    """Family of subjects, one word or two: « effectif », « bonus », « controle »."""
    titre: str
    """The question that the card answers, in plain French."""
    attribut: Attribut
    """What the question asks for."""
    reponse: str = Field(max_length=420)
    """One to three sentences; ``{p:nom}`` stands for a dated parameter of the rules."""
    polarite: Polarite | None = None
    """What it answers to a yes/no question."""
    reserves: tuple[str, ...] = ()
    """Conditions and exceptions, one short sentence each."""
    portee: str = Field(pattern=r"^(nationale|\d{2,3}|2[AB])$")
    sauf: tuple[str, ...] = ()
    """Départements whose own text says it: a card of silence is not for them."""
    du: str | None = Field(default=None, pattern=r"^\d{4}-\d{4}$")
    """First school year that it holds for."""
    au: str | None = Field(default=None, pattern=r"^\d{4}-\d{4}$")
    preuves: tuple[Preuve, ...] = Field(min_length=1)
    """All the passages that say it, the most direct first."""
    silence: bool = False
    """The texts do not say: the answer says so, and the proofs are what they do say nearby."""
    divergence: bool = False
    """The texts differ: the answer says so and both sides are among the proofs."""
    voir: tuple[str, ...] = ()
    """Related cards."""
    critere: str | None = None
    """Criterion of the checker that it explains."""
    formulations: tuple[str, ...] = Field(min_length=6)
    """Ways that people ask it: formal, everyday, hurried, keywords."""
