"""Other places of the texts in service that say what a quotation says, or something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rapidfuzz.distance import Indel

from assistant.quotation import localiser_partout
from assistant.verification.differences import compare
from assistant.verification.models import Ailleurs, Place, SorteAilleurs
from assistant.verification.places import make_place
from assistant.verification.texts import Recueil
from corpus.comparison.reading import Lecture
from corpus.models import DocumentCanonique
from corpus.sentences import split_sentences
from corpus.wording.flux import lire
from corpus.wording.mots import decouper

_RESSEMBLANCE: Final = 0.6
"""Likeness from which two sentences are about the same thing."""
_MOTS: Final = 5
"""Words under which a sentence looks like too many others."""
_MOTS_COMPARES: Final = 80
_PHRASES: Final = 8
"""Sentences of a quotation that are looked for, the first ones."""
_PROCHES: Final = 8
"""Places shown that say nearly the same."""
_IDENTIQUES: Final = 20

Etendue = tuple[DocumentCanonique, int, int]


def elsewhere(cite: str, ici: Place, recueil: Recueil) -> tuple[Ailleurs, ...]:
    """Places in service other than ``ici``: the same words first, then the nearest ones."""
    prises: list[tuple[str, int, int]] = []
    if ici.remplacement is None:
        prises.append((ici.document, ici.debut, ici.fin))
    memes = [
        Ailleurs(sorte="identique", place=make_place(document, debut, fin))
        for document, debut, fin in _same(cite, recueil)
        if _is_free(prises, document, debut, fin)
    ][:_IDENTIQUES]
    prises += [(a.place.document, a.place.debut, a.place.fin) for a in memes]
    proches: list[Ailleurs] = []
    trouves = sorted(_near(cite, recueil), key=lambda t: -t[0])
    for _, (document, debut, fin), mots in trouves:
        if len(proches) == _PROCHES:
            break
        if not _is_free(prises, document, debut, fin):
            continue
        prises.append((document.fiche.id, debut, fin))
        ecarts = compare(document.texte[debut:fin], mots)
        sorte: SorteAilleurs = "differe" if ecarts.de_fond else "proche"
        proches.append(Ailleurs(sorte=sorte, place=make_place(document, debut, fin), ecarts=ecarts))
    return (*memes, *proches)


def _is_free(
    prises: list[tuple[str, int, int]], document: DocumentCanonique, debut: int, fin: int
) -> bool:
    return not any(
        nom == document.fiche.id and bas < fin and debut < haut for nom, bas, haut in prises
    )


def _same(cite: str, recueil: Recueil) -> Iterator[Etendue]:
    indexes = [recueil.index(document) for document in recueil.en_service.values()]
    trouves = localiser_partout(cite, indexes)
    if isinstance(trouves, tuple):
        for trouve in trouves:
            yield recueil.en_service[trouve.document], trouve.debut, trouve.fin


def _near(cite: str, recueil: Recueil) -> Iterator[tuple[float, Etendue, str]]:
    """Sentences that look like one of the quotation; where the quotation is part of a longer one,
    the words that look like it."""  # noqa: D205, D209 - one sentence
    phrases = [cite[debut:fin] for debut, fin in split_sentences(cite)][:_PHRASES]
    cherchees = [(cles, phrase) for phrase in phrases if len(cles := _keys(phrase)) >= _MOTS]
    flux = lire(cite)
    for document in recueil.en_service.values():
        lecture = recueil.lecture(document)
        for rang in lecture.phrases:
            cles = _words(lecture, rang)
            for voulues, phrase in cherchees:
                score = Indel.normalized_similarity(voulues, cles, score_cutoff=_RESSEMBLANCE)
                if score:
                    yield score, (document, *lecture.etendue(rang)), phrase
        proche = recueil.index(document).rapprocher(flux, cite) if cherchees else None
        if proche is not None and proche.ressemblance >= _RESSEMBLANCE:
            yield proche.ressemblance, (document, proche.debut, proche.fin), cite


def _keys(phrase: str) -> list[str]:
    mots = decouper(lire(phrase))
    return [mot.cle.casefold() for mot in mots if mot.cle[0].isalnum()][:_MOTS_COMPARES]


def _words(lecture: Lecture, rang: tuple[int, int]) -> list[str]:
    return [cle for cle in lecture.cles[slice(*rang)] if cle[0].isalnum()][:_MOTS_COMPARES]
