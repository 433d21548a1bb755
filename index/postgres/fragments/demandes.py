"""What is asked of several nodes at once: one statement, a branch for each of them.

Each branch has an order and a limit of its own, which go whole to its node: it answers with what it
has nearest, found by its own graph, while the others look for theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from psycopg import sql

from index.postgres.exchange import Statement
from index.postgres.fragments.disposition import Disposition, Part
from index.postgres.fragments.liens import table_of
from index.postgres.names import schema_of
from index.postgres.reading import MARGIN
from index.view import Asking

_FEW: Final = 10
"""A scope this many times smaller than what the graph is for is compared whole, on its node."""

# The sentence is made a vector once for a branch, and sent as a value: written into the statement,
# a node would read it as many times as it stands there.
_DISTANCE: Final = sql.SQL("(vecteur <#> (SELECT %(sentence)s::float8[]::vector))")
_COMPARED: Final = sql.SQL("({distance} + 0.0)").format(distance=_DISTANCE)
"""An order that is not that of the graph: all the rows of the scope are compared."""
_NEAR: Final = sql.SQL(
    "SELECT {place} AS lieu, ecart, ARRAY[rang] AS rangs FROM (SELECT rang, {distance} AS ecart"
    " FROM {table} WHERE {where} ORDER BY {order} LIMIT %(count)s) AS proches"
)
_ORDER: Final = {False: sql.SQL("{}, rang").format(_COMPARED), True: _DISTANCE}
"""What orders the rows here, by whether the graph finds them."""
# A node is sent what is asked of groups as it is written, and of rows their columns alone: an order
# by distance would bring every vector back, in text, which takes longer to read than the rest of a
# search. By groups come distances and rows; the graph gives them in order, whence one key alone.
_NEAR_THERE: Final = sql.SQL(
    "SELECT {place} AS lieu, {distance} AS ecart, array_agg(rang) AS rangs FROM {table}"
    " WHERE {where} GROUP BY {distance} ORDER BY {distance} LIMIT %(count)s"
)
# The columns of the branches are named in the order in which they are read: a branch that is to be
# put in order is not asked at once. Vectors are then sent of the rows that are nearest of all.
_BEST: Final = sql.SQL(
    "WITH choisis AS MATERIALIZED (SELECT lieu, rang FROM ({found}) AS vus, unnest(rangs) AS rang"
    " ORDER BY ecart + 0, rang LIMIT %(count)s) {sent}"
)
_CHOSEN: Final = sql.SQL("ARRAY(SELECT rang FROM choisis WHERE lieu = {place})")
_SCOPE: Final = sql.SQL("portee = ANY({portees})")
_SCOPE_LESS: Final = sql.SQL("portee = ANY({portees}) AND document <> ALL(%(ended)s)")
_WORDS: Final = sql.SQL(
    "SELECT racine, rangs, poids FROM {table}"
    " WHERE racine = ANY(%(stems)s) AND portee = ANY({portees})"
)
_VECTORS: Final = sql.SQL("SELECT rang, vector_send(vecteur) FROM {table} WHERE rang = ANY({rows})")
# By groups of one, for the octets of the vectors to be made there: see above.
_VECTORS_THERE: Final = sql.SQL(
    "SELECT rang, vector_send(vecteur) FROM {table} WHERE rang = ANY({rows})"
    " GROUP BY rang, vector_send(vecteur)"
)
_TOKENS: Final = sql.SQL("SELECT rang, valeurs, echelles FROM {table} WHERE rang = ANY({rows})")

Values: TypeAlias = dict[str, object]


@dataclass(frozen=True)
class Places:
    """Where the rows of a version are."""

    disposition: Disposition
    counts: Mapping[str, int]
    """Passages of each scope."""
    where: NDArray[np.int16]
    """For each entry: 0 for here, else the place of the node that holds it, from 1."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """What the other nodes hold."""
        return self.disposition.parts


def places_of(disposition: Disposition, portees: Sequence[str], entries: int) -> Places:
    """Find where the rows of a version are; ``portees``: scope of each passage, the first rows."""
    place = {p: n for n, part in enumerate(disposition.parts, start=1) for p in part.portees}
    where = np.zeros(entries, dtype=np.int16)
    where[: len(portees)] = [place.get(portee, 0) for portee in portees]
    counts: dict[str, int] = {}
    for portee in portees:
        counts[portee] = counts.get(portee, 0) + 1
    return Places(disposition, counts, where)


class Demandes:
    """How the rows of a version are asked for, of the node that asks and of some others."""

    def __init__(
        self, version: str, places: Places, noeuds: frozenset[str], incomplet: tuple[str, ...] = ()
    ) -> None:
        """``noeuds``: names of the other nodes that may be asked."""
        self._version = version
        self._places = places
        self._asked = [
            (number, part)
            for number, part in enumerate(places.parts, start=1)
            if part.noeud in noeuds
        ]
        self.incomplet = incomplet
        elsewhere = {portee for part in places.parts for portee in part.portees}
        self.vecteurs = sum(n for portee, n in places.counts.items() if portee not in elsewhere)
        """Passages that the base that asks holds itself."""

    def near(self, asking: Asking, portees: Sequence[str], beyond: int) -> Statement:
        """See ``Sources``."""
        graph = self._count(portees) > beyond
        values: Values = {
            "sentence": asking.sentence.tolist(),
            "count": asking.depth + MARGIN,
            "ended": sorted(asking.ended),
        }
        where = _SCOPE_LESS if asking.ended else _SCOPE
        found, sent = [], []
        for number, part, mine in self._scopes(portees):
            values[f"p{number}"] = mine
            followed = graph and self._count(mine) > beyond // _FEW
            here = part is None
            place, table = sql.Literal(number), self._table("passages", part)
            branch = (_NEAR if here else _NEAR_THERE).format(
                place=place,
                table=table,
                distance=_DISTANCE if followed else _COMPARED,
                where=where.format(portees=sql.Placeholder(f"p{number}")),
                order=_ORDER[followed],
            )
            found.append(branch)
            chosen = _CHOSEN.format(place=place)
            sent.append((_VECTORS if here else _VECTORS_THERE).format(table=table, rows=chosen))
        return _BEST.format(found=_united(found), sent=_united(sent)).as_bytes(), values

    def words(self, stems: Sequence[str], portees: Sequence[str]) -> Statement:
        """See ``Sources``."""
        values: Values = {"stems": list(stems)}
        found = []
        for number, part, mine in self._scopes(portees):
            values[f"p{number}"] = mine
            there = sql.Placeholder(f"p{number}")
            found.append(_WORDS.format(table=self._table("mots", part), portees=there))
        return _united(found).as_bytes(), values

    def vectors(self, rows: Sequence[int]) -> Statement:
        """See ``Sources``."""
        return self._rows("passages", _VECTORS, _VECTORS_THERE, rows)

    def tokens(self, rows: Sequence[int]) -> Statement:
        """See ``Sources``."""
        return self._rows("jetons", _TOKENS, _TOKENS, rows)

    def _count(self, portees: Sequence[str]) -> int:
        return sum(self._places.counts.get(portee, 0) for portee in portees)

    def _scopes(self, portees: Sequence[str]) -> Iterator[tuple[int, Part | None, list[str]]]:
        """Each base to ask about some scopes: its place, its part, those that it holds."""
        elsewhere = {portee for part in self._places.parts for portee in part.portees}
        yield 0, None, [p for p in portees if p not in elsewhere]
        for number, part in self._asked:
            mine = [portee for portee in part.portees if portee in portees]
            if mine:
                yield number, part, mine

    def _rows(self, table: str, here: sql.SQL, there: sql.SQL, rows: Sequence[int]) -> Statement:
        """Ask each base for those of some rows that it holds."""
        where = self._places.where[list(rows)]
        values: Values = {"r0": [row for row, n in zip(rows, where, strict=True) if n == 0]}
        found = [here.format(table=self._table(table), rows=sql.Placeholder("r0"))]
        for number, part in self._asked:
            mine = [row for row, n in zip(rows, where, strict=True) if n == number]
            if mine:
                values[f"r{number}"] = mine
                asked = sql.Placeholder(f"r{number}")
                found.append(there.format(table=self._table(table, part), rows=asked))
        return _united(found).as_bytes(), values

    def _table(self, table: str, part: Part | None = None) -> sql.Composable:
        schema = sql.Identifier(schema_of(self._version))
        name = sql.Identifier(table) if part is None else table_of(table, part.noeud)
        return sql.SQL("{}.{}").format(schema, name)


def _united(branches: Sequence[sql.Composable]) -> sql.Composed:
    return sql.SQL(" UNION ALL ").join(sql.SQL("({})").format(branch) for branch in branches)
