"""Intervals: literal values, and what every interval must satisfy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.intervals import bootstrap, mean, median, percentile_95, wilson

COUNTS = st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("successes", "total", "low", "high"),
    [
        (8, 10, 0.490162, 0.943318),
        (5, 10, 0.236593, 0.763407),
        (0, 10, 0.0, 0.277533),
        (10, 10, 0.722467, 1.0),
        (1, 1, 0.206549, 1.0),
    ],
)
def test_wilson_matches_literal_values(successes: int, total: int, low: float, high: float) -> None:
    assert wilson(successes, total) == pytest.approx((low, high), abs=1e-6)


def test_nothing_to_count_has_no_interval() -> None:
    assert wilson(0, 0) is None
    assert bootstrap([], mean) is None


def test_more_successes_than_trials_are_an_error() -> None:
    with pytest.raises(ValueError, match="3 successes among 2"):
        wilson(3, 2)


@given(COUNTS.filter(lambda counts: counts[1] > 0))
def test_wilson_holds_the_share_and_stays_between_0_and_1(counts: tuple[int, int]) -> None:
    successes, total = counts
    interval = wilson(successes, total)
    assert interval is not None
    assert 0 <= interval[0] <= successes / total <= interval[1] <= 1


def test_the_bootstrap_is_the_same_at_every_run() -> None:
    values = [0.0, 0.5, 1.0, 0.25, 1 / 3]
    assert bootstrap(values, mean) == bootstrap(values, mean)


def test_the_bootstrap_of_a_mean_is_close_to_the_normal_interval() -> None:
    # 200 zeros and 200 ones: 0.5 ± 1.96 × 0.5 / sqrt(400), that is 0.451 to 0.549.
    interval = bootstrap([0.0, 1.0] * 200, mean)
    assert interval == pytest.approx((0.451, 0.549), abs=0.006)


def test_equal_values_have_an_interval_of_no_width() -> None:
    assert bootstrap([3.0, 3.0, 3.0], median) == (3.0, 3.0)


def test_many_values_are_resampled_in_several_parts() -> None:
    interval = bootstrap([0.0, 1.0] * 1500, mean)
    assert interval == pytest.approx((0.482, 0.518), abs=0.003)


def test_the_95th_percentile_is_interpolated() -> None:
    assert float(percentile_95(np.arange(1.0, 22.0))) == pytest.approx(20.0)
    assert float(percentile_95(np.array([1.0, 2.0]))) == pytest.approx(1.95)
