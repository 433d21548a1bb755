"""Reliability of confidences, and times of answers, against values worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_evaluation_coverage import refused, silent, tour

from assistant.evaluation.latency import classes, pas_rond, quantiles
from assistant.evaluation.page import resume_fiabilite
from assistant.evaluation.reliability import annonce_tenue, fiabilite, rang_de_classe


def proved(confiance: float, **changed: Any) -> Any:
    return tour(confiance=confiance, citations_probantes=True, **changed)


def unproved(confiance: float) -> Any:
    return tour(confiance=confiance, citations_probantes=False)


# Classes: 0.9 (1 proved of 2, mean 0.925), 0.6 (1 of 1), 0.2 (0 of 1).
QUATRE = (proved(0.95), unproved(0.9), proved(0.6), silent(0.2))


def test_the_brier_score_is_the_mean_square_of_the_distance_to_what_happened() -> None:
    # 0.05² + 0.9² + 0.4² + 0.2² = 0.0025 + 0.81 + 0.16 + 0.04
    measure = fiabilite(QUATRE)
    assert measure.brier.valeur == pytest.approx(1.0125 / 4)
    assert measure.brier.total == 4


def test_the_calibration_error_weighs_each_class_by_its_turns() -> None:
    # (2 × |0.925 − 0.5| + 1 × |0.6 − 1| + 1 × |0.2 − 0|) / 4
    assert fiabilite(QUATRE).ecart_calibration == pytest.approx(1.45 / 4)


def test_a_constant_confidence_at_the_overall_share_is_the_reference() -> None:
    assert fiabilite(QUATRE).brier_constant == 0.25


def test_each_class_has_its_counts_and_its_interval() -> None:
    found = fiabilite(QUATRE).classes
    assert [(one.de, one.a) for one in found[:2]] == [(0.0, 0.1), (0.1, 0.2)]
    assert [one.prouvees.total for one in found] == [0, 0, 1, 0, 0, 0, 1, 0, 0, 2]
    assert found[9].confiance_moyenne == pytest.approx(0.925)
    assert found[9].prouvees.part == 0.5
    assert found[9].prouvees.intervalle == pytest.approx((0.094531, 0.905469), abs=1e-6)
    assert (found[0].confiance_moyenne, found[0].prouvees.part) == (None, None)


@pytest.mark.parametrize(("tenths", "rank"), [(n, n) for n in range(10)] + [(10, 9)])
def test_a_bound_belongs_to_the_class_above_and_certainty_to_the_last(
    tenths: int, rank: int
) -> None:
    assert rang_de_classe(tenths / 10) == rank


@pytest.mark.parametrize(
    ("turn", "kept"),
    [
        (proved(0.5), True),
        (unproved(0.5), False),
        (silent(0.5), False),
        (refused(0.1), False),
        (tour(citations_probantes=None), None),
        (tour(repondable=None), None),
    ],
)
def test_confidence_announces_that_the_texts_answer_with_proof(turn: Any, kept: bool) -> None:
    assert annonce_tenue(turn) is kept


def test_nothing_to_judge_has_no_reliability() -> None:
    measure = fiabilite([tour(repondable=None)])
    assert measure.tours == 0
    assert (measure.ecart_calibration, measure.brier.valeur) == (None, None)
    assert resume_fiabilite(measure) == "Aucune réponse à juger."


def test_reliability_is_summed_up_in_a_sentence() -> None:
    assert resume_fiabilite(fiabilite([proved(0.8)])) == (
        "Écart moyen entre la confiance et la part prouvée (ECE) : 0,200. Score de Brier : 0,040 "
        "(intervalle à 95 % : 0,040 à 0,040), contre 0,000 pour une confiance toujours égale à la "
        "part d'ensemble ; sur 1 réponse."
    )


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30))
def test_calibration_error_and_brier_stay_between_0_and_1(
    given_turns: list[tuple[float, bool]],
) -> None:
    measure = fiabilite([proved(c) if right else unproved(c) for c, right in given_turns])
    assert measure.ecart_calibration is not None
    assert measure.brier.valeur is not None
    assert -1e-12 <= measure.ecart_calibration <= 1 + 1e-12
    assert 0 <= measure.brier.valeur <= 1
    assert sum(one.prouvees.total for one in measure.classes) == len(given_turns)


def test_quantiles_are_interpolated() -> None:
    assert dict(quantiles([10.0, 20.0, 30.0, 40.0, 100.0])) == {
        "Minimum": 10.0,
        "Premier quart": 20.0,
        "Médiane": 30.0,
        "Troisième quart": 40.0,
        "95e centile": pytest.approx(88.0),
        "Maximum": 100.0,
    }


def test_times_are_sorted_in_round_classes_the_last_one_open() -> None:
    # The 95th percentile is 88: a ninth is 9.8, so classes are of 10 ms.
    found = classes([10.0, 19.9, 20.0, 40.0, 100.0])
    assert [one.reponses for one in found] == [0, 2, 1, 0, 1, 0, 0, 0, 0, 1]
    assert (found[1].de, found[1].a) == (10.0, 20.0)
    assert (found[9].de, found[9].a) == (90.0, None)


@pytest.mark.parametrize(
    ("least", "step"),
    [(0, 0.01), (0.3, 0.5), (1, 1), (1.1, 2), (9.8, 10), (50, 50), (51, 100), (0.1 * 3, 0.5)],
)
def test_a_step_is_round(least: float, step: float) -> None:
    assert pas_rond(least) == step


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=40))
def test_every_time_is_in_one_class(durees: list[float]) -> None:
    found = classes(durees)
    assert sum(one.reponses for one in found) == len(durees)
    for one in found:
        inside = [d for d in durees if one.de <= d and (one.a is None or d < one.a)]
        assert len(inside) == one.reponses


def test_without_a_time_there_is_no_class() -> None:
    assert (quantiles([]), classes([])) == ((), ())
