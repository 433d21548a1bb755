"""Time of one question: its bare embedding, its search, its answer read again or not."""

from __future__ import annotations

import secrets
import statistics
from collections.abc import Callable, Sequence
from time import perf_counter, process_time

from assistant.answers.engine import PASSAGES
from assistant.answers.understanding import comprendre
from assistant.configuration import read_configuration
from assistant.dialogue.conseiller import Conseiller, open_conseiller
from assistant.models import Question
from bench.cadre import Cadre, Posee, asked, open_cadre
from bench.tableau import Tableau, decimal, verdict

ROUNDS = 3
SETS = ("base_dev", "reponses_dev", "reponses_test")
STEPS = ("vecteur seul", "recherche", "réponse sans relire", "réponse entière", "compréhension")
MOST_SPACES = 200
RATIOS = {"recherche": 2.0}
MEDIANS_MS = {"réponse sans relire": 25.0, "réponse entière": 120.0}
TAILS_MS = {"réponse entière": 250.0}
"""Goals: times the bare embedding; median and 95th percentile, in milliseconds."""


def run() -> Sequence[Tableau]:
    cadre, plain = open_cadre(), without_reader()
    questions = asked(SETS)
    for posee in questions[:20]:
        _once(cadre, plain, posee)
    samples = [_question(cadre, plain, posee) for posee in questions]
    walls = {step: [wall[step] for wall, _ in samples] for step in STEPS}
    busy = {step: [cpu[step] for _, cpu in samples] for step in STEPS}
    return [
        Tableau(
            f"Une question, {len(questions)} questions, {ROUNDS} passages de chacune",
            ("étape", "médiane (ms)", "95 % (ms)", "processeur (ms)", "rapport médian", "buts"),
            tuple(_row(step, walls[step], busy[step], walls["vecteur seul"]) for step in STEPS),
            "« Réponse entière » : les premiers candidats sont relus là où le classement hésite. "
            "« processeur » : temps de calcul seul, que la charge des autres programmes allonge "
            "moins que l'horloge. La compréhension est une part de la réponse.",
        )
    ]


def without_reader() -> Conseiller:
    """The adviser as it answers where nothing is read again (``CLAS_LECTEUR=non``)."""
    return open_conseiller(read_configuration().model_copy(update={"lecteur": False}))


def _row(
    step: str, walls: Sequence[float], busy: Sequence[float], bare: Sequence[float]
) -> tuple[str, ...]:
    median, tail = statistics.median(walls), statistics.quantiles(walls, n=20)[-1]
    ratio = statistics.median(a / b for a, b in zip(walls, bare, strict=True))
    measured = (
        ("rapport", ratio, RATIOS),
        ("médiane", median, MEDIANS_MS),
        ("95 %", tail, TAILS_MS),
    )
    goals = [f"{name} {verdict(value, of[step])}" for name, value, of in measured if step in of]
    return (
        step,
        decimal(median),
        decimal(tail),
        decimal(statistics.median(busy)),
        decimal(ratio),
        " ; ".join(goals) or "—",
    )


def _actions(cadre: Cadre, plain: Conseiller, posee: Posee) -> dict[str, Callable[[], object]]:
    asked, typed = posee.mesuree.question, posee.mesuree.textes[-1]

    def anew() -> Question:
        """The same question, with spaces that make its reading a first one: readings are kept."""
        return asked.model_copy(update={"question": typed + " " * secrets.randbelow(MOST_SPACES)})

    return {
        "vecteur seul": lambda: cadre.encoder.encode_query(posee.query.text),
        "recherche": lambda: cadre.searcher.retrieve(posee.query, PASSAGES),
        "réponse sans relire": lambda: plain.repondre(anew()),
        "réponse entière": lambda: cadre.assistant.repondre(anew()),
        "compréhension": lambda: comprendre(asked, anew().question or ""),
    }


def _once(
    cadre: Cadre, plain: Conseiller, posee: Posee, first: int = 0
) -> dict[str, tuple[float, float]]:
    """Wall and processor milliseconds of each step; ``first``: the step to begin with."""
    actions = list(_actions(cadre, plain, posee).items())
    taken = {}
    for step, action in actions[first:] + actions[:first]:
        wall, cpu = perf_counter(), process_time()
        action()
        taken[step] = ((perf_counter() - wall) * 1000, (process_time() - cpu) * 1000)
    return taken


def _question(
    cadre: Cadre, plain: Conseiller, posee: Posee
) -> tuple[dict[str, float], dict[str, float]]:
    """Median times of each step for one question, each round beginning with another step."""
    rounds = [_once(cadre, plain, posee, turn % len(STEPS)) for turn in range(ROUNDS)]
    return (
        {step: statistics.median(taken[step][0] for taken in rounds) for step in STEPS},
        {step: statistics.median(taken[step][1] for taken in rounds) for step in STEPS},
    )
