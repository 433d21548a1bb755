"""Beyond what is compared whole, a graph finds the nearest passages, whatever the scope."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from psycopg import sql
from sqlalchemy import Connection, text

from corpus.magasin.moteur import Magasin
from corpus.models import NATIONALE
from index.embedding.encoder import Encoder
from index.lexicon import Lexique
from index.models import SearchQuery
from index.postgres.exchange import driver_of
from index.postgres.graph import ef_search
from index.postgres.names import stated
from index.postgres.opening import PostgresIndex, open_postgres
from index.postgres.packing import vector_out
from index.postgres.reading import FetchedReading, Served, Statements
from index.postgres.versions import copy_version
from index.search import Searcher
from index.storage import open_index
from index.view import Asking
from index.vocabulary import LexicalQuery

MANY = 12_000
NEAR = 60
SCOPES = (NATIONALE, *(f"{n:02d}" for n in range(1, 51)))
NO_WORDS = LexicalQuery(own=(), added=(), unknown=(), said=())


@pytest.fixture
def graph(magasin: Magasin, index_folder: Path, lexique: Lexique) -> PostgresIndex:
    """The five documents, as if they were too many to be compared whole."""
    stored = open_index(index_folder, lexique)
    with magasin.connexion(120) as connection:
        copy_version(connection, stored, exact_up_to=100)
    return open_postgres(magasin.connexion, lexique, stored.info.version, exact_up_to=100)


@pytest.mark.long
def test_the_graph_finds_what_comparing_all_finds(
    graph: PostgresIndex, index_folder: Path, lexique: Lexique, encoder: Encoder
) -> None:
    exact = Searcher(open_index(index_folder, lexique), encoder)
    ours = Searcher(graph, encoder)
    for departements in ((), ("34",), ("69",)):
        query = SearchQuery(text="Qui finance le projet du collectif ?", departements=departements)
        assert ours.search(query, 10) == exact.search(query, 10)


@pytest.mark.long
def test_the_graph_is_followed_as_far_as_the_vectors_that_it_holds_ask(
    graph: PostgresIndex, index_folder: Path, lexique: Lexique
) -> None:
    opened = []

    @contextmanager
    def ouvrir() -> Iterator[Connection]:
        with graph.served.ouvrir() as connection:
            opened.append(connection)
            yield connection

    sources = Statements(graph.served.version, 300_000)
    served = replace(graph.served, sources=sources, ouvrir=ouvrir)
    sentence = open_index(index_folder, lexique).vectors[0]
    with FetchedReading(served, replace(within(np.arange(10)), sentence=sentence)):
        kept = opened[0].execute(text("SELECT current_setting('hnsw.ef_search')")).scalar_one()
    assert kept == str(ef_search(300_000))


@pytest.fixture
def many(graph: PostgresIndex, magasin: Magasin) -> tuple[Served, NDArray[np.float32], list[str]]:
    """Many passages more, near those of the texts; their vectors, and their scopes."""
    served = graph.served
    with magasin.connexion() as connection:
        line = driver_of(connection)
        known = line.execute(
            stated("SELECT vecteur::real[] FROM {s}.passages ORDER BY rang", served.version)
        ).fetchall()
    chance = np.random.default_rng(20260101)
    base = np.array([vector for (vector,) in known], dtype=np.float32)
    drawn = base[chance.integers(0, len(base), MANY)]
    drawn += chance.normal(0, 0.6 / np.sqrt(base.shape[1]), drawn.shape).astype(np.float32)
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    scopes = [SCOPES[place] for place in chance.integers(0, len(SCOPES), MANY)]
    with magasin.connexion(300) as connection:
        line = driver_of(connection)
        line.execute(stated("TRUNCATE {s}.passages", served.version))
        statement = stated("COPY {s}.passages FROM STDIN (FORMAT binary)", served.version)
        with line.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(("int4", "text", "text", "bytea"))
            for row, (vector, scope) in enumerate(zip(drawn, scopes, strict=True)):
                copy.write_row((row, f"d{row % 7}", scope, vector_out(vector)))
        line.execute(stated("ANALYZE {s}.{t}", served.version, t=sql.Identifier("passages")))
    return replace(served, passages=MANY, portees=SCOPES), drawn, scopes


def within(
    allowed: NDArray[np.int64], departements: tuple[str, ...] = (), ended: tuple[str, ...] = ()
) -> Asking:
    nobody = np.zeros(0, dtype=np.float32)
    return Asking(nobody, NO_WORDS, NEAR, allowed, departements, frozenset(ended), ())


def recall(
    served: Served, vectors: NDArray[np.float32], questions: NDArray[np.float32], scope: Asking
) -> float:
    """Share of the ten nearest, all compared, that are found."""
    allowed = scope.allowed
    assert allowed is not None
    shares = []
    for question in questions:
        with FetchedReading(served, replace(scope, sentence=question)) as reading:
            found = reading.nearest()
        assert set(found) <= set(allowed.tolist())
        assert len(found) == NEAR
        best = allowed[np.argsort(-(vectors[allowed] @ question))[:10]]
        shares.append(len(set(best.tolist()) & set(found)) / 10)
    return float(np.mean(shares))


@pytest.mark.long
def test_the_graph_finds_99_in_100_of_the_nearest_in_every_scope(
    many: tuple[Served, NDArray[np.float32], list[str]],
) -> None:
    served, vectors, scopes = many
    chance = np.random.default_rng(2)
    questions = vectors[chance.integers(0, MANY, 40)] + chance.normal(
        0, 1 / np.sqrt(vectors.shape[1]), (40, vectors.shape[1])
    ).astype(np.float32)
    questions = (questions / np.linalg.norm(questions, axis=1, keepdims=True)).astype(np.float32)
    everywhere = within(np.arange(MANY))
    assert recall(served, vectors, questions, everywhere) >= 0.99
    # Some four in a hundred: the graph is followed until enough of them are met.
    there = np.array([row for row, s in enumerate(scopes) if s in (NATIONALE, "34")])
    assert recall(served, vectors, questions, within(there, ("34",))) >= 0.99
    kept = np.array([row for row in there if row % 7 != 3])
    assert recall(served, vectors, questions, within(kept, ("34",), ("d3",))) >= 0.99
    # The same, compared whole.
    exact = replace(served, graph_beyond=MANY)
    assert recall(exact, vectors, questions[:5], within(there, ("34",))) == 1
