"""Nearest vectors and late interaction, against what they stand for."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.dense import (
    FLAT_UP_TO,
    IVF_PROBED,
    Kind,
    build_dense,
    choose_kind,
    dense_kind,
    load_dense,
    nearest,
    save_dense,
)
from index.late import TokenStore, max_sim, quantise, token_cosines

DIMENSION = 48
LOOSE = 2.0


def unit(rows: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def clustered(count: int, seed: int, around: float = 0.5) -> NDArray[np.float32]:
    """Unit vectors around a hundred centres, as those of passages are."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(0).normal(size=(100, DIMENSION))
    noise = random.normal(scale=around, size=(count, DIMENSION))
    return unit(centres[random.integers(100, size=count)] + noise)


@pytest.fixture(scope="module")
def vectors() -> NDArray[np.float32]:
    return clustered(4000, 1)


def exact(vectors: NDArray[np.float32], question: NDArray[np.float32], k: int) -> list[int]:
    return [int(i) for i in np.argsort(-(vectors @ question), kind="stable")[:k]]


def test_the_flat_index_is_exact(vectors: NDArray[np.float32]) -> None:
    index = build_dense(vectors, "flat")
    for question in clustered(20, 2):
        found = nearest(index, question, 10)
        assert [i for i, _ in found] == exact(vectors, question, 10)
        for i, cosine in found:
            assert cosine == pytest.approx(float(vectors[i] @ question), abs=1e-5)


def recall(
    index: faiss.Index,
    vectors: NDArray[np.float32],
    questions: NDArray[np.float32],
    given: int,
    allowed: NDArray[np.int64] | None = None,
) -> float:
    """Share of the ten nearest among those that are given."""
    among = np.arange(len(vectors)) if allowed is None else allowed
    hits = 0
    for question in questions:
        true = {int(among[i]) for i in exact(vectors[among], question, 10)}
        hits += len(true & {i for i, _ in nearest(index, question, given, allowed)})
    return hits / (10 * len(questions))


def test_hnsw_finds_95_in_100_of_the_nearest(vectors: NDArray[np.float32]) -> None:
    index = build_dense(vectors, "hnsw")
    assert recall(index, vectors, clustered(100, 3), 10) >= 0.95


@pytest.fixture(scope="module")
def many() -> NDArray[np.float32]:
    """Enough vectors, loose enough, for the nearest to be in lists that a search does not read."""
    return clustered(30_000, 1, LOOSE)


@pytest.fixture(scope="module")
def lists(many: NDArray[np.float32]) -> faiss.Index:
    index = build_dense(many, "ivf")
    assert isinstance(index, faiss.IndexIVF)
    assert index.nlist * 0.6 > IVF_PROBED
    return index


def test_lists_hold_98_in_100_of_the_nearest_among_the_candidates(
    many: NDArray[np.float32], lists: faiss.Index
) -> None:
    assert recall(lists, many, clustered(100, 3, LOOSE), 60) >= 0.98


def test_the_few_that_are_allowed_are_found_in_whatever_list_they_are(
    many: NDArray[np.float32], lists: faiss.Index
) -> None:
    allowed = np.arange(11, len(many), 300)
    assert recall(lists, many, clustered(100, 4, LOOSE), 15, allowed) >= 0.99


def test_as_many_as_asked_for_are_given_though_the_lists_read_hold_fewer(
    lists: faiss.Index, many: NDArray[np.float32]
) -> None:
    assert len(nearest(lists, many[0], len(many))) == len(many)


