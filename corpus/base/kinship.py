"""Whether a text is one that the base already has, a new version of it, or what comes after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, Literal

from pydantic import BaseModel
from rapidfuzz.distance import Indel, LCSseq

from corpus.base.clues import fold, number_in
from corpus.base.models import EntreeBase
from corpus.base.proposal import Proposition
from corpus.comparison.alignment import align
from corpus.comparison.reading import read_words
from corpus.models import FROZEN, DocumentCanonique, FicheDocument

Genre = Literal["fichier", "texte", "version", "successeur", "proche"]

_NEAR: Final = 0.95
"""Share of words in order from which a text is nearly another one."""
_NEARLY_AS_LONG: Final = 0.85
_IN_COMMON: Final = 0.4
"""Share of the old words found again from which a text is a version of the same one."""
_HOPE: Final = 0.15
"""Share of words in order under which texts are not aligned: nothing will be found again."""
_SAME_TITLE: Final = 0.85

Read = Callable[[EntreeBase], DocumentCanonique | None]


class Parente(BaseModel):
    """What a text is to a known document, and how that is known."""

    model_config = FROZEN

    genre: Genre
    document: str
    titre: str
    part: float
    """Share of words in common, 0 to 1."""
    pourquoi: str


def same_file(sha256: str, known: Iterable[EntreeBase]) -> Parente | None:
    """The document that the very same file already gives."""
    for entree in known:
        if entree.fiche.sha256 == sha256:
            return _kin("fichier", entree, 1.0, "c'est le même fichier, octet pour octet")
    return None


def recognise(
    proposed: Proposition, known: Mapping[str, EntreeBase], read: Read
) -> tuple[Parente, ...]:
    """Say what a text is to the documents of the base, the closest first.

    Args:
        proposed: the text, and the entry read from it.
        known: documents of the base, by id.
        read: gives the canonical text of a document; None when it is lost.
    """
    for entree in known.values():
        if entree.texte == proposed.document.version:
            return (_kin("texte", entree, 1.0, "son texte est le même, mot pour mot"),)
    found = [kin for entree in known.values() for kin in _compare(proposed, entree, read)]
    order: tuple[Genre, ...] = ("version", "successeur", "proche")
    return tuple(sorted(found, key=lambda kin: (order.index(kin.genre), -kin.part)))


def _compare(proposed: Proposition, entree: EntreeBase, read: Read) -> Iterator[Parente]:
    announced, why = _announces(proposed, entree.fiche), _same_document(proposed, entree.fiche)
    old = read(entree)
    if old is None or not (announced or why or _as_long(old.texte, proposed.document.texte)):
        return
    here, there = read_words(old).cles, read_words(proposed.document).cles
    if not here or not there:
        return
    alike = Indel.normalized_similarity(here, there, score_cutoff=_NEAR)
    if announced:
        part = alike or LCSseq.similarity(here, there) / len(here)
        yield _kin("successeur", entree, part, f"il le dit ({announced})")
        return
    if why and LCSseq.similarity(here, there) >= _HOPE * len(here):
        aligned = align(old, proposed.document)
        part = sum(place is not None for place in aligned.vers) / len(aligned.vers)
        if part >= _IN_COMMON:
            yield _as_version(proposed, entree, part, why)
            return
    if alike:
        yield _kin("proche", entree, alike, "les mêmes mots dans le même ordre, ou presque")


def _as_long(here: str, there: str) -> bool:
    """Whether two texts may be nearly the same, by their length alone."""
    return min(len(here), len(there)) >= _NEARLY_AS_LONG * max(len(here), len(there))


def _as_version(proposed: Proposition, entree: EntreeBase, part: float, why: str) -> Parente:
    """A text made for another school year comes after the local text that has its title."""
    old, new = entree.fiche, proposed.fiche
    if old.derniere_annee and new.annee and old.annee and old.annee != new.annee:
        return _kin("successeur", entree, part, f"{why}, pour une autre année ({new.annee})")
    return _kin("version", entree, part, why)


def _announces(proposed: Proposition, known: FicheDocument) -> str | None:
    number = number_in(known.titre) or number_in(known.titre_court)
    if number is None or number == proposed.numero:
        return None
    return next((said.lu for said in proposed.annonces if said.valeur == number), None)


def _same_document(proposed: Proposition, known: FicheDocument) -> str | None:
    """Why a text may be another version of a document; None where it is another document."""
    new = proposed.fiche
    if new.portee != known.portee:
        return None
    number = number_in(known.titre) or number_in(known.titre_court)
    if number and proposed.numero:
        return f"même numéro, {number}" if number == proposed.numero else None
    if Indel.normalized_similarity(fold(new.titre), fold(known.titre)) >= _SAME_TITLE:
        return "même titre et même portée"
    local = new.portee != "nationale"
    if new.nature == known.nature and (local or new.editeur == known.editeur):
        return "même nature, même éditeur et même portée"
    if new.nature == "autre" and local:
        return "même portée"
    return None


def _kin(genre: Genre, entree: EntreeBase, part: float, why: str) -> Parente:
    return Parente(
        genre=genre,
        document=entree.fiche.id,
        titre=entree.fiche.titre_court,
        part=round(part, 3),
        pourquoi=why,
    )
