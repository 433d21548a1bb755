"""Every sentence of the five texts is quoted by a card, or set aside with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant.eligibility.commands import regles_livrees
from assistant.eligibility.ledger.normative import decouper_unites, unites_normatives
from assistant.fiches.couverture import (
    INTITULES,
    RAISONS,
    BilanFiches,
    Ecartee,
    Ecartees,
    EcarteesInutilisables,
    couvrir,
    lecteurs,
    lire_ecartees,
    unites_a_couvrir,
)
from assistant.fiches.loading import FichePrete, fill_cards, locate_cards, read_cards
from corpus.library import Corpus

TEXTES = ("000", "001", "002", "003", "004")


@pytest.fixture(scope="module")
def fiches(corpus: Corpus) -> tuple[FichePrete, ...]:
    pretes, _ = locate_cards(fill_cards(read_cards(), regles_livrees()), corpus.documents)
    return pretes


@pytest.fixture(scope="module")
def bilan(fiches: tuple[FichePrete, ...], corpus: Corpus) -> BilanFiches:
    return couvrir(fiches, corpus.documents)


def _fautes(
    corpus: Corpus, fiches: tuple[FichePrete, ...], texte: str, *entrees: Ecartee
) -> tuple[str, ...]:
    """Faults of one text when only these entries set something aside."""
    mises = (Ecartees(document=texte, ecartees=entrees),) if entrees else ()
    return couvrir(fiches, {texte: corpus.documents[texte]}, mises).fautes


def _sur(fautes: tuple[str, ...], extrait: str) -> list[str]:
    """Faults about an entry, not about units that nothing accounts for."""
    return [f for f in fautes if f"« {extrait[:40]}" in f and "ni citée" not in f]


def test_every_unit_is_reached_by_a_card_or_set_aside(bilan: BilanFiches) -> None:
    assert bilan.fautes == ()
    assert bilan.complete


def test_what_is_reached_and_what_is_set_aside_add_up_to_each_text(bilan: BilanFiches) -> None:
    assert {d.document for d in bilan.documents} == set(TEXTES)
    for document in bilan.documents:
        assert document.atteintes + sum(document.par_raison.values()) == document.unites
        assert set(document.par_raison) == set(RAISONS)


def test_every_normative_sentence_of_the_ledger_is_among_the_units(corpus: Corpus) -> None:
    for document in corpus.documents.values():
        places = {(unite.debut, unite.fin) for unite in unites_a_couvrir(document)}
        assert {(u.debut, u.fin) for u in unites_normatives(document)} <= places


def test_only_headings_without_mark_and_wordless_units_are_left_out(corpus: Corpus) -> None:
    for document in corpus.documents.values():
        places = {(unite.debut, unite.fin) for unite in unites_a_couvrir(document)}
        for bloc, debut, fin in decouper_unites(document):
            if (debut, fin) not in places and any(map(str.isalpha, document.texte[debut:fin])):
                assert bloc.nature in INTITULES


def test_most_of_each_text_is_reached_rather_than_set_aside(bilan: BilanFiches) -> None:
    for document in bilan.documents:
        assert document.atteintes >= 0.85 * document.unites


@pytest.mark.parametrize("texte", TEXTES)
def test_a_card_taken_away_leaves_what_it_alone_quotes_without_any(
    texte: str, fiches: tuple[FichePrete, ...], corpus: Corpus
) -> None:
    unites = unites_a_couvrir(corpus.documents[texte])
    seules = {unite: lus for unite in unites if len(lus := lecteurs(fiches, texte, unite)) == 1}
    assert seules
    retiree = min(next(iter(seules.values())))
    restantes = tuple(prete for prete in fiches if prete.fiche.id != retiree)
    perdues = [unite for unite, lus in seules.items() if retiree in lus]
    fautes = couvrir(restantes, corpus.documents).fautes
    for unite in perdues:
        assert f"{texte} : ni citée par une fiche ni écartée, « {unite.texte} »." in fautes


def test_without_cards_nothing_is_reached(corpus: Corpus) -> None:
    bilan = couvrir((), corpus.documents, ())
    assert all(document.atteintes == 0 for document in bilan.documents)
    assert len(bilan.fautes) == sum(document.unites for document in bilan.documents)


def test_an_entry_taken_away_leaves_its_unit_without_a_reason(
    fiches: tuple[FichePrete, ...], corpus: Corpus
) -> None:
    fichiers = {fichier.document: fichier for fichier in lire_ecartees()}
    for texte, fichier in fichiers.items():
        fautes = _fautes(corpus, fiches, texte, *fichier.ecartees[1:])
        assert any("ni citée par une fiche ni écartée" in faute for faute in fautes)


def test_a_unit_that_a_card_quotes_cannot_be_set_aside(
    fiches: tuple[FichePrete, ...], corpus: Corpus
) -> None:
    extrait = "Ne sont pas éligibles pour un financement :"
    entree = Ecartee(extrait=extrait, raison="annonce de liste")
    (faute,) = _sur(_fautes(corpus, fiches, "002", entree), extrait)
    assert "écartée, alors que la fiche" in faute


def test_an_entry_whose_words_are_gone_from_the_text_is_named(
    fiches: tuple[FichePrete, ...], corpus: Corpus
) -> None:
    extrait = "Cette phrase ne se lit dans aucun des cinq textes."
    entree = Ecartee(extrait=extrait, raison="formule administrative")
    (faute,) = _sur(_fautes(corpus, fiches, "000", entree), extrait)
    assert "n'ouvrent aucune phrase" in faute


def test_a_short_beginning_does_not_name_a_longer_unit(
    fiches: tuple[FichePrete, ...], corpus: Corpus
) -> None:
    entree = Ecartee(extrait="2-2 Principes", raison="titre")
    (faute,) = _sur(_fautes(corpus, fiches, "002", entree), entree.extrait)
    assert "n'ouvrent aucune phrase" in faute


def test_a_unit_is_set_aside_once(fiches: tuple[FichePrete, ...], corpus: Corpus) -> None:
    entree = Ecartee(extrait="2-3 Objectifs", raison="titre")
    (faute,) = _sur(_fautes(corpus, fiches, "002", entree, entree), entree.extrait)
    assert "écartée deux fois" in faute


def test_a_sentence_is_not_set_aside_as_a_heading(corpus: Corpus) -> None:
    extrait = "Ne sont pas éligibles pour un financement :"
    (faute,) = _sur(_fautes(corpus, (), "002", Ecartee(extrait=extrait, raison="titre")), extrait)
    assert "ce n'est pas un titre" in faute


def test_what_introduces_a_list_that_no_card_quotes_is_not_set_aside(corpus: Corpus) -> None:
    extrait = "Ne sont pas éligibles pour un financement :"
    entree = Ecartee(extrait=extrait, raison="annonce de liste")
    (faute,) = _sur(_fautes(corpus, (), "002", entree), extrait)
    assert "aucune fiche ne cite la liste" in faute


def test_a_sentence_that_announces_nothing_is_not_set_aside_as_if_it_did(corpus: Corpus) -> None:
    extrait = "Les actions exclusivement individuelles."
    entree = Ecartee(extrait=extrait, raison="annonce de liste")
    (faute,) = _sur(_fautes(corpus, (), "002", entree), extrait)
    assert "ce n'est pas l'annonce d'une liste" in faute


def test_a_repetition_names_a_card_that_quotes_the_same_words(
    fiches: tuple[FichePrete, ...], corpus: Corpus
) -> None:
    extrait = "Un axe d'intervention auprès et avec les parents"
    entree = Ecartee(extrait=extrait, raison="répétition", fiche="rhone-annee")
    (faute,) = _sur(_fautes(corpus, fiches, "001", entree), extrait)
    assert "ne cite pas ces mots" in faute


@pytest.mark.parametrize(
    "champs", [{"raison": "répétition"}, {"raison": "titre", "fiche": "rhone-annee"}]
)
def test_a_card_goes_with_a_repetition_and_with_nothing_else(champs: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="répétition"):
        Ecartee.model_validate({"extrait": "Annexe", **champs})


def test_entries_about_an_unknown_text_are_named(corpus: Corpus) -> None:
    entree = Ecartee(extrait="Annexe", raison="titre")
    mises = (Ecartees(document="999", ecartees=(entree,)),)
    assert "999 : aucun texte ne porte ce numéro." in couvrir((), corpus.documents, mises).fautes


@pytest.mark.parametrize(
    ("contenu", "dit"),
    [
        ("document: [", "illisible"),
        ('document: "001"\necartees: []', "ecartees"),
        ('document: "001"\necartees: [{extrait: a, raison: ennui}]', "raison"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_name(
    tmp_path: Path, contenu: str, dit: str
) -> None:
    (tmp_path / "001.yaml").write_text(contenu, "utf-8")
    with pytest.raises(EcarteesInutilisables, match=rf"001\.yaml.*{dit}"):
        lire_ecartees(tmp_path)


def test_two_files_about_one_text_are_refused(tmp_path: Path) -> None:
    for nom in ("a.yaml", "b.yaml"):
        (tmp_path / nom).write_text(
            'document: "001"\necartees: [{extrait: Annexe, raison: titre}]', "utf-8"
        )
    with pytest.raises(EcarteesInutilisables, match="001"):
        lire_ecartees(tmp_path)
