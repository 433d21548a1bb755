"""One thread or two, for each library that computes."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import perf_counter

import faiss
from threadpoolctl import threadpool_limits

from assistant.answers.engine import PASSAGES
from assistant.configuration import read_configuration
from bench.cadre import DEV, asked, open_cadre
from bench.tableau import Tableau, decimal
from index.embedding.folder import open_folder
from index.embedding.onnx_encoder import OnnxEncoder, OnnxNetwork
from index.search import Searcher

QUESTIONS = 30
ROUNDS = 3
ASKERS = (1, 2)
ONE = "1 partout (livré)"


def run() -> Sequence[Tableau]:
    cadre = open_cadre()
    stored = cadre.assistant.index
    queries = [posee.query for posee in asked(DEV)[:QUESTIONS]]
    passages = [entry.searched for entry in stored.entries[:QUESTIONS]]
    one, two = _encoder(1), _encoder(2)
    searchers = {1: Searcher(stored, one), 2: Searcher(stored, two)}

    def query(encoder: OnnxEncoder) -> Callable[[int], object]:
        return lambda n: encoder.encode_query(queries[n].text)

    def passage(encoder: OnnxEncoder) -> Callable[[int], object]:
        return lambda n: encoder.encode_passage(passages[n])

    def search(threads: int) -> Callable[[int], object]:
        return lambda n: searchers[threads].retrieve(queries[n], PASSAGES)

    cases = {
        "vecteur d'une question": {ONE: (query(one), 1, 1), "onnxruntime 2": (query(two), 1, 1)},
        "vecteur d'un passage": {ONE: (passage(one), 1, 1), "onnxruntime 2": (passage(two), 1, 1)},
        "recherche": {
            ONE: (search(1), 1, 1),
            "onnxruntime 2": (search(2), 1, 1),
            "BLAS 2": (search(1), 2, 1),
            "FAISS 2": (search(1), 1, 2),
            "2 partout": (search(2), 2, 2),
        },
    }
    rows = [row for work, ways in cases.items() for row in _rows(work, ways)]
    return [
        Tableau(
            f"Une question à la fois ({QUESTIONS} questions ou passages, {ROUNDS} passages)",
            ("travail", "tâches", "médiane (ms)", "rapport"),
            tuple(rows),
        ),
        _askers(searchers, len(queries), search),
    ]


Way = tuple[Callable[[int], object], int, int]
"""What to do with the n-th text, threads of BLAS, threads of FAISS."""


def _encoder(threads: int) -> OnnxEncoder:
    installed = open_folder(read_configuration().dossier_modele)
    description = installed.record.description
    network = OnnxNetwork(
        installed.onnx, installed.tokenizer, description.max_tokens, threads=threads
    )
    return OnnxEncoder(network, description)


@contextmanager
def _threads(blas: int, dense: int) -> Iterator[None]:
    with threadpool_limits(limits=blas, user_api="blas"):
        faiss.omp_set_num_threads(dense)
        try:
            yield
        finally:
            faiss.omp_set_num_threads(1)


def _rows(work: str, ways: dict[str, Way]) -> list[tuple[str, ...]]:
    taken: dict[str, list[list[float]]] = {name: [[] for _ in range(QUESTIONS)] for name in ways}
    for _ in range(ROUNDS):
        for number in range(QUESTIONS):
            for name, (action, blas, dense) in ways.items():
                with _threads(blas, dense):
                    start = perf_counter()
                    action(number)
                    taken[name][number].append((perf_counter() - start) * 1000)
    medians = {name: [statistics.median(t) for t in times] for name, times in taken.items()}
    return [
        (
            work,
            name,
            decimal(statistics.median(times)),
            decimal(
                statistics.median(a / b for a, b in zip(times, medians[ONE], strict=True)),
            ),
        )
        for name, times in medians.items()
    ]


def _askers(
    searchers: dict[int, Searcher], count: int, search: Callable[[int], Callable[[int], object]]
) -> Tableau:
    """Searches a second when one or two people ask at once."""
    rates: dict[tuple[int, int], list[float]] = {(a, t): [] for a in ASKERS for t in searchers}
    for _ in range(ROUNDS):
        for (askers, threads), found in rates.items():
            with _threads(threads, threads), ThreadPoolExecutor(askers) as pool:
                start = perf_counter()
                list(pool.map(search(threads), range(count)))
                found.append(count / (perf_counter() - start))
    return Tableau(
        "Plusieurs personnes à la fois : recherches par seconde",
        ("personnes", *(f"{t} tâche{'s' * (t > 1)} par question" for t in searchers)),
        tuple(
            (str(a), *(decimal(statistics.median(rates[a, t]), 0) for t in searchers))
            for a in ASKERS
        ),
    )
