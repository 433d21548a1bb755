from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from projets import Projet, avec, conforme, poser, regles, resultat

from assistant.eligibility import lire_projet, verdict
from assistant.eligibility.models import Correction

NIVEAUX = ["elementaire", "college", "lycee"]
PROPOSABLES: dict[str, tuple[Any, ...]] = {
    "public.niveaux": (["elementaire"], ["college"], NIVEAUX),
    "diagnostic_des_besoins": (True,),
    "hors_temps_scolaire": (True,),
    "charte.laicite": (True,),
    "charte.participation_familles": ("gratuite", "symbolique"),
    "charte.participation_liee_a_action_ponctuelle": (True, False),
    "aide_aux_devoirs_exclusive": (False,),
    "actions_individuelles": ("aucune", "partielles"),
    "evenements_collectifs_par_mois": (1,),
    "competences_intervenants": (True,),
    "coordinateur.designe": (True,),
    "coordinateur.niveau_bac_plus": (2,),
    "coordinateur.experience": (True,),
    "axes.enfants.entraide": (True,),
    "axes.parents.convivialite": (True,),
    "collectifs.1.enfants": (5, 7, 8, 12),
    "collectifs.1.intervenants": (1, 2),
    "collectifs.1.meme_lieu_accessible_aux_parents": (True,),
    "collectifs.1.seances_par_semaine": (1, 2),
    "collectifs.1.duree_seance_minutes": (90, 120),
    "collectifs.1.semaines": (1, 27),
    "herault.projet_de_territoire": (True,),
    "rhone.temps_formation_ou_reflexion": (True,),
    "rhone.activites": (["culture"], ["methodologie", "culture"]),
    "budget.cofinancements": ([{"type": "commune", "montant": 1}],),
}
"""What a brute force may try: for each fact a porteur can change, a value of each kind."""

ECARTS: list[tuple[str, Any]] = [
    ("public.niveaux", ["maternelle", "college"]),
    ("public.besoin_repere_avec_etablissements", False),
    ("diagnostic_des_besoins", False),
    ("charte.participation_familles", "symbolique"),
    ("charte.participation_familles", "significative"),
    ("actions_individuelles", "exclusives"),
    ("actions_individuelles", "partielles"),
    ("coordinateur.niveau_bac_plus", 1),
    ("coordinateur.experience", False),
    ("coordinateur.designe", False),
    ("axes.enfants.entraide", False),
    ("axes.parents.convivialite", False),
    ("milieu_rural", True),
    ("population_commune", 100),
    ("collectifs.1.enfants", 13),
    ("collectifs.1.enfants", 6),
    ("collectifs.1.enfants", 3),
    ("collectifs.1.intervenants", 1),
    ("collectifs.1.seances_par_semaine", 1),
    ("collectifs.1.duree_seance_minutes", 60),
    ("collectifs.1.semaines", 20),
    ("herault.projet_de_territoire", False),
    ("depot_elan", "2025-08-01"),
    ("rhone.activites", ["methodologie"]),
    ("rhone.validation_comite_pilotage_local", "en_attente"),
    ("budget.cofinancements", [{"type": "caf", "montant": 5}]),
]


def _appliquer(projet: Projet, corrections: list[Correction]) -> Projet:
    for correction in corrections:
        projet = poser(projet, correction.champ, correction.vers)
    return projet


def _ensembles(corrections: tuple[Correction, ...]) -> list[list[Correction]]:
    numeros = dict.fromkeys(c.ensemble for c in corrections)
    return [[c for c in corrections if c.ensemble == n] for n in numeros]


def _verdict(projet: Projet) -> str:
    return verdict(lire_projet(projet, regles()), regles())


@st.composite
def projets_a_mender(draw: st.DrawFn) -> Projet:
    departement = draw(st.sampled_from(["34", "69", "75"]))
    projet = conforme(departement)
    for chemin, valeur in draw(st.lists(st.sampled_from(ECARTS), min_size=1, max_size=3)):
        bloc = chemin.split(".", maxsplit=1)[0]
        if bloc in {"herault", "rhone"} and bloc not in projet:
            continue
        projet = poser(projet, chemin, valeur)
    return projet


