"""BM25 over French stems, through bm25s."""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.counts import WordCounts, count_words, load_counts
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

    def __init__(
        self,
        engine: bm25s.BM25,
        counts: WordCounts,
        spellings: Mapping[str, str],
        lexique: Lexique,
    ) -> None:
        self._engine = engine
        self._counts = counts
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
        return cls.of(count_words(texts), lexique)

    @classmethod
    def of(cls, counts: WordCounts, lexique: Lexique) -> LexicalIndex:
        """Index texts whose words are counted."""
        said = (w for group in lexique.synonymes for e in group.dits for w in words(e))
        return cls(_engine(counts), counts, accent_table(counts.totals() + Counter(said)), lexique)

    def save(self, folder: Path) -> None:
        """Write to a folder, without pickle."""
        self._engine.save(folder, allow_pickle=False, show_progress=False)
        self._counts.save(folder)

    @classmethod
    def load(cls, folder: Path, spellings: Mapping[str, str], lexique: Lexique) -> LexicalIndex:
        """Read from a folder, memory-mapped."""
        engine = bm25s.BM25.load(folder, mmap=True, allow_pickle=False)
        return cls(engine, load_counts(folder), spellings, lexique)

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


def _engine(counts: WordCounts) -> bm25s.BM25:
    """What the engine makes of the same words (tests hold them equal, bit for bit), from counts.

    It counts and scores text after text, in Python: most of the time of a build that changes one.
    """
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    engine = bm25s.BM25(k1=K1, b=B, method="lucene")
    of_words = [stem(word) for word in counts.words]
    # Columns in a fixed order: left to itself, the engine numbers the words in hash order.
    vocabulary = {s: column for column, s in enumerate(sorted(set(of_words)))}
    texts, columns, times = _by_stem(counts, np.array([vocabulary[s] for s in of_words], np.int64))
    held = np.bincount(columns, minlength=len(vocabulary))
    total = len(counts)
    rarities = [math.log(1 + (total - n + 0.5) / (n + 0.5)) for n in held.tolist()]
    lengths = np.bincount(texts, weights=times, minlength=total)
    norms = K1 * ((1 - B) + B * lengths / lengths.mean()) if lengths.any() else lengths
    often = times.astype(np.float32)
    scores = np.array(rarities, dtype=np.float32)[columns] * (often / (norms[texts] + often))
    engine.scores = {
        "data": scores.astype(np.float32),
        "indices": texts.astype(np.int32),
        "indptr": np.concatenate([[0], np.cumsum(held)]).astype(np.int64),
        "num_docs": total,
    }
    engine.nonoccurrence_array = None
    engine.vocab_dict = {**vocabulary, "": len(vocabulary)} if "" not in vocabulary else vocabulary
    engine.unique_token_ids_set = set(engine.vocab_dict.values())
    return engine


def _by_stem(
    counts: WordCounts, columns: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Text, stem and times of each stem of each text, stem after stem; ``columns`` has its own."""
    texts = np.repeat(np.arange(len(counts)), np.diff(counts.bounds))
    places = columns[counts.columns] * len(counts) + texts
    order = np.argsort(places, kind="stable")
    ordered = places[order]
    first = np.flatnonzero(np.diff(ordered, prepend=-1))
    times = counts.times[order].astype(np.int64)
    summed = np.add.reduceat(times, first) if len(first) else times
    stems_, rows = np.divmod(ordered[first], max(1, len(counts)))
    return rows, stems_, summed
