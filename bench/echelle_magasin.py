"""The vectors and words of many passages in a real PostgreSQL server, searched as replicas do."""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final, LiteralString

import numpy as np
from numpy.typing import NDArray
from psycopg import sql

from bench.croissance import exact_rows, found_share
from bench.croissance_mesure import DEPTH
from bench.echelle_copies import DEPARTEMENTS, NATIONAL_ONE_IN
from bench.grappes import Vectors
from corpus.magasin.moteur import Bornes, Magasin
from corpus.magasin.preparation import preparer_magasin
from corpus.models import NATIONALE
from index.lexical import LexicalIndex
from index.postgres.exchange import Statement, driver_of, exchange
from index.postgres.names import stated
from index.postgres.packing import vector_out
from index.postgres.reading import MARGIN, FetchedReading, Served, Sources, Statements
from index.postgres.tables import FORMAT, OF_A_VERSION, OF_NEIGHBOURS, OF_SCOPES
from index.view import Asking
from index.vocabulary import LexicalQuery
from tests.postgres_lance import ServeurPostgres, postgres_lance

BASE: Final = "echelle"
EXACT, GRAPH, HALF = "exacte", "graphe HNSW", "graphe HNSW, demi-précision"
TEN: Final = 10
DEPARTEMENT: Final = "34"
SEAL: Final = "0" * 64
PATIENCE: Final = 3600.0
"""Seconds that making a table or a graph may take."""
NO_WORDS: Final = LexicalQuery(own=(), added=(), unknown=(), said=())
_SETTINGS: Final = {
    "shared_buffers": "3GB",
    "maintenance_work_mem": "2GB",
    "max_wal_size": "4GB",
    "max_parallel_maintenance_workers": "0",
    "max_parallel_workers_per_gather": "0",
    "autovacuum": "off",
}
"""One core for each thing measured: two would wait for each other on a machine that is shared."""
_HALF_GRAPH: Final[LiteralString] = (
    "CREATE INDEX proches ON {s}.passages USING hnsw"
    " ((vecteur::halfvec({dimension})) halfvec_ip_ops) WITH (m = 16, ef_construction = 100)"
)
_HALF_NEAR: Final[LiteralString] = (
    "SELECT rang, vector_send(vecteur) FROM (SELECT rang, vecteur FROM {s}.passages {where}"
    " ORDER BY vecteur::halfvec({dimension})"
    " <#> (SELECT %s::float8[]::vector::halfvec({dimension})) LIMIT %s) AS choisis"
)
_SCOPED: Final = sql.SQL("WHERE portee = ANY(%s) AND document <> ALL(%s)")


@dataclass(frozen=True)
class Demande:
    """A question as a search has it."""

    vector: NDArray[np.float32]
    words: LexicalQuery


@dataclass(frozen=True)
class Mesure:
    """One way to find what is near, at one size."""

    passages: int
    sorte: str
    construction: float
    """Seconds of processor of the server; 0 where there is nothing to build."""
    table: int
    graphe: int
    """Octets on disk: what is kept of the vectors, and the graph."""
    p50: float
    p95: float
    departement: float
    """Seconds of the clock: of a search of the whole country, and median of one département."""
    serveur: float
    client: float
    """Seconds of processor of a search of the whole country."""
    rappel: float
    rappel_departement: float


@dataclass(frozen=True)
class Mots:
    """The words of some passages, as the store has them."""

    passages: int
    disque: int
    p50: float
    p95: float
    departement: float
    envoye: int
    """Octets sent for a question of the whole country, on average."""


class HalfPrecision:
    """What is asked of a version whose graph keeps its vectors in half precision."""

    incomplet: tuple[str, ...] = ()

    def __init__(self, version: str, whole: Sources, dimension: int) -> None:
        self._whole = whole
        self.vecteurs = whole.vecteurs
        self._near = {
            scoped: stated(_HALF_NEAR, version, where=where, dimension=sql.Literal(dimension))
            for scoped, where in {False: sql.SQL(""), True: _SCOPED}.items()
        }

    def near(self, asking: Asking, portees: Sequence[str], _beyond: int) -> Statement:
        """Ask for the passages nearest to a sentence, by the graph."""
        scoped = asking.allowed is not None
        scope = (list(portees), sorted(asking.ended)) if scoped else ()
        return self._near[scoped], (*scope, asking.sentence.tolist(), asking.depth + MARGIN)

    def words(self, stems: Sequence[str], portees: Sequence[str]) -> Statement:
        return self._whole.words(stems, portees)

    def vectors(self, rows: Sequence[int]) -> Statement:
        return self._whole.vectors(rows)

    def tokens(self, rows: Sequence[int]) -> Statement:
        return self._whole.tokens(rows)


