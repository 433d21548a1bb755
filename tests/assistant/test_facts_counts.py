"""Children, adults, collectifs, sessions, weeks and inhabitants, as people count them."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.dialogue.facts import FaitsLus, lire_faits

E = "collectifs.1.enfants"
I = "collectifs.1.intervenants"  # noqa: E741 - one letter per count in the tables below
S = "collectifs.1.seances_par_semaine"
D = "collectifs.1.duree_seance_minutes"
W = "collectifs.1.semaines"
E2, I2, S2, D2 = (chemin.replace(".1.", ".2.") for chemin in (E, I, S, D))


def valeurs(texte: str, connus: dict[str, Any] | None = None) -> dict[str, Any]:
    lus = lire_faits(texte, connus)
    for fait in lus.faits:
        assert texte[fait.debut : fait.fin] == fait.mots
        assert fait.mots
    return lus.valeurs()


def a_preciser(lus: FaitsLus) -> list[str]:
    return [imprecis.chemin for imprecis in lus.a_preciser]


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("g 6 gamins", {E: 6}),
        ("j'ai 9 mômes inscrits", {E: 9}),
        ("Nous accueillons onze élèves.", {E: 11}),
        ("ya 7 jeunes ds le groupe", {E: 7}),
        ("on a dix enfants cette fois", {E: 10}),
        ("on a 10 anfants", {E: 10}),
        ("8 enfnts inscrits pour l'instant", {E: 8}),
        ("effectif : 9", {E: 9}),
        ("nombre d'enfants : 12", {E: 12}),
        ("nb d'enfants 12", {}),
        ("ils sont 9", {E: 9}),
        ("on est 12", {E: 12}),
        ("on sera 8", {E: 8}),
        ("un groupe de 9", {E: 9}),
        ("notre collectif compte 11 enfants", {E: 11}),
        ("un collectif de dix gosses", {E: 10}),
        ("j'ai seulement 5 petits", {E: 5}),
        ("on n'a que 7 collégiens", {E: 7, "public.niveaux": ["college"]}),
        ("8 CM2", {E: 8, "public.niveaux": ["elementaire"]}),
        ("5 CM2 et 4 CE1", {E: 9, "public.niveaux": ["elementaire"]}),
        ("12 enfants dont 3 handicapés",
         {E: 12, "collectifs.1.enfant_en_situation_de_handicap": True}),
        ("un enfant est parti", {}),
        ("il y a un seul enfant", {E: 1}),
        ("g dis gamins", {}),
        ("vingt-deux enfants", {E: 22}),
        ("nous avons douze (12) enfants", {E: 12}),
    ],
)  # fmt: skip
def test_the_children_are_counted(texte: str, attendu: dict[str, Any]) -> None:
    assert valeurs(texte) == attendu


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("1 anim", {I: 1}),
        ("on a un animateur", {I: 1}),
        ("je suis seule", {I: 1}),
        ("je suis toute seule avec eux", {I: 1}),
        ("deux bénévoles et une salariée", {I: 3}),
        ("2 anims salariés + 1 bénévole", {I: 3}),
        ("une animatrice, deux étudiants et un retraité", {I: 4}),
        ("moi et deux bénévoles", {I: 3}),
        ("trois bénévoles et moi", {I: 4}),
        ("une collègue et moi", {I: 2}),
        ("on encadre à deux", {I: 2}),
        ("on n'est que deux pour encadrer", {I: 2}),
        ("on est 3 adultes", {I: 3}),
        ("avec deux jeunes bénévoles", {I: 2}),
        ("2 personnes pour encadrer le groupe", {I: 2}),
        ("il y a deux encadrants et 10 enfants", {I: 2, E: 10}),
        ("1 animatrice pour 6 enfants", {I: 1, E: 6}),
        ("2 services civiques", {I: 2}),
        ("deux jeunes en service civique", {I: 2}),
        ("un bénévole s'est désisté", {}),
        ("une salariée, 9 enfants", {I: 1, E: 9}),
        ("deux animateurs bénévoles", {I: 2}),
        ("g 6 gamins a la campagne et 1 anim c bon ?", {E: 6, I: 1, "milieu_rural": True}),
        ("on a 2 animateurs dont 1 salarié", {I: 2}),
    ],
)
def test_the_adults_present_are_counted(texte: str, attendu: dict[str, Any]) -> None:
    assert valeurs(texte) == attendu


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("deux groupes de 9 et 11", {"collectifs": 2, E: 9, E2: 11}),
        ("2 groupes de 10", {"collectifs": 2, E: 10, E2: 10}),
        ("on ouvre un 2e groupe de 9", {"collectifs": 2, E2: 9}),
        ("un groupe de 9 et un autre de 11", {"collectifs": 2, E: 9, E2: 11}),
        ("3 groupes de 8, 9 et 10 enfants",
         {"collectifs": 3, E: 8, E2: 9, "collectifs.3.enfants": 10}),
        ("le premier groupe a 9 enfants, le deuxième 11", {"collectifs": 2, E: 9, E2: 11}),
        ("le groupe 1 a 9 enfants, le groupe 2 a 7 enfants", {"collectifs": 2, E: 9, E2: 7}),
        ("2 groupes de 10 avec 2 animateurs chacun",
         {"collectifs": 2, E: 10, E2: 10, I: 2, I2: 2}),
        ("2 groupes de 10, 2 séances d'1h30 par semaine",
         {"collectifs": 2, E: 10, E2: 10, S: 2, S2: 2, D: 90, D2: 90}),
        ("le premier groupe c'est 8 enfants et le second 10, 2 anims chacun",
         {"collectifs": 2, E: 8, E2: 10, I: 2, I2: 2}),
        ("le deuxième groupe n'a qu'un animateur", {"collectifs": 2, I2: 1}),
        ("on a 2 groupes de 8 en primaire et 1 au collège",
         {"collectifs": 3, E: 8, E2: 8, "public.niveaux": ["college", "elementaire"]}),
        ("on a 2 groupes de 10 et 1 de 8",
         {"collectifs": 3, E: 10, E2: 10, "collectifs.3.enfants": 8}),
        ("nous avons quatre collectifs", {"collectifs": 4}),
        ("un seul groupe de 12", {E: 12}),
    ],
)  # fmt: skip
def test_several_collectifs_are_told_apart(texte: str, attendu: dict[str, Any]) -> None:
    assert valeurs(texte) == attendu


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("2 séances par semaine", {S: 2}),
        ("deux fois par semaine", {S: 2}),
        ("1 séance/semaine", {S: 1}),
        ("une seule séance hebdomadaire", {S: 1}),
        ("2x/sem", {S: 2}),
        ("2 x 1h30", {S: 2, D: 90}),
        ("2x1h30 par semaine", {S: 2, D: 90}),
        ("deux fois deux heures", {S: 2, D: 120}),
        ("deux séances hebdomadaires de 90 min", {S: 2, D: 90}),
        ("trois soirs par semaine pendant 1h", {S: 3, D: 60}),
        ("tous les mardis et jeudis de 16h30 à 18h", {S: 2, D: 90}),
        ("le lundi et le jeudi", {S: 2}),
        ("tous les mercredis", {S: 1}),
        ("les séances durent une heure et demie", {D: 90}),
        ("1h30", {D: 90}),
        ("une heure trente", {D: 90}),
        ("1 heure 45 par séance", {D: 105}),
        ("séances de deux heures", {D: 120}),
        ("90 minutes à chaque fois", {D: 90}),
        ("une séance de 2h par semaine", {S: 1, D: 120}),
        ("2 séances de 1h30 minimum", {S: 2, D: 90}),
        ("deux séances de 1h30 à 2h", {S: 2, D: 90}),
        ("3h par semaine", {}),
        ("une sortie par mois, 2 séances de sport", {"evenements_collectifs_par_mois": 1}),
        ("on est à 2h de Paris", {"departement": "75"}),
        ("30 semaines dans l'année", {W: 30}),
        ("pendant vingt-sept semaines", {W: 27}),
        ("on fait 2 séances par semaine sur 28 semaines", {S: 2, W: 28}),
        ("on a commencé il y a 3 semaines", {}),
        ("2 semaines de vacances", {}),
        ("on ne peut pas faire 2 séances par semaine", {}),
    ],
)
def test_sessions_their_length_and_weeks_are_read(texte: str, attendu: dict[str, Any]) -> None:
    assert valeurs(texte) == attendu


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("commune de 3 200 habitants", {"population_commune": 3200}),
        ("on est 1800 hab.", {"population_commune": 1800}),
        ("la Caf nous soutient depuis 3 ans", {"porteur.annees_soutien_caf": 3}),
        ("soutenus par la caf depuis quatre ans", {"porteur.annees_soutien_caf": 4}),
        ("on existe depuis deux ans", {"bonus.annees_de_fonctionnement": 2}),
        ("c'est notre 3e année de clas", {"bonus.annees_de_fonctionnement": 2}),
        ("2 temps collectifs par mois", {"evenements_collectifs_par_mois": 2}),
        ("notre coordinatrice a un bac+3",
         {"coordinateur.designe": True, "coordinateur.niveau_bac_plus": 3}),
        ("la coordinatrice est titulaire d'un BTS",
         {"coordinateur.designe": True, "coordinateur.niveau_bac_plus": 2}),
        ("la coordo a bac + 2",
         {"coordinateur.designe": True, "coordinateur.niveau_bac_plus": 2}),
    ],
)  # fmt: skip
def test_other_numbers_are_read_with_their_nouns(texte: str, attendu: dict[str, Any]) -> None:
    assert valeurs(texte) == attendu


@pytest.mark.parametrize(
    "texte",
    [
        "j'ai 27 ans",
        "le 15 juillet",
        "dépôt avant le 15 juillet 2025",
        "on finance 80 % du projet",
        "le taux est de 32,5 %",
        "les enfants ont de 6 à 11 ans",
        "mon numéro est le 06 12 34 56 78",
        "article 12 de la circulaire 2011-176",
        "il reste 3 jours",
        "dans 2 semaines",
        "une question, 2 minutes",
        "on est 3 communes",
        "",
        "   ",
        "?!…",
        "😀😀",
    ],
)
def test_a_number_of_something_else_is_no_fact(texte: str) -> None:
    chemins = set(valeurs(texte)) - {"departement", "annee_scolaire"}
    assert chemins <= {"collectifs.1.duree_seance_minutes"} if "minutes" in texte else not chemins


@pytest.mark.parametrize(
    ("texte", "chemin"),
    [
        ("une dizaine d'enfants", E),
        ("on a 8 à 12 enfants", E),
        ("10-12 gamins", E),
        ("environ 10 enfants", E),
        ("plus de 8 enfants", E),
        ("6 ou 7 enfants", E),
        ("quelques élèves", E),
        ("on est 4", E),
        ("on a 4 enfants en moins", E),
        ("deux ou trois bénévoles", I),
        ("notre asso a 40 bénévoles", I),
        ("au moins 2 séances par semaine", S),
    ],
)
def test_what_is_not_exact_is_left_to_ask(texte: str, chemin: str) -> None:
    lus = lire_faits(texte)
    assert chemin not in lus.valeurs()
    assert a_preciser(lus) == [chemin]


def test_a_total_over_two_groups_is_left_to_ask() -> None:
    lus = lire_faits("20 enfants répartis en deux groupes")
    assert lus.valeurs() == {"collectifs": 2}
    assert a_preciser(lus) == [E, E2]


def test_a_count_said_of_several_known_collectifs_is_left_to_ask() -> None:
    lus = lire_faits("on a 9 enfants", {"collectifs": [{}, {}]})
    assert lus.valeurs() == {}
    assert a_preciser(lus) == [E, E2]


def test_what_all_collectifs_share_is_read_for_each() -> None:
    connus: dict[str, Any] = {"collectifs": [{"enfants": 9}, {"enfants": 11}]}
    assert valeurs("2 animateurs par groupe", connus) == {I: 2, I2: 2}
    assert valeurs("séances de 1h30", connus) == {D: 90, D2: 90}
