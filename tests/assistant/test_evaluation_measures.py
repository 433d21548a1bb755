"""Each measure against values worked out by hand."""

from __future__ import annotations

import io
import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from assistant.evaluation.measures import (
    aggregate,
    is_verbatim,
    misplaced_scopes,
    refused,
    share,
)
from assistant.evaluation.report import MesureTour, Part, RapportEvaluation
from assistant.evaluation.run import evaluer
from assistant.evaluation.sets import lire_ligne
from assistant.evaluation.table import afficher
from assistant.models import Citation, PassageClasse, Question, Reponse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DOCUMENTS = {
    "001": "Chaque groupe compte huit à douze enfants. Il se réunit deux fois par semaine.",
    "002": "Dans le Rhône, la demande est déposée en mai.",
    "004": "L'action dure vingt-sept semaines. Le prix plafond est de 7 885 euros.",
}
PORTEES = {"001": "nationale", "002": "69", "004": "nationale"}
GROUP = {"source": "001", "extrait": "huit à douze enfants"}
WEEKS = {"source": "004", "extrait": "vingt-sept semaines"}
PRICE = {"source": "004", "extrait": "prix plafond est de 7 885 euros"}
NOISE = ("004", "L'action dure")


def passage(document: str, words: str) -> PassageClasse:
    start = DOCUMENTS[document].index(words)
    return PassageClasse(
        document=document, debut=start, fin=start + len(words), texte=words, score=1
    )


def cited(document: str, words: str, **changed: Any) -> Citation:
    start = DOCUMENTS[document].index(words)
    fields = {
        "document": document,
        "version": "0" * 12,
        "titre": "Titre",
        "portee": PORTEES[document],
        "annee": None,
        "section": None,
        "page": None,
        "extrait": words,
        "debut": start,
        "fin": start + len(words),
    }
    return Citation(**(fields | changed))


def answer(**changed: Any) -> Reponse:
    fields: dict[str, Any] = {
        "type": "reponse",
        "texte": "Huit à douze enfants.",
        "citations": (cited("001", "huit à douze enfants"),),
        "passages": (),
        "portee": "nationale",
        "confiance": 0.9,
    }
    return Reponse(**(fields | changed))


EXPECTED = {"repondable", "repondable_tours", "genre_refus"}


def report(*pairs: tuple[dict[str, Any], Reponse | Sequence[Reponse]]) -> RapportEvaluation:
    """Measure given answers to given lines; ``id`` and ``question`` are filled in."""
    questions, answers = [], {}
    for number, (fields, given_answers) in enumerate(pairs):
        plain: dict[str, Any] = {} if "tours" in fields else {"question": "x"}
        if not fields.keys() & EXPECTED:
            plain["repondable"] = True
        questions.append(lire_ligne(json.dumps({"id": f"q{number}"} | plain | fields)))
        answers[f"q{number}"] = (
            [given_answers] if isinstance(given_answers, Reponse) else given_answers
        )

    def repondre(question: Question) -> Sequence[Reponse]:
        return answers[question.id]

    return evaluer(questions, repondre, DOCUMENTS, portees=PORTEES)


def count(part: Part) -> tuple[int, int]:
    return part.reussites, part.total


def retrieval(*ranked: tuple[str, str], **fields: Any) -> tuple[dict[str, Any], Reponse]:
    return fields, answer(passages=tuple(passage(*found) for found in ranked))


def test_proof_within_k_and_mean_reciprocal_rank() -> None:
    good = ("001", "compte huit à douze enfants")
    measures = report(
        retrieval(good, preuves=[GROUP]),
        retrieval(NOISE, good, preuves=[GROUP]),
        retrieval(*[NOISE] * 3, good, preuves=[GROUP]),
        retrieval(*[NOISE] * 9, good, preuves=[GROUP]),
        retrieval(*[NOISE] * 10, good, preuves=[GROUP]),
    ).ensemble
    assert count(measures.preuve_dans_1) == (1, 5)
    assert count(measures.preuve_dans_3) == (2, 5)
    assert count(measures.preuve_dans_5) == (3, 5)
    assert count(measures.preuve_dans_10) == (4, 5)
    assert measures.mrr_10.valeur == pytest.approx((1 + 1 / 2 + 1 / 4 + 1 / 10) / 5)
    assert measures.mrr_10.total == 5


