"""What keeping the index in the shared store costs a search, and an answer."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter

from assistant.answers.engine import assistant_over
from assistant.configuration import read_configuration
from assistant.dialogue.conseiller import Conseiller
from bench.cadre import open_cadre, read_sets
from bench.tableau import Tableau, decimal, signed
from corpus.magasin.moteur import Magasin
from corpus.magasin.preparation import preparer_magasin
from index.models import SearchQuery
from index.postgres.opening import open_postgres
from index.postgres.versions import copy_version, use_version
from index.search import Searcher
from index.storage import open_index
from tests.postgres_lance import postgres_lance

SETS = ("base_dev", "reponses_dev")
HERE, THERE = "fichiers", "PostgreSQL"

Servir = Callable[[int], object]


def run() -> Sequence[Tableau]:
    cadre, settings = open_cadre(), read_configuration()
    posees = read_sets(SETS)
    stored = open_index(settings.dossier_index, cadre.lexique)
    with postgres_lance() as serveur:
        serveur.creer("banc")
        magasin = Magasin(serveur.adresse("banc"))
        preparer_magasin(magasin)
        with magasin.connexion(300) as connection:
            copy_version(connection, stored)
        with magasin.connexion(300) as connection:
            use_version(connection, stored.info.version)
        view = open_postgres(magasin.connexion, cadre.lexique)
        ours = Searcher(view, cadre.encoder)
        adviser = Conseiller(assistant_over(view, cadre.encoder, settings))
        queries = [
            SearchQuery(
                text=p.textes[-1],
                departements=(p.question.departement,) if p.question.departement else (),
                annee_scolaire=p.question.annee_scolaire,
            )
            for p in posees
        ]
        searches: dict[str, Servir] = {
            HERE: lambda n: cadre.searcher.search(queries[n], 10),
            THERE: lambda n: ours.search(queries[n], 10),
        }
        answers: dict[str, Servir] = {
            HERE: lambda n: cadre.assistant.repondre(posees[n].question),
            THERE: lambda n: adviser.repondre(posees[n].question),
        }
        rows = [
            *_rows("recherche", _timed(searches, len(posees))),
            *_rows("réponse entière", _timed(answers, len(posees))),
        ]
        magasin.fermer()
    return [
        Tableau(
            f"L'index dans des fichiers ou dans le magasin partagé, {len(posees)} questions",
            ("ce qui est fait", "index", "médiane (ms)", "95 % (ms)", "en plus (ms)"),
            tuple(rows),
            "Question par question, l'un puis l'autre, dans un ordre qui alterne ; le serveur est "
            "sur la même machine. « en plus » : médiane des écarts, question par question. Les "
            "passages, leurs scores et les réponses sont les mêmes, au bit près.",
        )
    ]


def _timed(ways: Mapping[str, Servir], count: int) -> dict[str, list[float]]:
    """Milliseconds of each way, question by question, in turn."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    names = list(ways)
    for servir in ways.values():
        servir(0)
    for number in range(count):
        for name in names if number % 2 else names[::-1]:
            start = perf_counter()
            ways[name](number)
            taken[name].append((perf_counter() - start) * 1000)
    return taken


def _rows(what: str, taken: Mapping[str, Sequence[float]]) -> list[tuple[str, ...]]:
    return [
        (
            what,
            name,
            decimal(statistics.median(times), 1),
            decimal(statistics.quantiles(times, n=20)[-1], 1),
            signed(statistics.median(a - b for a, b in zip(times, taken[HERE], strict=True)), 1)
            if name != HERE
            else "—",
        )
        for name, times in taken.items()
    ]
