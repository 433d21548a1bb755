"""nDCG@10 against values worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.measures import ndcg


@pytest.mark.parametrize(
    ("place_of", "ranked", "value"),
    [
        ({0: 0}, [{0}], 1.0),
        ({0: 0}, [set(), {0}], 0.63093),  # 1 / log2(3)
        ({0: 0, 1: 1}, [{0}, set(), {1}], 0.91972),  # (1 + 1/2) / (1 + 1/log2(3))
        ({0: 0, 1: 1}, [{0}], 0.61315),  # 1 / (1 + 1/log2(3))
        ({0: 0, 1: 0}, [{0}, {1}], 1.0),  # the same place twice
        ({0: 0, 1: 1}, [{0}, {0}, {1}], 0.91972),  # a repeated place gains nothing
        ({0: 0}, [set()] * 10 + [{0}], 0.0),  # beyond the tenth
        ({}, [set()], 0.0),
        ({n: n for n in range(12)}, [{n} for n in range(12)], 1.0),  # the ideal has ten ranks
    ],
)
def test_ndcg_is_worked_out_by_hand(
    place_of: dict[int, int], ranked: list[set[int]], value: float
) -> None:
    found = ndcg(place_of, [frozenset(proved) for proved in ranked])
    assert found == pytest.approx(value, abs=1e-5)


@given(
    st.dictionaries(st.integers(0, 8), st.integers(0, 5)),
    st.lists(st.frozensets(st.integers(0, 8)), max_size=14),
)
def test_ndcg_stays_between_0_and_1(place_of: dict[int, int], ranked: list[frozenset[int]]) -> None:
    assert 0 <= ndcg(place_of, ranked) <= 1 + 1e-12
