"""What an optional writer costs when it is down: nothing that anyone would notice."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter

from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Memoire
from assistant.models import Question
from assistant.redacteur.reglage import ReglageRedacteur
from assistant.redacteur.service import Redacteur, a_confier
from bench.adresses import adresse_fermee, trou_noir
from bench.cadre import open_cadre, read_sets
from bench.tableau import Tableau, decimal, signed, verdict

SETS = ("base_dev", "reponses_dev")
MOST = 80
"""Answers that a writer could reword, of those sets."""
GOAL_MS = 50.0

Servir = Callable[[str], object]


def run() -> Sequence[Tableau]:
    assistant = open_cadre().assistant
    questions = _questions(assistant)
    with trou_noir() as noir:
        ways: dict[str, Servir] = {
            "sans rédacteur": partial(_answer, assistant, None),
            "port fermé, premier appel": partial(_first, assistant, adresse_fermee()),
            "port fermé, ensuite": partial(_answer, assistant, _writer(adresse_fermee())),
            "adresse muette, premier appel": partial(_first, assistant, noir),
            "adresse muette, ensuite": partial(_answer, assistant, _writer(noir)),
        }
        for servir in ways.values():
            servir(questions[0])
        taken: dict[str, list[float]] = {name: [] for name in ways}
        names = list(ways)
        for turn, question in enumerate(questions):
            # In an order that moves on, so that the machine's load falls on all alike.
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                start = perf_counter()
                ways[name](question)
                taken[name].append((perf_counter() - start) * 1000)
    alone = taken["sans rédacteur"]
    rows = []
    for name in names:
        more = [a - b for a, b in zip(taken[name], alone, strict=True)]
        added = statistics.median(more)
        ratio = statistics.median(a / b for a, b in zip(taken[name], alone, strict=True))
        rows.append(
            (
                name,
                decimal(statistics.median(taken[name]), 1),
                decimal(statistics.quantiles(taken[name], n=20)[-1], 1),
                signed(added, 1) if name != names[0] else "—",
                decimal(ratio),
                verdict(added, GOAL_MS) if name != names[0] else "—",
            )
        )
    return [
        Tableau(
            f"Une réponse, le rédacteur en panne, {len(questions)} questions à tour de rôle",
            ("rédacteur", "médiane (ms)", "95 % (ms)", "en plus (ms)", "rapport médian", "but"),
            tuple(rows),
            "« premier appel » : rien n'est encore su du rédacteur ; une connexion est essayée à "
            "part, et attendue trois centièmes de seconde au plus. « ensuite » : il est laissé en "
            "paix une minute. « en plus » : médiane des écarts, question par question.",
        )
    ]


def _questions(assistant: Conseiller) -> list[str]:
    """Questions whose answer a writer could reword."""
    found: list[str] = []
    for mesuree in read_sets(SETS):
        texte = mesuree.textes[-1]
        if a_confier(assistant.echanger(mesuree.question, texte, Memoire())) is not None:
            found.append(texte)
        if len(found) == MOST:
            break
    return found


def _writer(url: str) -> Redacteur:
    return Redacteur(ReglageRedacteur(url=f"{url}/chat/completions"))


def _answer(assistant: Conseiller, writer: Redacteur | None, texte: str) -> None:
    echange = assistant.echanger(Question(id="b"), texte, Memoire())
    if writer is not None:
        writer.lisser(echange, assistant)


def _first(assistant: Conseiller, url: str, texte: str) -> None:
    """Answer with a writer of which nothing is known yet."""
    _answer(assistant, _writer(url), texte)
