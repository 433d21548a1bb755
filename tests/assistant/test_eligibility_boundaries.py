from __future__ import annotations

from typing import Any

import pytest
from projets import avec, conforme, poser, resultat, statut


@pytest.mark.parametrize(
    ("faits", "attendu"),
    [
        ({"enfants": 8}, "conforme"),
        ({"enfants": 12}, "conforme"),
        ({"enfants": 13}, "non_conforme"),
        ({"enfants": 7}, "non_conforme"),
        ({"enfants": 7, "milieu_rural": True}, "conforme"),
        ({"enfants": 5, "milieu_rural": True}, "conforme"),
        ({"enfants": 4, "milieu_rural": True}, "non_conforme"),
        ({"enfants": 13, "milieu_rural": True}, "non_conforme"),
        ({"enfants": 5, "enfant_en_situation_de_handicap": True}, "conforme"),
        ({"enfants": 4, "enfant_en_situation_de_handicap": True}, "non_conforme"),
        ({"enfants": 0}, "non_conforme"),
    ],
)
def test_the_number_of_children_is_judged_at_each_threshold(
    faits: dict[str, Any], attendu: str
) -> None:
    assert statut(avec(conforme(), **faits), "effectif", 1) == attendu


@pytest.mark.parametrize(
    ("faits", "attendu"),
    [
        ({"intervenants": 2}, "conforme"),
        ({"intervenants": 1}, "non_conforme"),
        ({"intervenants": 1, "enfants": 7, "milieu_rural": True}, "conforme"),
        ({"intervenants": 1, "enfants": 8, "milieu_rural": True}, "non_conforme"),
        ({"intervenants": 0, "enfants": 7, "milieu_rural": True}, "non_conforme"),
        (
            {"intervenants": 1, "enfants": 7, "enfant_en_situation_de_handicap": True},
            "non_conforme",
        ),
    ],
)
def test_supervision_is_judged_at_each_threshold(faits: dict[str, Any], attendu: str) -> None:
    assert statut(avec(conforme(), **faits), "encadrement", 1) == attendu


UNE_SEANCE = {"seances_par_semaine": 1, "duree_seance_minutes": 120}


@pytest.mark.parametrize(
    ("faits", "attendu"),
    [
        ({"seances_par_semaine": 2, "duree_seance_minutes": 90}, "conforme"),
        ({"seances_par_semaine": 2, "duree_seance_minutes": 89}, "non_conforme"),
        ({"seances_par_semaine": 3, "duree_seance_minutes": 90}, "conforme"),
        (UNE_SEANCE, "non_conforme"),
        (UNE_SEANCE | {"milieu_rural": True}, "sous_reserve"),
        (
            UNE_SEANCE | {"duree_seance_minutes": 119, "milieu_rural": True},
            "non_conforme",
        ),
        (UNE_SEANCE | {"derogation_comite": "accordee"}, "conforme"),
        (UNE_SEANCE | {"derogation_comite": "accordee", "locaux_contraints": True}, "conforme"),
        (
            UNE_SEANCE | {"duree_seance_minutes": 119, "derogation_comite": "accordee"},
            "non_conforme",
        ),
        (
            UNE_SEANCE | {"derogation_comite": "en_attente", "locaux_contraints": True},
            "sous_reserve",
        ),
        (UNE_SEANCE | {"derogation_comite": "en_attente"}, "non_conforme"),
        (UNE_SEANCE | {"derogation_comite": "aucune", "locaux_contraints": True}, "non_conforme"),
        (
            UNE_SEANCE | {"derogation_comite": "refusee", "locaux_contraints": True},
            "non_conforme",
        ),
        (UNE_SEANCE | {"derogation_comite": "refusee", "milieu_rural": True}, "sous_reserve"),
        (UNE_SEANCE | {"derogation_comite": "accordee", "milieu_rural": True}, "conforme"),
        ({"seances_par_semaine": 0, "duree_seance_minutes": 120}, "non_conforme"),
    ],
)
def test_the_frequency_is_judged_by_its_most_favourable_route(
    faits: dict[str, Any], attendu: str
) -> None:
    assert statut(avec(conforme(), **faits), "frequence", 1) == attendu


@pytest.mark.parametrize(
    ("semaines", "en_cours", "attendu"),
    [
        (27, False, "conforme"),
        (26, False, "non_conforme"),
        (26, True, "sous_reserve"),
        (1, True, "sous_reserve"),
        (0, True, "non_conforme"),
        (53, True, "conforme"),
    ],
)
def test_the_weeks_are_judged_at_each_threshold(
    semaines: int, en_cours: bool, attendu: str
) -> None:
    projet = avec(conforme(), semaines=semaines, demarrage_en_cours_d_annee=en_cours)
    assert statut(projet, "semaines", 1) == attendu


