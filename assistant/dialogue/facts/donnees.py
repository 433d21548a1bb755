"""Reading and checking of the vocabularies that stand beside this package's code."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from assistant.dialogue.facts.models import Valeur
from corpus.lecture_yaml import read_yaml

_GELE = ConfigDict(frozen=True, extra="forbid")
_Modele = TypeVar("_Modele", bound=BaseModel)

Motifs = tuple[str, ...]


class Mots(BaseModel):
    """The content of ``mots.yaml``: spellings, classes of words, what stands around a fact."""

    model_config = _GELE

    ecriture: dict[str, str]
    abreviations: frozenset[str]
    fautes_tolerees: frozenset[str]
    mots_proches: frozenset[str]
    classes: dict[str, Motifs]
    attitudes: dict[str, Motifs]
    negations: Motifs
    fausses_negations: Motifs
    corrections: Motifs
    approximations_avant: Motifs
    approximations_apres: Motifs
    mois: dict[str, int]
    mois_en_cours_d_annee: frozenset[int]
    mois_de_rentree: frozenset[int]
    oui: Motifs
    non: Motifs
    reponses: dict[str, Literal["entier", "montant", "duree", "date", "booleen"]]


class Cas(BaseModel):
    """Words that give a value; ``nie`` is the value that the same words, denied, give."""

    model_config = _GELE

    valeur: Valeur
    motifs: Motifs
    nie: Valeur | None = None
    deduite: bool = False
    sauf: Motifs = ()
    """Words that, around the ones found (in the same sentence), say something else."""


class Choix(BaseModel):
    """A fact that words give: yes or no, one value among several, or a set of values.

    ``departement``: the fact is read for a project of this département alone. ``affirme``: it is
    said only in a sentence where the person speaks of what they do; elsewhere it is supposed.
    """

    model_config = _GELE

    chemin: str
    cas: tuple[Cas, ...]
    ensemble: bool = False
    departement: str | None = None
    affirme: bool = False


class Compte(BaseModel):
    """A whole number beside certain words (``{n}`` or ``{n1}`` in each pattern)."""

    model_config = _GELE

    chemin: str
    motifs: Motifs
    sauf: Motifs = ()
    minimum: int = 0
    maximum: int
    deduite: bool = False
    retrancher: int = 0
    """« Troisième année » : two years are completed."""
    niable: bool = False
    """Denied, the count is to ask: « n'a pas bac + 2 »."""


class Vocabulaire(BaseModel):
    """The content of ``faits.yaml``."""

    model_config = _GELE

    choix: tuple[Choix, ...]
    comptes: tuple[Compte, ...]


class Argent(BaseModel):
    """The content of ``argent.yaml``."""

    model_config = _GELE

    financeurs: dict[str, Motifs]
    donner: Motifs
    aider: Motifs
    cout: Motifs
    total: Motifs
    par_collectif: Motifs
    recu: Motifs
    prix_de_revient: Motifs
    participation: Motifs
    autre_caf: Motifs
    aucun: Motifs
    aucun_sauf: Motifs
    participation_symbolique_max: int
    participation_significative_min: int


class Critere(BaseModel):
    """A criterion: how people ask about it, and the facts that it is about."""

    model_config = _GELE

    code: str
    motifs: Motifs
    faits: tuple[str, ...] = ()


class Questions(BaseModel):
    """The content of ``questions.yaml``."""

    model_config = _GELE

    personnel: Motifs
    impersonnel: Motifs
    verdict: Motifs
    montant: Motifs
    montant_sauf: Motifs
    interrogation: Motifs
    criteres: tuple[Critere, ...]


def _lire(nom: str, modele: type[_Modele]) -> _Modele:
    contenu = resources.files(__package__).joinpath(nom).read_text(encoding="utf-8")
    return modele.model_validate(read_yaml(contenu))


@cache
def lire_mots() -> Mots:
    """Read and check ``mots.yaml``."""
    return _lire("mots.yaml", Mots)


@cache
def lire_vocabulaire() -> Vocabulaire:
    """Read and check ``faits.yaml``."""
    return _lire("faits.yaml", Vocabulaire)


@cache
def lire_argent() -> Argent:
    """Read and check ``argent.yaml``."""
    return _lire("argent.yaml", Argent)


@cache
def lire_questions() -> Questions:
    """Read and check ``questions.yaml``."""
    return _lire("questions.yaml", Questions)
