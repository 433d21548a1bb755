"""What the log asks of the place where it is kept: a file of this machine, or the shared store."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from sqlalchemy import ColumnElement, Connection, Table

from index.french import fold

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as InsertPartage
    from sqlalchemy.dialects.sqlite import Insert as InsertFichier

PLUS: Final = 50_000
"""Exchanges that a file holds, at most: the oldest give way, so that nobody can fill the disk."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Where exchanges are, and what was thought of them."""

    echanges: Table
    opinions: Table


class Lieu(Protocol):
    """A place for the log; it opens nothing before it is needed.

    What is done there is said in French by ``QuestionsInutilisables`` where it cannot be; ``fait``
    is what would have been done: « lues », « écrites », « effacées ».
    """

    @property
    def tables(self) -> Tables:
        """Its tables; their columns are called alike everywhere."""
        ...

    @property
    def borne(self) -> int:
        """Exchanges that it holds, at most."""
        ...

    def lecture(self, fait: str) -> AbstractContextManager[Connection | None]:
        """A consistent view; None where nothing was ever written."""
        ...

    def ecriture(
        self, fait: str, *, creer: bool = False
    ) -> AbstractContextManager[Connection | None]:
        """A transaction, durable once it is left; None where nothing was, unless ``creer``."""
        ...

    def effacement(self) -> AbstractContextManager[Connection | None]:
        """The same, to erase; it may last longer than what somebody waits for."""
        ...

    def a_l_heure(self) -> bool:
        """Whether this machine's clock is that of the place, to the hour."""
        ...

    def effacer(self) -> None:
        """Leave nothing on the disk of what was deleted."""
        ...

    def insertion(self, table: Table) -> InsertFichier | InsertPartage:
        """An insertion that may find its row already there."""
        ...

    def reperes(self, *textes: str) -> dict[str, str]:
        """What a row holds besides, to be found by its words."""
        ...

    def contient(self, mots: Iterable[str]) -> list[ColumnElement[bool]]:
        """Whether an exchange has these words, folded, in its question, answer or comment."""
        ...


def plier(words: str) -> str:
    """Words without their case and accents, as those that are sought are."""
    return fold(words).replace("’", "'")
