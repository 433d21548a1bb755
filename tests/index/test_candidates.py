"""The best by words are those that sorting all of them gives."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.candidates import best_rows

SCORES = st.lists(st.sampled_from([0.0, 0.5, 1.0, 1.25, 3.0]), max_size=40)
"""Few values: most are equal to another."""


@given(SCORES, st.integers(1, 12), st.none() | st.sets(st.integers(0, 39)))
def test_the_best_are_those_that_sorting_all_gives_in_the_same_order(
    values: list[float], depth: int, allowed: set[int] | None
) -> None:
    scores = np.array(values, dtype=np.float32)
    among = sorted(row for row in allowed if row < len(values)) if allowed is not None else None
    rows = None if among is None else np.array(among, dtype=np.int64)
    kept = range(len(values)) if among is None else among
    expected = sorted((row for row in kept if values[row] > 0), key=lambda row: (-values[row], row))
    assert best_rows(scores, depth, rows) == expected[:depth]


def test_what_shares_no_word_is_never_among_them() -> None:
    assert best_rows(np.zeros(5, dtype=np.float32), 3, None) == []
