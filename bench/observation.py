"""What an operator's view costs an answer: counted, written as JSON, traced."""

from __future__ import annotations

import statistics
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Echange, Memoire
from assistant.etapes import suivre
from assistant.models import Question
from assistant.observation.chronometre import Chronometre, Duree
from assistant.observation.journal import Prise, ouvrir_la_sortie
from assistant.observation.mesure import mesure_de
from assistant.observation.observateur import Observateur
from assistant.observation.reglage import ReglageObservation
from assistant.observation.traces import Traceur
from bench.cadre import open_cadre, read_sets
from bench.tableau import Tableau, decimal, verdict

SETS = ("base_dev", "reponses_dev")
MOST = 60
"""Questions, of those sets."""
AGAIN = 50
"""Times that one answer is told, to time what takes microseconds."""
GOAL = 0.01
"""Share of an answer's time that it may take."""


def run() -> Sequence[Tableau]:
    assistant = open_cadre().assistant
    questions = [mesuree.textes[-1] for mesuree in read_sets(SETS)][:MOST]
    with TemporaryDirectory() as folder, _receiver() as address:
        counted = Observateur(ReglageObservation(), "banc:1")
        traced = Observateur(ReglageObservation(), "banc:1", Traceur(address, "banc:1", "0"))
        ways: dict[str, Callable[[str], float]] = {
            "comptée": partial(_cost, assistant, counted),
            "comptée et tracée": partial(_cost, assistant, traced),
        }
        taken: dict[str, list[float]] = {name: [] for name in (*ways, "comptée et écrite")}
        answers: list[float] = []
        _answer(assistant, questions[0])
        for question in questions:
            answers.append(_alone(assistant, question))
            for name, cost in ways.items():
                taken[name].append(cost(question))
            with _log(Path(folder) / "technique.jsonl"):
                taken["comptée et écrite"].append(_cost(assistant, counted, question))
        traced.arreter()
    median = statistics.median(answers)
    rows = [
        (
            name,
            decimal(statistics.median(costs) * 1e6, 0),
            decimal(statistics.quantiles(costs, n=20)[-1] * 1e6, 0),
            decimal(100 * statistics.median(costs) / median, 3),
            verdict(100 * statistics.median(costs) / median, 100 * GOAL),
        )
        for name, costs in taken.items()
    ]
    return [
        Tableau(
            f"Ce que coûte d'observer une réponse, {len(questions)} questions",
            ("observation", "médiane (µs)", "95 % (µs)", "part d'une réponse (%)", "but"),
            tuple(rows),
            f"Une réponse prend {decimal(1000 * median, 1)} ms (médiane, mesurée à côté, question "
            "par question). Temps ajouté au fil qui répond : le chronomètre, la mesure, les "
            f"compteurs, la ligne ou les traces, chaque fois la moyenne de {AGAIN} passages. Les "
            "traces partent d'un autre fil.",
        )
    ]


def _answer(assistant: Conseiller, question: str) -> tuple[Echange, Duree]:
    watch = Chronometre()
    with suivre(watch):
        echange = assistant.echanger(Question(id="1"), question, Memoire())
    return echange, watch.arreter()


def _alone(assistant: Conseiller, question: str) -> float:
    """Seconds of an answer that nobody observes."""
    start = perf_counter()
    assistant.echanger(Question(id="1"), question, Memoire())
    return perf_counter() - start


def _cost(assistant: Conseiller, observer: Observateur, question: str) -> float:
    """Seconds that observing this answer takes: everything that is not the answer itself."""
    echange, duree = _answer(assistant, question)
    start = perf_counter()
    for _ in range(AGAIN):
        watch = Chronometre()
        for passage in duree.passages:
            watch(passage.etape)
        watch.arreter()
        observer.repondu(mesure_de(echange, assistant, duree, departement_connu=False))
    return (perf_counter() - start) / AGAIN


@contextmanager
def _log(path: Path) -> Iterator[None]:
    prise = Prise(ouvrir_la_sortie(path, "banc:1"))
    prise.prendre()
    try:
        yield
    finally:
        prise.rendre()


class _Request(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def _receiver() -> Iterator[str]:
    """A receiver of traces that takes everything."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Request)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/traces"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
