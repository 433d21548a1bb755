from __future__ import annotations

from itertools import pairwise

import numpy as np

from bench.croissance import chained, exact_rows, found_share
from bench.croissance_mesure import DEPTH
from bench.grappes import BLOCK, unit


def test_exact_rows_are_those_of_the_greatest_cosines_over_several_blocks() -> None:
    generator = np.random.default_rng(3)
    vectors = unit(generator.standard_normal((BLOCK + 100, 4), dtype=np.float32))
    questions = unit(generator.standard_normal((3, 4), dtype=np.float32))
    found = exact_rows(vectors, questions)
    for question, rows in zip(questions, found, strict=True):
        cosines = vectors @ question
        assert len(set(rows.tolist())) == DEPTH
        assert cosines[rows].min() >= np.partition(cosines, -DEPTH)[-DEPTH] - 1e-6


def test_the_share_found_counts_the_first_true_ones_only() -> None:
    true = np.arange(DEPTH)[None, :]
    assert found_share(true, [[0, 1, 2, 90, 91]], 10) == 0.3
    assert found_share(true, [list(range(10, 60))], 10) == 0.0


def test_made_up_texts_follow_the_words_and_lengths_of_the_real_ones() -> None:
    real = ["a b c a d", "d a b", "c a b"]
    texts = chained(real, 50)
    pairs = {("a", "b"), ("b", "c"), ("c", "a"), ("a", "d"), ("d", "a")}
    assert {len(text.split()) for text in texts} == {3, 5}
    assert texts == chained(real, 50)
    for text in texts:
        words = text.split()
        assert set(pairwise(words)) <= pairs
