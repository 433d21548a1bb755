"""A corpus received as PDF answers as the same corpus received as text."""

from __future__ import annotations

import pytest

from assistant.evaluation.report import RANGS
from bench.cadre import DEV, Issue, asked, compare, search_with
from bench.preuves_pdf import FORMES, TEXTES, searchers

MOST = 0.02


@pytest.fixture(scope="module")
def found() -> dict[str, Issue]:
    return compare(
        {name: search_with(searcher) for name, searcher in searchers().items()}, asked(DEV)
    )


@pytest.mark.long
@pytest.mark.parametrize("forme", FORMES)
@pytest.mark.parametrize("rank", RANGS)
def test_proofs_are_found_in_pdf_within_two_points_of_the_texts(
    found: dict[str, Issue], forme: str, rank: int
) -> None:
    texts, made = found[TEXTES].within(rank).part, found[f"PDF ({forme})"].within(rank).part
    assert texts is not None
    assert made is not None
    assert abs(made - texts) <= MOST
