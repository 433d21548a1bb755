"""Records of the diagnosis: what a check is, what it is given, what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal

from pydantic import BaseModel, ConfigDict

from assistant.configuration import Configuration

if TYPE_CHECKING:
    from corpus.magasin.moteur import Magasin

Etat = Literal["bon", "a_surveiller", "en_panne", "non_verifie"]
PAR_GRAVITE: Final[tuple[Etat, ...]] = ("en_panne", "a_surveiller", "non_verifie", "bon")


class Releve(BaseModel):
    """What a check found, once; a check may find several things."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    etat: Etat
    trouve: str
    """What was found, in French, without a final stop."""
    remede: str = ""
    """What to do: a command or a step; empty where there is nothing to do."""


class Constat(Releve):
    """The same, with the name of the check."""

    nom: str


class Diagnostic(BaseModel):
    """All that was found, in the order of the checks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: datetime
    rapide: bool
    constats: tuple[Constat, ...]

    @property
    def etat(self) -> Etat:
        """The worst of what was found, leaving out what could not be checked."""
        trouves = {constat.etat for constat in self.constats} - {"non_verifie"}
        return next((etat for etat in PAR_GRAVITE if etat in trouves), "bon")


@dataclass(frozen=True, slots=True)
class Contexte:
    """What checks read; none of them changes anything."""

    configuration: Configuration | None
    """None where the settings cannot be read: what depends on them is not checked."""
    environnement: Mapping[str, str]
    magasin: Magasin | None = None
    """The shared store; None where there is none, or it cannot be opened by this program."""
    rapide: bool = False
    maintenant: Callable[[], datetime] = lambda: datetime.now(UTC)


Sonde = Callable[[Contexte], Iterable[Releve]]


@dataclass(frozen=True, slots=True)
class Controle:
    """One thing that is looked at."""

    nom: str
    sonde: Sonde
    delai: float = 20.0
    """Seconds after which it is no longer waited for."""
    long: bool = False
    """Whether « --rapide » leaves it out."""


def bon(trouve: str) -> Releve:
    """All is well."""
    return Releve(etat="bon", trouve=trouve)


def alerte(trouve: str, remede: str) -> Releve:
    """It serves, and will not for long, or not as it should."""
    return Releve(etat="a_surveiller", trouve=trouve, remede=remede)


def panne(trouve: str, remede: str) -> Releve:
    """Something is broken."""
    return Releve(etat="en_panne", trouve=trouve, remede=remede)


def non_verifie(raison: str, remede: str = "") -> Releve:
    """It could not be looked at, and why."""
    return Releve(etat="non_verifie", trouve=raison, remede=remede)


def configuration_de(contexte: Contexte) -> Configuration:
    """The settings.

    Raises:
        ReglagesAbsents: they cannot be read.
    """
    if contexte.configuration is None:
        raise ReglagesAbsents
    return contexte.configuration


class ReglagesAbsents(Exception):
    """The settings cannot be read, so that this cannot be checked."""
