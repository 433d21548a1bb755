"""The engine against the evaluator written from the texts alone (see ``eligibility_reference``)."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from eligibility_reference.comparaison import comparer, en_attendu
from eligibility_reference.reference import evaluer
from eligibility_reference.strategies import projets_complets, projets_partiels
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from projets import regles

from assistant.eligibility import lire_projet, verdict, verifier

CAS: list[dict[str, Any]] = [
    json.loads(ligne)
    for ligne in (Path(__file__).parent / "eligibility_reference" / "cas.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]
PROJETS = st.one_of(projets_complets(), projets_partiels())


def _en_annees(projet: dict[str, Any]) -> dict[str, Any]:
    """Years after the baccalauréat, where a project says yes or no to Bac +2."""
    copie = copy.deepcopy(projet)
    coordinateur = copie.get("coordinateur") or {}
    if "niveau_bac_plus_2" in coordinateur:
        atteint = coordinateur.pop("niveau_bac_plus_2")
        coordinateur["niveau_bac_plus"] = {None: None, True: 2, False: 1}[atteint]
    return copie


def _ecarts(projet: dict[str, Any], attendu: dict[str, Any]) -> list[str]:
    lu = lire_projet(_en_annees(projet), regles())
    trouve = verifier(lu, regles())
    assert verdict(lu, regles()) == trouve.verdict
    return comparer(trouve.model_dump(mode="json"), attendu)


@pytest.mark.parametrize("cas", CAS, ids=lambda cas: cas["id"])
def test_the_engine_gives_what_was_worked_out_by_hand(cas: dict[str, Any]) -> None:
    assert _ecarts(cas["projet"], cas["attendu"]) == []


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(PROJETS)
def test_both_evaluators_agree(projet: dict[str, Any]) -> None:
    assert _ecarts(projet, en_attendu(evaluer(projet))) == []


@pytest.mark.long
@pytest.mark.timeout(7200)
@settings(max_examples=50_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(PROJETS)
def test_both_evaluators_agree_on_tens_of_thousands_of_projects(projet: dict[str, Any]) -> None:
    assert _ecarts(projet, en_attendu(evaluer(projet))) == []
