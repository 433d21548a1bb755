"""French words for lexical search: elision, accents, stems."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

import Stemmer

_MARKS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = re.compile("[\u2019\u02bc\u00b4`]")
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu|quelqu)'(?=\w)")
_WORD = re.compile(r"\d+(?:[.,/]\d+)*|[^\W\d_]+|[%€]")
_DIGIT_GROUP = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}\b)")


def fold(text: str) -> str:
    """Lower case without accents; ligatures opened."""
    opened = text.lower().replace("œ", "oe").replace("æ", "ae")
    if opened.isascii():
        return opened
    return _MARKS.sub("", unicodedata.normalize("NFD", opened))


_fold_word = lru_cache(maxsize=50_000)(fold)
"""``fold`` of single words, which come back."""


def words(text: str) -> list[str]:
    """Words and numbers of a text, in order, lower case, accents kept, elisions dropped."""
    # Apostrophes first: NFKC would part « ´ » into a space and an accent.
    plain = unicodedata.normalize("NFKC", _APOSTROPHES.sub("'", text)).lower()
    plain = _DIGIT_GROUP.sub("", plain)
    return _WORD.findall(_ELISION.sub(" ", plain))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Snowball stem, folded: « séances » and « séance » meet; so do words typed with accents."""
    return fold(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("french")


def stems(text: str, stop: frozenset[str] = frozenset()) -> list[str]:
    """Stems of the words of a text, stop words (folded) left out."""
    return [stem(word) for word in words(text) if _fold_word(word) not in stop]


def accent_table(vocabulary: Iterable[str]) -> Mapping[str, str]:
    """For each folded word of a vocabulary, its usual spelling: the one met most often.

    Args:
        vocabulary: words, each as often as it is met; or how often each is (a ``Counter``).
    """
    forms: dict[str, list[tuple[int, str]]] = {}
    for word, times in Counter(vocabulary).items():
        forms.setdefault(fold(word), []).append((-times, word))
    return {folded: min(found)[1] for folded, found in forms.items()}
