from __future__ import annotations

import random
from functools import cache
from typing import Any

import pytest
from projets import Projet, avec, conforme, poser, regles, resultat, statut

from assistant.eligibility import lire_projet, verdict
from tests.travail import travail


@pytest.mark.parametrize(
    ("faits", "attendu"),
    [
        ({"enfants": 6, "milieu_rural": None}, "a_renseigner"),
        ({"enfants": 9, "milieu_rural": None}, "conforme"),
        ({"enfants": 13, "milieu_rural": None}, "non_conforme"),
        ({"enfants": 6, "milieu_rural": None, "enfant_en_situation_de_handicap": True}, "conforme"),
        ({"enfants": None}, "a_renseigner"),
    ],
)
def test_a_status_is_firm_when_every_completion_shares_it(
    faits: dict[str, Any], attendu: str
) -> None:
    projet = avec(conforme(milieu_rural=None), **faits)
    assert statut(projet, "effectif", 1) == attendu


def test_a_refusal_is_firm_whatever_is_unknown() -> None:
    trouve = resultat({"hors_temps_scolaire": False})
    assert trouve.verdict == "non_eligible"


def test_a_population_is_not_asked_where_it_decides_nothing() -> None:
    for departement in ("34", "75"):
        projet = avec(conforme(departement, population_commune=None), enfants=6)
        assert "population_commune" not in resultat(projet).a_renseigner


@pytest.mark.parametrize("cle", ["departement", "annee_scolaire", "collectifs"])
def test_nothing_but_a_refusal_is_firm_without_what_says_which_rules_apply(cle: str) -> None:
    projet = conforme() | {cle: None}
    assert resultat(projet).verdict == "incomplet"
    assert cle in resultat(projet).a_renseigner
    assert resultat(projet | {"hors_temps_scolaire": False}).verdict == "non_eligible"


def test_an_empty_list_of_collectifs_is_incomplete() -> None:
    assert resultat(conforme(collectifs=[])).verdict == "incomplet"


def test_a_fact_that_can_change_neither_verdict_nor_amounts_is_not_asked() -> None:
    refuse = conforme(hors_temps_scolaire=False, coordinateur=None, public=None)
    assert resultat(refuse).a_renseigner == ()
    sous_reserve = conforme(coordinateur={"designe": True, "niveau_bac_plus": 1})
    trouve = resultat(sous_reserve)
    assert statut(sous_reserve, "coordinateur") == "sous_reserve"
    assert trouve.verdict == "eligible_sous_reserve"
    assert trouve.a_renseigner == ()


def test_an_undecided_criterion_is_not_asked_under_a_firm_verdict() -> None:
    # The 34 text makes one criterion sous_reserve for sure; the other can then change nothing.
    projet = conforme("34", herault={"projet_de_territoire": False})
    trouve = resultat(projet)
    assert statut(projet, "accompagnement_caf") == "a_renseigner"
    assert trouve.verdict == "eligible_sous_reserve"
    assert trouve.a_renseigner == ()


def test_a_department_is_asked_for_the_amounts_only_where_it_decides_a_bonus() -> None:
    refuse = conforme(hors_temps_scolaire=False) | {"departement": None}
    ancien = poser(refuse, "bonus.annees_de_fonctionnement", 1)
    recent = poser(refuse, "bonus.annees_de_fonctionnement", 0)
    assert resultat(ancien).a_renseigner == ()
    assert resultat(recent).a_renseigner == ("departement",)


@pytest.mark.parametrize(
    ("chemin", "demande"),
    [
        ("collectifs.1.prix_de_revient", "collectifs.1.prix_de_revient"),
        ("budget.cout_total", "budget.cout_total"),
        ("budget.autres_financements_caf_clas", "budget.autres_financements_caf_clas"),
        ("bonus.enfants.demande", "bonus.enfants.demande"),
        ("debut", "debut"),
        ("annee_scolaire", "annee_scolaire"),
    ],
)
def test_what_an_amount_needs_is_asked_even_when_the_verdict_is_firm(
    chemin: str, demande: str
) -> None:
    projet = poser(conforme(hors_temps_scolaire=False), chemin, None)
    assert resultat(projet).a_renseigner == (demande,)


def test_work_stays_in_proportion_to_the_collectifs_of_which_nothing_is_known() -> None:
    assert resultat({}).verdict == "incomplet"
    for dit in ({}, {"departement": "69"}):
        assert resultat(dit | {"collectifs": [{}] * 200}).verdict == "incomplet"
        assert _quand_ils_doublent(dit, [{}] * 40) < 2.5


