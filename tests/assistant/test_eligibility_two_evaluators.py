"""The engine against an evaluator written apart from it, from the contract and the texts alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from eligibility_reference.comparaison import comparer, en_attendu
from eligibility_reference.reference import evaluer
from eligibility_reference.strategies import projets_complets, projets_partiels
from hypothesis import HealthCheck, Phase, given, settings

from assistant.eligibility import Regles, lire_projet, verifier
from assistant.eligibility.commands import regles_livrees

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "eligibility_reference" / "cas.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
RULES = regles_livrees()

Projet = dict[str, Any]


def differences(projet: Projet, attendu: dict[str, Any], regles: Regles = RULES) -> list[str]:
    resultat = verifier(lire_projet(projet, regles), regles).model_dump(mode="json")
    return comparer(resultat, attendu)


def many(count: int) -> settings:
    return settings(
        max_examples=count,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
    )


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_case_written_by_hand_has_the_verdict_that_the_texts_give(case: dict[str, Any]) -> None:
    assert differences(case["projet"], case["attendu"]) == []


@many(400)
@given(projet=projets_complets())
def test_both_evaluators_agree_on_complete_projects(projet: Projet) -> None:
    assert differences(projet, en_attendu(evaluer(projet))) == []


@many(300)
@given(projet=projets_partiels())
def test_both_evaluators_agree_on_projects_with_unknown_facts(projet: Projet) -> None:
    assert differences(projet, en_attendu(evaluer(projet))) == []


@pytest.mark.long
@pytest.mark.timeout(1800)
@many(30_000)
@given(projet=projets_complets())
def test_both_evaluators_agree_on_tens_of_thousands_of_projects(projet: Projet) -> None:
    assert differences(projet, en_attendu(evaluer(projet))) == []


@pytest.mark.long
@pytest.mark.timeout(1800)
@many(20_000)
@given(projet=projets_partiels())
def test_both_evaluators_agree_on_tens_of_thousands_with_unknown_facts(projet: Projet) -> None:
    assert differences(projet, en_attendu(evaluer(projet))) == []
