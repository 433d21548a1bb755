from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from projets import Projet, poser, regles, resultat

from assistant.eligibility import Resultat, lire_projet, verdict

RANG = {"eligible": 0, "eligible_sous_reserve": 1, "incomplet": None, "non_eligible": 2}
BOOLEENS = st.sampled_from([True, True, True, False])

COLLECTIFS = st.fixed_dictionaries(
    {
        "enfants": st.integers(3, 14),
        "intervenants": st.integers(0, 3),
        "enfant_en_situation_de_handicap": st.booleans(),
        "meme_lieu_accessible_aux_parents": BOOLEENS,
        "seances_par_semaine": st.integers(0, 3),
        "duree_seance_minutes": st.sampled_from([60, 89, 90, 119, 120]),
        "semaines": st.integers(0, 53),
        "locaux_contraints": st.booleans(),
        "derogation_comite": st.sampled_from(["aucune", "en_attente", "accordee", "refusee"]),
        "prix_de_revient": st.integers(0, 12000),
    }
)


@st.composite
def projets(draw: st.DrawFn) -> Projet:
    collectifs = draw(st.lists(COLLECTIFS, min_size=1, max_size=3))
    somme = sum(c["prix_de_revient"] for c in collectifs)
    bonus = {
        volet: {c: draw(BOOLEENS) for c in ("demande", "projet_annuel", "au_dela_du_socle")}
        for volet in ("enfants", "parents")
    }
    return {
        "annee_scolaire": draw(st.sampled_from(["2021-2022", "2024-2025", "2025-2026"])),
        "departement": draw(st.sampled_from(["34", "69", "75"])),
        "public": {
            "niveaux": draw(
                st.sampled_from([["elementaire"], ["college"], ["elementaire", "lycee"]])
            ),
            "besoin_repere_avec_etablissements": True,
        },
        "diagnostic_des_besoins": True,
        "milieu_rural": draw(st.booleans()),
        "population_commune": draw(st.sampled_from([4999, 5000])),
        "demarrage_en_cours_d_annee": draw(st.booleans()),
        "debut": draw(st.sampled_from(["2025-11-03", "2026-01-01", "2021-11-08"])),
        "depot_elan": "2025-07-01",
        "hors_temps_scolaire": True,
        "charte": {
            "laicite": True,
            "participation_familles": draw(
                st.sampled_from(["gratuite", "symbolique", "significative"])
            ),
            "participation_liee_a_action_ponctuelle": draw(st.booleans()),
        },
        "aide_aux_devoirs_exclusive": False,
        "actions_individuelles": draw(st.sampled_from(["aucune", "aucune", "partielles"])),
        "evenements_collectifs_par_mois": draw(st.integers(0, 2)),
        "competences_intervenants": True,
        "coordinateur": {
            "designe": True,
            "niveau_bac_plus": draw(st.integers(1, 3)),
            "experience": True,
        },
        "axes": {
            "enfants": [
                "methodologie",
                "ressources_locales",
                "vie_collective",
                "entraide",
                "suivi_presences",
            ],
            "parents": [
                "information_inscription",
                "convivialite",
                "codes_ecole",
                "orientation_partenaires",
                "echanges_reguliers",
            ],
            "ecole": ["relations_equipes", "orientation_enfants", "reunion_concertation"],
            "territoire": ["partenaires_locaux"],
        },
        "collectifs": collectifs,
        "budget": {
            "cout_total": somme + draw(st.integers(0, 3000)),
            "autres_financements_caf_clas": draw(st.sampled_from([0, 500, 5000])),
            "cofinancements": [{"type": "commune", "montant": 100}],
        },
        "bonus": {"annees_de_fonctionnement": draw(st.integers(0, 2)), **bonus},
        "herault": {"projet_de_territoire": True, "accompagne_par_la_caf": True},
        "rhone": {
            "validation_comite_pilotage_local": "accordee",
            "temps_formation_ou_reflexion": True,
            "sans_discrimination": True,
            "articulation_dispositifs": True,
            "activites": ["methodologie", "culture"],
        },
    }


CHEMINS = [
    "annee_scolaire",
    "departement",
    "milieu_rural",
    "population_commune",
    "demarrage_en_cours_d_annee",
    "charte",
    "public.niveaux",
    "coordinateur",
    "actions_individuelles",
    "evenements_collectifs_par_mois",
    "axes.parents",
    "collectifs.1.enfants",
    "collectifs.1.intervenants",
    "collectifs.1.semaines",
    "collectifs.1.seances_par_semaine",
    "collectifs.1.duree_seance_minutes",
    "collectifs.1.derogation_comite",
    "collectifs.1.prix_de_revient",
    "budget.cout_total",
    "budget.cofinancements",
    "budget.autres_financements_caf_clas",
    "bonus",
    "debut",
    "rhone.activites",
    "collectifs",
]