def test_the_same_vectors_make_the_same_lists(vectors: NDArray[np.float32], tmp_path: Path) -> None:
    for name in ("a", "b"):
        save_dense(build_dense(vectors, "ivf"), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("kind", ["flat", "hnsw", "ivf"])
def test_only_allowed_ids_are_found(vectors: NDArray[np.float32], kind: Kind) -> None:
    index = build_dense(vectors, kind)
    allowed = list(range(0, 4000, 7))
    for question in clustered(10, 4):
        found = [i for i, _ in nearest(index, question, 12, allowed)]
        assert set(found) <= set(allowed)
        assert len(found) == 12


@pytest.mark.parametrize("kind", ["flat", "hnsw", "ivf"])
def test_the_nearest_is_found_when_it_alone_is_allowed(
    vectors: NDArray[np.float32], kind: Kind
) -> None:
    index = build_dense(vectors, kind)
    for row in (0, 7, 8, 3999):
        assert [i for i, _ in nearest(index, -vectors[row], 5, [row])] == [row]


@pytest.mark.parametrize("kind", ["flat", "hnsw", "ivf"])
def test_no_allowed_id_finds_nothing(vectors: NDArray[np.float32], kind: Kind) -> None:
    assert nearest(build_dense(vectors[:200], kind), vectors[0], 5, []) == []


@pytest.mark.parametrize("kind", ["flat", "hnsw", "ivf"])
def test_asking_for_more_than_there_is_gives_all(vectors: NDArray[np.float32], kind: Kind) -> None:
    index = build_dense(vectors[:3], kind)
    assert sorted(i for i, _ in nearest(index, vectors[0], 50)) == [0, 1, 2]


def test_the_kind_of_index_is_chosen_by_size() -> None:
    assert choose_kind(FLAT_UP_TO) == "flat"
    assert choose_kind(FLAT_UP_TO + 1) == "ivf"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("flat", "IndexFlatIP"),
        ("hnsw", "IndexHNSWFlat"),
        ("ivf", "IndexIVFScalarQuantizer"),
    ],
)
def test_an_index_read_from_disk_finds_the_same(
    vectors: NDArray[np.float32], tmp_path: Path, kind: Kind, name: str
) -> None:
    index = build_dense(vectors[:500], kind)
    save_dense(index, tmp_path / "dense.faiss")
    again = load_dense(tmp_path / "dense.faiss")
    assert isinstance(again, faiss.Index)
    assert name in dense_kind(again)
    for question in clustered(5, 5):
        assert nearest(again, question, 5) == nearest(index, question, 5)


# Token vectors.


def test_quantising_moves_no_component_by_more_than_half_a_step() -> None:
    rows = unit(np.random.default_rng(6).normal(size=(500, 384)))
    values, scales = quantise(rows)
    error = np.abs(values.astype(np.float32) * scales[:, None] - rows)
    assert (error <= scales[:, None] * 0.5001).all()
    assert np.abs(values).max() == 127
    cosines = (values.astype(np.float32) * scales[:, None] * rows).sum(axis=1)
    assert np.abs(cosines - 1).max() < 2e-3


@given(st.integers(0, 3))
def test_quantising_null_vectors_gives_null_vectors(count: int) -> None:
    values, scales = quantise(np.zeros((count, 8), dtype=np.float32))
    assert not values.any()
    assert np.isfinite(scales).all()


def store(lengths: list[int], seed: int) -> tuple[TokenStore, list[NDArray[np.float32]]]:
    random = np.random.default_rng(seed)
    texts = [unit(random.normal(size=(n, DIMENSION)) + 1e-9) for n in lengths]
    quantised = [quantise(text) for text in texts]
    return (
        TokenStore(
            values=np.concatenate([v for v, _ in quantised]),
            scales=np.concatenate([s for _, s in quantised]),
            ends=np.zeros(sum(lengths), dtype=np.int32),
            bounds=np.cumsum([0, *lengths], dtype=np.int64),
        ),
        texts,
    )


@given(st.lists(st.integers(0, 6), min_size=1, max_size=6), st.integers(1, 5), st.integers(0, 99))
def test_late_interaction_equals_the_sum_written_out(
    lengths: list[int], asked: int, seed: int
) -> None:
    tokens, texts = store(lengths, seed)
    question = unit(np.random.default_rng(seed + 1).normal(size=(asked, DIMENSION)))
    found = max_sim(question, tokens, range(len(lengths)))
    for text, score in zip(texts, found, strict=True):
        best = [max((float(q @ t) for t in text), default=0.0) for q in question]
        # Half a step of rounding on each component, weighed by the question's own.
        rounding = float(np.abs(question).sum(axis=1).mean() * np.abs(text).max(initial=0.0)) / 254
        assert score == pytest.approx(sum(best) / asked, abs=rounding + 1e-6)


@pytest.mark.parametrize("lengths", [[30, 40, 25], [24, 3, 60], [50]])
def test_passages_are_compared_alike_whether_their_vectors_were_opened_before(
    lengths: list[int],
) -> None:
    tokens, _ = store(lengths, 11)
    question = unit(np.random.default_rng(12).normal(size=(4, DIMENSION)))
    spans = [(int(a), int(b)) for a, b in pairwise(tokens.bounds)]
    first = token_cosines(question, tokens, spans)
    assert np.array_equal(first, token_cosines(question, tokens, spans))
    plain = np.concatenate([tokens.rows(*span) for span in spans])
    assert first == pytest.approx(question @ plain.T, abs=1e-6)


def test_late_interaction_of_an_empty_question_is_zero() -> None:
    tokens, _ = store([3, 2], 7)
    empty = np.zeros((0, DIMENSION), dtype=np.float32)
    assert max_sim(empty, tokens, [0, 1]).tolist() == [0.0, 0.0]


def test_a_passage_covers_itself_best() -> None:
    tokens, texts = store([9, 9, 9, 9], 8)
    for number, text in enumerate(texts):
        assert int(np.argmax(max_sim(text, tokens, range(4)))) == number
