"""Two runs side by side: paired differences and exact tests worked out by hand."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_evaluation_coverage import refused, silent, tour, wrong
from test_evaluation_page import HEADINGS, Page

from assistant.evaluation.comparison import Comparaison, comparer, issue, memes_attentes
from assistant.evaluation.comparison_page import comparaison_en_html
from assistant.evaluation.comparison_table import cellules, en_tete, signe
from assistant.evaluation.files import FichierInutilisable
from assistant.evaluation.paired import intervalle_mediane, intervalle_moyenne, p_des_signes
from assistant.evaluation.runs import Execution

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.evaluation.comparison import EcartApparie
    from assistant.evaluation.report import MesureTour


def execution(*turns: MesureTour) -> Execution:
    """Give the turns ids in order: q0, q1…"""
    named = [turn.model_copy(update={"id": f"q{rank}"}) for rank, turn in enumerate(turns)]
    return Execution(fichier="jeu.jsonl", tours=tuple(named))


def compared(a: Sequence[MesureTour], b: Sequence[MesureTour]) -> Comparaison:
    return comparer(execution(*a), execution(*b), nom_a="a.json", nom_b="b.json")


def measure(found: Comparaison, name: str) -> EcartApparie:
    (one,) = [ecart for ecart in found.ecarts if ecart.mesure == name]
    return one


def ranked(rank: int | None, **changed: Any) -> MesureTour:
    return tour(preuve_attendue=True, rang_preuve=rank, **changed)


@pytest.mark.parametrize(
    ("better", "worse", "p"),
    [
        (0, 0, 1.0),
        (1, 0, 1.0),
        (5, 0, 0.0625),  # 2 / 2^5
        (6, 1, 0.125),  # 2 × (1 + 7) / 2^7
        (1, 6, 0.125),
        (8, 2, 0.109375),  # 2 × (1 + 10 + 45) / 2^10
        (5, 5, 1.0),
        (10, 0, 0.001953125),
    ],
)
def test_the_sign_test_is_exact(better: int, worse: int, p: float) -> None:
    assert p_des_signes(better, worse) == p


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_sign_test_is_a_probability_that_ignores_the_side(better: int, worse: int) -> None:
    p = p_des_signes(better, worse)
    assert 0 <= p <= 1
    assert p == p_des_signes(worse, better)
    tail = sum(math.comb(better + worse, k) for k in range(min(better, worse) + 1))
    assert p == min(1.0, 2 * tail / 2 ** (better + worse))


def test_a_negative_count_is_an_error() -> None:
    with pytest.raises(ValueError, match="-1 et 2"):
        p_des_signes(-1, 2)


def test_the_paired_interval_is_close_to_the_normal_one() -> None:
    # 200 differences, half 0 and half 1: 0.5 ± 1.96 × 0.5 / sqrt(200), that is 0.431 to 0.569.
    found = intervalle_moyenne([[0.0], [1.0]] * 100)
    assert found == pytest.approx((0.431, 0.569), abs=0.012)


def test_the_paired_interval_is_the_same_at_every_run() -> None:
    values = [[0.0], [1.0], [-1.0], [1.0]]
    assert intervalle_moyenne(values) == intervalle_moyenne(values) == (-0.5, 1.0)


def test_turns_of_a_conversation_are_drawn_together() -> None:
    # Two questions alike within: as wide as two values, not as twenty.
    assert intervalle_moyenne([[1.0] * 10, [0.0] * 10]) == (0.0, 1.0)
    # A draw weighs each question by its turns: (3 × 1 + 1 × 0) / 4 is among the means.
    found = intervalle_moyenne([[1.0] * 3, [0.0]])
    assert found == (0.0, 1.0)


def test_no_difference_has_no_interval() -> None:
    assert intervalle_moyenne([]) is None
    assert intervalle_mediane([]) is None


def test_the_interval_of_a_median_is_over_questions() -> None:
    assert intervalle_mediane([[5.0, 7.0], [6.0]]) == (6.0, 6.0)


def test_right_and_wrong_are_paired_question_by_question() -> None:
    right = tour()
    a = [right, right, right, wrong(0.5), wrong(0.5), right]
    b = [right, wrong(0.5), right, right, wrong(0.5), wrong(0.5)]
    found = measure(compared(a, b), "bien_traitees")
    assert (found.a, found.b) == (4 / 6, 3 / 6)
    assert found.ecart == pytest.approx(-1 / 6)
    assert (found.mieux, found.moins_bien, found.p) == (1, 2, 1.0)
    assert (found.tours, found.questions) == (6, 6)
    assert found.intervalle == pytest.approx((-2 / 3, 1 / 3))


def test_what_became_of_each_question_is_listed_with_both_answers() -> None:
    a = [tour(reponse="Douze."), wrong(0.4), tour(), wrong(0.4), tour(repondable=None, juste=None)]
    b = [wrong(0.4), tour(), tour(), wrong(0.4), tour(repondable=None, juste=None)]
    found = compared(a, b)
    assert [turn.issue for turn in found.tours] == [
        "perdue", "gagnee", "juste_deux_fois", "fausse_deux_fois", "non_jugee",
    ]  # fmt: skip
    (lost,) = found.d_issue("perdue")
    assert (lost.id, lost.a.reponse, lost.a.reussi, lost.b.reussi) == ("q0", "Douze.", True, False)
    assert lost.b.fautes == ("il manque : « 12 »",)


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        (True, True, "juste_deux_fois"),
        (False, False, "fausse_deux_fois"),
        (False, True, "gagnee"),
        (True, False, "perdue"),
        (None, True, "non_jugee"),
        (False, None, "non_jugee"),
    ],
)
def test_each_outcome_has_its_name(before: bool | None, after: bool | None, outcome: str) -> None:
    assert issue(before, after) == outcome


def test_ranks_of_the_proof_are_compared_at_each_depth() -> None:
    found = compared([ranked(2), ranked(None), ranked(1)], [ranked(1), ranked(4), ranked(1)])
    first, five = measure(found, "preuve_dans_1"), measure(found, "preuve_dans_5")
    assert (first.a, first.b, first.mieux) == (1 / 3, 2 / 3, 1)
    assert (five.a, five.b, five.mieux) == (2 / 3, 1.0, 1)
    mrr = measure(found, "mrr_10")
    assert (mrr.a, mrr.b) == (0.5, 0.75)
    assert mrr.ecart == pytest.approx((0.5 + 0.25 + 0) / 3)


def test_less_is_better_for_wrong_refusals_and_brier() -> None:
    refusal = tour(refusee=True, juste=False, confiance=0.1, type="hors_corpus")
    found = compared([tour(confiance=0.9)], [refusal])
    refusals = measure(found, "repondables_refusees")
    assert (refusals.a, refusals.b, refusals.mieux, refusals.moins_bien) == (0.0, 1.0, 0, 1)
    brier = measure(
        compared([silent(0.8)], [silent(0.2)]),
        "brier",
    )
    assert (brier.a, brier.b) == (pytest.approx(0.64), pytest.approx(0.04))
    assert (brier.ecart, brier.mieux) == (pytest.approx(-0.6), 1)


def test_silence_is_judged_by_the_refusal() -> None:
    found = compared([silent(0.8), refused(0.2)], [refused(0.2), refused(0.2)])
    recall = measure(found, "refus_rappel")
    assert (recall.a, recall.b, recall.tours) == (0.5, 1.0, 2)
    assert [turn.issue for turn in found.tours] == ["gagnee", "juste_deux_fois"]


def test_times_are_compared_by_the_median() -> None:
    times = ([10.0, 20.0, 60.0], [12.0, 21.0, 40.0])
    runs = [[tour(latence_ms=ms) for ms in side] for side in times]
    found = measure(compared(*runs), "latence_ms")
    assert (found.a, found.b, found.ecart) == (20.0, 21.0, 1.0)
    assert (found.mieux, found.moins_bien) == (1, 2)


def test_the_gap_of_times_is_the_median_gap_with_its_interval_and_no_other_test() -> None:
    times = ([10.0, 20.0, 60.0], [12.0, 40.0, 61.0])
    found = compared(*([tour(latence_ms=ms) for ms in side] for side in times))
    latency = measure(found, "latence_ms")
    # Gaps 2, 20 and 1: their median is 2, not 40 - 20.
    assert (latency.a, latency.b, latency.ecart) == (20.0, 40.0, 2.0)
    assert latency.intervalle == intervalle_mediane([[2.0], [20.0], [1.0]]) == (1.0, 20.0)
    assert cellules(latency) == ("20,0", "40,0", "+2,0", "+1,0 à +20,0", "0 / 3", "–", "3")
    words = Page(comparaison_en_html(found)).words
    assert "l'écart est la médiane des écarts question par question" in words
    # The summary of the chart speaks of what the chart holds, not of the row of times.
    assert "les autres mesures, dont la latence, ne sont que dans le tableau" in words
    assert "D'aucune de ces parts l'intervalle n'exclut zéro." in words


def test_one_common_question_is_singular() -> None:
    assert en_tete(compared([tour()], [tour()])) == [
        "A : a.json (jeu.jsonl), 1 question.",
        "B : b.json (jeu.jsonl), 1 question.",
        "La même question des deux côtés.",
    ]
    assert en_tete(compared([tour()], [tour(), tour()]))[-1].startswith(
        "1 question commune, seule comparée ; laissées de côté : "
    )


def test_a_measure_that_neither_run_has_is_empty() -> None:
    found = measure(compared([tour()], [tour()]), "refus_rappel")
    assert (found.tours, found.a, found.ecart, found.intervalle, found.p) == (
        0,
        None,
        None,
        None,
        1,
    )
    assert cellules(found) == ("–", "–", "–", "–", "–", "–", "0")


def test_a_run_does_not_differ_from_itself() -> None:
    turns = [tour(), wrong(0.3), ranked(3), silent(0.5), refused(0.1)]
    found = compared(turns, turns)
    assert all(e.ecart in {0, None} and e.p == 1 for e in found.ecarts)
    assert all(e.intervalle in {(0.0, 0.0), None} for e in found.ecarts)


def test_runs_are_compared_over_their_common_questions_alone() -> None:
    a = execution(tour(), tour(), tour(texte="avant"))
    b = execution(tour(), wrong(0.2), tour(texte="après"), tour())
    found = comparer(a, b, nom_a="a.json", nom_b="b.json")
    assert (found.questions_a, found.questions_b, found.questions_communes) == (3, 4, 2)
    assert found.questions_changees == ("q2",)
    assert measure(found, "bien_traitees").tours == 2
    assert en_tete(found)[-1] == (
        "2 questions communes, seules comparées ; laissées de côté : 1 de A, 2 de B, dont 1 de "
        "même identifiant mais d'autres mots ou d'autres attentes."
    )


def test_runs_without_a_common_question_are_refused() -> None:
    with pytest.raises(
        FichierInutilisable,
        match=r"a\.json et b\.json : trouvé 1 et 2 questions, dont 1 de même identifiant et aucune",
    ):
        compared([tour(texte="avant")], [tour(texte="après"), tour()])


def test_the_fingerprint_tells_other_expectations_apart() -> None:
    one, same, other = (tour(empreinte=mark) for mark in ("aa", "aa", "bb"))
    assert memes_attentes([one], [same])
    assert not memes_attentes([one], [other])
    assert not memes_attentes([one], [same, same])
    # A run saved before there was one: by what it keeps.
    assert memes_attentes([one], [tour()])
    assert not memes_attentes([one], [tour(faits_attendus=("27",))])


def test_a_conversation_of_which_one_turn_changed_is_left_out_whole() -> None:
    def talk(second: str) -> Execution:
        turns = (tour(conversation=True), tour(conversation=True, tour=2, texte=second))
        return Execution(tours=(*turns, tour(id="seule")))

    found = comparer(talk("a"), talk("b"), nom_a="a", nom_b="b")
    assert [turn.id for turn in found.tours] == ["seule"]


def test_shares_are_written_in_points_and_the_rest_with_its_sign() -> None:
    found = compared([wrong(0.5)] * 6 + [tour()], [tour()] * 7)
    assert cellules(measure(found, "bien_traitees"))[:3] == ("14,3 %", "100,0 %", "+85,7 pt")
    assert cellules(measure(found, "bien_traitees"))[4:] == ("6 / 0", "0,031", "7")
    assert (signe(-0.0004, 3), signe(-0.1, 1), signe(2, 1)) == ("0,000", "−0,1", "+2,0")


PIEGE = "<script>x</script>"


def page() -> Page:
    a = [tour(), wrong(0.4), tour(reponse=PIEGE), tour()]
    b = [wrong(0.4), tour(), wrong(0.2), tour()]
    return Page(comparaison_en_html(compared(a, b)))


def test_the_page_of_a_comparison_shows_the_questions_lost_then_gained() -> None:
    words = page().words
    for said in (
        "Questions perdues, justes en A et fausses en B (2)",
        "Questions gagnées, fausses en A et justes en B (1)",
        "Les mêmes 4 questions des deux côtés.",
        "non corrigé du nombre de mesures",
        PIEGE,
    ):
        assert said in words
    assert "script" not in page().tags()


def test_the_page_of_a_comparison_is_well_ordered_and_asks_nothing_of_anyone() -> None:
    found = page()
    levels = [int(tag[1]) for tag, _ in found.elements if tag in HEADINGS]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    links = [a["href"] for tag, a in found.elements if tag == "a"]
    ids = [a["id"] for _, a in found.elements if "id" in a]
    assert all(link is not None and link.removeprefix("#") in ids for link in links)
    assert len(ids) == len(set(ids))
    assert all("src" not in attributes for _, attributes in found.elements)


def test_the_same_comparison_gives_the_same_bytes() -> None:
    found = compared([tour()], [wrong(0.2)])
    assert comparaison_en_html(found) == comparaison_en_html(found)
    assert Comparaison.model_validate_json(found.model_dump_json()) == found
