"""Which sentences are normative, both ways."""

from __future__ import annotations

import pytest
import yaml
from pydantic import ValidationError

from assistant.eligibility.ledger.normative import (
    ENUMERATION,
    decouper_unites,
    lire_marques,
    marques_de,
    unites_normatives,
)
from corpus.library import Corpus


@pytest.mark.parametrize(
    ("phrase", "marque"),
    [
        ("Les parents doivent être associés aux actions.", "obligation"),
        ("Le cofinancement est un principe obligatoire.", "obligation"),
        ("Il est requis de ces intervenants qu’ils disposent de compétences.", "demande"),
        ("L'inscription à ces formations est fortement conseillée.", "demande"),
        ("Une séance hebdomadaire peut être validée.", "permission"),
        ("Cinq enfants sont acceptés.", "permission"),
        ("L’agrément des projets est une étape.", "condition"),
        ("Le Clas ne s’adresse pas à tous les enfants.", "restriction"),
        ("Les actions exclusivement individuelles.", "restriction"),
        ("Le Clas n’est pas une alternative à l'école.", "restriction"),
        ("Financé dans la limite de l’enveloppe.", "borne"),
        ("Un animateur pour un groupe inférieur à la norme.", "borne"),
        ("Soit 2563 € par collectif.", "nombre"),
        ("Un groupe de huit à douze enfants.", "nombre"),
        ("Une part de 32,5% du prix de revient.", "nombre"),
        ("Le dépôt ferme avant le 15 juillet.", "date"),
        ("Le groupe fréquente le Clas durant toute l’année scolaire.", "date"),
        ("Les porteurs s'engagent envers la Caf.", "engagement"),
        ("Elles accorderont de l'intérêt aux familles.", "futur"),
        ("Les actions ont lieu en dehors du temps scolaire.", "prescription au présent"),
        ("- Répondre aux besoins identifiés localement", "consigne à l'infinitif"),
    ],
)
def test_a_normative_sentence_is_taken_for_its_mark(phrase: str, marque: str) -> None:
    assert marque in marques_de(phrase)


@pytest.mark.parametrize(
    "phrase",
    [
        "Madame, Monsieur le Directeur,",
        "Elles contribuent à l'épanouissement personnel de l'enfant.",
        "Le Clas constitue également un espace d’informations et de dialogue.",
        "Ce comité départemental est partenarial.",
        "L’évaluation de la démarche a identifié plusieurs impacts positifs :",
        "Au niveau local",
    ],
)
def test_a_sentence_that_only_tells_is_left(phrase: str) -> None:
    assert marques_de(phrase) == ()


def test_a_number_alone_is_no_sentence() -> None:
    assert marques_de("4.1") == ()


def test_the_number_of_a_list_item_is_not_a_number_of_the_text() -> None:
    assert "nombre" not in marques_de("3. concertation avec l’école ;")


def test_curly_and_straight_apostrophes_are_the_same_mark() -> None:
    assert marques_de("Le projet s’engage.") == marques_de("Le projet s'engage.")


def test_a_mark_is_not_seen_inside_a_longer_word() -> None:
    assert "permission" not in marques_de("Le peuple des enfants.")


def test_a_list_item_is_normative_without_any_mark_of_its_own() -> None:
    assert marques_de("- du caractère laïc des actions ;") == ()
    assert marques_de("- du caractère laïc des actions ;", enumere=True) == (ENUMERATION,)


def test_every_item_and_table_row_of_the_texts_is_normative(corpus: Corpus) -> None:
    for document in corpus.documents.values():
        prises = {unite.debut for unite in unites_normatives(document)}
        enumeres = [
            debut
            for bloc, debut, _ in decouper_unites(document)
            if bloc.nature in {"element", "ligne_tableau"}
        ]
        assert set(enumeres) <= prises


def test_a_unit_is_exactly_its_slice_of_the_document(corpus: Corpus) -> None:
    for nom, document in corpus.documents.items():
        for unite in unites_normatives(document):
            assert unite.document == nom
            assert unite.texte == document.texte[unite.debut : unite.fin]


def test_most_sentences_are_taken_but_not_all(corpus: Corpus) -> None:
    for document in corpus.documents.values():
        part = len(unites_normatives(document)) / len(decouper_unites(document))
        assert 0.7 < part < 0.95


def test_an_unreadable_mark_is_refused() -> None:
    contenu = yaml.safe_dump({"marques": [{"nom": "nombre", "formes": ["("]}]})
    with pytest.raises(ValidationError, match="expression régulière illisible"):
        lire_marques(contenu)
