"""95 % intervals: Wilson's for shares, the bootstrap for means and percentiles."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Statistic = Callable[[NDArray[np.float64]], NDArray[np.float64]]
    """Reduces the last axis of an array of resamples."""

Z_95 = 1.959963984540054
"""Quantile 0.975 of the normal law."""
SEED = 20260101
RESAMPLES = 2000
_VALUES_AT_ONCE = 1_000_000


def wilson(successes: int, total: int) -> tuple[float, float] | None:
    """Return Wilson's 95 % score interval of a share; ``None`` when there is nothing to count.

    Raises:
        ValueError: ``successes`` is not between 0 and ``total``.

    """
    if not 0 <= successes <= total:
        raise ValueError(f"{successes} successes among {total}")
    if total == 0:
        return None
    share = successes / total
    spread = Z_95**2 / total
    centre = (share + spread / 2) / (1 + spread)
    half = Z_95 / (1 + spread) * math.sqrt(share * (1 - share) / total + spread / (4 * total))
    # At the ends the bound is exactly 0 or 1; rounding must not push it past.
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == total else min(1.0, centre + half)
    return low, high


def bootstrap(values: Sequence[float], statistic: Statistic) -> tuple[float, float] | None:
    """Return the 95 % percentile-bootstrap interval of ``statistic``, the same at every run.

    ``None`` when there is no value. With a single value, or equal ones, it is that value twice.
    """
    if not values:
        return None
    data = np.asarray(values, dtype=np.float64)
    generator = np.random.default_rng(SEED)
    rows = max(1, _VALUES_AT_ONCE // len(data))
    statistics = [
        statistic(
            data[generator.integers(len(data), size=(min(rows, RESAMPLES - done), len(data)))]
        )
        for done in range(0, RESAMPLES, rows)
    ]
    low, high = np.percentile(np.concatenate(statistics), [2.5, 97.5])
    return float(low), float(high)


def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean over the last axis."""
    return np.asarray(values.mean(axis=-1))


def median(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the median over the last axis."""
    return np.asarray(np.median(values, axis=-1))


def percentile_95(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the 95th percentile over the last axis, interpolated linearly."""
    return np.asarray(np.percentile(values, 95, axis=-1))
