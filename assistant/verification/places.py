"""Places of a text as they are shown: situated, with the words around."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from assistant.quotation import SEPARATEUR_DE_SECTION
from assistant.verification.models import Place, Remplacement
from corpus.models import Bloc, DocumentCanonique
from corpus.places import page_at

AUTOUR: Final = 280
"""Characters of context on either side, at most."""


def make_place(
    document: DocumentCanonique, debut: int, fin: int, remplacement: Remplacement | None = None
) -> Place:
    """Situate ``debut:fin`` of a text.

    Raises:
        ValueError: the span is empty or goes beyond the text.
    """
    texte, fiche = document.texte, document.fiche
    page = page_at(document, debut)
    bloc = block_at(document, debut)
    if not debut < fin <= len(texte):
        raise ValueError(f"passage {debut}-{fin} hors du texte (0 à {len(texte)}) ou vide")
    return Place(
        document=fiche.id,
        version=document.version,
        titre=fiche.titre,
        titre_court=fiche.titre_court,
        portee=fiche.portee,
        annee=fiche.annee,
        section=SEPARATEUR_DE_SECTION.join(bloc.section) or None if bloc else None,
        page=page,
        debut=debut,
        fin=fin,
        avant=_before(texte, debut),
        extrait=texte[debut:fin],
        apres=_after(texte, fin),
        remplacement=remplacement,
    )


def block_at(document: DocumentCanonique, position: int) -> Bloc | None:
    """The block that a character stands in; the first one before it, between two."""
    rang = bisect_right(document.blocs, position, key=lambda bloc: bloc.debut) - 1
    return document.blocs[rang] if rang >= 0 else None


def _before(texte: str, debut: int) -> str:
    avant = texte[max(0, debut - AUTOUR) : debut]
    if debut <= AUTOUR:
        return avant
    coupe = next((rang for rang, signe in enumerate(avant) if signe.isspace()), 0)
    return "…" + avant[coupe:]


def _after(texte: str, fin: int) -> str:
    apres = texte[fin : fin + AUTOUR]
    if fin + AUTOUR >= len(texte):
        return apres
    coupes = [rang for rang, signe in enumerate(apres) if signe.isspace()]
    return apres[: coupes[-1] if coupes else len(apres)] + "…"
