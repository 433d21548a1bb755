"""What the node that is asked is told of the others, and what its log says of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from pydantic import SecretStr

from index.postgres.fragments.liens import link_node
from index.postgres.graph import ef_search
from tests.postgres_lance import ServeurPostgres

SECRET = "mot-de-passe-du-noeud"
LOGGED = ("log_statement = 'all'", "log_min_duration_statement = 0")
GRANTED = "log_statement, log_min_duration_statement"


@pytest.fixture
def compte(serveur_postgres: ServeurPostgres, base_postgres: str) -> Iterator[str]:
    """An account that is no superuser, and may link nodes."""
    nom = f"essai_{secrets.token_hex(6)}"
    role = sql.Identifier(nom)
    serveur_postgres.ordonner(
        sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, serveur_postgres.mot_de_passe),
        sql.SQL("CREATE EXTENSION IF NOT EXISTS postgres_fdw"),
        sql.SQL("GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO {}").format(role),
        base=base_postgres,
    )
    yield nom
    serveur_postgres.ordonner(sql.SQL("DROP OWNED BY {}").format(role), base=base_postgres)
    serveur_postgres.ordonner(sql.SQL("DROP ROLE {}").format(role))


def _said(serveur: ServeurPostgres, base: str, utilisateur: str) -> str:
    """What the server logs while a node is linked, and that the node is linked."""
    serveur.ordonner(
        *(
            sql.SQL("ALTER DATABASE {} SET {}").format(sql.Identifier(base), sql.SQL(one))
            for one in LOGGED
        )
    )
    noeud = serveur.adresse("autre", mot_de_passe=SecretStr(SECRET))
    dits: list[str] = []
    url = serveur.url(base).replace("//clas:", f"//{utilisateur}:")
    with psycopg.connect(url) as line:
        line.add_notice_handler(lambda dit: dits.append(dit.message_primary or ""))
        # What is logged is then also told to whoever asks.
        line.execute("SET client_min_messages = log")
        link_node(line, "sud", noeud, 1000)
        line.execute("SELECT 'après'")
        mapped = line.execute("SELECT umoptions FROM pg_user_mappings").fetchall()
    assert f"password={SECRET}" in mapped[0][0]
    assert any("CREATE SERVER" in dit for dit in dits)
    assert any("'après'" in dit for dit in dits)
    return "\n".join(dits)


def test_the_password_of_a_node_goes_to_no_log_of_the_one_that_asks_it(
    serveur_postgres: ServeurPostgres, base_postgres: str
) -> None:
    assert SECRET not in _said(serveur_postgres, base_postgres, "clas")


def test_an_account_that_may_hold_the_log_s_tongue_does_so(
    serveur_postgres: ServeurPostgres, base_postgres: str, compte: str
) -> None:
    serveur_postgres.ordonner(
        sql.SQL("GRANT SET ON PARAMETER {} TO {}").format(sql.SQL(GRANTED), sql.Identifier(compte)),
    )
    try:
        assert SECRET not in _said(serveur_postgres, base_postgres, compte)
    finally:
        serveur_postgres.ordonner(
            sql.SQL("REVOKE SET ON PARAMETER {} FROM {}").format(
                sql.SQL(GRANTED), sql.Identifier(compte)
            ),
        )


def test_an_account_that_may_not_links_the_node_all_the_same(
    serveur_postgres: ServeurPostgres, base_postgres: str, compte: str
) -> None:
    assert "CREATE USER MAPPING" in _said(serveur_postgres, base_postgres, compte)


def test_a_node_follows_its_graph_as_far_as_what_it_holds_asks(
    serveur_postgres: ServeurPostgres, base_postgres: str
) -> None:
    noeud = serveur_postgres.adresse("autre", mot_de_passe=SecretStr(SECRET))
    with psycopg.connect(serveur_postgres.url(base_postgres)) as line:
        for vecteurs in (1000, 200_000):
            link_node(line, "sud", noeud, vecteurs)
            told = line.execute("SELECT srvoptions FROM pg_foreign_server").fetchall()
            assert f"hnsw.ef_search={ef_search(vecteurs)} " in str(told)
