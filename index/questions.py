"""Search among the ways that people ask: what they stand for, and the passages that prove it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.models import NATIONALE
from index.embedding.encoder import EncodedText
from index.late import token_cosines
from index.models import AskedHit
from index.storage import StoredIndex

READ = 60
"""Nearest questions, by sentence vector, that late interaction reads."""
KEPT = 10
"""Targets returned."""


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

    def __init__(self, stored: StoredIndex) -> None:
        self._stored = stored
        self._first = len(stored.passages)
        rows = {passage.id: row for row, passage in enumerate(stored.passages)}
        self._entries = stored.entries[self._first :]
        self._links = [[rows[i] for i in entry.links if i in rows] for entry in self._entries]

    def find(self, encoded: EncodedText, departements: Sequence[str]) -> AskedFound:
        """Find the nearest questions; those of another département are no candidates."""
        allowed = [
            place
            for place, entry in enumerate(self._entries)
            if entry.portee == NATIONALE or not departements or entry.portee in departements
        ]
        if not allowed:
            return AskedFound((), {})
        places = np.array(allowed, dtype=np.int64)
        cosines = self._stored.vectors[self._first :][places] @ encoded.sentence
        first = np.argsort(-cosines, kind="stable")[:READ]
        scores = (cosines[first] + self._late(encoded, places[first])) / 2
        best: dict[str, AskedHit] = {}
        near: dict[int, float] = {}
        for place, score in zip(places[first].tolist(), scores.tolist(), strict=True):
            entry = self._entries[place]
            hit = AskedHit(target=entry.target, score=score, text=entry.searched)
            if entry.target not in best or best[entry.target].score < score:
                best[entry.target] = hit
            for row in self._links[place]:
                near[row] = max(near.get(row, 0.0), score)
        ranked = sorted(best.values(), key=lambda hit: (-hit.score, hit.target))
        return AskedFound(tuple(ranked[:KEPT]), near)

    def _late(self, encoded: EncodedText, places: NDArray[np.int64]) -> NDArray[np.float32]:
        """Late interaction both ways: what each question says of the other, averaged."""
        store = self._stored.tokens
        question = encoded.tokens[encoded.content]
        spans = [
            (int(store.bounds[row]), int(store.bounds[row + 1])) for row in places + self._first
        ]
        scores = np.zeros(len(places), dtype=np.float32)
        if not len(question) or any(start == end for start, end in spans):
            return scores
        cosines = token_cosines(question, store, spans)
        end = 0
        for place, (start, stop) in enumerate(spans):
            begin, end = end, end + stop - start
            both = cosines[:, begin:end]
            scores[place] = (both.max(axis=1).mean() + both.max(axis=0).mean()) / 2
        return scores
