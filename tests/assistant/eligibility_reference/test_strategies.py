"""What is fed to the evaluators is valid, and reaches every verdict."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from .groups import VERDICT_DU_RANG
from .reference import evaluer
from .strategies import Projet, projets_complets, projets_partiels


def defauts(projet: Projet) -> list[str]:
    """The validity rules of the contract that the project breaks."""
    trouves = []
    collectifs = projet.get("collectifs") or []
    prix = [Decimal(str(c.get("prix_de_revient") or 0)) for c in collectifs]
    cout = (projet.get("budget") or {}).get("cout_total")
    if cout is not None and sum(prix, Decimal(0)) > Decimal(str(cout)):
        trouves.append("the collectifs cost more than the total")
    if any(not 0 <= (c.get("semaines") or 0) <= 53 for c in collectifs):
        trouves.append("weeks out of 0..53")
    debut, fin = projet.get("debut"), projet.get("fin")
    if debut and fin and date.fromisoformat(fin) < date.fromisoformat(debut):
        trouves.append("end before start")
    return trouves


def test_the_cases_by_hand_are_valid_projects() -> None:
    lignes = (Path(__file__).parent / "cas.jsonl").read_text(encoding="utf-8").splitlines()
    for cas in map(json.loads, lignes):
        assert defauts(cas["projet"]) == [], cas["id"]


@settings(max_examples=150, deadline=None)
@given(st.one_of(projets_complets(), projets_partiels()))
def test_drawn_projects_are_valid(projet: Projet) -> None:
    assert defauts(projet) == []


@pytest.mark.parametrize("verdict", [*VERDICT_DU_RANG, "incomplet"])
def test_every_verdict_is_drawn(verdict: str) -> None:
    sans_reduire = settings(phases=[Phase.generate], max_examples=2000)
    assert find(
        projets_partiels(),
        lambda projet: evaluer(projet)["verdict"] == verdict,
        settings=sans_reduire,
    )
