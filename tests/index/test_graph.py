"""The graph of the vectors is followed further where it holds more of them."""

from __future__ import annotations

import pytest

from index.postgres.graph import ef_search


@pytest.mark.parametrize(
    ("vecteurs", "kept"), [(0, 400), (40_000, 400), (100_000, 600), (200_000, 849), (300_000, 1000)]
)
def test_more_neighbours_are_kept_on_the_way_where_there_are_more_vectors(
    vecteurs: int, kept: int
) -> None:
    assert ef_search(vecteurs) == kept


def test_no_more_neighbours_are_kept_than_pgvector_takes() -> None:
    assert ef_search(6_000_000) == 1000
