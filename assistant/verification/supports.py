"""What rests on a passage: rules, parameters, cards, answers just given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from assistant.configuration import Configuration
from assistant.eligibility import charger_regles
from assistant.eligibility.revision import AUCUNE
from assistant.fiches.loading import fill_cards, locate_cards, read_cards
from assistant.models import Citation
from assistant.publication.etat import (
    Contenu,
    contents,
    open_base,
    shipped_version,
    version_in_service,
)
from assistant.revision.appuis import list_supports
from assistant.verification.models import AppuiTrouve, Place
from assistant.verification.places import block_at
from corpus.library import load_corpus
from corpus.models import DocumentCanonique

_QUESTION: Final = 120
"""Characters of a question that name its answer."""


def supports_in_service(configuration: Configuration) -> tuple[AppuiTrouve, ...]:
    """Every quotation of what is in service; of what ships, before the program is set up.

    Raises:
        BaseInutilisable: a text of the base is lost or altered.
        ReglesInutilisables: a rule quotes words that are not in the texts.
    """
    version = version_in_service(configuration)
    if version is not None:
        return supports_of(contents(open_base(configuration), version))
    documents = dict(load_corpus().documents)
    regles = charger_regles(documents)
    fiches, ecartees = locate_cards(fill_cards(read_cards(), regles), documents, AUCUNE, {})
    shipped = shipped_version(documents)
    return supports_of(Contenu(shipped, documents, AUCUNE, regles, fiches, ecartees))


def supports_of(contenu: Contenu) -> tuple[AppuiTrouve, ...]:
    """Every quotation of the rules, parameters and cards in service."""
    return tuple(
        AppuiTrouve(
            genre=appui.genre,
            nom=appui.nom,
            document=appui.document,
            version=appui.version,
            debut=appui.debut,
            fin=appui.fin,
        )
        for appui in list_supports(contenu.documents, contenu.regles, contenu.fiches, ())
    )


def supports_of_answers(
    reponses: Iterable[tuple[str, Iterable[Citation]]],
) -> tuple[AppuiTrouve, ...]:
    """Quotations of answers, each answer named by its question."""
    return tuple(
        AppuiTrouve(
            genre="reponse",
            nom=question if len(question) <= _QUESTION else f"{question[:_QUESTION]}…",
            document=citation.document,
            version=citation.version,
            debut=citation.debut,
            fin=citation.fin,
        )
        for question, citations in reponses
        for citation in citations
    )


def resting_on(place: Place, appuis: Iterable[AppuiTrouve]) -> tuple[AppuiTrouve, ...]:
    """What quotes words of a place, each thing once."""
    trouves = (a for a in _of_text(place, appuis) if a.debut < place.fin and place.debut < a.fin)
    uniques: dict[tuple[str, str], AppuiTrouve] = {}
    for appui in trouves:
        uniques.setdefault((appui.genre, appui.nom), appui)
    return tuple(uniques.values())


def of_same_passage(
    document: DocumentCanonique, place: Place, appuis: Iterable[AppuiTrouve]
) -> tuple[tuple[int, int], ...]:
    """Spans quoted in the blocks that a place stands in, its own among them, in order."""
    premier = block_at(document, place.debut)
    dernier = block_at(document, place.fin - 1)
    spans = {(place.debut, place.fin)}
    if premier is not None and dernier is not None:
        spans |= {
            (a.debut, a.fin)
            for a in _of_text(place, appuis)
            if a.debut < dernier.fin and premier.debut < a.fin
        }
    return tuple(sorted(spans))


def _of_text(place: Place, appuis: Iterable[AppuiTrouve]) -> Iterable[AppuiTrouve]:
    return (a for a in appuis if (a.document, a.version) == (place.document, place.version))
