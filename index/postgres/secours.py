"""A search that goes on from this machine's copy where the shared store gives way in the middle.

Both are of one version, whose rows are numbered alike and whose numbers are the same to the bit: an
answer that began in one and ends in the other is the answer that either gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Final, Self, TypeVar

import numpy as np
import psycopg
from numpy.typing import NDArray
from sqlalchemy.exc import DBAPIError

from corpus.magasin.erreurs import MagasinIndisponible
from index.late import Tokens
from index.storage import IndexInutilisable
from index.view import Reading

AWAY: Final = (MagasinIndisponible, IndexInutilisable, DBAPIError, psycopg.Error)
"""What reading from the store may raise: it is away, or the version is no longer there."""

T = TypeVar("T")


class SafeReading:
    """What one search reads: from the store, and from the first failure on, from the copy."""

    def __init__(self, store: Reading, copy: Reading) -> None:
        self._store = store
        self._copy = copy
        self._away = False

    @property
    def incomplet(self) -> tuple[str, ...]:
        """See ``Reading``: nothing is missing from the copy."""
        return () if self._away else self._store.incomplet

    def __enter__(self) -> Self:
        self._copy.__enter__()
        try:
            self._store.__enter__()
        except AWAY:
            self._away = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._away:
            self._leave(error)
        self._copy.__exit__(kind, error, trace)

    def nearest(self) -> Sequence[int]:
        """See ``Reading``."""
        return self._safely(lambda reading: reading.nearest())

    def scores(self, asked: Sequence[str]) -> NDArray[np.float32]:
        """See ``Reading``."""
        return self._safely(lambda reading: reading.scores(asked))

    def vectors(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """See ``Reading``."""
        return self._safely(lambda reading: reading.vectors(rows))

    def tokens(self, rows: Sequence[int]) -> Tokens:
        """See ``Reading``; they may be read once the search is over."""
        copied = self._copy.tokens(rows)
        found = self._safely(lambda reading: reading.tokens(rows))
        return copied if self._away else SafeTokens(found, copied)

    def _safely(self, ask: Callable[[Reading], T]) -> T:
        if not self._away:
            try:
                return ask(self._store)
            except AWAY as error:
                self._away = True
                self._leave(error)
        return ask(self._copy)

    def _leave(self, error: BaseException | None) -> None:
        """Give back the line to the store, which may be told of what happened to it."""
        kind, trace = (type(error), error.__traceback__) if error else (None, None)
        try:
            self._store.__exit__(kind, error, trace)
        except AWAY:
            # Nothing was written: what was read is what counts, or is read again from the copy.
            return


class SafeTokens:
    """Token vectors from the store, and from the copy where it gives way."""

    def __init__(self, store: Tokens, copy: Tokens) -> None:
        self._store = store
        self._copy = copy

    @property
    def bounds(self) -> NDArray[np.int64]:
        """See ``Tokens``."""
        return self._copy.bounds

    def kept(self, start: int, end: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
        """See ``Tokens``."""
        try:
            return self._store.kept(start, end)
        except AWAY:
            return self._copy.kept(start, end)

    def opened(self, start: int, end: int) -> NDArray[np.float32]:
        """See ``Tokens``."""
        try:
            return self._store.opened(start, end)
        except AWAY:
            return self._copy.opened(start, end)