def _quand_ils_doublent(dit: dict[str, Any], collectifs: list[dict[str, Any]]) -> float:
    """How many times the calls are multiplied from the first half of the collectifs to all."""
    moitie, tous = (
        travail(lambda n=n: resultat(dit | {"collectifs": collectifs[:n]}))
        for n in (len(collectifs) // 2, len(collectifs))
    )
    return tous.appels / moitie.appels


def test_work_stays_in_proportion_to_half_known_collectifs() -> None:
    tirage = random.Random(3)
    valeurs: dict[str, tuple[Any, ...]] = {
        "enfants": (None, 6, 7, 10),
        "intervenants": (None, 1, 2),
        "seances_par_semaine": (None, 1, 2),
        "duree_seance_minutes": (None, 120),
        "semaines": (None, 10, 27),
        "milieu_rural": (None, True),
        "demarrage_en_cours_d_annee": (None, True),
        "derogation_comite": (None, "en_attente"),
    }
    collectifs = [{nom: tirage.choice(choix) for nom, choix in valeurs.items()} for _ in range(200)]
    dit = conforme("69", milieu_rural=None, population_commune=None)
    assert _quand_ils_doublent(dit, collectifs[:40]) < 2.5


QUESTIONS: list[dict[str, tuple[Any, ...]]] = [
    {
        "public.niveaux": (["elementaire"], ["maternelle"]),
        "coordinateur.experience": (True, False),
        "charte.laicite": (True, False),
    },
    {
        "charte.participation_familles": ("gratuite", "symbolique", "significative"),
        "charte.participation_liee_a_action_ponctuelle": (True, False),
        "actions_individuelles": ("aucune", "partielles", "exclusives"),
        "diagnostic_des_besoins": (True, False),
    },
    {
        "collectifs.1.enfants": (4, 6, 10, 13),
        "collectifs.1.intervenants": (0, 1, 2),
        "milieu_rural": (True, False),
        "coordinateur.niveau_bac_plus": (1, 2),
    },
    {
        "collectifs.1.seances_par_semaine": (0, 1, 2),
        "collectifs.1.duree_seance_minutes": (60, 90, 120),
        "milieu_rural": (True, False),
        "competences_intervenants": (True, False),
    },
    {
        "coordinateur.designe": (True, False),
        "coordinateur.niveau_bac_plus": (1, 2),
        "coordinateur.experience": (True, False),
        "aide_aux_devoirs_exclusive": (True, False),
    },
]


def _couts(faits: dict[str, tuple[Any, ...]]) -> tuple[float, float, float]:
    """Mean number of questions until the verdict: the best strategy, ours, the order written."""
    depart = conforme()
    for chemin in faits:
        depart = poser(depart, chemin, None)

    @cache
    def conclu(connus: tuple[tuple[str, int], ...]) -> bool:
        return verdict(lire_projet(repondre(connus), regles()), regles()) != "incomplet"

    def repondre(connus: tuple[tuple[str, int], ...]) -> Projet:
        projet = depart
        for chemin, rang in connus:
            projet = poser(projet, chemin, faits[chemin][rang])
        return projet

    def suites(
        connus: tuple[tuple[str, int], ...], chemin: str
    ) -> list[tuple[tuple[str, int], ...]]:
        return [tuple(sorted((*connus, (chemin, r)))) for r in range(len(faits[chemin]))]

    @cache
    def optimal(connus: tuple[tuple[str, int], ...]) -> float:
        if conclu(connus):
            return 0.0
        restants = set(faits) - {c for c, _ in connus}
        return 1 + min(sum(optimal(s) for s in suites(connus, c)) / len(faits[c]) for c in restants)

    @cache
    def notre(connus: tuple[tuple[str, int], ...]) -> float:
        if conclu(connus):
            return 0.0
        chemin = resultat(repondre(connus)).a_renseigner[0]
        return 1 + sum(notre(s) for s in suites(connus, chemin)) / len(faits[chemin])

    @cache
    def fixe(connus: tuple[tuple[str, int], ...]) -> float:
        if conclu(connus):
            return 0.0
        chemin = next(c for c in faits if c not in {k for k, _ in connus})
        return 1 + sum(fixe(s) for s in suites(connus, chemin)) / len(faits[chemin])

    return optimal(()), notre(()), fixe(())


@pytest.mark.parametrize("faits", QUESTIONS)
def test_questions_are_asked_in_nearly_the_best_order(faits: dict[str, tuple[Any, ...]]) -> None:
    optimal, notre, _ = _couts(faits)
    assert optimal <= notre <= 1.1 * optimal


def test_questions_settle_sooner_than_in_a_fixed_order() -> None:
    couts = [_couts(faits) for faits in QUESTIONS]
    assert sum(notre for _, notre, _ in couts) < sum(fixe for _, _, fixe in couts)
