"""What is announced with an answer: how often answers of that probability were proved."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assistant.answers.confidence import ModeleConfiance, Regression, load_confidence
from assistant.answers.modeles import _FILES, _HERE, _READ
from assistant.etalonnage import calibrated, calibration_error

SHIPPED = sorted({_READ, *(confidence for _, confidence in _FILES.values())})


def modele(*points: tuple[float, float]) -> ModeleConfiance:
    one = Regression(
        signals=("un",), means=(0.0,), deviations=(1.0,), weights=(1.0,), intercept=0.0
    )
    return ModeleConfiance(
        version="essai",
        sujet=one,
        repond=one,
        threshold=0.5,
        etalonnage=points,
    )


def test_without_points_a_probability_is_announced_as_it_is() -> None:
    assert modele().announced(0.37) == 0.37


def test_between_two_points_what_is_announced_goes_straight() -> None:
    assert modele((0.0, 0.0), (0.5, 0.2), (1.0, 0.8)).announced(0.75) == pytest.approx(0.5)


@pytest.mark.parametrize(
    "points", [((0.5, 0.2), (0.5, 0.3)), ((0.0, 0.4), (1.0, 0.3)), ((0.6, 0.1), (0.5, 0.2))]
)
def test_points_that_do_not_rise_are_refused(points: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValidationError, match="doivent monter"):
        modele(*points)


def test_answers_that_are_proved_four_times_in_five_announce_four_fifths() -> None:
    # Those that are not proved come last: nothing there says that a higher one is worth more.
    probabilities = np.concatenate([np.full(10, 0.2), np.linspace(0.6, 0.9, 60)])
    held = np.array([False] * 10 + [True] * 48 + [False] * 12)
    points = dict(calibrated(probabilities, held, 0.5))
    assert points[0.0] == points[0.4999] == 0.0
    assert {points[place] for place in points if place >= 0.5} == {0.8}


@given(
    outcomes=st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=8, max_size=60),
    threshold=st.floats(0.2, 0.8).map(lambda value: round(value, 6)),
)
def test_whatever_happened_the_points_are_those_of_a_model(
    outcomes: list[tuple[float, bool]], threshold: float
) -> None:
    probabilities = np.array([p for p, _ in outcomes] + [1.0])
    held = np.array([h for _, h in outcomes] + [True])
    points = calibrated(probabilities, held, threshold)
    announced = [modele(*points).announced(p) for p in np.linspace(0, 1, 50)]
    assert announced == sorted(announced)
    assert announced[0] >= 0
    assert announced[-1] <= 1


def test_the_error_is_the_mean_gap_between_announced_and_happened() -> None:
    announced = np.array([0.05, 0.05, 0.95, 0.95])
    assert calibration_error(announced, np.array([False, False, True, True])) == pytest.approx(0.05)
    assert calibration_error(announced, np.array([False, True, True, False])) == pytest.approx(0.45)


@pytest.mark.parametrize("file", SHIPPED)
def test_each_shipped_model_announces_little_under_its_threshold(file: str) -> None:
    shipped = load_confidence(_HERE / file)
    assert shipped.etalonnage
    assert shipped.announced(shipped.threshold - 0.001) < 0.1
    assert shipped.announced(shipped.threshold) > 0.2
