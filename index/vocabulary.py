"""Words of an index: how a question is read with them, and how rare each is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.french import fold, stem, stems, words
from index.lexicon import Lexique

_SHORTEST_MENDED = 5
_LONG_WORD = 8


@dataclass(frozen=True, slots=True)
class LexicalQuery:
    """The words of a question: its own stems, and stems that the lexicon adds."""

    own: tuple[str, ...]
    added: tuple[str, ...]
    unknown: tuple[str, ...]
    """Own stems that neither the texts nor the lexicon hold."""
    said: tuple[tuple[tuple[str, ...], frozenset[str]], ...]
    """Own stems that the lexicon opens, and the stems that the texts have for them."""


class Vocabulary:
    """What the texts of an index are made of, wherever their scores are kept.

    Args:
        holding: stem → how many texts hold it.
        total: how many texts there are.
        spellings: folded words and their usual spelling.
        lexique: abbreviations, synonyms and stop words.
    """

    def __init__(
        self, holding: Mapping[str, int], total: int, spellings: Mapping[str, str], lexique: Lexique
    ) -> None:
        self.holding = holding
        self.total = total
        self.spellings = spellings
        self._lexique = lexique
        self._choices = sorted(spellings)
        self._said = frozenset(
            stem(word) for group in lexique.synonymes for said in group.dits for word in words(said)
        )

    def read(self, question: str) -> LexicalQuery:
        """Read a question: mend its spelling, stem it, add the lexicon's words."""
        mended = [self._mend(word) for word in words(question)]
        all_stems = [stem(word) for word in mended]
        content = tuple(
            s
            for s, word in zip(all_stems, mended, strict=True)
            if fold(word) not in self._lexique.stop
        )
        long_forms = self._lexique.abbreviations(" ".join(mended))
        said = self._lexique.said_as(all_stems)
        added = [*(word for _, texts in said for word in texts), *long_forms]
        added_stems = dict.fromkeys(
            s
            for text in added
            for s in (stem(w) for w in words(text) if fold(w) not in self._lexique.stop)
        )
        return LexicalQuery(
            own=content,
            added=tuple(s for s in added_stems if s not in content),
            unknown=tuple(s for s in content if s not in self.holding and s not in self._said),
            said=tuple((key, frozenset(stems(" ".join(texts)))) for key, texts in said),
        )

    def rarity(self, stem_: str) -> float:
        """Inverse document frequency of a stem (natural logarithm); the highest when unknown."""
        holding = self.holding.get(stem_)
        if holding is None:
            return float(np.log(1 + self.total / 0.5))
        return float(np.log(1 + (self.total - holding + 0.5) / (holding + 0.5)))

    def _mend(self, word: str) -> str:
        """Give a word its accents back, or the nearest known spelling when it is unknown."""
        folded = fold(word)
        if folded in self.spellings:
            return self.spellings[folded]
        if len(folded) < _SHORTEST_MENDED or not folded.isalpha() or stem(word) in self.holding:
            return word
        allowed = 2 if len(folded) >= _LONG_WORD else 1
        near = process.extractOne(folded, self._choices, scorer=OSA.distance, score_cutoff=allowed)
        return self.spellings[near[0]] if near and near[0][0] == folded[0] else word
