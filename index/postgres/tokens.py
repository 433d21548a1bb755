"""Token vectors fetched for one search."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.late import LONG, OPENED

Kept = tuple[NDArray[np.int8], NDArray[np.float32]]
Fetch = Callable[[Sequence[int]], dict[int, Kept]]
"""Rows of entries → their token vectors."""


class FetchedTokens:
    """Token vectors of the entries that a search compares; others are fetched when asked for.

    Args:
        bounds: entry i holds tokens ``bounds[i]:bounds[i+1]``.
        opened: long entries opened by the searches of this version, kept by all of them.
        fetch: reads some entries of the version.
    """

    def __init__(
        self,
        bounds: NDArray[np.int64],
        opened: dict[int, NDArray[np.float32]],
        fetch: Fetch,
    ) -> None:
        self.bounds = bounds
        self._opened = opened
        self._fetch = fetch
        self._kept: dict[int, Kept] = {}

    def missing(self, rows: Sequence[int]) -> list[int]:
        """Those of some entries that comparing them together needs, and that are not at hand."""
        starts, ends = self.bounds[list(rows)], self.bounds[[row + 1 for row in rows]]
        alike = bool((ends - starts >= LONG).all())
        return [
            row
            for row in dict.fromkeys(rows)
            if row not in self._kept and not (alike and row in self._opened)
        ]

    def add(self, fetched: dict[int, Kept]) -> None:
        """Keep some entries at hand."""
        self._kept.update(fetched)

    def kept(self, start: int, end: int) -> Kept:
        """Tokens of an entry as they are kept, and their scales."""
        row = self._row(start, end)
        if row not in self._kept:
            self.add(self._fetch([row]))
        return self._kept[row]

    def opened(self, start: int, end: int) -> NDArray[np.float32]:
        """Token vectors of an entry, kept: a search finds many of those of another."""
        row = self._row(start, end)
        found = self._opened.get(row)
        if found is None:
            values, scales = self.kept(start, end)
            found = values.astype(np.float32) * scales[:, None]
            if len(self._opened) < OPENED:
                self._opened[row] = found
        return found

    def _row(self, start: int, end: int) -> int:
        row = int(np.searchsorted(self.bounds, start, side="right")) - 1
        assert self.bounds[row] == start, "tokens are read entry by entry"
        assert self.bounds[row + 1] == end, "tokens are read entry by entry"
        return row
