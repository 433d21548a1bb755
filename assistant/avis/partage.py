"""Marks in the shared store: set by any replica, known by all of them within a second.

Writers take turns, so that marks are read in the order in which they came to hold. Each row
carries the digest of its words, as the lines of the file do. What was last read is also kept on
this machine: a replica that starts while the store is away still knows which cards are wrong.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import text

from assistant.avis.journal import Identite, Journal, Lecture, line_of, mark_of
from assistant.avis.models import Avis, AvisInutilisables
from corpus.magasin.erreurs import MagasinIndisponible
from corpus.magasin.moteur import Magasin

_LOG: Final = logging.getLogger("clas.avis")
FRAICHEUR: Final = 1.0
"""Seconds within which a mark of another replica holds here."""
_REGARDER: Final = 0.4
"""Seconds that looking at them may take: whoever asks something waits for it."""
_IDENTITE: Final = text("SELECT count(*), max(numero) FROM avis.marques")
_LIGNES: Final = text("SELECT numero, ligne FROM avis.marques ORDER BY numero")
_ATTENDRE: Final = text("LOCK TABLE avis.marques IN SHARE ROW EXCLUSIVE MODE")
_AJOUTER: Final = text("INSERT INTO avis.marques (ligne) VALUES (:ligne)")


class JournalPartage:
    """The journal of a shared store, and what this machine remembers of it."""

    fraicheur: float = FRAICHEUR

    def __init__(self, magasin: Magasin, copie: Journal) -> None:
        self.magasin = magasin
        self._copie = copie

    def identity(self) -> Identite | None:
        """How many marks there are, and the last one.

        Raises:
            AvisInutilisables: the store cannot be read.
        """
        with self._or_said("lus"), self.magasin.connexion(_REGARDER) as connection:
            combien, dernier = connection.execute(_IDENTITE).one()
        return (combien, dernier) if combien else None

    def read(self) -> tuple[Identite | None, Lecture]:
        """Every mark, and what they were known by when they were read.

        Raises:
            AvisInutilisables: the store cannot be read.
        """
        with self._or_said("lus"), self.magasin.connexion() as connection:
            rows = connection.execute(_LIGNES).all()
        read = [(int(numero), mark_of(ligne.encode("utf-8"))) for numero, ligne in rows]
        lecture = Lecture(
            tuple(avis for _, avis in read if avis is not None),
            tuple(numero for numero, avis in read if avis is None),
        )
        self._remember(lecture)
        return ((len(read), read[-1][0]) if read else None), lecture

    def copie(self) -> Lecture:
        """What this machine last read of the store."""
        try:
            return self._copie.read()[1]
        except AvisInutilisables as error:
            _LOG.error("%s", error)
            return Lecture((), ())

    def add(self, avis: Avis) -> None:
        """Add a mark, durable when this returns.

        Raises:
            AvisInutilisables: it could not be written, or nobody knows whether it was.
        """
        with self._or_said("écrits"), self.magasin.connexion() as connection:
            connection.execute(_ATTENDRE)
            connection.execute(_AJOUTER, {"ligne": line_of(avis).decode("utf-8")})

    def _remember(self, lecture: Lecture) -> None:
        try:
            self._copie.replace(lecture.avis)
        except AvisInutilisables as error:
            # Those of the store hold all the same.
            _LOG.error("%s", error)

    @contextmanager
    def _or_said(self, done: str) -> Iterator[None]:
        try:
            yield
        except MagasinIndisponible as error:
            raise AvisInutilisables(
                f"les avis des agents n'ont pas pu être {done} : {error}"
            ) from error
