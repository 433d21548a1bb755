"""Events that are worth a line: each a closed record of numbers and of names of the program.

No field can hold words of a question, of an answer or of a person: none is free text.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Final, TypeAlias

from assistant.answers.modeles import Rangement
from assistant.dialogue.chemin import VoieSuivie
from assistant.etapes import Etape
from assistant.observation.mesure import Mesure, Raison
from assistant.questions_posees.models import TypeGarde

JOURNAL: Final = "clas.observation"
"""Logger of the events."""


@dataclass(frozen=True, slots=True)
class Demarrage:
    """The process serves its first page."""

    NOM: ClassVar = "demarrage"
    programme: str
    """Version of the program."""
    python: str
    magasin: bool
    """Whether a shared store is set."""
    redacteur: bool
    traces: bool
    lenteur: float
    """Seconds from which an answer is told as slow."""


@dataclass(frozen=True, slots=True)
class VersionOuverte:
    """Answers come from this version from now on."""

    NOM: ClassVar = "version_ouverte"
    version: str
    textes: int | None
    """Number of the version of the texts; None for an index made without one."""
    precedente: str | None
    """Version that it takes the place of; None for the first."""
    encodeur: str
    classement: Rangement


@dataclass(frozen=True, slots=True)
class ReponseDonnee:
    """A question was answered, or an answer refused."""

    NOM: ClassVar = "reponse"
    type: TypeGarde
    raison: Raison | None
    voie: VoieSuivie | None
    departement_connu: bool
    secondes: float
    classement: Rangement
    version: str
    lente: bool
    etapes: Mapping[Etape, float] | None
    """Seconds of each step, where it was slow."""


@dataclass(frozen=True, slots=True)
class ActeFait:
    """Something was asked for by who holds a role; who, and on what, is in the journal."""

    NOM: ClassVar = "acte"
    action: str
    """One of those of the journal of the texts."""
    fait: bool
    """Whether it was done; else it failed."""
    secondes: float


@dataclass(frozen=True, slots=True)
class ArretDemande:
    """The process was asked to stop."""

    NOM: ClassVar = "arret"


Evenement: TypeAlias = Demarrage | VersionOuverte | ReponseDonnee | ActeFait | ArretDemande


def reponse_donnee(mesure: Mesure, lenteur: float) -> ReponseDonnee:
    """The event of an answer that was measured."""
    secondes = mesure.duree.secondes
    lente = secondes >= lenteur
    etapes = {etape: round(s, 4) for etape, s in mesure.duree.etapes.items()} if lente else None
    return ReponseDonnee(
        type=mesure.type,
        raison=mesure.raison,
        voie=mesure.voie,
        departement_connu=mesure.departement_connu,
        secondes=round(secondes, 4),
        classement=mesure.classement,
        version=mesure.version,
        lente=lente,
        etapes=etapes,
    )


def dire(evenement: Evenement) -> None:
    """Write an event, where somebody asked for them; it goes nowhere else."""
    journal = logging.getLogger(JOURNAL)
    if not journal.isEnabledFor(logging.INFO):
        return
    lente = isinstance(evenement, ReponseDonnee) and evenement.lente
    champs: dict[str, Any] = {n: v for n, v in asdict(evenement).items() if v is not None}
    journal.log(
        logging.WARNING if lente else logging.INFO,
        evenement.NOM,
        extra={"evenement": evenement.NOM, "champs": champs},
    )
