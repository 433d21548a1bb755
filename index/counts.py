"""How often each word stands in each text: what BM25 and the spellings are made of.

Counting is the long part. What was counted is kept with an index version, so that the next one
counts the texts that changed, and they alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.french import words

_WORDS = "words.json"
_COLUMNS = "word_columns.npy"
_TIMES = "word_times.npy"
_BOUNDS = "word_bounds.npy"
FILES = (_WORDS, _COLUMNS, _TIMES, _BOUNDS)


@dataclass(frozen=True, slots=True)
class WordCounts:
    """Words of some texts. The same texts give the same arrays, however they were put together.

    ``words``: each word once, sorted; text i holds ``times[k]`` times the word ``columns[k]`` for k
    in ``bounds[i]:bounds[i+1]``, in the order of the words.
    """

    words: tuple[str, ...]
    columns: NDArray[np.int32]
    times: NDArray[np.int32]
    bounds: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def totals(self) -> Counter[str]:
        """How often each word stands in all the texts."""
        sums = np.bincount(self.columns, weights=self.times, minlength=len(self.words))
        return Counter(dict(zip(self.words, sums.astype(np.int64).tolist(), strict=True)))

    def save(self, folder: Path) -> None:
        """Write to a folder."""
        (folder / _WORDS).write_text(json.dumps(self.words, ensure_ascii=False), "utf-8")
        np.save(folder / _COLUMNS, self.columns, allow_pickle=False)
        np.save(folder / _TIMES, self.times, allow_pickle=False)
        np.save(folder / _BOUNDS, self.bounds, allow_pickle=False)


def load_counts(folder: Path) -> WordCounts:
    """Read from a folder; the arrays are memory-mapped."""
    return WordCounts(
        tuple(json.loads((folder / _WORDS).read_text("utf-8"))),
        np.load(folder / _COLUMNS, mmap_mode="r", allow_pickle=False),
        np.load(folder / _TIMES, mmap_mode="r", allow_pickle=False),
        np.load(folder / _BOUNDS, mmap_mode="r", allow_pickle=False),
    )


def count_words(texts: Sequence[str]) -> WordCounts:
    """Count the words of some texts."""
    counted = [Counter(words(text)) for text in texts]
    vocabulary = sorted({word for counts in counted for word in counts})
    columns = {word: column for column, word in enumerate(vocabulary)}
    found = [sorted((columns[word], times) for word, times in c.items()) for c in counted]
    flat = np.array([pair for pairs in found for pair in pairs], dtype=np.int32).reshape(-1, 2)
    return WordCounts(
        tuple(vocabulary),
        np.ascontiguousarray(flat[:, 0]),
        np.ascontiguousarray(flat[:, 1]),
        np.cumsum([0, *(len(pairs) for pairs in found)], dtype=np.int64),
    )


class Run(NamedTuple):
    """Texts ``first:last`` of some that were counted."""

    counts: WordCounts
    first: int
    last: int


def join(runs: Sequence[Run]) -> WordCounts:
    """Put runs of texts end to end; words that none of them holds are dropped."""
    cuts = [(int(counts.bounds[first]), int(counts.bounds[last])) for counts, first, last in runs]
    used = [
        np.flatnonzero(
            np.bincount(run.counts.columns[start:end], minlength=len(run.counts.words))
        ).tolist()
        for run, (start, end) in zip(runs, cuts, strict=True)
    ]
    vocabulary = sorted(
        {run.counts.words[c] for run, columns in zip(runs, used, strict=True) for c in columns}
    )
    places = {word: place for place, word in enumerate(vocabulary)}
    columns = [np.zeros(0, np.int32)]
    for run, (start, end), known in zip(runs, cuts, used, strict=True):
        moved = np.zeros(len(run.counts.words), dtype=np.int32)
        moved[known] = [places[run.counts.words[column]] for column in known]
        columns.append(moved[run.counts.columns[start:end]])
    times = [run.counts.times[start:end] for run, (start, end) in zip(runs, cuts, strict=True)]
    lengths = [np.diff(run.counts.bounds[run.first : run.last + 1]) for run in runs]
    return WordCounts(
        tuple(vocabulary),
        np.concatenate(columns),
        np.concatenate([np.zeros(0, np.int32), *times]),
        np.cumsum(np.concatenate([np.zeros(1, np.int64), *lengths]), dtype=np.int64),
    )
