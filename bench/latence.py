"""Time of one question: its bare embedding, its search, its answer."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from time import perf_counter, process_time

from assistant.answers.engine import PASSAGES
from assistant.answers.understanding import comprendre
from bench.cadre import Cadre, Posee, asked, open_cadre
from bench.tableau import Tableau, decimal, verdict

ROUNDS = 3
SETS = ("base_dev", "reponses_dev", "reponses_test")
STEPS = ("vecteur seul", "recherche", "réponse entière", "compréhension")
GOALS = {"recherche": 2.0, "réponse entière": 3.0}
MEDIAN_MS = 15.0


def run() -> Sequence[Tableau]:
    cadre = open_cadre()
    questions = asked(SETS)
    for posee in questions[:20]:
        _once(cadre, posee)
    samples = [_question(cadre, posee) for posee in questions]
    walls = {step: [wall[step] for wall, _ in samples] for step in STEPS}
    busy = {step: [cpu[step] for _, cpu in samples] for step in STEPS}
    bare = walls["vecteur seul"]
    rows = []
    for step in STEPS:
        ratio = statistics.median(a / b for a, b in zip(walls[step], bare, strict=True))
        rows.append(
            (
                step,
                decimal(statistics.median(walls[step])),
                decimal(statistics.quantiles(walls[step], n=20)[-1]),
                decimal(statistics.median(busy[step])),
                decimal(ratio),
                verdict(ratio, GOALS[step]) if step in GOALS else "—",
            )
        )
    answer = statistics.median(walls["réponse entière"])
    return [
        Tableau(
            f"Une question, {len(questions)} questions, {ROUNDS} passages de chacune",
            ("étape", "médiane (ms)", "95 % (ms)", "processeur (ms)", "rapport médian", "but"),
            tuple(rows),
            f"Réponse médiane : {decimal(answer, 1)} ms (but {verdict(answer, MEDIAN_MS)}, sur un "
            "cœur libre). « processeur » : temps de calcul seul, que la charge des autres "
            "programmes allonge moins que l'horloge. La compréhension est une part de la réponse.",
        )
    ]


def _actions(cadre: Cadre, posee: Posee) -> dict[str, Callable[[], object]]:
    question = posee.mesuree.question
    return {
        "vecteur seul": lambda: cadre.encoder.encode_query(posee.query.text),
        "recherche": lambda: cadre.searcher.retrieve(posee.query, PASSAGES),
        "réponse entière": lambda: cadre.assistant.repondre(question),
        "compréhension": lambda: comprendre(question, posee.mesuree.textes[-1]),
    }


def _once(cadre: Cadre, posee: Posee, first: int = 0) -> dict[str, tuple[float, float]]:
    """Wall and processor milliseconds of each step; ``first``: the step to begin with."""
    actions = list(_actions(cadre, posee).items())
    taken = {}
    for step, action in actions[first:] + actions[:first]:
        wall, cpu = perf_counter(), process_time()
        action()
        taken[step] = ((perf_counter() - wall) * 1000, (process_time() - cpu) * 1000)
    return taken


def _question(cadre: Cadre, posee: Posee) -> tuple[dict[str, float], dict[str, float]]:
    """Median times of each step for one question, each round beginning with another step."""
    rounds = [_once(cadre, posee, turn % len(STEPS)) for turn in range(ROUNDS)]
    return (
        {step: statistics.median(taken[step][0] for taken in rounds) for step in STEPS},
        {step: statistics.median(taken[step][1] for taken in rounds) for step in STEPS},
    )
