"""Fifty people who ask at once in one process: answers a second, and how long each one waits."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

from assistant.dialogue.conseiller import Conseiller
from bench.cadre import open_cadre, read_sets
from bench.latence import without_reader
from bench.tableau import Tableau, decimal

SESSIONS = (1, 2, 10, 50)
QUESTIONS = 100
SETS = ("reponses_dev",)


def run() -> Sequence[Tableau]:
    ways = {"sans relire": without_reader(), "premiers candidats relus": open_cadre().assistant}
    for assistant in ways.values():
        _ask(assistant, 1, 10)
    rows = [
        (str(sessions), name, *map(decimal, _ask(assistant, sessions, QUESTIONS)))
        for sessions in SESSIONS
        for name, assistant in ways.items()
    ]
    return [
        Tableau(
            f"{QUESTIONS} questions posées sans pause par plusieurs personnes, un seul processus",
            ("personnes", "rangement", "réponses par seconde", "attente médiane (ms)", "95 % (ms)"),
            tuple(rows),
            "Chacune demande dès qu'elle est répondue, ce que personne ne fait : c'est le débit "
            "le plus haut. Sans la page, qui a son propre coût.",
        )
    ]


def _ask(assistant: Conseiller, sessions: int, count: int) -> tuple[float, float, float]:
    """Answers a second, median and 95th percentile of the waits in milliseconds."""
    questions = [mesuree.question for mesuree in read_sets(SETS)[:count]]

    def wait(number: int) -> float:
        started = perf_counter()
        assistant.repondre(questions[number % len(questions)])
        return (perf_counter() - started) * 1000

    with ThreadPoolExecutor(sessions) as pool:
        started = perf_counter()
        waits = list(pool.map(wait, range(count)))
        whole = perf_counter() - started
    return count / whole, statistics.median(waits), statistics.quantiles(waits, n=20)[-1]
