"""Which entries may answer: the nearest by meaning and the best by words, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.view import Asking, Reading


@dataclass(frozen=True)
class Candidates:
    """Entries that may answer, with the signals known so far (arrays of one length)."""

    rows: NDArray[np.int64]
    dense: NDArray[np.float32]
    lexical: NDArray[np.float32]
    expanded: NDArray[np.float32]
    near: frozenset[int]
    """Rows that came by meaning."""
    worded: frozenset[int]
    """Rows that came by words, the question's or the lexicon's."""


def candidates_of(asking: Asking, reading: Reading) -> Candidates:
    """Union of the nearest by meaning and the best by words."""
    meant = frozenset(reading.nearest())
    own = reading.scores(asking.words.own)
    expanded = own + reading.scores(asking.words.added)
    worded = frozenset(best_rows(own, asking.depth, asking.allowed)).union(
        best_rows(expanded, asking.depth, asking.allowed)
    )
    ordered = np.array(sorted(meant | worded), dtype=np.int64)
    cosines = reading.vectors(ordered) @ asking.sentence
    return Candidates(ordered, cosines, own[ordered], expanded[ordered], meant, worded)


def best_rows(
    scores: NDArray[np.float32], depth: int, allowed: NDArray[np.int64] | None
) -> Sequence[int]:
    """Rows of the highest scores above 0, the first one first where they are equal."""
    rows = np.flatnonzero(scores > 0) if allowed is None else allowed[scores[allowed] > 0]
    found = scores[rows]
    if len(rows) > depth > 0:
        # Only those that can be among the first are sorted: most words are in most texts.
        least = np.partition(found, len(found) - depth)[len(found) - depth]
        rows = rows[found >= least]
        found = scores[rows]
    order = np.argsort(-found, kind="stable")[:depth]
    return [int(row) for row in rows[order]]
