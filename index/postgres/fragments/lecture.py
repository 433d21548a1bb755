"""What one search reads of a version that several nodes hold, those that are there.

A node that is lost in the middle is found out, within a bounded time, and the search begins anew
without it; the next ones know. Where a copy stands behind, it answers instead: nothing is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Final, Self, TypeVar

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import Connection

from corpus.magasin.erreurs import MagasinIndisponible
from index.postgres.exchange import Ouvrir, exchange
from index.postgres.fragments.demandes import Demandes, Places
from index.postgres.fragments.disposition import Part
from index.postgres.fragments.liens import table_of
from index.postgres.fragments.presence import Presence
from index.postgres.names import stated
from index.postgres.reading import FetchedReading, Served
from index.postgres.tokens import FetchedTokens
from index.storage import IndexInutilisable
from index.view import Asking, LectureInterrompue

SONDAGE: Final = 1.0
"""Seconds that a node may take to say that it is there."""
_LOST: Final = (psycopg.Error, IndexInutilisable)

T = TypeVar("T")


class NoeudPerdu(MagasinIndisponible):
    """A search over several nodes broke off; which of them is lost is still to be found."""


@dataclass(frozen=True)
class Fragments:
    """The nodes that hold a version, and what is known of them."""

    places: Places
    presence: Presence
    secours: bool = True
    """Whether a copy of the version here, where there is one, answers for a node that is away."""


class FragmentedReading:
    """What one search fetched so far, of the nodes that it needs."""

    def __init__(
        self, served: Served, fragments: Fragments, asking: Asking, *, entier: bool
    ) -> None:
        """``entier``: give up rather than do without a node that may answer."""
        self._fragments = fragments
        self._entier = entier
        self._plain = served
        parts = fragments.places.parts
        self._needed = {
            part.noeud: tuple(
                portee
                for portee in part.portees
                if not asking.departements or portee in asking.departements
            )
            for part in parts
        }
        self._needed = {noeud: portees for noeud, portees in self._needed.items() if portees}
        self._parts = {part.noeud: part for part in parts}
        absents = fragments.presence.absents(self._sonder) & self._needed.keys()
        self._away = absents
        self._present = frozenset(self._needed) - absents
        missing = sorted(portee for noeud in absents for portee in self._needed[noeud])
        sources = Demandes(served.version, fragments.places, self._present, tuple(missing))
        # What happens to another node is not to be taken for this one's.
        ouvrir = guarded(served.ouvrir) if self._present else served.ouvrir
        self._inner = FetchedReading(replace(served, sources=sources, ouvrir=ouvrir), asking)
        self._open = False

    @property
    def incomplet(self) -> tuple[str, ...]:
        """Départements of which nothing is found."""
        return self._inner.incomplet

    def __enter__(self) -> Self:
        if self._entier and self._away:
            raise MagasinIndisponible(f"des nœuds ne répondent pas : {', '.join(self._away)}")
        try:
            self._inner.__enter__()
        except NoeudPerdu as error:
            raise self._issue(error) from error
        self._open = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._open:
            self._open = False
            self._inner.__exit__(kind, error, trace)

    def nearest(self) -> Sequence[int]:
        """See ``Reading``."""
        return self._inner.nearest()

    def scores(self, asked: Sequence[str]) -> NDArray[np.float32]:
        """See ``Reading``."""
        return self._inner.scores(asked)

    def vectors(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """See ``Reading``."""
        return self._asked(lambda: self._inner.vectors(rows))

    def tokens(self, rows: Sequence[int]) -> FetchedTokens:
        """See ``Reading``."""
        return self._asked(lambda: self._inner.tokens(rows))

    def _asked(self, ask: Callable[[], T]) -> T:
        try:
            return ask()
        except _LOST as error:
            if not self._present:
                raise
            lost = self._left(error)
            raise self._issue(lost) from error

    def _left(self, error: Exception) -> NoeudPerdu:
        """Close what was being read, and say what happened."""
        try:
            self.__exit__(type(error), error, error.__traceback__)
        except NoeudPerdu as lost:
            return lost
        return NoeudPerdu(str(error))

    def _issue(self, lost: NoeudPerdu) -> Exception:
        """What is to be done after a node was lost: begin anew, or give up.

        Raises:
            MagasinIndisponible: the node that asks the others is itself away.
        """
        presence = self._fragments.presence
        if self._entier:
            # The copy answers meanwhile.
            presence.soupconner(self._present)
            presence.absents(self._sonder)
            return lost
        presence.eprouver(self._present, self._sonder)
        return LectureInterrompue(str(lost))

    def _sonder(self, noeud: str) -> bool:
        served = self._plain
        return answers(served.ouvrir, served.version, self._parts[noeud])


def answers(ouvrir: Ouvrir, version: str, part: Part, delai: float = SONDAGE) -> bool:
    """Whether a node answers the one that asks, and holds its part of a version whole.

    Raises:
        MagasinIndisponible: the node that asks is away.
    """
    statement = stated(
        "SELECT sceau FROM {s}.{table} WHERE version = %s",
        version,
        table=sql.SQL("{}").format(table_of("sceaux", part.noeud)),
    )
    try:
        with guarded(ouvrir)() as connection:
            (found,) = exchange(connection, version, [(statement, (part.version,))], delai)
    except NoeudPerdu:
        return False
    return found == [(part.sceau,)]


def guarded(ouvrir: Ouvrir) -> Ouvrir:
    """The same transaction, whose errors are told apart from those of the way to it."""

    @contextmanager
    def opened() -> Iterator[Connection]:
        with ouvrir() as connection:
            try:
                yield connection
            except _LOST as error:
                # Half an exchange, perhaps with a node that says no more: nobody waits for its end.
                connection.invalidate()
                raise NoeudPerdu(f"un nœud n'a pas répondu ({type(error).__name__})") from error

    return opened