def test_groups_are_found_by_the_first_passages_together() -> None:
    fields = {"preuves_groupes": [[GROUP], [PRICE]]}
    ranked = [("001", "huit à douze enfants"), NOISE, ("004", "Le prix plafond est de 7 885 euros")]
    (turn,) = report(retrieval(*ranked, **fields)).tours
    assert turn.rang_preuve == 3


def test_one_group_of_two_proves_nothing() -> None:
    fields = {"preuves_groupes": [[GROUP], [PRICE]]}
    (turn,) = report(retrieval(("001", "huit à douze enfants"), **fields)).tours
    assert turn.rang_preuve is None


def test_questions_without_proof_or_answer_are_not_counted_in_retrieval() -> None:
    measures = report(
        retrieval(NOISE), retrieval(NOISE, repondable=False, preuves=[GROUP])
    ).ensemble
    assert count(measures.preuve_dans_10) == (0, 0)
    assert measures.preuve_dans_10.part is None
    assert measures.mrr_10.valeur is None


def test_ndcg_of_an_answer_counts_alternatives_of_two_documents_as_two_places() -> None:
    same = {"source": "001", "extrait": "Chaque groupe compte huit à douze enfants."}
    ranked = [("001", DOCUMENTS["001"]), NOISE, ("004", "dure vingt-sept semaines")]
    (turn,) = report(retrieval(*ranked, preuves=[GROUP, same, WEEKS])).tours
    assert turn.ndcg_10 == pytest.approx(0.91972, abs=1e-5)


def test_a_right_answer_has_all_facts_nothing_forbidden_and_few_words() -> None:
    fields = {"faits": [["8 à 12", "huit à douze"], ["enfants"]], "interdits": ["15"]}
    measures = report(
        (fields, answer()),
        (fields, answer(texte="Huit à douze.")),
        (fields, answer(texte="Huit à douze enfants, avant 15.")),
        (fields, answer(texte="Huit à douze enfants" + " mot" * 116)),
        (fields, answer(texte="Huit à douze enfants" + " mot" * 117)),
        (fields, answer(type="hors_corpus")),
        ({}, answer()),
    ).ensemble
    assert count(measures.reponses_justes) == (2, 6)
    assert count(measures.sans_interdit) == (5, 6)


def test_what_an_answer_lacks_is_named() -> None:
    fields = {"faits": [["8 à 12", "huit à douze"], ["27"]], "interdits": ["enfants"]}
    (turn,) = report((fields, answer())).tours
    assert turn.faits_manquants == ("27",)
    assert turn.interdits_trouves == ("enfants",)


def test_citations_prove_together_and_only_in_an_answer() -> None:
    both = {"preuves_groupes": [[GROUP], [PRICE]]}
    price = cited("004", "Le prix plafond est de 7 885 euros")
    group = cited("001", "huit à douze enfants")
    measures = report(
        (both, answer(citations=(group, price))),
        (both, answer(citations=(group,))),
        (both, answer(type="hors_corpus", citations=(group, price))),
        ({}, answer()),
    ).ensemble
    assert count(measures.citations_probantes) == (1, 3)


@pytest.mark.parametrize(
    "changed",
    [
        {"extrait": "huit à douze enfants "},
        {"extrait": "huit à treize enfants"},
        {"debut": 0},
        {"fin": 10_000},
        {"document": "009"},
        {"document": "004"},
    ],
)
def test_any_difference_from_the_stored_slice_is_not_verbatim(changed: dict[str, Any]) -> None:
    assert is_verbatim(cited("001", "huit à douze enfants"), DOCUMENTS)
    other = cited("001", "huit à douze enfants").model_copy(update=changed)
    assert not is_verbatim(other, DOCUMENTS)


def test_unfaithful_citations_are_counted_and_numbered() -> None:
    good, bad = cited("001", "huit"), cited("001", "huit", extrait="neuf")
    found = report(({}, answer(citations=(good, bad))), ({}, answer()))
    assert count(found.ensemble.citations_verbatim) == (2, 3)
    assert found.tours[0].citations_infideles == (2,)


RHONE = "la demande est déposée en mai"


