"""The threshold of refusal and its cross-validation."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from assistant.evaluation.cross_validation import (
    Cas,
    choisir_seuil,
    plis_stratifies,
    valider,
)

YES, FAR, NEAR = Cas(True), Cas(False, "lointain"), Cas(False, "quasi")  # noqa: FBT003
SET = [YES] * 40 + [FAR] * 10 + [NEAR] * 10


def test_every_fold_has_its_share_of_each_kind() -> None:
    folds = plis_stratifies(SET)
    for fold in range(5):
        kinds = Counter(SET[number] for number in np.flatnonzero(folds == fold))
        assert kinds == {YES: 8, FAR: 2, NEAR: 2}


def test_the_folds_are_of_equal_size_whatever_the_strata() -> None:
    folds = plis_stratifies([YES] * 11 + [FAR] * 4 + [NEAR] * 6)
    assert sorted(Counter(folds.tolist()).values()) == [4, 4, 4, 4, 5]


def test_the_folds_are_the_same_at_every_run() -> None:
    assert plis_stratifies(SET).tolist() == plis_stratifies(SET).tolist()


@pytest.mark.parametrize("plis", [1, 61])
def test_an_impossible_number_of_folds_is_an_error(plis: int) -> None:
    with pytest.raises(ValueError, match=f"{plis} plis pour 60 questions"):
        plis_stratifies(SET, plis)


def test_the_threshold_refuses_at_most_5_percent_of_the_answerable() -> None:
    # 20 answerable at 0.05, 0.10 … 1.00: one may be refused, so 0.10 is kept.
    answerable = np.arange(1, 21) / 20
    values = np.append(answerable, [0.02, 0.08, 0.5])
    flags = np.array([True] * 20 + [False] * 3)
    assert choisir_seuil(values, flags) == pytest.approx(0.09)  # between 0.08 and 0.10


def test_a_threshold_with_nothing_below_refuses_nothing() -> None:
    values = np.array([0.5, 0.6, 0.9])
    assert choisir_seuil(values, np.array([True, True, False])) == 0.5


def test_a_threshold_needs_an_answerable_question() -> None:
    with pytest.raises(ValueError, match="au moins une question répondable"):
        choisir_seuil(np.array([0.5]), np.array([False]))


@given(
    arrays(np.float64, 40, elements=st.sampled_from([0.0, 0.1, 0.2, 0.5, 0.500000001, 1.0])),
    arrays(np.bool_, 40),
    st.sampled_from([0.0, 0.05, 0.2, 0.5]),
)
def test_no_other_threshold_refuses_more_within_the_limit(
    values: NDArray[np.float64], flags: NDArray[np.bool_], tolerated: float
) -> None:
    flags[0] = True
    chosen = choisir_seuil(values, flags, tolerated)

    def refused(threshold: float, among: NDArray[np.bool_]) -> int:
        return int((values[among] < threshold).sum())

    limit = tolerated * flags.sum() + 1e-9
    assert refused(chosen, flags) <= limit
    for other in [*values.tolist(), 2.0]:
        if refused(other, flags) <= limit:
            assert refused(other, ~flags) <= refused(chosen, ~flags)


def test_separable_questions_are_all_told_apart_on_held_out_folds() -> None:
    values = np.array([0.9] * 40 + [0.1] * 20)
    found = valider(SET, values)
    assert found.seuil == pytest.approx(0.5)
    assert (found.rappel.reussites, found.rappel.total) == (20, 20)
    assert (found.rappel_lointain.reussites, found.rappel_lointain.total) == (10, 10)
    assert (found.repondables_refusees.reussites, found.repondables_refusees.total) == (0, 40)


def test_far_and_near_misses_are_reported_apart() -> None:
    values = np.array([0.5] * 40 + [0.1] * 10 + [0.9] * 10)
    found = valider(SET, values)
    assert found.rappel.part == 0.5
    assert found.rappel_lointain.part == 1.0
    assert found.rappel_quasi.part == 0.0


def test_a_fold_is_never_seen_by_what_judges_it() -> None:
    folds = plis_stratifies(SET)
    given_folds = []

    def fit(indices: NDArray[np.int64]) -> NDArray[np.float64]:
        given_folds.append(sorted(set(folds[indices].tolist())))
        # A fit that knows by heart what it has seen, and is wrong on all else.
        seen = np.isin(np.arange(len(SET)), indices)
        right = np.array([item.repondable for item in SET])
        return np.where(seen == right, 1.0, 0.0)

    found = valider(SET, fit)
    assert given_folds == [[n for n in range(5) if n != fold] for fold in range(5)] + [[*range(5)]]
    assert found.rappel.part == 0.0
    assert found.repondables_refusees.part == 1.0


def test_one_probability_is_needed_for_each_question() -> None:
    with pytest.raises(ValueError, match="60 probabilités finies"):
        valider(SET, np.zeros(59))
    with pytest.raises(ValueError, match="60 probabilités finies"):
        valider(SET, np.full(60, np.nan))
