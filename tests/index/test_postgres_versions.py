"""Index versions in the shared store: copied whole or not at all, switched, dropped, verified."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest
from incremental import Counting
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from corpus.magasin.moteur import Magasin
from index.build import BuildReport
from index.lexicon import Lexique
from index.models import SearchQuery
from index.postgres.names import CANAL, schema_of
from index.postgres.opening import PostgresIndex, open_postgres
from index.postgres.versions import copy_version, drop_version, use_version, versions_used
from index.search import Searcher
from index.storage import IndexInutilisable, StoredIndex, open_named
from tests.postgres_lance import ServeurPostgres

QUERY = SearchQuery(text="le clas accueille des enfants après la classe")
Three = tuple[Path, list[BuildReport]]


@pytest.fixture
def versions(three: Three, lexique: Lexique) -> list[StoredIndex]:
    """Three versions, the oldest first."""
    folder, reports = three
    return [open_named(folder, report.info.version, lexique) for report in reports]


@pytest.fixture
def copied(magasin: Magasin, versions: list[StoredIndex]) -> list[str]:
    """Names of the three, copied in the store; the first is in use."""
    with magasin.connexion() as connection:
        for stored in versions:
            copy_version(connection, stored)
        use_version(connection, versions[0].info.version)
    return [stored.info.version for stored in versions]


def used(magasin: Magasin, version: str) -> None:
    with magasin.connexion() as connection:
        use_version(connection, version)


def spoilt(magasin: Magasin, version: str, statement: str) -> None:
    with magasin.connexion() as connection:
        connection.execute(text(statement.replace("SCHEMA", f"index_{version}")))


def schemas(magasin: Magasin) -> set[str]:
    with magasin.connexion() as connection:
        found = connection.execute(text("SELECT nspname FROM pg_namespace"))
        return {name for (name,) in found if name.startswith("index_")}


def same(ours: PostgresIndex, theirs: StoredIndex) -> bool:
    """Whether the two find the same, to the bit."""
    found, wanted = (Searcher(view, Counting()).retrieve(QUERY, 10) for view in (ours, theirs))
    return found.result == wanted.result and np.array_equal(
        found.steps.ranked.score, wanted.steps.ranked.score
    )


def test_a_version_copied_is_what_it_was(
    magasin: Magasin, copied: list[str], versions: list[StoredIndex], lexique: Lexique
) -> None:
    ours, theirs = open_postgres(magasin.connexion, lexique), versions[0]
    assert ours.info == theirs.info
    assert ours.info.version == copied[0]
    assert ours.documents == theirs.documents
    assert ours.passages == theirs.passages
    assert ours.entries == theirs.entries
    assert ours.units == theirs.units
    assert (ours.attached, ours.base) == (theirs.attached, theirs.base)
    assert same(ours, theirs)


def test_a_version_copied_again_is_left_as_it_is(
    magasin: Magasin, copied: list[str], versions: list[StoredIndex]
) -> None:
    with magasin.connexion() as connection:
        copy_version(connection, versions[0])
        assert versions_used(connection) == (copied[0],)


def test_a_copy_that_is_not_finished_leaves_nothing(
    magasin: Magasin, versions: list[StoredIndex]
) -> None:
    def cut() -> None:
        with magasin.connexion() as connection:
            copy_version(connection, versions[0])
            connection.execute(text("SELECT 1 / 0"))

    with pytest.raises(Exception, match="22012"):
        cut()
    assert schemas(magasin) == set()


def test_replicas_are_told_of_the_version_put_in_use(
    magasin: Magasin, copied: list[str], serveur_postgres: ServeurPostgres, base_postgres: str
) -> None:
    url = serveur_postgres.url(base_postgres)
    with psycopg.connect(url, autocommit=True) as replica:
        replica.execute(f"LISTEN {CANAL}")
        used(magasin, copied[1])
        (told,) = replica.notifies(timeout=60, stop_after=1)
    assert (told.channel, told.payload) == (CANAL, copied[1])


def test_a_switch_that_is_not_committed_is_no_switch(
    magasin: Magasin, copied: list[str], lexique: Lexique
) -> None:
    def given_up() -> None:
        with magasin.connexion() as connection:
            use_version(connection, copied[1])
            raise KeyError

    with pytest.raises(KeyError):
        given_up()
    assert open_postgres(magasin.connexion, lexique).info.version == copied[0]


def test_going_back_is_using_the_version_of_before(
    magasin: Magasin, copied: list[str], lexique: Lexique
) -> None:
    for version in (copied[1], copied[0]):
        used(magasin, version)
    assert open_postgres(magasin.connexion, lexique).info.version == copied[0]
    with magasin.connexion() as connection:
        assert versions_used(connection) == (copied[0], copied[1])


def test_an_open_version_answers_as_it_did_when_another_is_put_in_use(
    magasin: Magasin, copied: list[str], versions: list[StoredIndex], lexique: Lexique
) -> None:
    ours = open_postgres(magasin.connexion, lexique)
    used(magasin, copied[2])
    assert same(ours, versions[0])
    assert same(open_postgres(magasin.connexion, lexique), versions[2])


def test_a_version_dropped_under_a_replica_is_told_and_another_opens(
    magasin: Magasin, copied: list[str], versions: list[StoredIndex], lexique: Lexique
) -> None:
    searcher = Searcher(open_postgres(magasin.connexion, lexique), Counting())
    used(magasin, copied[1])
    with magasin.connexion() as connection:
        drop_version(connection, copied[0])
    with pytest.raises(IndexInutilisable, match=f"{copied[0]} .* n'est plus .* rouvrez"):
        searcher.search(QUERY, 10)
    assert same(open_postgres(magasin.connexion, lexique), versions[1])
    assert f"index_{copied[0]}" not in schemas(magasin)


def test_the_version_in_use_is_not_dropped(magasin: Magasin, copied: list[str]) -> None:
    with (
        pytest.raises(IndexInutilisable, match="est en usage"),
        magasin.connexion() as connection,
    ):
        drop_version(connection, copied[0])


@pytest.mark.parametrize("name", ["", "index", "0" * 11, '"; DROP SCHEMA public', "A" * 12])
def test_what_is_no_name_of_a_version_is_refused(name: str) -> None:
    with pytest.raises(IndexInutilisable, match="12 chiffres"):
        schema_of(name)


SPOILINGS = {
    "UPDATE SCHEMA.passages SET portee = '34' WHERE rang = 0": "passages altéré",
    "DELETE FROM SCHEMA.passages WHERE rang = 0": "passages altéré",
    "UPDATE SCHEMA.jetons SET echelles = valeurs WHERE rang = 0": "jetons altéré",
    "UPDATE SCHEMA.mots SET poids = rangs WHERE racine = 'clas'": "mots altéré",
    "UPDATE SCHEMA.fichiers SET contenu = 'x' WHERE nom = 'base.json'": "base.json altéré",
    "DELETE FROM SCHEMA.fichiers WHERE nom = 'sommes.json'": "sommes.json altéré",
    "DROP TABLE SCHEMA.jetons": "une table manque",
}


def test_a_version_that_is_not_whole_is_not_put_in_use(
    magasin: Magasin, copied: list[str], lexique: Lexique
) -> None:
    def spoilt_and_used(spoiling: str) -> None:
        with magasin.connexion() as connection:
            connection.execute(text(spoiling.replace("SCHEMA", f"index_{copied[1]}")))
            use_version(connection, copied[1])

    for spoiling, what in SPOILINGS.items():
        with pytest.raises(IndexInutilisable, match=re.escape(what)):
            spoilt_and_used(spoiling)
    assert open_postgres(magasin.connexion, lexique).info.version == copied[0]
    used(magasin, copied[1])


def test_where_the_version_in_use_is_damaged_the_one_before_answers_and_it_is_said(
    magasin: Magasin, copied: list[str], versions: list[StoredIndex], lexique: Lexique
) -> None:
    used(magasin, copied[1])
    spoilt(magasin, copied[1], "UPDATE SCHEMA.fichiers SET contenu = 'x' WHERE nom = 'base.json'")
    ours = open_postgres(magasin.connexion, lexique)
    assert same(ours, versions[0])
    assert ours.warning is not None
    assert "base.json altéré" in ours.warning
    assert copied[0] in ours.warning


def test_a_store_without_version_says_what_to_do(magasin: Magasin, lexique: Lexique) -> None:
    with pytest.raises(IndexInutilisable, match="pas encore d'index"):
        open_postgres(magasin.connexion, lexique)


class Counted(psycopg.Connection[Any]):
    """A connection that counts its exchanges."""

    exchanges = 0

    def pipeline(self) -> AbstractContextManager[psycopg.Pipeline]:
        Counted.exchanges += 1
        return super().pipeline()


@pytest.fixture
def counted(serveur_postgres: ServeurPostgres, base_postgres: str) -> Iterator[Engine]:
    """An engine whose exchanges are counted."""
    url = serveur_postgres.url(base_postgres)
    scheme = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(scheme, creator=lambda: Counted.connect(url))
    yield engine
    engine.dispose()


@pytest.mark.usefixtures("copied")
def test_a_search_takes_three_exchanges_at_most(counted: Engine, lexique: Lexique) -> None:
    searcher = Searcher(open_postgres(counted.begin, lexique), Counting())
    Counted.exchanges = 0
    found = searcher.retrieve(QUERY, 10)
    for hit in found.result.hits:
        found.proximities(hit.passage.id)
    assert 1 <= Counted.exchanges <= 3


@pytest.mark.usefixtures("copied")
def test_what_opening_reads_is_not_read_again(counted: Engine, lexique: Lexique) -> None:
    searcher = Searcher(open_postgres(counted.begin, lexique), Counting())
    Counted.exchanges = 0
    assert searcher.documents
    assert searcher.stored.passages
    assert searcher.stored.lexical.read(QUERY.text).own
    assert Counted.exchanges == 0