@settings(max_examples=150, deadline=None)
@given(projets_a_mender())
def test_each_set_works_and_no_part_of_it_does(projet: Projet) -> None:
    trouve = resultat(projet)
    ensembles = _ensembles(trouve.corrections)
    verdicts = {_verdict(_appliquer(projet, e)) for e in ensembles}
    assert len(verdicts) <= 1
    assert verdicts <= {"eligible", "eligible_sous_reserve"}
    for ensemble in ensembles:
        for taille in range(len(ensemble)):
            for partie in combinations(ensemble, taille):
                assert _verdict(_appliquer(projet, list(partie))) not in verdicts


@settings(max_examples=60, deadline=None)
@given(projets_a_mender())
def test_a_brute_force_of_one_or_two_changes_finds_nothing_better(projet: Projet) -> None:
    trouve = resultat(projet)
    ensembles = _ensembles(trouve.corrections)
    taille = min((len(e) for e in ensembles), default=99)
    atteint = _verdict(_appliquer(projet, ensembles[0])) if ensembles else trouve.verdict
    possibles = [
        (chemin, valeur)
        for chemin, valeurs in PROPOSABLES.items()
        for valeur in valeurs
        if chemin.split(".", maxsplit=1)[0] in projet
    ]
    for chemin, valeur in possibles:
        seul = _verdict(poser(projet, chemin, valeur))
        if seul == "eligible" and trouve.verdict != "eligible":
            assert (atteint, taille) == ("eligible", 1)
            assert chemin in {c.champ for e in ensembles for c in e}
        elif seul == "eligible_sous_reserve" and trouve.verdict == "non_eligible":
            assert ensembles
            assert atteint == "eligible" or taille == 1


@pytest.mark.parametrize(
    ("projet", "attendu"),
    [
        (avec(conforme(), intervenants=1), {("collectifs.1.intervenants", 2)}),
        (avec(conforme(), enfants=13), {("collectifs.1.enfants", 12)}),
        (avec(conforme(), enfants=4), {("collectifs.1.enfants", 8)}),
        (avec(conforme(milieu_rural=True), enfants=4), {("collectifs.1.enfants", 5)}),
        (avec(conforme(), semaines=20), {("collectifs.1.semaines", 27)}),
        (avec(conforme(), duree_seance_minutes=60), {("collectifs.1.duree_seance_minutes", 90)}),
    ],
)
def test_the_least_change_is_proposed(projet: Projet, attendu: set[tuple[str, Any]]) -> None:
    assert {(c.champ, c.vers) for c in resultat(projet).corrections} == attendu


@pytest.mark.parametrize(
    "faits",
    [
        {"public": {"niveaux": ["elementaire"], "besoin_repere_avec_etablissements": False}},
        {"depot_elan": "2025-08-01"},
    ],
)
def test_what_would_be_a_false_declaration_is_never_proposed(faits: dict[str, Any]) -> None:
    trouve = resultat(conforme("34") | faits)
    assert trouve.verdict == "non_eligible"
    assert trouve.corrections == ()


def test_an_eligible_project_has_nothing_to_correct() -> None:
    assert resultat(conforme("34")).corrections == ()


def test_a_set_counts_collectifs_from_one_and_changes_all_that_fail() -> None:
    projet = conforme()
    projet["budget"]["cout_total"] = 18000
    projet["collectifs"] = [projet["collectifs"][0] | {"intervenants": 1} for _ in range(2)]
    corrections = resultat(projet).corrections
    assert [(c.ensemble, c.champ) for c in corrections] == [
        (1, "collectifs.1.intervenants"),
        (1, "collectifs.2.intervenants"),
    ]


def test_a_failing_fact_of_a_half_empty_project_is_still_mended() -> None:
    projet = conforme(coordinateur=None, public=None, hors_temps_scolaire=False)
    trouve = resultat(projet)
    assert [(c.champ, c.vers) for c in trouve.corrections] == [("hors_temps_scolaire", True)]
    assert _verdict(_appliquer(projet, list(trouve.corrections))) == "incomplet"


def test_co_funding_is_proposed_as_a_line_to_add() -> None:
    projet = poser(conforme(), "budget.cofinancements", [{"type": "caf", "montant": 5}])
    (correction,) = resultat(projet).corrections
    assert correction.champ == "budget.cofinancements"
    assert correction.vers[0] == {"type": "caf", "montant": 5}
    assert _verdict(_appliquer(projet, [correction])) == "eligible"
