"""BM25 over French stems, through bm25s."""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from index.counts import WordCounts, count_words, load_counts
from index.french import accent_table, stem, words
from index.lexicon import Lexique
from index.vocabulary import LexicalQuery, Vocabulary

K1 = 1.2
B = 0.6
"""Passages are of nearly one length: their length says less than in the usual setting."""


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
        held = np.diff(engine.scores["indptr"]).tolist()
        # The engine has a column more, of the empty word, that no text holds.
        holding = {s: held[c] for s, c in engine.vocab_dict.items() if c < len(held)}
        total = int(engine.scores["num_docs"])
        self.vocabulary = Vocabulary(holding, total, spellings, lexique)

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
        return self.vocabulary.spellings

    def read(self, question: str) -> LexicalQuery:
        """Read a question: mend its spelling, stem it, add the lexicon's words."""
        return self.vocabulary.read(question)

    def scores(self, asked: Sequence[str]) -> NDArray[np.float32]:
        """BM25 of every entry for some stems; zeros when none is known."""
        known = [s for s in asked if s in self.vocabulary.holding]
        if not known:
            return np.zeros(self.vocabulary.total, dtype=np.float32)
        return np.asarray(self._engine.get_scores(known), dtype=np.float32)

    def postings(self) -> Iterator[tuple[str, NDArray[np.int32], NDArray[np.float32]]]:
        """Each stem, the texts that hold it (in order) and what it adds to the score of each."""
        found = self._engine.scores
        for stem_ in self.vocabulary.holding:
            column = self._engine.vocab_dict[stem_]
            span = slice(int(found["indptr"][column]), int(found["indptr"][column + 1]))
            yield stem_, np.asarray(found["indices"][span]), np.asarray(found["data"][span])

    def rarity(self, stem_: str) -> float:
        """Inverse document frequency of a stem (natural logarithm); the highest when unknown."""
        return self.vocabulary.rarity(stem_)


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
