"""Risk against coverage, and what is said of errors, against values worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.coverage import (
    aire,
    bien_repondu,
    points_risque_couverture,
    reussi,
    risque_couverture,
)
from assistant.evaluation.curve import description, dessin, paliers
from assistant.evaluation.errors import attendu, fautes
from assistant.evaluation.report import MesureTour

if TYPE_CHECKING:
    from collections.abc import Sequence


def tour(**changed: Any) -> MesureTour:
    """A turn answered rightly, apart from what is given."""
    fields: dict[str, Any] = {
        "id": "q1",
        "tour": 1,
        "conversation": False,
        "categorie": "seuil",
        "style": "courant",
        "nature": None,
        "texte": "Combien ?",
        "reponse": "Douze.",
        "repondable": True,
        "genre_refus": None,
        "type": "reponse",
        "confiance": 0.9,
        "refusee": False,
        "mots": 1,
        "rang_preuve": 1,
        "preuve_attendue": True,
        "ndcg_10": 1.0,
        "faits_attendus": ("12",),
        "faits_manquants": (),
        "interdits_trouves": None,
        "juste": True,
        "citations_probantes": True,
        "citations": 1,
        "citations_infideles": (),
        "portees_deplacees": (),
        "latence_ms": 1.0,
    }
    return MesureTour(**(fields | changed))


def wrong(confiance: float) -> MesureTour:
    return tour(confiance=confiance, juste=False, faits_manquants=("12",))


def silent(confiance: float, **changed: Any) -> MesureTour:
    """A turn that the texts do not answer."""
    fields = {"repondable": False, "juste": None, "faits_manquants": None}
    return tour(confiance=confiance, **(fields | {"citations_probantes": None} | changed))


def refused(confiance: float) -> MesureTour:
    return silent(confiance, refusee=True, type="hors_corpus")


def areas(confidences: Sequence[float], faults: Sequence[int]) -> float:
    return float(aire(np.array(confidences), np.array(faults, dtype=np.float64)))


def test_risk_is_that_of_the_surest_answers() -> None:
    points = points_risque_couverture([0.9, 0.4, 0.9, 0.2], [True, False, True, True])
    assert [(p.confiance, p.couverture, p.risque) for p in points] == [
        (0.9, 0.5, 0.0),
        (0.4, 0.75, pytest.approx(1 / 3)),
        (0.2, 1.0, 0.25),
    ]


def test_refused_questions_count_in_the_coverage_alone() -> None:
    points = points_risque_couverture([0.9, 0.4], [True, False], 8)
    assert [(p.couverture, p.risque) for p in points] == [(0.125, 0.0), (0.25, 0.5)]


def test_risk_needs_as_many_judgements_as_confidences() -> None:
    with pytest.raises(ValueError, match="2 confiances pour 1 réponses"):
        points_risque_couverture([0.1, 0.2], [True])
    with pytest.raises(ValueError, match="2 réponses pour 1 questions"):
        points_risque_couverture([0.1, 0.2], [True, True], 1)


def test_the_area_is_the_mean_risk_of_the_k_surest() -> None:
    # Risks of the 1, 2, 3, 4 surest: 0, 1/2, 1/3, 1/2.
    assert areas([0.1, 0.9, 0.5, 0.8], [1, 0, 0, 1]) == pytest.approx(1 / 3)


def test_an_order_that_puts_errors_last_has_the_smaller_area() -> None:
    assert areas([0.9, 0.8, 0.1], [0, 0, 1]) == pytest.approx(1 / 9)
    assert areas([0.9, 0.8, 0.1], [1, 0, 0]) == pytest.approx((1 + 1 / 2 + 1 / 3) / 3)


def test_answers_of_one_confidence_share_the_risk_of_them_all() -> None:
    assert areas([0.5, 0.5, 0.5, 0.5], [1, 0, 0, 0]) == pytest.approx(0.25)
    assert areas([0.9, 0.5, 0.5], [0, 1, 0]) == pytest.approx((0 + 1 / 3 + 1 / 3) / 3)


@given(
    st.lists(
        st.tuples(st.sampled_from([0.1, 0.5, 0.9]), st.integers(0, 1)), min_size=1, max_size=12
    )
)
def test_the_area_is_the_same_as_under_the_points(given_answers: list[tuple[float, int]]) -> None:
    confidences, faults = zip(*given_answers, strict=True)
    points = points_risque_couverture(confidences, [not fault for fault in faults])
    reached = [0.0, *(point.couverture for point in points)]
    under = sum(
        point.risque * (right - left)
        for point, left, right in zip(points, reached[:-1], reached[1:], strict=True)
    )
    assert areas(confidences, faults) == pytest.approx(under)


def test_what_cannot_be_judged_is_not_in_the_curve() -> None:
    context = tour(repondable=None, juste=None)
    unknown = tour(juste=None, faits_manquants=None, citations_probantes=None)
    assert bien_repondu(context) is None
    assert bien_repondu(unknown) is None
    assert risque_couverture([context, unknown]).tours == 0


@pytest.mark.parametrize(
    ("turn", "right"),
    [
        (tour(), True),
        (tour(juste=None, faits_manquants=None), True),
        (tour(juste=None, faits_manquants=None, citations_probantes=False), False),
        (tour(citations_probantes=False), True),
        (tour(juste=False), False),
        (tour(juste=None, interdits_trouves=("15",)), False),
        (silent(0.9), False),
    ],
)
def test_facts_judge_an_answer_and_its_proof_where_there_are_none(
    turn: MesureTour, right: bool
) -> None:
    assert bien_repondu(turn) is right


@pytest.mark.parametrize(
    ("turn", "well"),
    [
        (tour(), True),
        (wrong(0.5), False),
        (tour(refusee=True, juste=None, citations_probantes=None), False),
        (silent(0.9), False),
        (refused(0.1), True),
        (silent(0.1, refusee=True, interdits_trouves=("15",)), False),
        (tour(repondable=None), None),
        (tour(juste=None, faits_manquants=None, citations_probantes=None), None),
    ],
)
def test_a_turn_goes_well_by_a_right_answer_or_a_refusal_where_the_texts_are_silent(
    turn: MesureTour, well: bool | None
) -> None:
    assert reussi(turn) is well


def test_the_curve_ends_where_the_program_refuses() -> None:
    curve = risque_couverture([tour(), wrong(0.5), silent(0.7), refused(0.2), refused(0.95)])
    assert (curve.tours, curve.repondus) == (5, 3)
    assert [(p.confiance, p.couverture, p.risque) for p in curve.points] == [
        (0.9, 0.2, 0.0),
        (0.7, 0.4, 0.5),
        (0.5, pytest.approx(0.6), pytest.approx(2 / 3)),
    ]
    assert curve.aire.valeur == pytest.approx((0 + 1 / 2 + 2 / 3) / 3)
    assert curve.aire.total == 3


def test_the_area_has_an_interval_that_is_the_same_at_every_run() -> None:
    turns = [tour(confiance=0.5 + n / 100) for n in range(20)] + [wrong(0.3), wrong(0.6)]
    first, second = risque_couverture(turns).aire, risque_couverture(turns).aire
    assert first == second
    assert first.valeur is not None
    assert first.intervalle is not None
    assert 0 <= first.intervalle[0] < first.valeur < first.intervalle[1] <= 1


def test_no_answer_leaves_an_empty_curve() -> None:
    curve = risque_couverture([refused(0.1)])
    assert (curve.tours, curve.repondus, curve.points) == (1, 0, ())
    assert (curve.aire.valeur, curve.aire.intervalle) == (None, None)
    assert description(curve) == "Aucune réponse à juger."
    assert dessin(curve).find("polyline") is None


def test_the_drawing_puts_coverage_to_the_right_and_risk_upwards() -> None:
    line = dessin(risque_couverture([tour(), wrong(0.5)])).find("polyline")
    assert line is not None
    # Half of the questions, no error; then all of them, half wrong: the scale goes to 50 %.
    assert line.get("points") == "345.0,284.0 620.0,20.0"


def test_the_drawing_is_described_for_who_does_not_see_it() -> None:
    drawn = dessin(risque_couverture([tour(), wrong(0.5)]))
    assert drawn.get("role") == "img"
    assert drawn.get("aria-labelledby") == "courbe-titre courbe-description"
    assert drawn.findtext("desc") == (
        "En ne donnant que les réponses les plus sûres (50,0 % des questions), 0,0 % sont fausses "
        "; en donnant toutes celles que le programme donne (100,0 %), 50,0 % le sont."
    )


def test_the_table_of_the_curve_has_a_point_by_tenth_and_the_end() -> None:
    turns = [tour(confiance=1 - n / 100) for n in range(40)] + [refused(0.1)] * 10
    shown = paliers(risque_couverture(turns))
    assert [point.couverture for point in shown] == pytest.approx(
        [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
    )


@pytest.mark.parametrize(
    ("turn", "kinds"),
    [
        (tour(), []),
        (refused(0.1), []),
        (silent(0.9), ["répondue à tort"]),
        (
            tour(refusee=True, juste=False, faits_manquants=("12",), citations_probantes=False),
            ["refusée à tort"],
        ),
        (wrong(0.9), ["fait manquant"]),
        (tour(juste=False, interdits_trouves=("15",)), ["mot interdit"]),
        (tour(juste=False, mots=121), ["trop longue"]),
        (tour(citations_probantes=False), ["non prouvée"]),
        (tour(citations_infideles=(2,)), ["citation infidèle"]),
        (tour(portees_deplacees=("69",)), ["règle locale déplacée"]),
        (tour(repondable=None, juste=None), []),
    ],
)
def test_each_fault_has_its_name(turn: MesureTour, kinds: list[str]) -> None:
    assert [fault.genre for fault in fautes(turn)] == kinds


def test_a_fault_says_what_is_missing_and_what_was_forbidden() -> None:
    turn = tour(juste=False, faits_manquants=("8", "12"), interdits_trouves=("15",))
    assert [fault.dite for fault in fautes(turn)] == [
        "il manque : « 8 », « 12 »",
        "interdit : « 15 »",
    ]


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        (tour(), "une réponse qui dit : « 12 »"),
        (tour(faits_attendus=()), "une réponse"),
        (silent(0.9), "un refus : les textes ne répondent pas"),
        (
            silent(0.9, genre_refus="quasi"),
            "un refus (quasi) : les textes ne répondent pas",
        ),
        (tour(repondable=None), "rien de mesuré ici"),
    ],
)
def test_what_was_expected_is_said(turn: MesureTour, said: str) -> None:
    assert attendu(turn) == said