@pytest.mark.parametrize(
    ("given_answer", "departements", "misplaced"),
    [
        (answer(), ("34",), ()),
        (answer(citations=(cited("002", RHONE),)), ("69",), ()),
        (answer(citations=(cited("002", RHONE),), portee="69"), ("69",), ()),
        (answer(citations=(cited("002", RHONE),)), ("34",), ("69",)),
        (answer(portee="69"), ("34",), ("69",)),
        (answer(citations=(cited("002", RHONE, portee="34"),)), ("34",), ("69",)),
        (answer(citations=(cited("002", RHONE),), portee="69"), (), ()),
        (answer(citations=(cited("002", RHONE, portee="nationale"),)), (), ("69",)),
        (answer(citations=(cited("002", RHONE, portee="nationale"),)), ("69",), ("69",)),
        (answer(citations=(cited("002", RHONE),)), ("34", "69"), ()),
    ],
)
def test_a_local_rule_has_its_place_in_its_departement_alone(
    given_answer: Reponse, departements: tuple[str, ...], misplaced: tuple[str, ...]
) -> None:
    assert misplaced_scopes(given_answer, departements, PORTEES) == misplaced


def test_misplaced_local_rules_are_counted_by_answer() -> None:
    wrong = answer(citations=(cited("002", RHONE), cited("002", "en mai")))
    measures = report(({"departement": "34"}, wrong), ({"departement": "69"}, wrong)).ensemble
    assert count(measures.regles_locales_deplacees) == (1, 2)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"type": "hors_corpus"}, True),
        ({"type": "precision", "citations": ()}, True),
        ({"type": "precision"}, False),
        ({"type": "reponse"}, False),
        ({"type": "eligibilite"}, False),
    ],
)
def test_a_refusal_is_outside_the_texts_or_asks_back_without_citing(
    changed: dict[str, Any], expected: bool
) -> None:
    assert refused(answer(**changed)) is expected


def test_precision_and_recall_of_refusals() -> None:
    no = answer(type="hors_corpus", citations=())
    far = {"repondable": False, "genre_refus": "lointain"}
    near = {"repondable": False, "genre_refus": "quasi"}
    refusals = report(
        (far, no), (far, no), (near, no), (near, answer()), (near, answer()),
        ({"repondable": False}, no), ({}, no), ({}, answer()), ({}, answer()), ({}, answer()),
    ).ensemble.refus  # fmt: skip
    assert count(refusals.precision) == (4, 5)
    assert count(refusals.rappel) == (4, 6)
    assert count(refusals.precision_lointain) == (2, 3)
    assert count(refusals.rappel_lointain) == (2, 2)
    assert count(refusals.precision_quasi) == (1, 2)
    assert count(refusals.rappel_quasi) == (1, 3)
    assert count(refusals.repondables_refusees) == (1, 4)


def test_a_kind_of_miss_that_the_set_lacks_has_no_precision() -> None:
    no = answer(type="hors_corpus", citations=())
    refusals = report(({"repondable": False, "genre_refus": "quasi"}, no), ({}, no)).ensemble.refus
    assert count(refusals.precision_lointain) == (0, 0)
    assert count(refusals.precision_quasi) == (1, 2)


def test_turns_of_context_count_in_no_refusal() -> None:
    no = answer(type="precision", citations=())
    refusals = report(({"tours": ["a", "b"]}, [no, answer()])).ensemble.refus
    assert count(refusals.repondables_refusees) == (0, 1)
    assert count(refusals.precision) == (0, 0)


def test_each_turn_is_measured_by_its_own_expectations() -> None:
    fields = {"tours": ["a", "b"], "faits_tours": [[["huit"]], [["mai"]]]}
    found = report((fields, [answer(), answer()]))
    assert [turn.juste for turn in found.tours] == [True, False]
    assert (found.ensemble.questions, found.ensemble.tours) == (1, 2)


def test_an_answer_missing_for_a_turn_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"q0 : 1 réponse\(s\) pour 2 tour\(s\)"):
        report(({"tours": ["a", "b"]}, [answer()]))


