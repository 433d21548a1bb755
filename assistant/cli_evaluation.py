"""``clas evaluer``: measures on question sets, and two saved measures side by side."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.dialogue.conseiller import Conseiller
    from assistant.evaluation.report import RapportEvaluation
    from assistant.evaluation.sets import QuestionMesuree
    from assistant.models import Reponse

DONE, UNUSABLE = 0, 2

Add = Callable[[str, str, Callable[[argparse.Namespace], int]], argparse.ArgumentParser]
"""Adds a command: its name, what it does, what runs it."""


def add_evaluation(add: Add, open_assistant: Callable[[], Conseiller]) -> None:
    """Declare the command; ``open_assistant`` is called when there is a set to measure."""

    def run(options: argparse.Namespace) -> int:
        from assistant.evaluation.files import FichierInutilisable

        if bool(options.fichiers) == (options.comparer is not None):
            return _unusable(
                "clas evaluer : donnez au moins un jeu de questions (FICHIER), ou bien "
                "--comparer A B, l'un des deux et pas les deux."
            )
        try:
            if options.comparer is not None:
                return _compare(options)
            return _measure(options, open_assistant)
        except FichierInutilisable as error:
            return _unusable(str(error))

    parser = add("evaluer", "Mesure le programme sur un jeu de questions.", run)
    parser.add_argument(
        "fichiers", type=Path, nargs="*", metavar="FICHIER", help="jeu(x) de questions (JSONL)"
    )
    parser.add_argument("--json", action="store_true", help="les mesures en JSON")
    parser.add_argument("--html", type=Path, metavar="F", help="les mesures dans une page web")
    parser.add_argument(
        "--comparer",
        type=Path,
        nargs=2,
        metavar=("A", "B"),
        help="compare deux mesures enregistrées par --json, question par question",
    )


def _measure(options: argparse.Namespace, open_assistant: Callable[[], Conseiller]) -> int:
    from rich.console import Console

    from assistant.evaluation.page import en_html
    from assistant.evaluation.sets import lire_jeux
    from assistant.evaluation.table import afficher

    questions = lire_jeux(options.fichiers)
    _check_page(options.html, options.fichiers)
    named = ", ".join(source.name for source in options.fichiers)
    report = _report(questions, open_assistant(), named)
    _write_page(options.html, en_html(report) if options.html else b"")
    if options.json:
        print(report.model_dump_json(indent=2))
    else:
        afficher(report, Console())
    return DONE


def _report(
    questions: Sequence[QuestionMesuree], assistant: Conseiller, named: str
) -> RapportEvaluation:
    """Put the questions, after one that is not measured: what is read once is read by it."""
    from assistant.dialogue.memoire import Memoire
    from assistant.evaluation.run import evaluer
    from assistant.models import Question

    def answer(question: Question) -> Iterator[Reponse]:
        """Answer as the adviser does, but a turn at a time, for each to be timed."""
        memory = Memoire()
        for words in question.tours or (question.question or "",):
            exchange = assistant.echanger(question, words, memory)
            memory = exchange.memoire
            yield exchange.scellee.reponse

    assistant.repondre(Question(id="", question="Combien d'enfants par groupe ?"))
    documents = assistant.documents
    return evaluer(
        questions,
        answer,
        {name: document.texte for name, document in documents.items()},
        portees={name: document.fiche.portee for name, document in documents.items()},
        fichier=named,
    )


def _compare(options: argparse.Namespace) -> int:
    from rich.console import Console

    from assistant.evaluation.comparison import comparer
    from assistant.evaluation.comparison_page import comparaison_en_html
    from assistant.evaluation.comparison_table import afficher_comparaison
    from assistant.evaluation.runs import lire_execution

    first, second = options.comparer
    runs = lire_execution(first), lire_execution(second)
    _check_page(options.html, options.comparer)
    compared = comparer(*runs, nom_a=str(first), nom_b=str(second))
    _write_page(options.html, comparaison_en_html(compared) if options.html else b"")
    if options.json:
        print(compared.model_dump_json(indent=2))
    else:
        afficher_comparaison(compared, Console())
    return DONE


def _check_page(page: Path | None, sources: list[Path]) -> None:
    from assistant.evaluation.files import verifier_sortie

    if page is not None:
        verifier_sortie(page, sources)


def _write_page(page: Path | None, content: bytes) -> None:
    from corpus.files import write_atomically

    if page is not None:
        write_atomically(page.resolve(), [content])


def _unusable(message: str) -> int:
    print(message, file=sys.stderr)
    return UNUSABLE
