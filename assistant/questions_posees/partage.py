"""The log in the shared store, read and written by every replica."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Column, ColumnElement, Connection, MetaData, Table, Text, func, select
from sqlalchemy.dialects.postgresql import Insert

from assistant.questions_posees.lieux import Tables, plier
from assistant.questions_posees.models import QuestionsInutilisables
from assistant.questions_posees.schema import TABLES
from corpus.magasin.erreurs import MagasinIndisponible
from corpus.magasin.moteur import Magasin

PLUS: Final = 1_000_000
"""Exchanges that the store holds, at most: those of all the machines."""
SCHEMA: Final = "questions"


def _partagees() -> Tables:
    """The tables of the file, in the store: each row also holds its words, folded."""
    ensemble = MetaData(schema=SCHEMA)
    echanges = TABLES.echanges.to_metadata(ensemble, schema=SCHEMA)
    opinions = TABLES.opinions.to_metadata(ensemble, schema=SCHEMA)
    for table in (echanges, opinions):
        table.append_column(Column("plie", Text, nullable=False))
    return Tables(echanges, opinions)


_TABLES: Final = _partagees()


@dataclass(frozen=True, slots=True)
class Delais:
    """Seconds that a statement may take."""

    ecrire: float = 10.0
    lire: float = 10.0
    effacer: float = 60.0
    ecriture: float | None = None
    """Those that an act of writing may take in all, once a connection is open; None: no bound."""


_A_L_HEURE: Final = timedelta(hours=1)
DELAIS_PAGE: Final = Delais(ecrire=0.3, lire=5.0, effacer=5.0, ecriture=0.4)
"""Somebody waits for an answer: what is not written at once waits on this machine."""


class Partage:
    """The log of a shared store."""

    def __init__(self, magasin: Magasin, delais: Delais | None = None) -> None:
        self.magasin = magasin
        self._delais = delais or Delais()

    @property
    def tables(self) -> Tables:
        """Those of the store."""
        return _TABLES

    @property
    def borne(self) -> int:
        """As many as all the machines together should hold."""
        return PLUS

    @contextmanager
    def lecture(self, fait: str) -> Iterator[Connection]:
        """A transaction in which rows are read.

        Raises:
            QuestionsInutilisables: the store cannot be read.
        """
        with self._dit(fait), self.magasin.connexion(self._delais.lire) as connection:
            yield connection

    @contextmanager
    def ecriture(self, fait: str, *, creer: bool = False) -> Iterator[Connection]:  # noqa: ARG002 - tables are made by « clas preparer »
        """A transaction in which rows are written.

        Raises:
            QuestionsInutilisables: it could not be written, or nobody knows whether it was.
        """
        delais = self._delais
        with (
            self._dit(fait),
            self.magasin.connexion(delais.ecrire, total=delais.ecriture) as connection,
        ):
            yield connection

    @contextmanager
    def effacement(self) -> Iterator[Connection]:
        """A transaction in which rows are deleted.

        Raises:
            QuestionsInutilisables: it could not be written, or nobody knows whether it was.
        """
        with self._dit("effacées"), self.magasin.connexion(self._delais.effacer) as connection:
            yield connection

    def a_l_heure(self) -> bool:
        """Whether this machine's clock is the store's, to the hour.

        Raises:
            QuestionsInutilisables: the store cannot be read.
        """
        with self.lecture("lues") as connection:
            there = connection.scalars(select(func.now())).one()
        return abs(datetime.now(UTC) - there) < _A_L_HEURE

    def effacer(self) -> None:
        """Leave nothing of what was deleted in the files of the tables, which are written anew.

        Raises:
            QuestionsInutilisables: another program holds them, or the store is not there.
        """
        with self._dit("effacées pour de bon, et le seront plus tard,"):
            for table in (_TABLES.opinions, _TABLES.echanges):
                self.magasin.seul(f"VACUUM (FULL) {table.fullname}", self._delais.effacer)

    def insertion(self, table: Table) -> Insert:
        """An insertion of PostgreSQL."""
        return Insert(table)

    def reperes(self, *textes: str) -> dict[str, str]:
        """Its words, folded here: the server knows other rules for them."""
        return {"plie": plier("\n".join(textes))}

    def contient(self, mots: Iterable[str]) -> list[ColumnElement[bool]]:
        """Whether an exchange has these words."""
        plies = _TABLES.echanges.c.plie + "\n" + func.coalesce(_TABLES.opinions.c.plie, "")
        return [func.strpos(plies, mot) > 0 for mot in mots]

    @contextmanager
    def _dit(self, fait: str) -> Iterator[None]:
        try:
            yield
        except MagasinIndisponible as error:
            raise QuestionsInutilisables(
                f"les questions posées n'ont pas pu être {fait} : {error}"
            ) from error