rapide = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _rang(projet: Projet) -> int:
    rang = RANG[verdict(lire_projet(projet, regles()), regles())]
    assert rang is not None
    return rang


@pytest.mark.parametrize(
    ("fait", "haut"),
    [("enfants", 12), ("semaines", 53), ("intervenants", 9), ("seances_par_semaine", 7)],
)
@rapide
@given(projets())
def test_more_never_hurts(fait: str, haut: int, projet: Projet) -> None:
    avant = projet["collectifs"][0][fait]
    assume(avant < haut)
    if fait == "enfants":
        assume(avant >= 8)
    assert _rang(poser(projet, f"collectifs.1.{fait}", avant + 1)) <= _rang(projet)


@rapide
@given(projets())
def test_amounts_respect_their_ceilings(projet: Projet) -> None:
    montants = resultat(projet).montants
    assert montants.total is not None
    assert montants.plafond_80 is not None
    assert montants.total <= montants.plafond_80
    assert montants.total <= 0.8 * projet["budget"]["cout_total"]
    assert all(ps is not None and ps <= 2563 for ps in montants.ps_par_collectif)
    versements = (montants.acompte_n_max, montants.acompte_n1_max, montants.solde)
    assert sum(v for v in versements if v is not None) == montants.total
    assert min(v for v in versements if v is not None) >= 0


@rapide
@given(projets(), st.lists(st.sampled_from(CHEMINS), min_size=1, max_size=6, unique=True))
def test_forgetting_facts_never_contradicts_what_they_say(
    projet: Projet, chemins: list[str]
) -> None:
    entier = resultat(projet)
    troue = projet
    for chemin in sorted(chemins, key=lambda c: c == "collectifs"):
        troue = poser(troue, chemin, None)
    partiel = resultat(troue)
    assert partiel.verdict in {entier.verdict, "incomplet"}
    assert verdict(lire_projet(troue, regles()), regles()) == partiel.verdict
    _accorder(partiel, entier)


def _accorder(partiel: Resultat, entier: Resultat) -> None:
    statuts = {(c.code, c.collectif): c.statut for c in entier.criteres}
    for critere in partiel.criteres:
        if critere.code != "calendrier":
            assert critere.statut in {"a_renseigner", statuts[critere.code, critere.collectif]}
    connus, attendus = partiel.montants.model_dump(), entier.montants.model_dump()
    for cle in ("ps_total", "bonus_enfants", "total_avant_plafond", "plafond_80", "total", "solde"):
        assert connus[cle] in {None, attendus[cle]}, cle
    if connus["total_min"] is not None:
        assert connus["total_min"] <= attendus["total"] <= connus["total_max"]
        assert connus["ps_min"] <= attendus["ps_total"] <= connus["ps_max"]


@rapide
@given(projets(), st.lists(st.sampled_from(CHEMINS), min_size=1, max_size=5, unique=True))
def test_a_fact_that_is_not_asked_changes_neither_verdict_nor_amounts(
    projet: Projet, chemins: list[str]
) -> None:
    troue = projet
    for chemin in sorted(chemins, key=lambda c: c == "collectifs"):
        troue = poser(troue, chemin, None)
    partiel = resultat(troue)
    for chemin in chemins:
        demandes = [d for d in partiel.a_renseigner if d == chemin or d.startswith(f"{chemin}.")]
        if demandes or "collectifs" in chemins:
            continue
        valeur: Any = projet
        for partie in chemin.split("."):
            valeur = valeur[int(partie) - 1] if isinstance(valeur, list) else valeur[partie]
        complete = resultat(poser(troue, chemin, valeur))
        assert complete.verdict == partiel.verdict
        exclus = {"detail"}
        assert complete.montants.model_dump(exclude=exclus) == partiel.montants.model_dump(
            exclude=exclus
        )


@rapide
@given(projets())
def test_the_order_of_collectifs_does_not_matter(projet: Projet) -> None:
    retourne = projet | {"collectifs": projet["collectifs"][::-1]}
    endroit, envers = resultat(projet), resultat(retourne)
    assert endroit.verdict == envers.verdict
    assert endroit.montants.total == envers.montants.total
    assert endroit.montants.ps_par_collectif == envers.montants.ps_par_collectif[::-1]


@rapide
@given(projets())
def test_a_result_is_read_back_from_its_json(projet: Projet) -> None:
    trouve = resultat(projet)
    assert Resultat.model_validate_json(trouve.model_dump_json()) == trouve
