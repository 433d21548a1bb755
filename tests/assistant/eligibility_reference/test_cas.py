"""The reference evaluator against the results expected by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from .comparaison import comparer, en_attendu, en_resultat
from .reference import evaluer

CAS: list[dict[str, Any]] = [
    json.loads(ligne)
    for ligne in (Path(__file__).parent / "cas.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("cas", CAS, ids=lambda cas: cas["id"])
def test_the_reference_gives_what_was_worked_out_by_hand(cas: dict[str, Any]) -> None:
    resultat = en_resultat(evaluer(cas["projet"]))
    assert comparer(resultat, cas["attendu"]) == []


def test_the_cases_are_many_and_each_has_its_own_name() -> None:
    assert len(CAS) >= 150
    assert len({cas["id"] for cas in CAS}) == len(CAS)


def test_every_criterion_and_every_status_appears_in_the_cases() -> None:
    vus = {
        (cle.split(".")[0], statut)
        for cas in CAS
        for cle, statut in cas["attendu"].get("statuts", {}).items()
    }
    assert {code for code, _ in vus} == {
        code for cas in CAS for code, _ in evaluer(cas["projet"])["criteres"]
    }
    assert {statut for _, statut in vus} == {
        "conforme",
        "non_conforme",
        "sous_reserve",
        "a_renseigner",
        "alerte",
        "sans_objet",
    }


def test_a_changed_status_verdict_or_amount_is_reported() -> None:
    cas = CAS[0]
    attendu = en_attendu(evaluer(cas["projet"]))
    resultat = en_resultat(evaluer(cas["projet"]))
    assert comparer(resultat, attendu) == []
    resultat["verdict"] = "incomplet"
    resultat["criteres"][0]["statut"] = "alerte"
    resultat["criteres"].append({"code": "inconnu", "statut": "conforme"})
    resultat["montants"]["total"] = None
    assert len(comparer(resultat, attendu)) == 4
