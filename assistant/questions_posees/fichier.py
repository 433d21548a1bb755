"""The log in a SQLite file of this machine: the default."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, func
from sqlalchemy.dialects.sqlite import Insert

from assistant.questions_posees.lieux import PLUS, Tables
from assistant.questions_posees.models import QuestionsInutilisables
from assistant.questions_posees.schema import (
    FICHIER,
    PLIER,
    TABLES,
    erase,
    open_engine,
    prepare,
    prepared,
    reading,
    told,
    writing,
)

PATIENCE: Final = 1.0
"""Seconds that a writer waits for another one: somebody may be waiting for it."""


class Fichier:
    """A file in a folder, made when something is first written."""

    def __init__(self, dossier: Path, patience: float = PATIENCE) -> None:
        self.path = dossier / FICHIER
        self._engine = open_engine(self.path, patience)

    @property
    def tables(self) -> Tables:
        """Those of the file."""
        return TABLES

    @property
    def borne(self) -> int:
        """As many as one machine should hold."""
        return PLUS

    @contextmanager
    def lecture(self, fait: str) -> Iterator[Connection | None]:
        """A consistent view of the file; None where there is none.

        Raises:
            QuestionsInutilisables: it cannot be read.
        """
        with told(self._engine, fait):
            if not self.path.exists():
                yield None
                return
            with reading(self._engine) as connection:
                yield connection if prepared(connection) else None

    @contextmanager
    def ecriture(self, fait: str, *, creer: bool = False) -> Iterator[Connection | None]:
        """A transaction that holds the file; None where there is none, unless it is to be made.

        Raises:
            QuestionsInutilisables: it could not be written; nothing has changed.
        """
        with told(self._engine, fait):
            if creer:
                # To the account of the server alone: these are words of people.
                self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            elif not self.path.exists():
                yield None
                return
            with writing(self._engine) as connection:
                if creer:
                    prepare(connection)
                yield connection if creer or prepared(connection) else None

    @contextmanager
    def effacement(self) -> Iterator[Connection | None]:
        """A transaction in which rows are deleted.

        Raises:
            QuestionsInutilisables: it could not be written; nothing has changed.
        """
        with self.ecriture("effacées") as connection:
            yield connection

    def a_l_heure(self) -> bool:
        """Its clock is this machine's."""
        return True

    def effacer(self) -> None:
        """Leave nothing of what was deleted, in the file or its log.

        Raises:
            QuestionsInutilisables: somebody prevents it.
        """
        with told(self._engine, "effacées"):
            if not erase(self._engine):
                raise QuestionsInutilisables(
                    f"des questions effacées laissent des traces dans {self.path} tant qu'un autre "
                    "programme le lit : l'effacement sera repris"
                )

    def insertion(self, table: Table) -> Insert:
        """An insertion of SQLite."""
        return Insert(table)

    def reperes(self, *_: str) -> dict[str, str]:
        """Nothing: the file folds words as it seeks them."""
        return {}

    def contient(self, mots: Iterable[str]) -> list[ColumnElement[bool]]:
        """Whether an exchange has these words."""
        echanges, opinions = self.tables.echanges.c, self.tables.opinions.c
        dits = func.coalesce(opinions.commentaire, "")
        said = echanges.question + "\n" + echanges.texte + "\n" + dits
        folded = getattr(func, PLIER)(said)
        return [func.instr(folded, mot) > 0 for mot in mots]
