"""A version over three nodes is searched as on one; what is lost is said, and found again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import text

from corpus.magasin.erreurs import MagasinIndisponible
from corpus.magasin.moteur import Magasin
from corpus.models import NATIONALE
from index.lexicon import Lexique
from index.models import SearchQuery, SearchResult
from index.postgres.exchange import Statement, driver_of
from index.postgres.fragments.demandes import Demandes
from index.postgres.fragments.disposition import passages_in
from index.postgres.fragments.presence import Presence
from index.postgres.fragments.repartir import forget_parts, lay_out, layout_of
from index.postgres.opening import PostgresIndex, open_postgres
from index.postgres.reading import Statements
from index.postgres.versions import copy_version, seal_of
from index.search import Searcher
from index.storage import IndexInutilisable
from index.view import Asking, IndexView, LectureInterrompue
from index.vocabulary import LexicalQuery
from tests.grande_version import GrandeVersion, grande_version
from tests.noeuds_lances import NoeudsLances, noeuds_lances
from tests.postgres_lance import ServeurPostgres, attendre
from tests.travail import travail

pytestmark = pytest.mark.long

SCOPES = {NATIONALE: 800, "01": 900, "34": 1500, "30": 60, "69": 1500, "75": 1240}
HELD = {"ici": ["01"], "sud": ["34", "30"], "nord": "le reste"}
GRAPH = 500
"""Passages beyond which the graph finds what is near, here."""
TRIED = "Presence.eprouver"
"""What waits for nodes: only who meets one that has just left does."""


@pytest.fixture(scope="module")
def grande(lexique: Lexique) -> GrandeVersion:
    return grande_version(SCOPES, lexique)


@pytest.fixture(scope="module")
def noeuds(
    serveurs_de_noeuds: tuple[ServeurPostgres, ...], grande: GrandeVersion
) -> Iterator[NoeudsLances]:
    """Three nodes that hold the version together."""
    with noeuds_lances(serveurs_de_noeuds, HELD) as trois:
        lay_out(trois.ici, trois.noeuds, grande.stored, GRAPH)
        yield trois


@pytest.fixture
def neufs(serveurs_de_noeuds: tuple[ServeurPostgres, ...]) -> Iterator[NoeudsLances]:
    """Three nodes that hold nothing yet."""
    with noeuds_lances(serveurs_de_noeuds, HELD) as trois:
        yield trois


@pytest.fixture(scope="module")
def petite(lexique: Lexique) -> GrandeVersion:
    """A version that is soon copied."""
    return grande_version({NATIONALE: 20, "34": 20, "69": 20}, lexique, 8)


def ouverte(
    trois: NoeudsLances, version: GrandeVersion, lexique: Lexique, exact: int = 50_000
) -> PostgresIndex:
    """The version over the nodes; a node that is away is soon tried again."""
    view = open_postgres(trois.ici.connexion, lexique, version.stored.info.version, exact)
    assert view.fragments is not None
    return replace(view, fragments=replace(view.fragments, presence=Presence(pause=0.5)))


@pytest.fixture
def repartie(noeuds: NoeudsLances, grande: GrandeVersion, lexique: Lexique) -> PostgresIndex:
    return ouverte(noeuds, grande, lexique)


def asked(version: GrandeVersion, number: int, *departements: str) -> SearchQuery:
    return SearchQuery(text=version.questions[number], departements=departements)


def found(view: IndexView, version: GrandeVersion, *departements: str) -> SearchResult:
    return Searcher(view, version.encoder).search(asked(version, 0, *departements), 10)


def searched(view: IndexView, version: GrandeVersion, *departements: str) -> set[str]:
    """Search ten passages; what is missing."""
    result = found(view, version, *departements)
    assert len(result.hits) == 10
    return set(result.incomplet)


def waits_for_no_node(view: IndexView, version: GrandeVersion, *departements: str) -> bool:
    return TRIED not in travail(lambda: searched(view, version, *departements)).noms


@pytest.mark.parametrize("departements", [(), ("34",), ("69", "01"), ("13",)])
def test_three_nodes_find_what_one_base_finds_to_the_bit(
    repartie: PostgresIndex, grande: GrandeVersion, departements: tuple[str, ...]
) -> None:
    ours, theirs = (Searcher(view, grande.encoder) for view in (repartie, grande.stored))
    for number in range(len(grande.questions)):
        query = asked(grande, number, *departements)
        assert ours.search(query, 10) == theirs.search(query, 10)


@pytest.mark.parametrize("departements", [(), ("34",), ("30",)])
def test_the_graphs_of_three_nodes_find_99_in_100_of_the_nearest(
    noeuds: NoeudsLances, grande: GrandeVersion, lexique: Lexique, departements: tuple[str, ...]
) -> None:
    searcher = Searcher(ouverte(noeuds, grande, lexique, GRAPH), grande.encoder)
    stored, shares = grande.stored, []
    for number in range(len(grande.questions)):
        steps = searcher.retrieve(asked(grande, number, *departements), 10).steps
        rows = np.arange(len(stored.passages)) if steps.allowed is None else steps.allowed
        sentence = grande.encoder.encode_query(grande.questions[number]).sentence
        best = rows[np.argsort(-(stored.vectors[rows] @ sentence))[:10]]
        shares.append(len(set(best.tolist()) & steps.candidates.near) / 10)
    assert np.mean(shares) >= 0.99


def near(sentence: NDArray[np.float32], *departements: str) -> Asking:

    nothing = LexicalQuery(own=(), added=(), unknown=(), said=())
    allowed = np.zeros(0, np.int64) if departements else None
    return Asking(sentence, nothing, 60, allowed, departements, frozenset(), ())


@pytest.mark.parametrize("beyond", [GRAPH, 50_000])
def test_nodes_are_asked_at_once_and_each_gives_its_nearest_alone(
    noeuds: NoeudsLances, repartie: PostgresIndex, grande: GrandeVersion, beyond: int
) -> None:
    sentence = grande.encoder.encode_query("0").sentence
    portees = repartie.served.portees
    remote = sent_at_once(noeuds, repartie, lambda asks: asks.near(near(sentence), portees, beyond))
    # Which are nearest, of both; then the vectors of those chosen among them, of both.
    assert len(remote) == 4
    assert sum("<#>" in sent and sent.endswith("LIMIT 68::bigint") for sent in remote) == 2


def test_nodes_send_the_octets_of_their_vectors_which_are_not_read_as_text(
    noeuds: NoeudsLances, repartie: PostgresIndex, grande: GrandeVersion
) -> None:
    sentence = grande.encoder.encode_query("0").sentence
    rows = range(0, len(grande.stored.passages), 100)
    asked_for: tuple[Callable[[Demandes], Statement], ...] = (
        lambda asks: asks.near(near(sentence), repartie.served.portees, GRAPH),
        lambda asks: asks.near(near(sentence), repartie.served.portees, 50_000),
        lambda asks: asks.vectors(rows),
    )
    for ask in asked_for:
        for sent in sent_at_once(noeuds, repartie, ask):
            given = sent.partition(" FROM ")[0]
            assert given.count("vecteur") == given.count("vector_send(vecteur)") + given.count(
                "<#>"
            )


def sent_at_once(
    trois: NoeudsLances, view: PostgresIndex, ask: Callable[[Demandes], Statement]
) -> list[str]:
    """What the nodes are sent for a statement; all of it is, without one waiting for another."""
    assert view.fragments is not None
    asks = Demandes(view.served.version, view.fragments.places, frozenset({"sud", "nord"}))
    statement, values = ask(asks)
    with trois.ici.connexion() as connection:
        line = driver_of(connection)
        plan = [str(row[0]) for row in line.execute(b"EXPLAIN (VERBOSE) " + statement, values)]
    remote = [step for step in plan if "Remote SQL" in step]
    assert sum("Async Foreign Scan" in step for step in plan) == len(remote)
    return remote


def test_the_graph_of_each_node_is_counted_for_what_it_holds_alone(
    repartie: PostgresIndex, grande: GrandeVersion
) -> None:
    assert repartie.fragments is not None
    places = repartie.fragments.places
    assert Demandes(repartie.served.version, places, frozenset()).vecteurs == 1700
    assert [passages_in(grande.stored, part) for part in places.parts] == [2360, 3540]


def test_a_node_alone_answers_its_departement_whole(
    noeuds: NoeudsLances, repartie: PostgresIndex, grande: GrandeVersion
) -> None:
    assert repartie.fragments is not None
    part = repartie.fragments.places.parts[0]
    magasin = noeuds.magasins[part.noeud]
    with magasin.connexion() as connection:
        sceau = seal_of(connection, part.version)
    assert sceau is not None
    alone = replace(
        repartie.served,
        version=part.version,
        sceau=sceau,
        ouvrir=magasin.connexion,
        sources=Statements(part.version, len(grande.stored.passages)),
    )
    departement = replace(repartie, served=alone, fragments=None)
    assert found(departement, grande, "34") == found(grande.stored, grande, "34")


def test_a_departement_is_answered_though_the_node_of_another_is_away(
    noeuds: NoeudsLances, repartie: PostgresIndex, grande: GrandeVersion
) -> None:
    with away(noeuds.serveurs["nord"]):
        assert found(repartie, grande, "34") == found(grande.stored, grande, "34")
        assert found(repartie, grande, "13") == found(grande.stored, grande, "13")


@contextmanager
def away(serveur: ServeurPostgres) -> Iterator[None]:
    """A server that is killed, then started again."""
    serveur.arreter()
    try:
        yield
    finally:
        serveur.lancer()


def test_a_node_killed_is_done_without_and_named_then_found_again(
    noeuds: NoeudsLances, repartie: PostgresIndex, grande: GrandeVersion
) -> None:
    assert searched(repartie, grande) == set()
    with away(noeuds.serveurs["sud"]):
        assert searched(repartie, grande) == {"34", "30"}
        assert searched(repartie, grande, "34") == {"34"}
        assert waits_for_no_node(repartie, grande, "34")
        assert searched(repartie, grande, "69") == set()
    attendre(lambda: searched(repartie, grande) == set())
    assert found(repartie, grande) == found(grande.stored, grande)


def test_a_node_frozen_keeps_the_first_question_a_bounded_time_and_no_other(
    noeuds: NoeudsLances, repartie: PostgresIndex, grande: GrandeVersion
) -> None:
    """It says nothing: what ends the wait is ours alone."""
    assert waits_for_no_node(repartie, grande)
    with noeuds.serveurs["nord"].gele():
        assert not waits_for_no_node(repartie, grande)
        assert searched(repartie, grande) == {"69", "75"}
        for _ in range(3):
            assert waits_for_no_node(repartie, grande)
    attendre(lambda: searched(repartie, grande) == set())


def test_a_search_that_a_node_leaves_in_the_middle_begins_anew(
    noeuds: NoeudsLances, repartie: PostgresIndex, grande: GrandeVersion
) -> None:
    sentence = grande.encoder.encode_query("0").sentence
    rows = np.array([row for row, p in enumerate(grande.stored.passages) if p.document == "d34"])
    asking = near(sentence)
    with repartie.reading(asking) as reading:
        assert len(reading.nearest()) == 60
        with away(noeuds.serveurs["sud"]), pytest.raises(LectureInterrompue):
            reading.vectors(rows)
    attendre(lambda: searched(repartie, grande) == set())


def test_where_a_copy_is_here_it_answers_and_nothing_is_missing(
    noeuds: NoeudsLances, repartie: PostgresIndex, grande: GrandeVersion
) -> None:
    behind = replace(repartie, copy=grande.stored)
    with away(noeuds.serveurs["sud"]):
        for _ in range(2):
            assert found(behind, grande) == found(grande.stored, grande)
        assert waits_for_no_node(behind, grande, "34")


def test_a_copy_that_is_for_the_base_alone_does_not_stand_for_a_node(
    noeuds: NoeudsLances, repartie: PostgresIndex, grande: GrandeVersion
) -> None:
    assert repartie.fragments is not None
    apart = replace(repartie.fragments, secours=False, presence=Presence(pause=0.5))
    behind = replace(repartie, copy=grande.stored, fragments=apart)
    with away(noeuds.serveurs["sud"]):
        assert found(behind, grande).incomplet == ("30", "34")
        with away(noeuds.serveurs["ici"]):
            assert found(behind, grande) == found(grande.stored, grande)


def test_a_node_that_lacks_the_version_is_away(
    neufs: NoeudsLances, petite: GrandeVersion, lexique: Lexique
) -> None:
    lay_out(neufs.ici, neufs.noeuds, petite.stored)
    view = ouverte(neufs, petite, lexique)
    forgotten = lost_part(neufs, "sud")
    assert found(view, petite).incomplet == ("34",)
    # Laid out again, it is there again; the version is the same.
    lay_out(neufs.ici, neufs.noeuds, petite.stored)
    assert lost_part(neufs, "sud", drop=False) == forgotten
    attendre(lambda: found(view, petite).incomplet == ())


def lost_part(trois: NoeudsLances, nom: str, *, drop: bool = True) -> list[str]:
    """Names of what a node holds, which it loses."""
    with trois.magasins[nom].connexion() as connection:
        names = [str(v) for (v,) in connection.execute(text("SELECT version FROM index_versions"))]
        for name in names if drop else ():
            connection.execute(text(f"DROP SCHEMA index_{name} CASCADE"))
            connection.execute(text("DELETE FROM index_versions WHERE version = :v"), {"v": name})
    return names


def test_a_version_that_one_base_held_is_laid_out_and_who_read_it_is_told(
    neufs: NoeudsLances, petite: GrandeVersion, lexique: Lexique
) -> None:
    with neufs.ici.connexion() as connection:
        copy_version(connection, petite.stored)
    before = open_postgres(neufs.ici.connexion, lexique, petite.stored.info.version)
    wanted = found(before, petite)
    lay_out(neufs.ici, neufs.noeuds, petite.stored)
    with pytest.raises(IndexInutilisable, match="rouvrez-la"):
        found(before, petite)
    assert found(ouverte(neufs, petite, lexique), petite) == wanted


def test_a_node_that_is_away_lets_nothing_be_laid_out(
    neufs: NoeudsLances, petite: GrandeVersion
) -> None:
    with away(neufs.serveurs["nord"]), pytest.raises(MagasinIndisponible):
        lay_out(neufs.ici, neufs.noeuds, petite.stored)
    with neufs.ici.connexion() as connection:
        assert seal_of(connection, petite.stored.info.version) is None
    attendre(lambda: there(neufs.magasins["nord"]))


def there(magasin: Magasin) -> bool:
    try:
        with magasin.connexion():
            return True
    except MagasinIndisponible:
        return False


def test_what_no_version_is_made_of_any_more_is_dropped_on_every_node(
    neufs: NoeudsLances, petite: GrandeVersion
) -> None:
    lay_out(neufs.ici, neufs.noeuds, petite.stored)
    forget_parts(neufs.ici, neufs.noeuds)
    with neufs.ici.connexion() as connection:
        assert layout_of(connection, petite.stored.info.version) is not None
    assert all(lost_part(neufs, nom, drop=False) for nom in ("sud", "nord"))
    lost_part(neufs, "ici")
    forget_parts(neufs.ici, neufs.noeuds)
    assert [lost_part(neufs, nom, drop=False) for nom in ("sud", "nord")] == [[], []]
