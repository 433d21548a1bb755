"""What a confidence is worth: how often answers of a probability were proved by their citations.

A tool for whoever maintains the program, used by ``python -m assistant.calibration``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from assistant.evaluation.reliability import CLASSES

PARTS = 6
"""Groups of answers, of equal size, each of which gives a point."""
UNDER = 1e-4
"""How far under the threshold the points of refusals end."""
Points = tuple[tuple[float, float], ...]


def calibrated(
    probabilities: NDArray[np.float64], held: NDArray[np.bool_], threshold: float
) -> Points:
    """Points that bring a probability that the texts answer to how often that was so and proved.

    Args:
        probabilities: of each question, from a model that did not see it, shape (questions,).
        held: whether the question was answered, and its citations proved the answer.
        threshold: probability under which questions are refused.

    Returns:
        Rising points; under the threshold nothing is ever proved, so that they are near 0.
    """
    above = probabilities >= threshold
    read = np.round(probabilities[above], 6)
    fitted = IsotonicRegression(y_min=0.0, y_max=1.0).fit(read, held[above].astype(float))
    read = np.sort(read)
    groups = np.array_split(read, PARTS)
    points = [(float(g.mean()), float(fitted.predict(g).mean())) for g in groups if len(g)]
    below = (round(threshold - UNDER, 6), 0.0)
    whole = [(0.0, 0.0), below, (threshold, points[0][1]), *points, (1.0, points[-1][1])]
    made: list[tuple[float, float]] = []
    for place, value in ((round(p, 6), round(v, 4)) for p, v in whole):
        if not made or place > made[-1][0]:
            made.append((place, value))
    return tuple(made)


def calibration_error(announced: NDArray[np.float64], held: NDArray[np.bool_]) -> float:
    """Mean gap, over ten classes of equal width, between what is announced and what happened."""
    classes = np.minimum((announced * CLASSES).astype(int), CLASSES - 1)
    gaps = [
        (classes == one).sum() * abs(announced[classes == one].mean() - held[classes == one].mean())
        for one in np.unique(classes)
    ]
    return float(np.sum(gaps) / len(announced))
