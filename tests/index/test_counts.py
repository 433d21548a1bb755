"""Counted words: put together in any way, and what BM25 makes of them."""

from __future__ import annotations

import logging
from collections import Counter
from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.library import Corpus
from corpus.passages import cut_passages
from index.counts import Run, WordCounts, count_words, join, load_counts
from index.french import stem, words
from index.lexical import K1, B, LexicalIndex
from index.lexicon import Lexique

TEXTS = st.lists(
    st.lists(st.sampled_from(("séance", "séances", "enfant", "l'école", "2 563", "€", "été"))).map(
        " ".join
    ),
    max_size=6,
)


def same(one: WordCounts, other: WordCounts) -> bool:
    return one.words == other.words and all(
        np.array_equal(getattr(one, name), getattr(other, name))
        and getattr(one, name).dtype == getattr(other, name).dtype
        for name in ("columns", "times", "bounds")
    )


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_counts_put_end_to_end_are_those_of_all_the_texts(groups: list[list[str]]) -> None:
    runs = [Run(count_words(texts), 0, len(texts)) for texts in groups]
    assert same(join(runs), count_words([text for texts in groups for text in texts]))


@given(TEXTS, TEXTS, st.integers(0, 6), st.integers(0, 6))
def test_texts_that_leave_take_their_words_with_them(
    texts: list[str], new: list[str], first: int, last: int
) -> None:
    first, last = sorted((min(first, len(texts)), min(last, len(texts))))
    counted = count_words(texts)
    runs = [Run(counted, 0, first), Run(count_words(new), 0, len(new))]
    joined = join([*runs, Run(counted, last, len(texts))])
    assert same(joined, count_words([*texts[:first], *new, *texts[last:]]))


def test_each_word_of_each_text_is_counted() -> None:
    counts = count_words(["Un enfant, un groupe.", "", "L'enfant"])
    assert counts.words == ("enfant", "groupe", "un")
    assert counts.columns.tolist() == [0, 1, 2, 0]
    assert counts.times.tolist() == [1, 1, 2, 1]
    assert counts.bounds.tolist() == [0, 3, 3, 4]
    assert counts.totals() == Counter(enfant=2, groupe=1, un=2)


def test_counts_read_from_disk_are_those_written(tmp_path: Path) -> None:
    counts = count_words(["Deux séances d’une heure.", "L’été"])
    counts.save(tmp_path)
    assert same(load_counts(tmp_path), counts)


def of_the_library(texts: list[str]) -> bm25s.BM25:
    """What the library itself makes of the same words."""
    logging.getLogger("bm25s").setLevel(logging.WARNING)
    engine = bm25s.BM25(k1=K1, b=B, method="lucene")
    tokens = [[stem(word) for word in words(text)] for text in texts]
    columns = {s: c for c, s in enumerate(sorted({s for row in tokens for s in row}))}
    engine.index(([[columns[s] for s in row] for row in tokens], columns), show_progress=False)
    return engine


def saved(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.index.*")}


@pytest.mark.parametrize("case", ["corpus", "with an empty text", "one text"])
def test_the_engine_made_of_counts_is_the_one_that_the_library_makes_of_the_words(
    tmp_path: Path, corpus: Corpus, lexique: Lexique, case: str
) -> None:
    passages = [p.texte for d in corpus.documents.values() for p in cut_passages(d)]
    texts = {
        "corpus": passages,
        "with an empty text": [*passages[:3], "", "…", passages[0]],
        "one text": passages[:1],
    }[case]
    of_the_library(texts).save(tmp_path / "theirs", show_progress=False)
    LexicalIndex.build(texts, lexique).save(tmp_path / "ours")
    ours = saved(tmp_path / "ours")
    assert set(ours) == {
        "data.csc.index.npy",
        "indices.csc.index.npy",
        "indptr.csc.index.npy",
        "params.index.json",
        "vocab.index.json",
    }
    assert ours == saved(tmp_path / "theirs")


def test_texts_without_a_word_are_searched_without_an_error(lexique: Lexique) -> None:
    empty = LexicalIndex.build(["", "…"], lexique)
    assert empty.scores(("enfant",)).tolist() == [0.0, 0.0]
