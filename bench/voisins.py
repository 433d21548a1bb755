"""Nearest sentence vectors: exact search or a graph, by number of passages."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from bench.cadre import DEV, asked, open_cadre
from bench.tableau import Tableau, decimal
from bench.variantes import passages_only
from index.dense import FLAT_UP_TO, Kind, build_dense, nearest

CASES: tuple[tuple[int, Kind], ...] = (
    (1_000, "flat"),
    (10_000, "flat"),
    (10_000, "hnsw"),
    (FLAT_UP_TO, "flat"),
    (FLAT_UP_TO, "hnsw"),
    (100_000, "flat"),
)
NOISE = 0.35
"""Length of what is added to a passage's vector (of length 1) to make another of its kind."""
DEPTH = 60
QUESTIONS = 50
SEED = 20260101


def run() -> Sequence[Tableau]:
    cadre = open_cadre()
    texts = [posee.query.text for posee in asked(DEV)[:QUESTIONS]]
    questions = [cadre.encoder.encode_query(text).sentence for text in texts]
    embedding = _median(cadre.encoder.encode_query, texts)
    real = np.asarray(passages_only(cadre.assistant.index).vectors)
    rows = [_row(_like(real, count), kind, questions, embedding) for count, kind in CASES]
    return [
        Tableau(
            f"Les {DEPTH} vecteurs de phrases les plus proches",
            (
                "passages",
                "recherche",
                "médiane (ms)",
                "rapport au vecteur de la question",
                "voisins exacts retrouvés",
                "construction (s)",
            ),
            tuple(rows),
            "Passages fictifs : les vecteurs du corpus, bruités. Une seule tâche FAISS.",
        )
    ]


def _row(
    vectors: NDArray[np.float32],
    kind: Kind,
    questions: Sequence[NDArray[np.float32]],
    embedding: float,
) -> tuple[str, ...]:
    start = perf_counter()
    index = build_dense(vectors, kind)
    built = perf_counter() - start
    search = _median(lambda question: nearest(index, question, DEPTH), questions)
    return (
        decimal(len(vectors), 0),
        "exacte" if kind == "flat" else "graphe HNSW",
        decimal(search * 1000),
        decimal(search / embedding),
        decimal(_found(index, vectors, questions)),
        decimal(built, 1),
    )


def _median(action: Callable[[Any], object], values: Sequence[Any]) -> float:
    """Median seconds that an action takes."""
    taken = []
    for value in values:
        start = perf_counter()
        action(value)
        taken.append(perf_counter() - start)
    return statistics.median(taken)


def _like(vectors: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """As many vectors as asked for, spread around the real ones."""
    generator = np.random.default_rng(SEED)
    chosen = vectors[generator.integers(len(vectors), size=count)]
    noise = generator.standard_normal(chosen.shape, dtype=np.float32)
    noise *= NOISE / np.linalg.norm(noise, axis=1, keepdims=True)
    moved = chosen + noise
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float32)


def _found(
    index: faiss.Index, vectors: NDArray[np.float32], questions: Sequence[NDArray[np.float32]]
) -> float:
    """Share of the true nearest that the index gives."""
    shares = []
    for question in questions:
        exact = set(np.argsort(-(vectors @ question))[:DEPTH].tolist())
        given = {row for row, _ in nearest(index, question, DEPTH)}
        shares.append(len(exact & given) / DEPTH)
    return statistics.fmean(shares)
