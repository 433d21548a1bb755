"""Search among the ways that people ask: what they stand for, and the passages that prove it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.models import NATIONALE
from index.embedding.encoder import EncodedText
from index.late import Tokens, token_cosines
from index.models import AskedHit
from index.view import IndexView

READ = 100
"""Nearest questions, by sentence vector, that late interaction reads."""
KEPT = 12
"""Targets returned."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """Known questions whose sentence vectors are nearest, best first."""

    places: NDArray[np.int64]
    """Places among the known questions."""
    rows: tuple[int, ...]
    """Rows of their entries."""
    cosines: NDArray[np.float32]


@dataclass(frozen=True)
class AskedFound:
    """Targets found, and how near a known question each passage is to what was asked."""

    hits: tuple[AskedHit, ...]
    near: dict[int, float]
    """Row of a passage → score of the nearest question that it is known to answer."""

    @property
    def any(self) -> bool:
        """Whether there are questions at all."""
        return bool(self.hits)

    def nearness(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Nearness for some passages: the lowest found, less a little, for those not known."""
        floor = min(self.near.values(), default=0.0)
        return np.array([self.near.get(int(row), floor) for row in rows], dtype=np.float32)


class Questions:
    """The entries of a version that are ways that people ask."""

    def __init__(self, stored: IndexView) -> None:
        self._first = len(stored.passages)
        rows = {passage.id: row for row, passage in enumerate(stored.passages)}
        self._entries = stored.entries[self._first :]
        self._links = [[rows[i] for i in entry.links if i in rows] for entry in self._entries]
        self._vectors = stored.ways_asked()
        self._scopes = np.array([entry.portee for entry in self._entries], dtype=object)

    def nearest(
        self, encoded: EncodedText, departements: Sequence[str], without: str | None = None
    ) -> Nearest:
        """Find the nearest questions; those of another département are no candidates.

        ``without``: a question that is taken for unknown, to measure on known ones.
        """
        if not self._entries:
            return Nearest(np.zeros(0, np.int64), (), np.zeros(0, np.float32))
        cosines = self._vectors @ encoded.sentence
        if without is not None:
            cosines[[entry.searched == without for entry in self._entries]] = -np.inf
        if departements:
            cosines[~np.isin(self._scopes, [NATIONALE, *departements])] = -np.inf
        first = _nearest(cosines, READ)
        first = first[np.isfinite(cosines[first])]
        return Nearest(first, tuple((first + self._first).tolist()), cosines[first])

    def find(self, encoded: EncodedText, nearest: Nearest, tokens: Tokens) -> AskedFound:
        """Find what the nearest questions stand for, late interaction read.

        Args:
            encoded: the question asked.
            nearest: the known questions nearest to it.
            tokens: token vectors, theirs at hand.
        """
        if not self._entries:
            return AskedFound((), {})
        first = nearest.places
        scores = (nearest.cosines + self._late(encoded, first, tokens)) / 2
        ways: dict[str, list[tuple[float, str]]] = {}
        near: dict[int, float] = {}
        for place in np.argsort(-scores, kind="stable").tolist():
            entry, score = self._entries[first[place]], float(scores[place])
            ways.setdefault(entry.target, []).append((score, entry.searched))
            for row in self._links[first[place]]:
                near.setdefault(row, score)
        floor = float(scores.min(initial=1.0))
        return AskedFound(
            tuple(_hit(target, found, floor) for target, found in list(ways.items())[:KEPT]), near
        )

    def _late(
        self, encoded: EncodedText, places: NDArray[np.int64], store: Tokens
    ) -> NDArray[np.float32]:
        """Late interaction both ways: what each question says of the other, averaged."""
        question = encoded.tokens[encoded.content]
        starts = store.bounds[places + self._first]
        ends = store.bounds[places + self._first + 1]
        lengths = ends - starts
        if not len(question) or not len(places) or not lengths.all():
            return np.zeros(len(places), dtype=np.float32)
        spans = list(zip(starts.tolist(), ends.tolist(), strict=True))
        cosines = token_cosines(question, store, spans)
        cuts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        theirs = np.maximum.reduceat(cosines, cuts, axis=1).mean(axis=0)
        ours = np.add.reduceat(cosines.max(axis=0), cuts) / lengths
        return np.asarray((theirs + ours) / 2, dtype=np.float32)


def _nearest(cosines: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Places of the greatest cosines, in their order; among equals, the first places."""
    if len(cosines) > count:
        least = np.partition(cosines, -count)[-count]
        places = np.flatnonzero(cosines >= least)
    else:
        places = np.arange(len(cosines))
    return places[np.argsort(-cosines[places], kind="stable")][:count]


def _hit(target: str, ways: Sequence[tuple[float, str]], floor: float) -> AskedHit:
    """Make the hit of a target from its ways found, best first; one not found is at the floor."""
    score, text = ways[0]
    second = ways[1][0] if len(ways) > 1 else floor
    return AskedHit(target=target, score=score, text=text, pair=(score + second) / 2)