class Etabli:
    """A server of one's own, and the passages that are put in it, one size at a time."""

    def __init__(self, magasin: Magasin, dimension: int) -> None:
        self._magasin = magasin
        self._dimension = dimension

    def tables(self, count: int) -> Served:
        """Make the empty tables of a version of so many passages."""
        version = f"{count:012x}"
        dimension = sql.Literal(self._dimension)
        with self._magasin.connexion(PATIENCE) as connection:
            line = driver_of(connection)
            for statement in OF_A_VERSION:
                line.execute(stated(statement, version, dimension=dimension))
            # What a reading asks for first: that the version is the one that was opened.
            line.execute(
                "INSERT INTO public.index_versions (version, format, sceau) VALUES (%s, %s, %s)",
                (version, FORMAT, SEAL),
            )
        return Served(
            version=version,
            sceau=SEAL,
            ouvrir=self._magasin.connexion,
            sources=Statements(version, count),
            dimension=self._dimension,
            passages=count,
            portees=(NATIONALE, *DEPARTEMENTS),
            bounds=np.zeros(1, dtype=np.int64),
            graph_beyond=count,
            opened={},
        )

    def fill(self, vectors: Vectors) -> Served:
        """Make those of some passages, with their vectors."""
        served = self.tables(len(vectors))
        version = served.version
        with self._magasin.connexion(PATIENCE) as connection:
            line = driver_of(connection)
            with (
                line.cursor() as cursor,
                cursor.copy(
                    stated("COPY {s}.passages FROM STDIN (FORMAT binary)", version)
                ) as copy,
            ):
                copy.set_types(("int4", "text", "text", "bytea"))
                for row, scope in enumerate(scopes(len(vectors))):
                    copy.write_row((row, f"d{row // 100}", scope, vector_out(vectors[row])))
            line.execute(stated(OF_SCOPES, version))
            line.execute(stated("ANALYZE {s}.passages", version))
        return served

    def build(self, served: Served, sorte: str) -> tuple[Served, float]:
        """Make a graph in place of another; with it, and the seconds of processor it took."""
        dimension = sql.Literal(self._dimension)
        template = _HALF_GRAPH if sorte == HALF else OF_NEIGHBOURS
        with self._magasin.connexion(PATIENCE) as connection:
            line = driver_of(connection)
            line.execute(stated("DROP INDEX IF EXISTS {s}.proches", served.version))
            before = processor_of(line.info.backend_pid)
            line.execute(stated(template, served.version, dimension=dimension))
            seconds = processor_of(line.info.backend_pid) - before
        sources: Sources = Statements(served.version, served.passages)
        if sorte == HALF:
            sources = HalfPrecision(served.version, sources, self._dimension)
        # A département alone has fewer passages than all: both are to go by the graph.
        return replace(served, sources=sources, graph_beyond=0), seconds

    def words(self, served: Served, lexical: LexicalIndex) -> int:
        """Put in the words of some texts, as often as it takes; octets on disk."""
        times = served.passages // lexical.vocabulary.total
        scope = scopes(served.passages)
        version = served.version
        with self._magasin.connexion(PATIENCE) as connection:
            line = driver_of(connection)
            line.execute(stated("TRUNCATE {s}.mots", version))
            with (
                line.cursor() as cursor,
                cursor.copy(stated("COPY {s}.mots FROM STDIN (FORMAT binary)", version)) as copy,
            ):
                copy.set_types(("text", "text", "bytea", "bytea"))
                for row in _postings(lexical, times, scope):
                    copy.write_row(row)
            line.execute(stated("ANALYZE {s}.mots", version))
            return self._octets(line, version, "mots")

    def sizes(self, served: Served) -> tuple[int, int]:
        """Octets of the vectors and their rows, and of the graph."""
        with self._magasin.connexion() as connection:
            line = driver_of(connection)
            graph = line.execute(
                "SELECT coalesce(pg_relation_size(to_regclass(%s)), 0)",
                (f"index_{served.version}.proches",),
            ).fetchone()
            assert graph is not None
            whole = self._octets(line, served.version, "passages")
        return whole - int(graph[0]), int(graph[0])

    def backend(self) -> int:
        """The process of the server that answers: there is one connection."""
        with self._magasin.connexion() as connection:
            return driver_of(connection).info.backend_pid

    def drop(self, served: Served) -> None:
        """Forget a version."""
        with self._magasin.connexion(PATIENCE) as connection:
            line = driver_of(connection)
            line.execute(stated("DROP SCHEMA {s} CASCADE", served.version))
            line.execute("DELETE FROM public.index_versions WHERE version = %s", (served.version,))

    def _octets(self, line: Any, version: str, table: str) -> int:  # noqa: ANN401 - the driver's
        found = line.execute(
            "SELECT pg_total_relation_size(%s::regclass)", (f"index_{version}.{table}",)
        ).fetchone()
        return int(found[0])


@contextmanager
def etabli(dimension: int) -> Iterator[Etabli]:
    """A server with the memory that such sizes ask for, and one connection to it."""
    with postgres_lance() as serveur:
        _regler(serveur)
        serveur.creer(BASE)
        magasin = Magasin(serveur.adresse(BASE), Bornes(requete=60.0, connexions=1))
        preparer_magasin(magasin)
        try:
            yield Etabli(magasin, dimension)
        finally:
            magasin.fermer()


