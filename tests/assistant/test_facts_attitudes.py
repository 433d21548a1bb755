"""What is said, supposed or only asked of the rule; corrections; short answers."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.dialogue.facts import lire_faits

E = "collectifs.1.enfants"
I = "collectifs.1.intervenants"  # noqa: E741 - as in the tables
S = "collectifs.1.seances_par_semaine"
R = "milieu_rural"


def certitudes(texte: str, connus: dict[str, Any] | None = None) -> dict[str, str]:
    return {fait.chemin: fait.certitude for fait in lire_faits(texte, connus).faits}


@pytest.mark.parametrize(
    "texte",
    [
        "combien d'enfants faut-il ?",
        "faut-il 8 enfants ?",
        "il faut 2 animateurs minimum ?",
        "un collectif, c'est 8 à 12 enfants ?",
        "combien d'intervenants par collectif ?",
        "les textes disent 8 enfants",
        "un animateur peut-il être bénévole ?",
        "le coordinateur doit-il avoir un bac+2 ?",
        "combien de séances par semaine ?",
        "est-ce qu'on doit faire 2 séances par semaine ?",
        "on a besoin de 2 animateurs ?",
        "27 semaines minimum ?",
        "c'est quoi un collectif ?",
        "quelle est la durée d'une séance ?",
        "la Caf exige 2 intervenants",
        "quel est le prix plafond ?",
        "le bonus est de 300 € ?",
        "qui valide les projets ?",
        "s'il vous plaît, combien d'enfants maximum ?",
        "un collectif doit compter 8 enfants",
        "l'an dernier on avait 12 enfants",
        "mon fils y va deux soirs par semaine",
    ],
)
def test_a_question_about_the_rule_gives_no_fact(texte: str) -> None:
    assert certitudes(texte) == {}


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("est-ce que 6 enfants suffisent ?", {E}),
        ("6 enfants, ça passe ?", {E}),
        ("et avec 6 enfants ?", {E}),
        ("un seul animateur, c'est possible ?", {I}),
        ("peut-on n'avoir qu'un animateur ?", {I}),
        ("et en milieu rural ?", {R}),
        ("si on a 6 enfants, 1 anim suffit ?", {E, I}),
        ("imaginons 13 enfants dans le groupe", {E}),
        ("et si on est 7 ?", {E}),
        ("on a le droit d'être avec 6 enfants ?", {E}),
        ("une seule séance par semaine, c'est bon ?", {S}),
        ("combien d'animateurs pour 10 enfants ?", {E}),
        ("et dans le Rhône ?", {"departement"}),
        ("ça passe avec 7 gamins ?", {E}),
        ("6 enfants c bon", {E}),
        ("cahier de présence et goûter", {"axes.enfants.suivi_presences"}),
    ],
)
def test_what_a_question_puts_forward_is_supposed(texte: str, attendu: set[str]) -> None:
    lues = certitudes(texte)
    assert set(lues) == attendu
    assert set(lues.values()) == {"supposee"}


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("j'ai 6 enfants, c'est bon ?", {E}),
        ("g 6 gamins c bon ?", {E}),
        ("on a 6 enfants et 1 anim, ça passe ?", {E, I}),
        ("combien d'animateurs pour nos 10 enfants ?", {E}),
        ("nous accueillons 9 enfants : combien touche-t-on ?", {E}),
        ("combien on touche ? on a 10 enfants", {E}),
        ("svp on a 10 gamins combien on touche", {E}),
        ("on aura 14 enfants dans un seul groupe, c'est possible ?", {E}),
        ("6 enfants", {E}),
        ("en ville", {R}),
    ],
)
def test_what_is_told_before_a_question_is_said(texte: str, attendu: set[str]) -> None:
    lues = certitudes(texte)
    assert set(lues) == attendu
    assert set(lues.values()) == {"dite"}


def test_an_interpretation_is_marked_as_such() -> None:
    assert certitudes("on est 12") == {E: "deduite"}
    assert certitudes("on démarre en janvier") == {"demarrage_en_cours_d_annee": "deduite"}


def test_what_is_said_and_what_is_supposed_are_both_kept() -> None:
    lus = lire_faits("On a 6 enfants. Et si on en avait... mettons 8 enfants ?")
    assert [(f.valeur, f.certitude) for f in lus.faits] == [(6, "dite"), (8, "supposee")]


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("non, 9 enfants", {E: 9}),
        ("non 9 enfants", {E: 9}),
        ("en fait 2 animateurs", {I: 2}),
        ("pardon, 9 enfants et pas 14", {E: 9}),
        ("9 enfants au lieu de 14", {E: 9}),
        ("pas 14 mais 9", {E: 9}),
        ("9 et pas 14", {E: 9}),
        ("on a 14 enfants, euh non pardon 9 enfants", {E: 9}),
        ("finalement on sera 10", {E: 10}),
        ("je me suis trompé, on est en ville", {R: False}),
        ("je voulais dire l'Hérault et non le Rhône", {"departement": "34"}),
    ],
)
def test_a_correction_gives_the_new_value(texte: str, attendu: dict[str, Any]) -> None:
    lus = lire_faits(texte, {"collectifs": [{"enfants": 14, "intervenants": 1}]})
    assert lus.correction
    assert lus.valeurs() == attendu


def test_two_values_without_a_correction_are_left_to_ask() -> None:
    lus = lire_faits("On a 6 enfants. On a 9 enfants.")
    assert lus.valeurs() == {}
    assert [i.chemin for i in lus.a_preciser] == [E]


@pytest.mark.parametrize(
    ("texte", "attendu", "valeur"),
    [
        ("9", E, 9),
        ("neuf", E, 9),
        ("ben 9 je crois", E, 9),
        ("oui", R, True),
        ("oui tout à fait", R, True),
        ("non", R, False),
        ("non pas du tout", R, False),
        ("2h", "collectifs.2.duree_seance_minutes", 120),
        ("8500", "collectifs.1.prix_de_revient", 8500),
        ("4500,50 €", "budget.cout_total", 4500.5),
        ("le 3/11/2025", "debut", "2025-11-03"),
        ("aucun", "coordinateur.designe", False),
    ],
)
def test_a_bare_answer_is_read_by_what_was_asked(texte: str, attendu: str, valeur: object) -> None:
    lus = lire_faits(texte, attendus=[attendu])
    assert lus.valeurs() == {attendu: valeur}


@pytest.mark.parametrize("texte", ["9 ?", "je ne sais pas", "peut-être", "9 ou 10", "euh"])
def test_what_is_no_answer_gives_none(texte: str) -> None:
    assert lire_faits(texte, attendus=[E]).valeurs() == {}


def test_a_bare_number_means_nothing_when_nothing_was_asked() -> None:
    assert lire_faits("9").valeurs() == {}


@pytest.mark.parametrize(
    "texte",
    [
        "10 enfants, 2 bénévoles, 9000 euros de budget, on a droit à combien ?",
        "1 groupe de 10 enfants, 2 animateurs, 30 semaines, c'est bon ?",
        "deux groupes, 20 enfants, 4 animateurs, 27 semaines, 15000 euros : ça passe ?",
    ],
)
def test_a_project_told_in_a_question_is_said(texte: str) -> None:
    assert set(certitudes(texte).values()) <= {"dite", "deduite"}
    assert len(certitudes(texte)) >= 3


@pytest.mark.parametrize(
    "texte",
    [
        "6 enfants et 1 animateur c bon ?",
        "et si on avait 10 enfants, 2 animateurs, 30 semaines, c'est bon ?",
        "et avec 10 enfants, 2 animateurs, 30 semaines, c'est bon ?",
        "a-t-on le droit de prendre 10 enfants, 2 animateurs, 30 semaines ?",
    ],
)
def test_little_in_a_question_or_what_it_imagines_is_supposed(texte: str) -> None:
    assert set(certitudes(texte).values()) == {"supposee"}


def test_a_question_on_a_project_that_is_known_imagines_it_otherwise() -> None:
    connus = {"collectifs": [{"enfants": 9}]}
    lues = certitudes("12 enfants, 3 animateurs, 30 semaines, c'est bon ?", connus)
    assert set(lues.values()) == {"supposee"}


def test_weeks_that_were_not_done_are_not_counted() -> None:
    assert lire_faits("si on a pas fait les 27 semaines on doit rembourser ?").valeurs() == {}
