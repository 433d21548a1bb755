"""What several nodes cost a search: one base, two nodes and three, on the same passages."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from threadpoolctl import threadpool_limits

from bench.tableau import Tableau, decimal
from corpus.magasin.moteur import Magasin
from corpus.magasin.preparation import preparer_magasin
from corpus.models import NATIONALE
from index.lexicon import load_lexicon
from index.models import SearchQuery
from index.postgres.fragments.repartir import lay_out
from index.postgres.opening import open_postgres
from index.postgres.versions import copy_version
from index.search import Retrieval, Searcher
from tests.grande_version import GrandeVersion, grande_version
from tests.noeuds_lances import noeuds_lances
from tests.postgres_lance import postgres_lance

PASSAGES = 10_000
DIMENSION = 384
CODES = tuple(f"{n:02d}" for n in range(1, 52) if n != 20)
HELD = {
    "deux nœuds": {"ici": CODES[:25], "sud": "le reste"},
    "trois nœuds": {"ici": CODES[:16], "sud": CODES[16:33], "nord": "le reste"},
}
NATIONAL = PASSAGES // 10
ASKED = 40
ONE = "un nœud"
GRAPH, WHOLE = PASSAGES // 20, 10 * PASSAGES
"""Passages beyond which the graph finds what is near: for all searches, or for none."""


@dataclass
class _Seen:
    """What a way to search did."""

    seconds: list[float] = field(default_factory=list)
    recalls: list[float] = field(default_factory=list)
    firsts: list[tuple[str, ...]] = field(default_factory=list)


def run() -> Sequence[Tableau]:
    lexique = load_lexicon()
    each = (PASSAGES - NATIONAL) // len(CODES)
    held = {NATIONALE: PASSAGES - each * len(CODES), **dict.fromkeys(CODES, each)}
    version = grande_version(held, lexique, DIMENSION, ASKED)
    rows: list[tuple[str, ...]] = []
    with threadpool_limits(limits=1), ExitStack() as pile:
        serveurs = [pile.enter_context(postgres_lance()) for _ in range(3)]
        serveurs[0].creer("seul")
        seul = Magasin(serveurs[0].adresse("seul"))
        pile.callback(seul.fermer)
        preparer_magasin(seul)
        with seul.connexion(600) as connection:
            copy_version(connection, version.stored, GRAPH)
        magasins = {ONE: seul}
        for name, departements in HELD.items():
            noeuds = pile.enter_context(noeuds_lances(serveurs[: len(departements)], departements))
            lay_out(noeuds.ici, noeuds.noeuds, version.stored, GRAPH)
            magasins[name] = noeuds.ici
        for how, beyond in (("tous comparés", WHOLE), ("graphe", GRAPH)):
            ways = {
                name: Searcher(
                    open_postgres(magasin.connexion, lexique, "0" * 12, beyond), version.encoder
                )
                for name, magasin in magasins.items()
            }
            for where, departements in (("partout", ()), ("un département", (CODES[30],))):
                rows += _rows(f"{how}, {where}", _asked(ways, version, departements))
    return [
        Tableau(
            f"Un, deux ou trois nœuds, {f'{PASSAGES:,}'.replace(',', ' ')} passages de hasard",
            (
                "recherche",
                "magasin",
                "médiane (ms)",
                "95 % (ms)",
                "rapport des médianes",
                "rappel des 10 plus proches",
                "mêmes dix premiers",
            ),
            tuple(rows),
            f"{ASKED} questions, posées deux fois à chacun, dans un ordre qui alterne ; "
            f"{DIMENSION} dimensions, {len(CODES)} départements, un passage sur dix national. Les "
            "serveurs sont tous sur cette machine, dont les cœurs servent aussi au programme : "
            "plusieurs y coûtent ce qu'ils coûtent, et n'y gagnent rien. Le rappel est compté "
            "avant le reclassement, contre la comparaison de tous.",
        )
    ]


def _asked(
    ways: dict[str, Searcher], version: GrandeVersion, departements: tuple[str, ...]
) -> dict[str, _Seen]:
    seen = {name: _Seen() for name in ways}
    names = list(ways)
    for turn, text in enumerate((version.questions[0], *version.questions * 2)):
        query = SearchQuery(text=text, departements=departements)
        for name in names if turn % 2 else names[::-1]:
            start = perf_counter()
            found = ways[name].retrieve(query, 10)
            taken = perf_counter() - start
            if turn:  # the first one opens the lines
                seen[name].seconds.append(taken)
                seen[name].recalls.append(_recall(version, found, text))
                seen[name].firsts.append(tuple(hit.passage.id for hit in found.result.hits))
    return seen


def _recall(version: GrandeVersion, found: Retrieval, text: str) -> float:
    """Share of the ten nearest, all compared, that were found."""
    vectors, allowed = version.stored.vectors, found.steps.allowed
    rows = np.arange(len(vectors)) if allowed is None else allowed
    cosines = vectors[rows] @ version.encoder.encode_query(text).sentence
    best = set(rows[np.argsort(-cosines)[:10]].tolist())
    return len(best & found.steps.candidates.near) / len(best)


def _rows(what: str, seen: dict[str, _Seen]) -> list[tuple[str, ...]]:
    one = seen[ONE]
    base = statistics.median(one.seconds)
    return [
        (
            what,
            name,
            decimal(statistics.median(way.seconds) * 1000, 1),
            decimal(statistics.quantiles(way.seconds, n=20)[-1] * 1000, 1),
            decimal(statistics.median(way.seconds) / base, 2),
            decimal(statistics.fmean(way.recalls), 3),
            decimal(statistics.fmean(a == b for a, b in zip(way.firsts, one.firsts, strict=True))),
        )
        for name, way in seen.items()
    ]