def _regler(serveur: ServeurPostgres) -> None:
    serveur.ordonner(
        *(
            sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value))
            for name, value in _SETTINGS.items()
        )
    )
    serveur.arreter("fast")
    serveur.lancer()


def neighbours(
    there: Etabli, vectors: Vectors, demandes: Sequence[Demande], sortes: Sequence[str]
) -> Iterator[Mesure]:
    """Measure each way at one size."""
    served = there.fill(vectors)
    asked = np.stack([demande.vector for demande in demandes])
    mine = np.flatnonzero([scope in (NATIONALE, DEPARTEMENT) for scope in scopes(len(vectors))])
    everywhere = exact_rows(vectors, asked)
    here = mine[exact_rows(np.asarray(vectors[mine]), asked)]
    for sorte in sortes:
        way, seconds = (served, 0.0) if sorte == EXACT else there.build(served, sorte)
        bare = [replace(demande, words=NO_WORDS) for demande in demandes]
        run_through(way, bare[:5], None)
        backend = there.backend()
        before, start = processor_of(backend), process_time()
        whole, found = run_through(way, bare, None)
        server, client = processor_of(backend) - before, process_time() - start
        local, near = run_through(way, bare, mine)
        table, graph = there.sizes(way)
        yield Mesure(
            passages=len(vectors),
            sorte=sorte,
            construction=seconds,
            table=table,
            graphe=graph,
            p50=statistics.median(whole),
            p95=statistics.quantiles(whole, n=20)[-1],
            departement=statistics.median(local),
            serveur=server / len(bare),
            client=client / len(bare),
            rappel=found_share(everywhere, found, TEN),
            rappel_departement=found_share(here, near, TEN),
        )
    there.drop(served)


def words_of(there: Etabli, count: int, lexical: LexicalIndex, demandes: Sequence[Demande]) -> Mots:
    """Measure the words alone, of so many passages."""
    served = there.tables(count)
    disk = there.words(served, lexical)
    sent = []
    taken: dict[bool, list[float]] = {False: [], True: []}
    for demande in demandes:
        stems = [*demande.words.own, *demande.words.added]
        for local, portees in ((False, served.portees), (True, (NATIONALE, DEPARTEMENT))):
            start = perf_counter()
            with served.ouvrir() as connection:
                asked = served.sources.words(stems, portees)
                (rows,) = exchange(connection, served.version, [asked])
            scores = np.zeros(served.passages, dtype=np.float32)
            for _, places, weights in rows:
                scores[np.frombuffer(places, "<i4")] += np.frombuffer(weights, "<f4")
            np.argsort(-scores, kind="stable")[:DEPTH]
            taken[local].append(perf_counter() - start)
            if not local:
                sent.append(sum(len(places) + len(weights) for _, places, weights in rows))
    there.drop(served)
    return Mots(
        passages=served.passages,
        disque=disk,
        p50=statistics.median(taken[False]),
        p95=statistics.quantiles(taken[False], n=20)[-1],
        departement=statistics.median(taken[True]),
        envoye=int(statistics.fmean(sent)),
    )


def run_through(
    served: Served, demandes: Sequence[Demande], allowed: NDArray[np.int64] | None
) -> tuple[list[float], list[list[int]]]:
    """Seconds of each question, and the rows nearest to it, best first."""
    taken, found = [], []
    departements = () if allowed is None else (DEPARTEMENT,)
    for demande in demandes:
        start = perf_counter()
        asking = Asking(
            demande.vector, demande.words, DEPTH, allowed, departements, frozenset(), ()
        )
        with FetchedReading(served, asking) as reading:
            rows = [*reading.nearest()]
        taken.append(perf_counter() - start)
        found.append(rows)
    return taken, found


def scopes(count: int) -> list[str]:
    """Scope of each passage: documents of a hundred, one in ten national."""
    return [
        NATIONALE
        if (row // 100) % NATIONAL_ONE_IN == 0
        else DEPARTEMENTS[(row // 100) % len(DEPARTEMENTS)]
        for row in range(count)
    ]


def _postings(
    lexical: LexicalIndex, times: int, scope: Sequence[str]
) -> Iterator[tuple[str, str, bytes, bytes]]:
    total = lexical.vocabulary.total
    names, code = np.unique(np.array(scope), return_inverse=True)
    for stem, rows, weights in lexical.postings():
        places = np.concatenate([rows + turn * total for turn in range(times)]).astype("<i4")
        added = np.tile(weights, times).astype("<f4")
        order = np.argsort(code[places], kind="stable")
        cuts = np.searchsorted(code[places][order], np.arange(len(names) + 1))
        for number, name in enumerate(names.tolist()):
            mine = order[cuts[number] : cuts[number + 1]]
            if len(mine):
                yield stem, name, places[mine].tobytes(), added[mine].tobytes()


def processor_of(pid: int) -> float:
    """Seconds of processor that a process used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