@pytest.mark.parametrize(
    ("niveaux", "public", "fiches"),
    [
        (["elementaire"], "conforme", "sans_objet"),
        (["college", "lycee"], "conforme", "sans_objet"),
        (["elementaire", "college"], "conforme", "alerte"),
        (["elementaire", "lycee"], "conforme", "alerte"),
        (["maternelle"], "non_conforme", "sans_objet"),
        (["elementaire", "superieur"], "non_conforme", "sans_objet"),
        ([], "non_conforme", "sans_objet"),
    ],
)
def test_the_levels_say_who_the_project_is_for(
    niveaux: list[str], public: str, fiches: str
) -> None:
    projet = poser(conforme(), "public.niveaux", niveaux)
    assert statut(projet, "public") == public
    assert statut(projet, "fiches_distinctes") == fiches


@pytest.mark.parametrize(
    ("chemin", "valeur", "code"),
    [
        ("public.besoin_repere_avec_etablissements", False, "besoin_repere"),
        ("diagnostic_des_besoins", False, "diagnostic"),
        ("hors_temps_scolaire", False, "hors_temps_scolaire"),
        ("charte.laicite", False, "laicite"),
        ("aide_aux_devoirs_exclusive", True, "aide_aux_devoirs"),
        ("competences_intervenants", False, "competences_intervenants"),
        ("actions_individuelles", "exclusives", "dynamique_collective"),
        ("coordinateur.designe", False, "coordinateur"),
        ("axes.enfants.suivi_presences", False, "axe_enfants"),
        ("axes.parents.echanges_reguliers", False, "axe_parents"),
        ("axes.ecole.reunion_concertation", False, "axe_ecole"),
        ("axes.territoire.partenaires_locaux", False, "axe_territoire"),
        ("budget.cofinancements", [], "cofinancement"),
    ],
)
def test_one_wrong_fact_refuses_one_criterion_and_the_project(
    chemin: str, valeur: Any, code: str
) -> None:
    trouve = resultat(poser(conforme(), chemin, valeur))
    assert [c.code for c in trouve.criteres if c.statut == "non_conforme"] == [code]
    assert trouve.verdict == "non_eligible"


def test_a_missing_objective_is_named() -> None:
    trouve = resultat(poser(conforme(), "axes.parents.echanges_reguliers", valeur=False))
    assert "échanges informels réguliers" in next(
        c.motif for c in trouve.criteres if c.code == "axe_parents"
    )


@pytest.mark.parametrize(
    ("niveau", "experience", "attendu"),
    [(2, True, "conforme"), (1, True, "sous_reserve"), (2, False, "sous_reserve")],
)
def test_a_coordinator_below_what_is_asked_is_left_to_the_caf(
    niveau: int, experience: bool, attendu: str
) -> None:
    projet = conforme(
        coordinateur={"designe": True, "niveau_bac_plus": niveau, "experience": experience}
    )
    assert statut(projet, "coordinateur") == attendu


@pytest.mark.parametrize(
    ("evenements", "attendu"), [(1, "sous_reserve"), (0, "non_conforme"), (None, "a_renseigner")]
)
def test_work_partly_at_home_needs_a_collective_event_each_month(
    evenements: int | None, attendu: str
) -> None:
    projet = conforme(actions_individuelles="partielles", evenements_collectifs_par_mois=evenements)
    assert statut(projet, "dynamique_collective") == attendu


@pytest.mark.parametrize(
    ("genre", "montant", "attendu"),
    [
        ("commune", 1, "conforme"),
        ("commune", 0.01, "conforme"),
        ("commune", 0, "non_conforme"),
        ("caf", 3000, "non_conforme"),
        ("fonds_propres", 3000, "non_conforme"),
        ("familles", 3000, "non_conforme"),
        ("commune", None, "a_renseigner"),
        (None, 3000, "a_renseigner"),
        (None, 0, "non_conforme"),
    ],
)
def test_only_money_of_a_partner_counts_as_co_funding(
    genre: str | None, montant: float | None, attendu: str
) -> None:
    projet = poser(conforme(), "budget.cofinancements", [{"type": genre, "montant": montant}])
    assert statut(projet, "cofinancement") == attendu


@pytest.mark.parametrize(
    ("debut", "fin", "attendu"),
    [
        ("2025-11-03", "2026-06-15", "conforme"),
        ("2025-11-02", "2026-06-15", "alerte"),
        ("2025-11-03", "2026-06-16", "alerte"),
        (None, "2026-06-15", "sans_objet"),
        (None, "2026-06-16", "alerte"),
        ("2025-11-02", None, "alerte"),
    ],
)
def test_the_recommended_dates_only_ever_alert(
    debut: str | None, fin: str | None, attendu: str
) -> None:
    projet = conforme(debut=debut, fin=fin)
    assert statut(projet, "calendrier") == attendu
    assert resultat(projet).verdict == "eligible"
