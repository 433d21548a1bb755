"""Every normative sentence of the five texts is accounted for, and nothing else is claimed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import resources
from typing import Any

import pytest
import yaml

from assistant.eligibility.ledger import (
    CitationDeRegle,
    Couverture,
    Entree,
    Registre,
    citations_non_codees,
    codes_d_un_livre,
    couverture,
    lire_registre,
)
from assistant.eligibility.ledger.model import lire_codes
from corpus.library import Corpus
from corpus.models import DocumentCanonique

SANS_PHRASE = {"departement"}
"""Which département a project is in follows from no sentence."""


@pytest.fixture(scope="module")
def registres() -> dict[str, Registre]:
    return {registre.document: registre for registre in lire_registre()}


@pytest.fixture(scope="module")
def bilan(corpus: Corpus) -> Couverture:
    return couverture(corpus.documents)


def _fautes(document: DocumentCanonique, *entrees: Entree) -> tuple[str, ...]:
    registre = Registre(document=document.fiche.id, entrees=entrees)
    return couverture({document.fiche.id: document}, (registre,)).fautes


def _changer(
    registre: Registre, debut: str, changement: Callable[[Entree], Entree]
) -> tuple[Entree, ...]:
    """Entries of a ledger, the one that begins so changed."""
    assert any(entree.extrait.startswith(debut) for entree in registre.entrees)
    return tuple(changement(e) if e.extrait.startswith(debut) else e for e in registre.entrees)


def test_the_ledger_accounts_for_every_normative_sentence(bilan: Couverture) -> None:
    assert bilan.fautes == ()
    assert bilan.complete


def test_there_is_one_entry_for_each_normative_sentence(bilan: Couverture) -> None:
    for document in bilan.documents:
        assert sum(document.par_sort.values()) == document.normatives


def test_each_sort_is_used_and_most_of_the_rules_are_coded(bilan: Couverture) -> None:
    assert sum(bilan.par_sort.values()) == bilan.normatives > 600
    assert all(nombre >= 50 for nombre in bilan.par_sort.values())
    assert bilan.par_sort["code"] == max(bilan.par_sort.values())


def test_every_criterion_codes_a_sentence_but_the_ones_that_follow_from_none(
    bilan: Couverture,
) -> None:
    assert {code for code, nombre in bilan.par_regle.items() if not nombre} == SANS_PHRASE


@pytest.mark.parametrize(
    ("document", "debut"),
    [
        ("000", "Seules les participations modiques"),
        ("001", "En milieu rural une séance hebdomadaire"),
        ("002", "Les actions devront prévoir des temps de formation"),
        ("003", "Il est tout à fait possible"),
        ("004", "Le prix plafond de la prestation"),
    ],
)
def test_a_normative_sentence_missing_from_the_ledger_is_named(
    corpus: Corpus, registres: dict[str, Registre], document: str, debut: str
) -> None:
    entrees = tuple(e for e in registres[document].entrees if not e.extrait.startswith(debut))
    assert len(entrees) == len(registres[document].entrees) - 1
    fautes = _fautes(corpus.documents[document], *entrees)
    assert len(fautes) == 1
    assert "absente du registre" in fautes[0]
    assert debut in fautes[0]


def test_an_entry_whose_sentence_is_gone_is_named(
    corpus: Corpus, registres: dict[str, Registre]
) -> None:
    """A text that changed by one figure makes both the entry and the sentence fail."""
    ancien = corpus.documents["003"]
    texte = ancien.texte.replace("300 € par groupe", "400 € par groupe")
    document = ancien.model_copy(update={"texte": texte})
    fautes = _fautes(document, *registres["003"].entrees)
    assert len(fautes) == 2
    assert "« Ce montant peut être majoré de 300 €" in fautes[0]
    assert "sa phrase n'est plus dans le texte" in fautes[0]
    assert "absente du registre, « Ce montant peut être majoré de 400 €" in fautes[1]


def test_an_entry_with_one_digit_changed_is_refused(
    corpus: Corpus, registres: dict[str, Registre]
) -> None:
    entrees = _changer(
        registres["004"],
        "Le montant du prix plafond",
        lambda e: e.model_copy(update={"extrait": e.extrait.replace("7885", "7985")}),
    )
    fautes = _fautes(corpus.documents["004"], *entrees)
    assert any("n'est plus dans le texte" in faute and "7985" in faute for faute in fautes)


def test_forty_characters_are_enough_for_a_long_sentence(
    corpus: Corpus, registres: dict[str, Registre]
) -> None:
    debut = "Un financement complémentaire sous forme de bonus"
    entrees = _changer(registres["000"], debut, lambda e: e.model_copy(update={"extrait": debut}))
    assert _fautes(corpus.documents["000"], *entrees) == ()


@pytest.mark.parametrize("extrait", ["Un financement complémentaire", "sous forme de bonus pourra"])
def test_too_few_words_or_words_from_the_middle_name_no_sentence(
    corpus: Corpus, registres: dict[str, Registre], extrait: str
) -> None:
    entrees = _changer(
        registres["000"],
        "Un financement complémentaire",
        lambda e: e.model_copy(update={"extrait": extrait}),
    )
    fautes = _fautes(corpus.documents["000"], *entrees)
    assert "n'ouvrent aucune phrase normative" in fautes[0]


def test_a_sentence_written_several_times_needs_its_occurrence(
    corpus: Corpus, registres: dict[str, Registre]
) -> None:
    entrees = _changer(
        registres["001"],
        "Ces actions peuvent prendre les formes suivantes",
        lambda e: e.model_copy(update={"occurrence": None}),
    )
    fautes = _fautes(corpus.documents["001"], *entrees)
    assert "dites laquelle par « occurrence »" in fautes[0]


def test_an_occurrence_beyond_the_last_is_refused(
    corpus: Corpus, registres: dict[str, Registre]
) -> None:
    entrees = _changer(
        registres["003"],
        "Ces bonus sont cumulables",
        lambda e: e.model_copy(update={"occurrence": 2}),
    )
    fautes = _fautes(corpus.documents["003"], *entrees)
    assert "occurrence 2 demandée ; le texte en a 1" in fautes[0]


def test_a_sentence_has_one_entry_alone(corpus: Corpus, registres: dict[str, Registre]) -> None:
    entrees = registres["003"].entrees
    fautes = _fautes(corpus.documents["003"], *entrees, entrees[0])
    assert len(fautes) == 1
    assert "a déjà une entrée" in fautes[0]


def test_an_unknown_rule_is_named_with_its_entry(
    corpus: Corpus, registres: dict[str, Registre]
) -> None:
    entrees = _changer(
        registres["003"],
        "Ces bonus sont cumulables",
        lambda e: e.model_copy(update={"regles": ("bonus_grands_parents",)}),
    )
    fautes = _fautes(corpus.documents["003"], *entrees)
    assert len(fautes) == 1
    assert "« Ces bonus sont cumulables" in fautes[0]
    assert "règle inconnue « bonus_grands_parents »" in fautes[0]


def test_a_rule_book_that_lost_a_criterion_fails_the_ledger(corpus: Corpus) -> None:
    criteres = set(lire_codes().criteres) - {"encadrement"}
    bilan = couverture(corpus.documents, codes=codes_d_un_livre(criteres))
    assert bilan.fautes
    assert all("règle inconnue « encadrement »" in faute for faute in bilan.fautes)


def test_a_document_without_ledger_says_how_much_there_is_to_sort(
    corpus: Corpus, registres: dict[str, Registre]
) -> None:
    textes = {nom: corpus.documents[nom] for nom in ("002", "003")}
    fautes = couverture(textes, (registres["003"],)).fautes
    assert len(fautes) == 1
    assert fautes[0].startswith("002 : aucun registre, ")


def test_a_ledger_without_document_is_refused(
    corpus: Corpus, registres: dict[str, Registre]
) -> None:
    textes = {"003": corpus.documents["003"]}
    fautes = couverture(textes, (registres["003"], registres["002"])).fautes
    assert fautes == ("002 : aucun texte ne porte ce numéro.",)


def test_every_quotation_of_a_criterion_stands_in_a_sentence_coded_by_it(
    corpus: Corpus, registres: dict[str, Registre]
) -> None:
    citations = list(_citations_des_regles())
    assert len(citations) > 50
    assert citations_non_codees(citations, corpus.documents, registres.values()) == ()


def test_a_quotation_from_a_sentence_that_is_not_coded_is_named(
    corpus: Corpus, registres: dict[str, Registre]
) -> None:
    citation = CitationDeRegle(
        regle="effectif", document="003", extrait="4 300 projets Clas financés par les Caf en 2020"
    )
    fautes = citations_non_codees([citation], corpus.documents, registres.values())
    assert len(fautes) == 1
    assert fautes[0].startswith("Règle effectif : le registre de 003")


def test_a_quotation_coded_by_another_criterion_is_named(
    corpus: Corpus, registres: dict[str, Registre]
) -> None:
    citation = CitationDeRegle(
        regle="effectif",
        document="001",
        extrait="Chaque collectif d'enfants doit être encadré et animé par 2 intervenants",
    )
    assert citations_non_codees([citation], corpus.documents, registres.values())


def _citations_des_regles() -> Iterator[CitationDeRegle]:
    """Quotations of the shipped criteria and local variants, but those that permit a variant."""
    for fichier in resources.files("assistant").joinpath("eligibility/rules").iterdir():
        if fichier.name.endswith(".yaml"):
            contenu = yaml.safe_load(fichier.read_text(encoding="utf-8"))
            for critere in contenu.get("criteres", ()):
                yield from _citations(critere, critere["code"])
            for variante in contenu.get("variantes", ()):
                yield from _citations(variante, variante["critere"])


def _citations(noeud: Any, regle: str) -> Iterator[CitationDeRegle]:
    if isinstance(noeud, dict) and noeud.keys() == {"document", "extrait"}:
        yield CitationDeRegle(regle=regle, **noeud)
    elif isinstance(noeud, dict):
        for cle, valeur in noeud.items():
            if cle != "permet":
                yield from _citations(valeur, regle)
    elif isinstance(noeud, list):
        for valeur in noeud:
            yield from _citations(valeur, regle)
