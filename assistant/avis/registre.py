"""The marks that hold now: read again when they change, at the cost of looking whether they did."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from types import MappingProxyType
from typing import Final

from assistant.avis.journal import Carnet, Identite, Journal
from assistant.avis.models import Avis, AvisInutilisables, Genre
from assistant.configuration import Configuration
from assistant.magasin import magasin_de_page

_LOG: Final = logging.getLogger("clas.avis")
_FOLDER: Final = "avis"
_COPIE: Final = "copie"


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
    """Marks of a place, shared by all that is asked of one process."""

    def __init__(self, lieu: Carnet | Path) -> None:
        """``lieu``: where they are; a folder stands for the journal in it."""
        self._journal: Carnet = Journal(lieu) if isinstance(lieu, Path) else lieu
        # One reference that is replaced whole: threads see what was before, or what is after.
        self._lu: tuple[Identite | None, Marques] | None = None
        self._pas_avant = float("-inf")

    def marques(self) -> Marques:
        """Marks that hold now.

        A journal that cannot be read leaves those last read, and says so.
        """
        lu = self._lu
        if lu is not None and monotonic() < self._pas_avant:
            return lu[1]
        self._pas_avant = monotonic() + self._journal.fraicheur
        try:
            identite = self._journal.identity()
            if lu is not None and lu[0] == identite and not lu[1].panne:
                return lu[1]
            identite, lecture = self._journal.read()
        except AvisInutilisables as error:
            if lu is not None and lu[1].panne == str(error):
                return lu[1]
            _LOG.critical("%s", error)
            last = lu[1] if lu else self._remembered()
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
            AvisInutilisables: it could not be written; nothing has changed, unless the shared
                store did not say what it made of it.
        """
        try:
            self._journal.add(avis)
        finally:
            # Whoever set it sees it at once.
            self._pas_avant = float("-inf")

    def _remembered(self) -> Marques:
        lecture = self._journal.copie()
        return marks_of(lecture.avis, lecture.abimees)


def open_marks(configuration: Configuration) -> Registre:
    """The marks of a data folder, or of the shared store where there is one.

    Raises:
        MagasinMalRegle: the packages that a shared store needs are not installed.
    """
    folder = configuration.donnees / _FOLDER
    if configuration.magasin is None:
        return Registre(folder)
    magasin = magasin_de_page(configuration.magasin)
    # Where there is none, its packages are not needed.
    from assistant.avis.partage import JournalPartage  # noqa: PLC0415

    return Registre(JournalPartage(magasin, Journal(folder / _COPIE)))