def test_each_turn_is_timed_by_itself() -> None:
    question = lire_ligne('{"id": "q0", "tours": ["a", "b", "c"], "faits": [["8"]]}')

    def slow_at_the_second(_: Question) -> Iterator[Reponse]:
        yield answer()
        time.sleep(0.1)
        yield answer()
        yield answer()

    begun = time.perf_counter()
    turns = evaluer([question], slow_at_the_second, DOCUMENTS, portees=PORTEES)
    whole = 1000 * (time.perf_counter() - begun)
    _, second, _ = (turn.latence_ms for turn in turns.tours)
    assert second >= 100
    # What one turn took is in no other: on any machine, they fit in the time of all.
    assert sum(turn.latence_ms for turn in turns.tours) <= whole
    assert turns.par_rang["2"].latence_mediane_ms.valeur == second


def test_latency_gives_median_and_95th_percentile() -> None:
    (turn,) = report(({}, answer())).tours
    turns = [turn.model_copy(update={"latence_ms": float(ms)}) for ms in range(1, 22)]
    measures = aggregate(turns)
    assert measures.latence_mediane_ms.valeur == 11.0
    assert measures.latence_p95_ms.valeur == 20.0
    assert measures.latence_p95_ms.total == 21


def test_a_share_has_its_count_and_interval() -> None:
    part = share(8, 10)
    assert (part.reussites, part.total, part.part) == (8, 10, 0.8)
    assert part.intervalle == pytest.approx((0.490162, 0.943318), abs=1e-6)


def test_measures_are_broken_down_by_style_and_subject() -> None:
    found = report(
        ({"style": "sms", "categorie": "bonus"}, answer()),
        ({"style": "sms", "categorie": "seuil"}, answer()),
        ({"categorie": "seuil"}, answer()),
    )
    assert {name: m.tours for name, m in found.par_style.items()} == {"non précisé": 1, "sms": 2}
    assert {name: m.tours for name, m in found.par_categorie.items()} == {"bonus": 1, "seuil": 2}


def test_proofs_that_no_text_holds_are_named_and_still_expected() -> None:
    lost = {"source": "009", "extrait": "huit à douze enfants"}
    gone = {"source": "001", "extrait": "cinq à quinze adolescents"}
    good = ("001", "huit à douze enfants")
    found = report(retrieval(good, preuves=[lost, gone]))
    assert found.preuves_introuvables == (
        "q0 : 009 : huit à douze enfants",
        "q0 : 001 : cinq à quinze adolescents",
    )
    assert count(found.ensemble.preuve_dans_10) == (0, 1)
    assert found.ensemble.ndcg_10.valeur == 0.0


def test_the_report_survives_json_unchanged() -> None:
    found = report(retrieval(NOISE, preuves=[GROUP], faits=[["8"]]))
    assert RapportEvaluation.model_validate_json(found.model_dump_json()) == found


def printed(found: RapportEvaluation) -> str:
    console = Console(file=io.StringIO(), width=110)
    afficher(found, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def row(text: str, name: str) -> list[str]:
    (line,) = [line for line in text.splitlines() if name in line]
    return [cell.strip() for cell in line.strip("│").split("│")]


def test_the_table_shows_value_interval_and_count_in_french() -> None:
    pairs = [retrieval(("001", "huit à douze enfants"), preuves=[GROUP])] * 8
    text = printed(report(*pairs, *[retrieval(NOISE, preuves=[GROUP])] * 2))
    assert row(text, "Preuve en tête") == ["Preuve en tête", "80,0 %", "49,0 à 94,3 %", "8/10"]
    assert row(text, "Refus : rappel") == ["Refus : rappel", "–", "–", "0"]


def test_the_table_names_what_must_never_be() -> None:
    bad = answer(citations=(cited("002", RHONE, extrait="[red]la demande"),))
    text = printed(report(({"departement": "34", "style": "[b]"}, bad)))
    assert "q0, tour 1 : citation(s) 1 différente(s) du texte enregistré" in text
    assert "q0, tour 1 : règle locale hors de propos : 69" in text
    assert "[b]" in text


def test_a_turn_holds_no_value_for_what_was_not_expected() -> None:
    (turn,) = report(({}, answer())).tours
    assert isinstance(turn, MesureTour)
    unmeasured = (turn.rang_preuve, turn.ndcg_10, turn.juste, turn.citations_probantes)
    assert unmeasured == (None, None, None, None)
