"""What one search reads of a version of the shared store, in three exchanges at most.

First what the question alone names: the passages nearest to it, what its words add to passages, the
known questions nearest to it. Then the vectors of the passages that words alone brought; then the
token vectors of the best of them. Scores are computed here, from the very numbers that the version
was made with, as they are from files: they are the same to the bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import Connection

from corpus.models import NATIONALE
from index.dense import build_dense, nearest
from index.postgres.exchange import Ouvrir, Statement, exchange
from index.postgres.graph import ef_search
from index.postgres.names import stated
from index.postgres.packing import vectors_in
from index.postgres.tokens import FetchedTokens, Kept
from index.storage import IndexInutilisable
from index.view import Asking

MARGIN: Final = 8
"""Passages fetched beyond those wanted: the server rounds its cosines otherwise than we do."""

_BOUNDED: Final = (
    "SELECT set_config('jit', 'off', true), set_config('hnsw.ef_search', %s, true),"
    " set_config('hnsw.iterative_scan', 'strict_order', true),"
    " set_config('hnsw.max_scan_tuples', '2000000', true),"
    " set_config('hnsw.scan_mem_multiplier', '8', true)"
)
_SEAL: Final = "SELECT sceau FROM public.index_versions WHERE version = %s"
# Sent once chosen: the other rows need not be made ready to be sent.
_NEAR: Final = (
    "SELECT rang, vector_send(vecteur) FROM"
    " (SELECT rang, vecteur FROM {s}.passages {where} {order}) AS choisis"
)
_SCOPE: Final = {
    False: sql.SQL(""),
    True: sql.SQL("WHERE portee = ANY(%s) AND document <> ALL(%s)"),
}
"""By whether a scope is named."""
# The sentence is made a vector once, not for each row. An order that is not that of the graph: all
# the rows of the scope are compared.
_ORDER: Final = {
    False: sql.SQL("ORDER BY (vecteur <#> (SELECT %s::float8[]::vector)) + 0, rang LIMIT %s"),
    True: sql.SQL("ORDER BY vecteur <#> (SELECT %s::float8[]::vector) LIMIT %s"),
}
"""By whether the graph finds them."""


class Sources(Protocol):
    """Says how the rows of a version are asked for."""

    @property
    def incomplet(self) -> tuple[str, ...]:
        """Départements of which nothing will be found."""

    @property
    def vecteurs(self) -> int:
        """Vectors in the graph of the base that is asked."""

    def near(self, asking: Asking, portees: Sequence[str], beyond: int) -> Statement:
        """Ask for the passages nearest to a sentence, among some scopes, with their vectors.

        ``beyond``: passages in scope beyond which the graph finds them.
        """

    def words(self, stems: Sequence[str], portees: Sequence[str]) -> Statement:
        """Ask for what some stems add to the passages of some scopes."""

    def vectors(self, rows: Sequence[int]) -> Statement:
        """Ask for the sentence vectors of some passages."""

    def tokens(self, rows: Sequence[int]) -> Statement:
        """Ask for the token vectors of some entries."""


class Statements:
    """What is asked of a version that one base holds, with its schema."""

    incomplet: tuple[str, ...] = ()

    def __init__(self, version: str, passages: int) -> None:
        self.vecteurs = passages
        self._near = {
            (scoped, graph): stated(_NEAR, version, where=where, order=order)
            for scoped, where in _SCOPE.items()
            for graph, order in _ORDER.items()
        }
        """By whether a scope is named, and whether the graph finds them."""
        self._words = stated(
            "SELECT racine, rangs, poids FROM {s}.mots WHERE racine = ANY(%s) AND portee = ANY(%s)",
            version,
        )
        self._vectors = stated(
            "SELECT rang, vector_send(vecteur) FROM {s}.passages WHERE rang = ANY(%s)", version
        )
        self._tokens = stated(
            "SELECT rang, valeurs, echelles FROM {s}.jetons WHERE rang = ANY(%s)", version
        )

    def near(self, asking: Asking, portees: Sequence[str], beyond: int) -> Statement:
        """See ``Sources``."""
        scoped = asking.allowed is not None
        count = self.vecteurs if asking.allowed is None else len(asking.allowed)
        scope = (list(portees), sorted(asking.ended)) if scoped else ()
        values = (*scope, asking.sentence.tolist(), asking.depth + MARGIN)
        return self._near[scoped, count > beyond], values

    def words(self, stems: Sequence[str], portees: Sequence[str]) -> Statement:
        """See ``Sources``."""
        return self._words, (list(stems), list(portees))

    def vectors(self, rows: Sequence[int]) -> Statement:
        """See ``Sources``."""
        return self._vectors, (list(rows),)

    def tokens(self, rows: Sequence[int]) -> Statement:
        """See ``Sources``."""
        return self._tokens, (list(rows),)


@dataclass(frozen=True)
class Served:
    """A version, as its readings need it."""

    version: str
    sceau: str
    """Its seal, as it was opened: what another has is not read."""
    ouvrir: Ouvrir
    sources: Sources
    dimension: int
    passages: int
    portees: tuple[str, ...]
    """Scopes of its documents."""
    bounds: NDArray[np.int64]
    graph_beyond: int
    """Passages in scope beyond which the graph finds the nearest."""
    opened: dict[int, NDArray[np.float32]]

    def tokens(self, connection: Connection, rows: Sequence[int]) -> dict[int, Kept]:
        """Fetch the token vectors of some entries."""
        (found,) = exchange(connection, self.version, [self.tokens_statement(rows)])
        return self.tokens_in(found)

    def tokens_alone(self, rows: Sequence[int]) -> dict[int, Kept]:
        """Fetch the token vectors of some entries, whatever is open."""
        with self.ouvrir() as connection:
            return self.tokens(connection, rows)

    def tokens_statement(self, rows: Sequence[int]) -> Statement:
        """Ask for the token vectors of some entries."""
        return self.sources.tokens(rows)

    def tokens_in(self, rows: Sequence[tuple[int, bytes, bytes]]) -> dict[int, Kept]:
        """Token vectors that came."""
        return {
            row: (
                np.frombuffer(values, dtype="i1").reshape(-1, self.dimension),
                np.frombuffer(scales, dtype="<f4"),
            )
            for row, values, scales in rows
        }


class FetchedReading:
    """What one search fetched so far; its line to the store is open while the search lasts."""

    def __init__(self, served: Served, asking: Asking) -> None:
        self._served = served
        self._asking = asking
        self._stack = ExitStack()
        self._vectors: dict[int, NDArray[np.float32]] = {}
        self._near: list[int] = []
        self._words: dict[str, list[tuple[NDArray[np.int32], NDArray[np.float32]]]] = {}
        self._tokens = FetchedTokens(served.bounds, served.opened, served.tokens_alone)

    @property
    def incomplet(self) -> tuple[str, ...]:
        """Départements of which nothing is found."""
        return self._served.sources.incomplet

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._line = stack.enter_context(self._served.ouvrir())
            self._begin()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def nearest(self) -> Sequence[int]:
        """Rows of the passages nearest by meaning, among those that may answer."""
        rows = sorted(self._near)
        if not rows:
            return []
        # Compared again, as the embedded index does: which come last depends on the last bits.
        index = build_dense(self.vectors(np.array(rows, dtype=np.int64)), "flat")
        found = nearest(index, self._asking.sentence, self._asking.depth)
        return [rows[place] for place, _ in found]

    def scores(self, asked: Sequence[str]) -> NDArray[np.float32]:
        """BM25 of the passages that may answer, added up in the order of the stems."""
        scores = np.zeros(self._served.passages, dtype=np.float32)
        for stem in asked:
            for rows, weights in self._words.get(stem, ()):
                scores[rows] += weights
        return scores

    def vectors(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Sentence vectors of some passages, in their order."""
        wanted = rows.tolist()
        missing = [row for row in wanted if row not in self._vectors]
        if missing:
            (found,) = self._ask([self._served.sources.vectors(missing)])
            self._take(found)
        return np.array([self._vectors[row] for row in wanted], dtype=np.float32).reshape(
            -1, self._served.dimension
        )

    def tokens(self, rows: Sequence[int]) -> FetchedTokens:
        """Token vectors, those of these rows at hand."""
        missing = self._tokens.missing(rows)
        if missing:
            self._tokens.add(self._served.tokens(self._line, missing))
        return self._tokens

    def _begin(self) -> None:
        served, asking = self._served, self._asking
        portees = [NATIONALE, *asking.departements] if asking.departements else served.portees
        ways = self._tokens.missing(asking.ways) if asking.ways else []
        _, near, words, tokens, seals = self._ask(
            [
                (_BOUNDED.encode(), (str(ef_search(served.sources.vecteurs)),)),
                served.sources.near(asking, portees, served.graph_beyond),
                served.sources.words(self._stems(), portees),
                served.tokens_statement(ways),
                # Last: from the first row that was read, the version can be laid out no other way.
                (_SEAL.encode(), (served.version,)),
            ]
        )
        if seals != [(served.sceau,)]:
            raise IndexInutilisable(
                f"La version {served.version} de l'index n'est plus ce qu'elle était dans le "
                "magasin partagé : rouvrez-la."
            )
        self._near = self._take(near)
        for stem, rows, weights in words:
            found = (np.frombuffer(rows, dtype="<i4"), np.frombuffer(weights, dtype="<f4"))
            self._words.setdefault(stem, []).append(found)
        self._tokens.add(served.tokens_in(tokens))

    def _stems(self) -> list[str]:
        return list(dict.fromkeys((*self._asking.words.own, *self._asking.words.added)))

    def _take(self, rows: Sequence[tuple[int, bytes]]) -> list[int]:
        vectors = vectors_in((sent for _, sent in rows), self._served.dimension)
        found = [row for row, _ in rows]
        self._vectors.update(zip(found, vectors, strict=True))
        return found

    def _ask(self, statements: Sequence[Statement]) -> list[list[tuple[Any, ...]]]:
        return exchange(self._line, self._served.version, statements)
