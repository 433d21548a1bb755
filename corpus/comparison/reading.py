"""A document made ready to be compared: its words, and the sentences that they make."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from corpus.models import DocumentCanonique
from corpus.sentences import split_sentences
from corpus.wording.flux import lire
from corpus.wording.mots import Mot, decouper

Rang = tuple[int, int]
"""Words ``first:after``, by their ranks in the document."""


@dataclass(frozen=True, slots=True)
class Lecture:
    """Words and signs of a document, in order, and its sentences as runs of them."""

    document: DocumentCanonique
    mots: tuple[Mot, ...]
    cles: tuple[str, ...]
    """What each word is compared by: its letters, without their case."""
    phrases: tuple[Rang, ...]
    """Sentences, headings, list items and table rows, in order; they part all the words."""

    def mots_entre(self, debut: int, fin: int) -> Rang:
        """Ranks of the words that share a code point with ``texte[debut:fin]``."""
        premier = bisect_left(self.mots, debut + 1, key=lambda mot: mot.fin)
        apres = bisect_left(self.mots, fin, key=lambda mot: mot.debut)
        return premier, max(premier, apres)

    def etendue(self, rang: Rang) -> tuple[int, int]:
        """Code points of a run of words that is not empty."""
        premier, apres = rang
        return self.mots[premier].debut, self.mots[apres - 1].fin


def read_words(document: DocumentCanonique) -> Lecture:
    """Read the words of a document, layout set apart."""
    mots = decouper(lire(document.texte))
    return Lecture(
        document=document,
        mots=mots,
        cles=tuple(mot.cle.casefold() for mot in mots),
        phrases=tuple(_sentences(document, mots)),
    )


def _sentences(document: DocumentCanonique, mots: tuple[Mot, ...]) -> Iterator[Rang]:
    """Cut the words where a sentence begins; what stands between two blocks goes to the first."""
    starts = [
        debut
        for bloc in document.blocs
        for debut, _ in split_sentences(document.texte, bloc.debut, bloc.fin)
    ]
    cuts = sorted({bisect_left(mots, start, key=lambda mot: mot.debut) for start in starts} - {0})
    bounds = [0, *(cut for cut in cuts if cut < len(mots)), len(mots)]
    yield from (run for run in pairwise(bounds) if run[1] > run[0])
