from __future__ import annotations

from typing import Any

import pytest
from projets import avec, conforme, poser, regles, resultat, statut

from assistant.eligibility import charger_regles, lire_projet, verifier
from assistant.quotation import Verificateur
from corpus.library import load_corpus

ANNEES = [f"{annee}-{annee + 1}" for annee in range(2020, 2027)]
LOCAUX = {
    "34": {"depot_elan", "projet_de_territoire", "accompagnement_caf"},
    "69": {
        "comite_pilotage_local",
        "formation_intervenants",
        "sans_discrimination",
        "articulation_dispositifs",
        "activites",
    },
    "75": set[str](),
}
COMMUNS = {c.code for c in regles().criteres_pour(None)}


@pytest.mark.parametrize("annee", ANNEES)
@pytest.mark.parametrize("departement", ["34", "69", "75"])
def test_every_year_lists_each_criterion_once_with_quotations(departement: str, annee: str) -> None:
    trouve = resultat(conforme(departement, annee_scolaire=annee))
    codes = [c.code for c in trouve.criteres]
    assert len(codes) == len(set(codes))
    assert set(codes) == COMMUNS | LOCAUX[departement]
    for critere in trouve.criteres:
        if critere.statut != "sans_objet" and critere.code not in {"departement", "annee_scolaire"}:
            assert critere.citations, critere.code
    assert trouve.verdict == "eligible"


def test_every_quotation_of_a_result_passes_the_gate() -> None:
    gate = Verificateur(load_corpus().documents)
    for departement in LOCAUX:
        trouve = resultat(conforme(departement))
        for critere in trouve.criteres:
            for citation in critere.citations:
                assert gate.verifier(citation) == citation


@pytest.mark.parametrize("departement", [None, "75"])
def test_without_a_local_text_only_national_criteria_are_listed(departement: str | None) -> None:
    trouve = resultat(conforme("75", departement=departement))
    assert {c.code for c in trouve.criteres} == COMMUNS
    assert trouve.verdict == ("eligible" if departement else "incomplet")


def test_a_departement_without_a_text_carries_a_reserve_that_says_so() -> None:
    assert any("Aucun texte local" in r for r in resultat(conforme("75")).reserves)
    assert not any("Aucun texte local" in r for r in resultat(conforme("34")).reserves)


@pytest.mark.parametrize("departement", ["30", "34"])
def test_a_local_text_that_no_rule_rests_on_is_named_to_those_of_its_departement(
    departement: str,
) -> None:
    documents = load_corpus().documents
    note = next(d for d in documents.values() if d.fiche.portee == "34")
    fiche = note.fiche.model_copy(
        update={"id": "ajoute", "portee": departement, "titre_court": "Note ajoutée"}
    )
    rules = charger_regles({**documents, "ajoute": note.model_copy(update={"fiche": fiche})})

    def reserves(code: str) -> str:
        return " ".join(verifier(lire_projet(conforme(code), rules), rules).reserves)

    assert "Lisez aussi « Note ajoutée »" in reserves(departement)
    assert "Aucun texte local" not in reserves(departement)
    assert "Note ajoutée" not in reserves("75")
    assert "Lisez aussi" not in reserves("69")


@pytest.mark.parametrize(
    ("participation", "liee", "national", "dans_l_annee_34", "hors_annee_34"),
    [
        ("gratuite", None, "conforme", "conforme", "conforme"),
        ("symbolique", False, "conforme", "non_conforme", "sous_reserve"),
        ("symbolique", True, "conforme", "conforme", "conforme"),
        ("significative", True, "sous_reserve", "non_conforme", "sous_reserve"),
        ("significative", False, "non_conforme", "non_conforme", "non_conforme"),
    ],
)
def test_the_herault_narrows_what_families_may_be_asked_in_its_own_year(
    participation: str,
    liee: bool | None,
    national: str,
    dans_l_annee_34: str,
    hors_annee_34: str,
) -> None:
    charte = {
        "laicite": True,
        "participation_familles": participation,
        "participation_liee_a_action_ponctuelle": liee,
    }
    for departement, annee, attendu in (
        ("75", "2025-2026", national),
        ("34", "2025-2026", dans_l_annee_34),
        ("34", "2024-2025", hors_annee_34),
    ):
        projet = conforme(departement, charte=charte, annee_scolaire=annee)
        assert statut(projet, "gratuite") == attendu


@pytest.mark.parametrize(
    ("annee", "liee", "attendu"),
    [
        ("2024-2025", True, "non_conforme"),
        ("2025-2026", True, "sous_reserve"),
        ("2025-2026", False, "non_conforme"),
    ],
)
def test_the_rhone_refuses_more_than_a_symbolic_contribution(
    annee: str, liee: bool, attendu: str
) -> None:
    charte = {
        "laicite": True,
        "participation_familles": "significative",
        "participation_liee_a_action_ponctuelle": liee,
    }
    assert statut(conforme("69", charte=charte, annee_scolaire=annee), "gratuite") == attendu


