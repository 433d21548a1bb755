"""What is layout and what is not, one small text at a time."""

from __future__ import annotations

import re

import pytest
from test_quotation_spans import documents

from assistant.quotation import Localisation, Refus, localiser
from corpus.models import DocumentCanonique


def _document(texte: str) -> DocumentCanonique:
    fiche = documents()["004"].fiche
    return DocumentCanonique(fiche=fiche, texte=texte, version="0" * 12, blocs=(), carte=())


@pytest.mark.parametrize(
    ("texte", "cite"),
    [
        ("un prix de 7 885 € par an", "un prix de 7885 € par an"),
        ("un prix de 7885 € par an", "un prix de 7\u202f885\u00a0€ par an"),
        ("la relation suivie", "la rela-\ntion suivie"),
        ("il peut-être venu", "il peut-\nêtre venu"),
        ("les années 2025 – 2026 ici", "les années 2025 — 2026 ici"),
        ("un total de 80 % du coût", "un total de 80% du coût"),
        ("le 1er mars prochain", "le 1<sup>er</sup> mars prochain"),
        ("les Reaap sont là", "les Reaap<sup>1</sup> sont là"),
        ("l’œuvre de l’école", "l'oeuvre de l' école"),
        ("de 8-12 enfants au plus", "de 8-\n12 enfants au plus"),
        ("Œuvrer pour le Clas", "Oeuvrer pour le Clas"),
    ],
)
def test_layout_is_no_difference(texte: str, cite: str) -> None:
    trouve = localiser(cite, _document(texte))
    assert isinstance(trouve, Localisation), trouve
    assert trouve.extrait == texte
    assert not trouve.exact


@pytest.mark.parametrize(
    ("texte", "cite"),
    [
        ("de 8-12 enfants au plus", "de 812 enfants au plus"),
        ("de 812 enfants au plus", "de 8-\n12 enfants au plus"),
        ("de 8-12 enfants au plus", "de 8\u00ad12 enfants au plus"),
        ("un code 2 1 affiché", "un code 21 affiché"),
        ("un code 21 affiché", "un code 2 1 affiché"),
        ("un code 21 00 affiché", "un code 2100 affiché"),
        ("séance de 1h30 par jour", "séance de 1 h 30 par jour"),
        ("une part de 32,5 du prix", "une part de 32, 5 du prix"),
        ("une part de 32,5 du prix", "une part de 325 du prix"),
        ("il viendra peut-être ici", "il viendra peut être ici"),
        ("il viendra peut être ici", "il viendra peut-\nêtre ici"),
        ("il est prêt à venir", "il est prêt-\nà venir"),
        ("une surface de 10² mètres", "une surface de 102 mètres"),
        ("une surface de 102 mètres", "une surface de 10<sup>2</sup> mètres"),
        ("une surface en m d’un bloc", "une surface en m<sup>2</sup> d’un bloc"),
        ("la température de 5 degrés", "la température de -5 degrés"),
        ("de 5 degrés au sol", "-5 degrés au sol"),
        ("une hausse de 2*3 points", "une hausse de 23 points"),
        ("le prix est de 8 12 euros", "le prix est de 8 · 12 euros"),
        ("avant les vacances d’été", "avant les vacances d’ete"),
        ("les enfants du Clas", "les enfants du CLAS"),
        ("les enfants du Clas", "les enfants du Clas."),
        ("les élèves des écoles", "les élèves <pas du tout> des écoles"),
        ("un lien parent-enfant fort", "un lien parent enfant fort"),
        ("un lien parent-enfant fort", "un lien parent-"),
    ],
)
def test_what_may_change_the_meaning_is_a_difference(texte: str, cite: str) -> None:
    assert isinstance(localiser(cite, _document(texte)), Refus)


def test_quotation_marks_put_around_a_quotation_are_not_part_of_it() -> None:
    trouve = localiser("« le mot entier »", _document("c’est le mot entier cité"))
    assert isinstance(trouve, Localisation)
    assert trouve.extrait == "le mot entier"


def test_a_refusal_says_what_differs_and_where() -> None:
    document = documents()["004"]
    refus = localiser("sur une période de 28 semaines minimum de fonctionnement annuel", document)
    assert isinstance(refus, Refus)
    assert refus.motif == "altere"
    assert "le texte dit « 27 », la citation dit « 28 »" in refus.explication
    assert refus.proche is not None
    assert refus.proche.extrait == (
        "sur une période de 27 semaines minimum de fonctionnement annuel"
    )
    assert document.texte[refus.proche.debut : refus.proche.fin] == refus.proche.extrait


def test_a_missing_negation_is_named() -> None:
    refus = localiser(
        "les actions ponctuelles et suivies peuvent bénéficier d’un financement", documents()["004"]
    )
    assert isinstance(refus, Refus)
    for mot in ("non", "ne", "pas"):
        assert re.search(rf"la citation omet « (?:\w+ )?{mot}\b", refus.explication)


def test_a_cut_quotation_is_refused_and_the_reason_given() -> None:
    refus = localiser("Un collectif d’enfants […] se réunit durant", documents()["004"])
    assert isinstance(refus, Refus)
    assert refus.motif == "introuvable"
    assert "chaque morceau se cite séparément" in refus.explication


def test_a_slice_that_cuts_a_number_is_given_back_whole() -> None:
    document = _document("La somme de 7 885 € par an est un plafond.")
    refus = localiser("La somme de 7", document)
    assert isinstance(refus, Refus)
    assert refus.motif == "altere"
    assert refus.proche is not None
    assert refus.proche.extrait == "La somme de 7 885 €"


@pytest.mark.parametrize(
    ("cite", "motif"),
    [("", "trop_court"), (" \n**", "trop_court"), ("Caf", "trop_court"), ("xyzzy", "introuvable")],
)
def test_each_refusal_has_its_reason(cite: str, motif: str) -> None:
    refus = localiser(cite, documents()["004"])
    assert isinstance(refus, Refus)
    assert refus.motif == motif


def test_a_short_quotation_that_stands_once_is_accepted() -> None:
    trouve = localiser("7 885 €", _document("Un prix de 7 885 € par an."))
    assert isinstance(trouve, Localisation)
    assert trouve.exact
