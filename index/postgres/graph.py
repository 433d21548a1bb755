"""How far the graph of the sentence vectors is followed: further, the more vectors it holds."""

from __future__ import annotations

from math import ceil, sqrt
from typing import Final

_MEASURED: Final = 600
_MEASURED_AT: Final = 100_000
"""A value of ``hnsw.ef_search``, and the number of vectors for which it was measured.

Of the exact first ten, 0.998 are found there, and 0.992 of those of one département; 0.995 and
0.990 with three times as many vectors and 1000 (``docs/passage-a-l-echelle.md``).
"""
_LEAST: Final = 400
"""Enough for the least graph that the program makes."""
_MOST: Final = 1000
"""The most that pgvector takes."""


def ef_search(vecteurs: int) -> int:
    """How many neighbours a search of the graph keeps on its way: ``hnsw.ef_search``.

    It grows as the square root of the number of vectors, between bounds.

    Args:
        vecteurs: how many the graph holds.
    """
    return min(_MOST, max(_LEAST, ceil(_MEASURED * sqrt(vecteurs / _MEASURED_AT))))
