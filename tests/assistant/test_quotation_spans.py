"""True quotations of the five texts, from which the other tests make false and noisy ones."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pytest

from assistant.quotation import IndexCitation, Localisation, Refus
from corpus.library import load_corpus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from corpus.models import DocumentCanonique


class Portion(NamedTuple):
    """A true quotation: ``debut:fin`` of a document."""

    document: str
    debut: int
    fin: int
    texte: str


@cache
def documents() -> Mapping[str, DocumentCanonique]:
    return load_corpus().documents


@cache
def index(document: str) -> IndexCitation:
    return IndexCitation(documents()[document])


@cache
def phrases() -> tuple[Portion, ...]:
    """Every sentence, list item and heading of six words or more, without its bullet."""
    portions = []
    for nom, document in documents().items():
        for bloc in document.blocs:
            texte = document.texte[bloc.debut : bloc.fin]
            debut = len(texte) - len(texte.lstrip("-–·•➤➢☐ "))
            for fin in [m.end() for m in re.finditer(r"[.;?!](?=\s+[A-ZÉÀ])", texte)] + [
                len(texte)
            ]:
                if len(texte[debut:fin].split()) >= 6:
                    a, b = bloc.debut + debut, bloc.debut + fin
                    portions.append(Portion(nom, a, b, document.texte[a:b]))
                debut = fin + len(texte[fin:]) - len(texte[fin:].lstrip())
    return tuple(portions)


def portion(rng: Random) -> Portion:
    """A sentence, or 6 to 60 words of one."""
    entiere = rng.choice(phrases())
    mots = [(m.start(), m.end()) for m in re.finditer(r"\S+", entiere.texte)]
    if len(mots) <= 6 or rng.random() < 0.5:
        return entiere
    longueur = rng.randint(6, min(60, len(mots)))
    premier = rng.randint(0, len(mots) - longueur)
    a, b = mots[premier][0], mots[premier + longueur - 1][1]
    debut = entiere.debut + a
    return Portion(entiere.document, debut, debut + b - a, entiere.texte[a:b])


def trouvee(resultat: Localisation | Refus) -> bool:
    """True when the words were found, be it in several places."""
    if isinstance(resultat, Localisation):
        return True
    return resultat.motif == "ambigu" or (
        resultat.motif == "trop_court" and resultat.proche is not None
    )


def test_every_sentence_of_the_corpus_is_found_where_it_stands() -> None:
    fautes = []
    for phrase in phrases():
        trouve = index(phrase.document).localiser(phrase.texte, (phrase.debut, phrase.fin))
        place = isinstance(trouve, Localisation) and (trouve.debut, trouve.fin, trouve.exact)
        if place != (phrase.debut, phrase.fin, True):
            fautes.append((phrase, trouve))
    assert not fautes, fautes[:3]
    assert len(phrases()) > 500


@pytest.mark.parametrize("document", sorted(documents()))
def test_a_whole_document_is_a_quotation_of_itself(document: str) -> None:
    texte = documents()[document].texte
    trouve = index(document).localiser(texte)
    assert isinstance(trouve, Localisation)
    assert (trouve.debut, trouve.fin) == (0, len(texte)) or trouve.extrait in texte


def test_a_quotation_met_twice_is_ambiguous_until_its_passage_is_told() -> None:
    phrase = "8 à 12 enfants maximum"
    resultat = index("004").localiser(phrase)
    assert isinstance(resultat, Refus)
    assert resultat.motif == "ambigu"
    assert resultat.proche is not None
    fin = resultat.proche.fin
    assert index("004").localiser(phrase, (0, fin)) == resultat.proche
