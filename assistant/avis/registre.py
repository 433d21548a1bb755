"""The marks that hold now: read again when their file changes, at the cost of looking at it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from assistant.avis.journal import Identite, Journal
from assistant.avis.models import Avis, AvisInutilisables, Genre
from assistant.configuration import Configuration

_LOG: Final = logging.getLogger("clas.avis")
_FOLDER: Final = "avis"


@dataclass(frozen=True, slots=True)
class Marques:
    """Marks as they stand: of all those of a card or an answer, the last one is what counts."""

    historique: tuple[Avis, ...] = ()
    """Every mark ever set, in order."""
    derniers: Mapping[tuple[Genre, str], Avis] = field(default_factory=dict)
    """Last mark of each card and answer, lifted ones included, in the order they were set."""
    abimees: tuple[int, ...] = ()
    """Lines of the journal that are damaged."""
    panne: str = ""
    """Why the journal cannot be read, and these are the last marks that could be; else empty."""

    def of(self, genre: Genre, cible: str, empreinte: str) -> Avis | None:
        """The mark that holds for these very words; None when none does."""
        avis = self.derniers.get((genre, cible))
        if avis is None or avis.statut == "leve" or avis.empreinte != empreinte:
            return None
        return avis

    @property
    def alerte(self) -> str:
        """What whoever keeps the program must know, in one sentence; empty when all is well."""
        if self.panne:
            return f"{self.panne}."
        if not self.abimees:
            return ""
        lignes = ", ".join(map(str, self.abimees))
        return (
            f"Journal des avis des agents abîmé (ligne {lignes}) : l'avis écrit là ne peut plus "
            "être lu et n'est pas appliqué. Posez-le de nouveau, ou reprenez une sauvegarde du "
            "fichier."
        )


def marks_of(avis: tuple[Avis, ...], abimees: tuple[int, ...] = ()) -> Marques:
    """Make out which marks hold: the last line of a target, whatever its date."""
    derniers: dict[tuple[Genre, str], Avis] = {}
    for dernier in avis:
        derniers.pop((dernier.genre, dernier.cible), None)
        derniers[dernier.genre, dernier.cible] = dernier
    return Marques(avis, MappingProxyType(derniers), abimees)


class Registre:
    """Marks of a data folder, shared by all that is asked of one process."""

    def __init__(self, folder: Path) -> None:
        self._journal = Journal(folder)
        # One reference that is replaced whole: threads see what was before, or what is after.
        self._lu: tuple[Identite | None, Marques] | None = None

    def marques(self) -> Marques:
        """Marks that hold now.

        A journal that cannot be read leaves those last read, and says so.
        """
        lu = self._lu
        try:
            identite = self._journal.identity()
            if lu is not None and lu[0] == identite and not lu[1].panne:
                return lu[1]
            identite, lecture = self._journal.read()
        except AvisInutilisables as error:
            if lu is not None and lu[1].panne == str(error):
                return lu[1]
            _LOG.critical("%s", error)
            last = lu[1] if lu else Marques()
            broken = Marques(last.historique, last.derniers, last.abimees, str(error))
            self._lu = (None, broken)
            return broken
        marques = marks_of(lecture.avis, lecture.abimees)
        if marques.alerte:
            _LOG.critical("%s", marques.alerte)
        self._lu = (identite, marques)
        return marques

    def add(self, avis: Avis) -> None:
        """Add a mark, durable when this returns.

        Raises:
            AvisInutilisables: it could not be written; nothing has changed.
        """
        self._journal.add(avis)


def open_marks(configuration: Configuration) -> Registre:
    """The marks of a data folder."""
    return Registre(configuration.donnees / _FOLDER)
