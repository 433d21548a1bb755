"""Facts that words give: place, public, kind of porteur, principles, decisions, dates."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from assistant.dialogue.facts import lire_faits

N = "public.niveaux"
P = "charte.participation_familles"
C = "coordinateur.designe"
R = "milieu_rural"
DC = "demarrage_en_cours_d_annee"
DE = "collectifs.1.derogation_comite"
H = "collectifs.1.enfant_en_situation_de_handicap"
L = "collectifs.1.meme_lieu_accessible_aux_parents"


def valeurs(texte: str, connus: dict[str, Any] | None = None) -> dict[str, Any]:
    lus = lire_faits(texte, connus)
    for fait in lus.faits:
        assert texte[fait.debut : fait.fin] == fait.mots
    return lus.valeurs()


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("on est à la campagne", {R: True}),
        ("a la kampagne", {R: True}),
        ("c'est un petit village", {R: True}),
        ("en milieu rural", {R: True}),
        ("on est en ville", {R: False}),
        ("pas en ville", {R: True}),
        ("nous ne sommes pas en milieu rural", {R: False}),
        ("dans un quartier prioritaire", {R: False}),
        ("on n'est ni en REP ni en QPV", {}),
        ("un des enfants est autiste", {H: True}),
        ("aucun enfant handicapé", {H: False}),
        ("un enfant en situation de handicap", {H: True}),
        ("des CM2 et des collégiens", {N: ["college", "elementaire"]}),
        ("on a des lycéens", {N: ["lycee"]}),
        ("c'est pour des maternelles", {N: ["maternelle"]}),
        ("du CP au CM2", {N: ["elementaire"]}),
        ("des élèves de primaire", {N: ["elementaire"]}),
        ("des sixièmes et des 5e", {N: ["college"]}),
        ("on est un centre social", {"porteur.type": "centre_social"}),
        ("nous sommes une association", {"porteur.type": "association"}),
        ("slt on est 1 asso", {"porteur.type": "association"}),
        ("je travaille à la mairie", {"porteur.type": "collectivite"}),
        ("on est une petite commune", {"porteur.type": "collectivite", R: True}),
        ("on est une école", {"porteur.type": "autre"}),
    ],
)
def test_who_and_where_is_read(texte: str, attendu: dict[str, Any]) -> None:
    assert valeurs(texte) == attendu


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("c'est gratuit", {P: "gratuite"}),
        ("on ne demande rien aux familles", {P: "gratuite"}),
        ("aucune participation des familles", {P: "gratuite"}),
        ("une participation symbolique", {P: "symbolique"}),
        ("10 € l'année par famille", {P: "symbolique"}),
        ("les parents paient 5 euros", {P: "symbolique"}),
        ("les familles payent 30 € par mois", {P: "significative"}),
        ("adhésion de 12 euros", {P: "symbolique"}),
        ("c'est payant : 50 euros par trimestre", {P: "significative"}),
        ("les parents paient seulement pour les sorties",
         {"charte.participation_liee_a_action_ponctuelle": True}),
        ("on fait que les devoirs", {"aide_aux_devoirs_exclusive": True}),
        ("on ne fait que de l'aide aux devoirs", {"aide_aux_devoirs_exclusive": True}),
        ("on ne fait pas que les devoirs", {"aide_aux_devoirs_exclusive": False}),
        ("les devoirs et aussi des jeux", {"aide_aux_devoirs_exclusive": False}),
        ("une partie des séances se fait à domicile", {"actions_individuelles": "partielles"}),
        ("tout se passe à domicile", {"actions_individuelles": "exclusives"}),
        ("pas à domicile", {"actions_individuelles": "aucune"}),
        ("pas de coordinateur", {C: False}),
        ("on a un coordo", {C: True}),
        ("on n'a pas de coordinatrice", {C: False}),
        ("sans coordinateur", {C: False}),
        ("notre coordinateur a de l'expérience", {C: True, "coordinateur.experience": True}),
        ("la coordinatrice débute", {C: None, "coordinateur.experience": False}),
        ("un diagnostic a été fait", {"diagnostic_des_besoins": True}),
        ("aucun diagnostic", {"diagnostic_des_besoins": False}),
        ("pas de diagnostic des besoins", {"diagnostic_des_besoins": False}),
        ("les besoins ont été repérés avec l'école",
         {"public.besoin_repere_avec_etablissements": True}),
        ("c'est après l'école", {"hors_temps_scolaire": True}),
        ("pendant la classe", {"hors_temps_scolaire": False}),
        ("nos actions sont laïques", {"charte.laicite": True}),
        ("nos animateurs sont formés", {"competences_intervenants": True}),
        ("toujours la même salle", {L: True}),
        ("on change de salle", {L: False}),
        ("la mairie prête ses locaux gratuitement", {}),
        ("nos intervenants n'ont aucun diplôme", {}),
        ("on note les présences à chaque séance", {"axes.enfants.suivi_presences": True}),
    ],
)  # fmt: skip
def test_how_the_project_works_is_read(texte: str, attendu: dict[str, Any]) -> None:
    attendu = {chemin: valeur for chemin, valeur in attendu.items() if valeur is not None}
    assert valeurs(texte) == attendu


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("on a eu la dérogation", {DE: "accordee"}),
        ("le comité a accordé la dérogation", {DE: "accordee"}),
        ("on attend la dérogation du comité", {DE: "en_attente"}),
        ("la dérogation est en cours", {DE: "en_attente"}),
        ("la dérogation a été refusée", {DE: "refusee"}),
        ("pas de dérogation", {DE: "aucune"}),
        ("on n'a pas demandé de dérogation", {DE: "aucune"}),
        ("la salle n'est libre qu'une fois par semaine",
         {"collectifs.1.locaux_contraints": True, "collectifs.1.seances_par_semaine": 1}),
        ("pas de salle disponible le jeudi", {"collectifs.1.locaux_contraints": True}),
        ("on demande le bonus enfants", {"bonus.enfants.demande": True}),
        ("on ne demande pas le bonus parents", {"bonus.parents.demande": False}),
        ("nous demandons les deux bonus",
         {"bonus.enfants.demande": True, "bonus.parents.demande": True}),
        ("pas de bonus", {"bonus.enfants.demande": False, "bonus.parents.demande": False}),
    ],
)  # fmt: skip
def test_decisions_and_requests_are_read(texte: str, attendu: dict[str, Any]) -> None:
    assert valeurs(texte) == attendu


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("on démarre en janvier", {DC: True}),
        ("on commence début mars", {DC: True}),
        ("ça démarre en octobre", {DC: False}),
        ("on démarre à la rentrée", {DC: False}),
        ("démarrage en cours d'année", {DC: True}),
        ("on démarre le 3 novembre 2025", {"debut": "2025-11-03", DC: False}),
        ("début le 05/01/2026, fin le 12 juin 2026",
         {"debut": "2026-01-05", DC: True, "fin": "2026-06-12"}),
        ("2025-2026, on démarre le 12 janvier",
         {"annee_scolaire": "2025-2026", "debut": "2026-01-12", DC: True}),
        ("dossier déposé sur Elan le 10 juillet 2025", {"depot_elan": "2025-07-10"}),
        ("rentrée 2025", {"annee_scolaire": "2025-2026"}),
        ("nous sommes dans l'Hérault", {"departement": "34"}),
        ("on est à Lyon, en ville", {"departement": "69", R: False}),
        ("dans le 34", {"departement": "34"}),
        ("entre le Rhône et l'Hérault", {}),
        ("on démarre le 31 avril 2026", {DC: True}),
    ],
)  # fmt: skip
def test_dates_years_and_places_are_read(texte: str, attendu: dict[str, Any]) -> None:
    assert valeurs(texte) == attendu


def test_a_day_without_year_falls_in_the_known_school_year() -> None:
    connus = {"annee_scolaire": "2025-2026"}
    assert valeurs("on a déposé le 10 juillet", connus) == {"depot_elan": "2025-07-10"}
    assert valeurs("on s'arrête le 12 juin", connus) == {"fin": "2026-06-12"}
    assert valeurs("on a déposé le 10 juillet") == {}


def test_this_year_counts_from_the_day_given() -> None:
    texte = "on demande pour cette année"
    assert lire_faits(texte).valeurs() == {}
    lus = lire_faits(texte, jour=dt.date(2025, 11, 3))
    assert lus.valeurs() == {"annee_scolaire": "2025-2026"}


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("le comité de pilotage local a validé",
         {"rhone.validation_comite_pilotage_local": "accordee"}),
        ("on attend le copil", {"rhone.validation_comite_pilotage_local": "en_attente"}),
        ("on fait des études surveillées", {"rhone.activites": ["etudes_surveillees"]}),
        ("du théâtre et des jeux", {"rhone.activites": ["culture", "jeux"]}),
    ],
)  # fmt: skip
def test_facts_of_a_departement_are_read_there_alone(texte: str, attendu: dict[str, Any]) -> None:
    assert valeurs(texte, {"departement": "69"}) == attendu
    assert not set(valeurs(texte, {"departement": "34"})) & set(attendu)


def test_levels_add_up_until_the_person_corrects() -> None:
    connus = {"public": {"niveaux": ["elementaire"]}}
    assert valeurs("et aussi des collégiens", connus) == {N: ["college", "elementaire"]}
    assert valeurs("en fait ce sont des collégiens", connus) == {N: ["college"]}
    assert valeurs("uniquement des collégiens", connus) == {N: ["college"]}
