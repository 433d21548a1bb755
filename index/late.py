"""Late interaction: how well a passage covers each token of a question (MaxSim)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

_STEPS = 127
LONG = 24
"""Tokens from which a span is a passage's, read question after question."""
OPENED = 512
"""Long spans kept as floating point numbers (about 0.2 MB each)."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of several arrays end to end, as those of one: a slice that one array holds is its own.

    Each document has its array, in its file: one that did not change is not written again.
    """

    parts: tuple[NDArray[np.int8], ...]
    _starts: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        starts = (0, *accumulate(len(part) for part in self.parts))
        object.__setattr__(self, "_starts", starts)

    def __len__(self) -> int:
        return self._starts[-1]

    def __getitem__(self, wanted: slice) -> NDArray[np.int8]:
        start, end, _ = wanted.indices(len(self))
        place = bisect_right(self._starts, start, hi=len(self.parts)) - 1
        first = self._starts[place]
        if end <= self._starts[place + 1]:
            return self.parts[place][start - first : max(start, end) - first]
        return np.concatenate(self.parts)[start:end]

    def __array__(
        self, dtype: np.dtype[Any] | None = None, copy: bool | None = None
    ) -> NDArray[np.int8]:
        return np.array(np.concatenate(self.parts), dtype=dtype)

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows, and their length."""
        return len(self), int(self.parts[0].shape[1])

    @property
    def itemsize(self) -> int:
        """Octets of one component."""
        return int(self.parts[0].itemsize)


class Tokens(Protocol):
    """Token vectors of entries, those of some of them at hand at least."""

    @property
    def bounds(self) -> NDArray[np.int64]:
        """Entry i holds tokens ``bounds[i]:bounds[i+1]``."""

    def kept(self, start: int, end: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
        """Tokens of an entry as they are kept, and their scales."""

    def opened(self, start: int, end: int) -> NDArray[np.float32]:
        """Token vectors of an entry."""


@dataclass(frozen=True, slots=True)
class TokenStore:
    """Token vectors of all entries, in int8 with one scale a token (a quarter of fp32's size).

    ``values``: (tokens, dimension) int8, of one array or of several; ``scales``: (tokens,) float32;
    ``ends``: (tokens,) int32, where each token ends in the searched text;
    ``bounds``: (entries + 1,) int64, entry i holding tokens ``bounds[i]:bounds[i+1]``.
    """

    values: NDArray[np.int8] | Rows
    scales: NDArray[np.float32]
    ends: NDArray[np.int32]
    bounds: NDArray[np.int64]
    _opened: dict[tuple[int, int], NDArray[np.float32]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def of(self, entry: int) -> NDArray[np.float32]:
        """Token vectors of an entry, shape (its tokens, dimension)."""
        return self.rows(int(self.bounds[entry]), int(self.bounds[entry + 1]))

    def rows(self, start: int, end: int) -> NDArray[np.float32]:
        """Token vectors ``start:end``, counted over all entries."""
        return self.values[start:end].astype(np.float32) * self.scales[start:end, None]

    def kept(self, start: int, end: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
        """Tokens ``start:end`` as they are kept, and their scales."""
        return np.asarray(self.values[start:end]), np.asarray(self.scales[start:end])

    def opened(self, start: int, end: int) -> NDArray[np.float32]:
        """The same, kept: opening a passage's vectors takes longer than comparing them."""
        found = self._opened.get((start, end))
        if found is None:
            found = self.rows(start, end)
            if len(self._opened) < OPENED:
                self._opened[start, end] = found
        return found


def quantise(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Round vectors to int8, each with the scale of its largest component."""
    peaks = np.maximum(np.abs(vectors).max(axis=1, initial=0.0), np.float32(1e-12))
    scales = (peaks / _STEPS).astype(np.float32)
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales


def max_sim(
    question: NDArray[np.float32], store: Tokens, candidates: Sequence[int]
) -> NDArray[np.float32]:
    """Mean over the question's tokens of the best cosine with each candidate's tokens.

    Args:
        question: (tokens, dimension) normalised rows.
        store: token vectors of the entries.
        candidates: entries to score.
    """
    bounds = [(int(store.bounds[c]), int(store.bounds[c + 1])) for c in candidates]
    lengths = np.array([end - start for start, end in bounds])
    scores = np.zeros(len(candidates), dtype=np.float32)
    filled = np.flatnonzero(lengths)
    if not len(question) or not len(filled):
        return scores
    spans = [bounds[place] for place in filled]
    cosines = token_cosines(question, store, spans)
    starts = np.concatenate([[0], np.cumsum(lengths[filled])[:-1]])
    scores[filled] = np.maximum.reduceat(cosines, starts, axis=1).mean(axis=0)
    return scores


def token_cosines(
    question: NDArray[np.float32], store: Tokens, spans: Sequence[tuple[int, int]]
) -> NDArray[np.float32]:
    """Cosines of the question's tokens with the stored tokens of some spans, side by side.

    Long spans are opened once and kept. Short ones, which are many, make one product; the scales
    are applied to its result, which is far smaller than the vectors.

    Returns:
        Shape (question's tokens, tokens of all the spans).
    """
    if all(end - start >= LONG for start, end in spans):
        opened = [question @ store.opened(*span).T for span in spans]
        return np.concatenate(opened, axis=1) if len(opened) > 1 else opened[0]
    kept = [store.kept(*span) for span in spans]
    values = np.concatenate([values for values, _ in kept])
    scales = np.concatenate([scales for _, scales in kept])
    return np.asarray((question @ values.astype(np.float32).T) * scales, dtype=np.float32)