@pytest.mark.parametrize(
    ("jour", "annee", "attendu"),
    [
        ("2025-07-14", "2025-2026", "conforme"),
        ("2025-07-15", "2025-2026", "sous_reserve"),
        ("2025-07-16", "2025-2026", "non_conforme"),
        (None, "2025-2026", "a_renseigner"),
        ("2025-07-16", "2024-2025", "sans_objet"),
        (None, "2026-2027", "sans_objet"),
    ],
)
def test_the_deposit_date_matters_in_one_year_alone(
    jour: str | None, annee: str, attendu: str
) -> None:
    projet = conforme("34", depot_elan=jour, annee_scolaire=annee)
    assert statut(projet, "depot_elan") == attendu


@pytest.mark.parametrize(
    ("fait", "code"),
    [
        ("projet_de_territoire", "projet_de_territoire"),
        ("accompagne_par_la_caf", "accompagnement_caf"),
    ],
)
def test_what_the_herault_asks_of_a_territory_is_left_to_the_comite(fait: str, code: str) -> None:
    projet = poser(conforme("34"), f"herault.{fait}", valeur=False)
    assert statut(projet, code) == "sous_reserve"
    assert resultat(projet).verdict == "eligible_sous_reserve"


@pytest.mark.parametrize(
    ("fait", "valeur", "code"),
    [
        ("validation_comite_pilotage_local", "refusee", "comite_pilotage_local"),
        ("temps_formation_ou_reflexion", False, "formation_intervenants"),
        ("sans_discrimination", False, "sans_discrimination"),
        ("articulation_dispositifs", False, "articulation_dispositifs"),
        ("activites", [], "activites"),
        ("activites", ["culture", "soutien_matieres"], "activites"),
    ],
)
def test_a_local_refusal_only_holds_in_the_year_of_its_text(
    fait: str, valeur: Any, code: str
) -> None:
    projet = poser(conforme("69"), f"rhone.{fait}", valeur)
    assert statut(projet, code) == "non_conforme"
    apres = projet | {"annee_scolaire": "2025-2026"}
    assert statut(apres, code) == "sous_reserve"
    assert any("2024-2025" in r for r in resultat(apres).reserves)


@pytest.mark.parametrize(
    ("niveaux", "activites", "attendu"),
    [
        (["college"], ["methodologie"], "non_conforme"),
        (["college", "lycee"], ["methodologie"], "non_conforme"),
        (["college"], ["methodologie", "jeux"], "conforme"),
        (["elementaire"], ["methodologie"], "conforme"),
    ],
)
def test_method_alone_is_not_enough_for_collegiens_in_the_rhone(
    niveaux: list[str], activites: list[str], attendu: str
) -> None:
    projet = poser(poser(conforme("69"), "public.niveaux", niveaux), "rhone.activites", activites)
    assert statut(projet, "activites") == attendu


@pytest.mark.parametrize(
    ("annee", "population", "rural", "attendu"),
    [
        ("2024-2025", 4999, False, "sous_reserve"),
        ("2024-2025", 5000, True, "non_conforme"),
        ("2025-2026", 5000, True, "sous_reserve"),
        ("2025-2026", 4999, False, "non_conforme"),
    ],
)
def test_the_rhone_counts_inhabitants_in_its_own_year(
    annee: str, population: int, rural: bool, attendu: str
) -> None:
    projet = conforme("69", annee_scolaire=annee, population_commune=population, milieu_rural=rural)
    assert statut(avec(projet, enfants=6), "effectif", 1) == attendu
    seul = avec(projet, enfants=6, intervenants=1)
    assert statut(seul, "encadrement", 1) == attendu
    unique = avec(projet, seances_par_semaine=1, duree_seance_minutes=120)
    assert statut(unique, "frequence", 1) == attendu


def test_disability_lowers_the_number_of_children_firmly_even_in_the_rhone() -> None:
    projet = avec(conforme("69"), enfants=5, enfant_en_situation_de_handicap=True)
    assert statut(projet, "effectif", 1) == "conforme"


def test_what_a_collectif_says_holds_for_it_alone() -> None:
    projet = conforme()
    projet["budget"]["cout_total"] = 18000
    projet["collectifs"] = [projet["collectifs"][0] | {"enfants": 6} for _ in range(2)]
    projet = poser(projet, "collectifs.2.milieu_rural", valeur=True)
    assert statut(projet, "effectif", 1) == "non_conforme"
    assert statut(projet, "effectif", 2) == "conforme"
