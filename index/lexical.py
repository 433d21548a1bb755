"""BM25 over French stems, through bm25s."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.french import accent_table, fold, stem, stems, words
from index.lexicon import Lexique

K1 = 1.2
B = 0.6
"""Passages are of nearly one length: their length says less than in the usual setting."""
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


class LexicalIndex:
    """BM25 scores of every entry for a question.

    Example:
        ``LexicalIndex.build(texts, lexique).scores(("collectif", "enfant"))`` → one float per text.
    """

    def __init__(self, engine: bm25s.BM25, spellings: Mapping[str, str], lexique: Lexique) -> None:
        self._engine = engine
        self._spellings = spellings
        self._lexique = lexique
        self._choices = sorted(spellings)
        self._known = frozenset(engine.vocab_dict)
        self._said = frozenset(
            stem(word) for group in lexique.synonymes for said in group.dits for word in words(said)
        )

    @classmethod
    def build(cls, texts: Sequence[str], lexique: Lexique) -> LexicalIndex:
        """Index texts."""
        logging.getLogger("bm25s").setLevel(logging.WARNING)
        engine = bm25s.BM25(k1=K1, b=B, method="lucene")
        tokens = [[stem(word) for word in words(text)] for text in texts]
        # Columns in a fixed order: left to itself, the engine numbers the words in hash order.
        columns = {s: column for column, s in enumerate(sorted({s for row in tokens for s in row}))}
        engine.index(([[columns[s] for s in row] for row in tokens], columns), show_progress=False)
        said = (w for group in lexique.synonymes for e in group.dits for w in words(e))
        spellings = accent_table([*(w for text in texts for w in words(text)), *said])
        return cls(engine, spellings, lexique)

    def save(self, folder: Path) -> None:
        """Write to a folder, without pickle."""
        self._engine.save(folder, allow_pickle=False, show_progress=False)

    @classmethod
    def load(cls, folder: Path, spellings: Mapping[str, str], lexique: Lexique) -> LexicalIndex:
        """Read from a folder, memory-mapped."""
        return cls(bm25s.BM25.load(folder, mmap=True, allow_pickle=False), spellings, lexique)

    @property
    def spellings(self) -> Mapping[str, str]:
        """Folded words and their usual spelling."""
        return self._spellings

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
            unknown=tuple(s for s in content if s not in self._known and s not in self._said),
            said=tuple((key, frozenset(stems(" ".join(texts)))) for key, texts in said),
        )

    def scores(self, asked: Sequence[str]) -> NDArray[np.float32]:
        """BM25 of every entry for some stems; zeros when none is known."""
        known = [s for s in asked if s in self._known]
        if not known:
            return np.zeros(int(self._engine.scores["num_docs"]), dtype=np.float32)
        return np.asarray(self._engine.get_scores(known), dtype=np.float32)

    def rarity(self, stem_: str) -> float:
        """Inverse document frequency of a stem (natural logarithm); the highest when unknown."""
        total = int(self._engine.scores["num_docs"])
        column = self._engine.vocab_dict.get(stem_)
        if column is None:
            return float(np.log(1 + total / 0.5))
        pointers = self._engine.scores["indptr"]
        holding = int(pointers[column + 1] - pointers[column])
        return float(np.log(1 + (total - holding + 0.5) / (holding + 0.5)))

    def _mend(self, word: str) -> str:
        """Give a word its accents back, or the nearest known spelling when it is unknown."""
        folded = fold(word)
        if folded in self._spellings:
            return self._spellings[folded]
        if len(folded) < _SHORTEST_MENDED or not folded.isalpha() or stem(word) in self._known:
            return word
        allowed = 2 if len(folded) >= _LONG_WORD else 1
        near = process.extractOne(folded, self._choices, scorer=OSA.distance, score_cutoff=allowed)
        return self._spellings[near[0]] if near and near[0][0] == folded[0] else word
