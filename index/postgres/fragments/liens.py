"""How the node that is asked reaches the others: servers, accounts and tables of postgres_fdw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, LiteralString

import psycopg
from psycopg import sql

from corpus.magasin.adresse import AdresseMagasin
from index.postgres.fragments.disposition import Part
from index.postgres.graph import ef_search
from index.postgres.names import schema_of, stated

# What bounds a search, on the other side too: what is set here does not go there.
_SESSION: Final = (
    "-c jit=off -c hnsw.ef_search={} -c hnsw.iterative_scan=strict_order"
    " -c hnsw.max_scan_tuples=2000000 -c hnsw.scan_mem_multiplier=8"
    " -c statement_timeout=10s -c idle_in_transaction_session_timeout=60s"
)
_OPTIONS: Final = {
    "async_capable": "true",
    # Vectors, and what is near, are asked of the node itself.
    "extensions": "vector",
    # In one go: a search asks for tens of rows.
    "fetch_size": "1000",
    "parallel_commit": "true",
    "parallel_abort": "true",
    "connect_timeout": "2",
    "tcp_user_timeout": "3000",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "application_name": "assistant-clas",
}
_FOREIGN: Final[tuple[tuple[str, LiteralString], ...]] = (
    ("passages", "rang integer, document text, portee text, vecteur vector({dimension})"),
    ("jetons", "rang integer, valeurs bytea, echelles bytea"),
    ("mots", "racine text, portee text, rangs bytea, poids bytea"),
)
_KNOWN: Final[tuple[LiteralString, ...]] = (
    "ALTER FOREIGN TABLE {s}.{table} ALTER portee SET STATISTICS 20",
    "ALTER FOREIGN TABLE {s}.{table} ALTER document SET STATISTICS 20",
    "ALTER FOREIGN TABLE {s}.{table} ALTER vecteur SET STATISTICS 0",
    "ANALYZE {s}.{table} (portee, document)",
)
_UNSAID: Final = {
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_min_error_statement": "panic",
}
"""What has a server write statements in its log, and what keeps it from it."""
_GRANTED_FROM: Final = 150_000
"""Version of PostgreSQL from which an account that is no superuser may be let change these."""


def server_of(noeud: str) -> str:
    """Name of the server of a node."""
    return f"fragment_{noeud}"


def link_node(
    line: psycopg.Connection[Any], noeud: str, adresse: AdresseMagasin, vecteurs: int
) -> None:
    """Say where another node is, and who opens it; safe to repeat, and to correct.

    ``vecteurs``: in the graph that it is to be searched by.

    The password of the node goes to no log of the server that the account may have hold its tongue.

    Raises:
        psycopg.Error: the account may not, or ``postgres_fdw`` is not installed.
    """
    line.execute("CREATE EXTENSION IF NOT EXISTS postgres_fdw")
    server = server_of(noeud)
    wanted = {
        **_OPTIONS,
        "options": _SESSION.format(ef_search(vecteurs)),
        "host": adresse.hote,
        "port": str(adresse.port),
        "dbname": adresse.base,
        **dict(adresse.options),
    }
    known = line.execute(
        "SELECT srvoptions FROM pg_foreign_server WHERE srvname = %s", (server,)
    ).fetchone()
    name = sql.Identifier(server)
    if known is None:
        line.execute(
            sql.SQL("CREATE SERVER {} FOREIGN DATA WRAPPER postgres_fdw OPTIONS ({})").format(
                name, _listed(wanted)
            )
        )
    else:
        changes = _changes(dict(one.split("=", 1) for one in known[0] or ()), wanted)
        if changes is not None:
            line.execute(sql.SQL("ALTER SERVER {} OPTIONS ({})").format(name, changes))
    secret = adresse.mot_de_passe
    account = {"user": adresse.utilisateur}
    if secret is not None:
        account["password"] = secret.get_secret_value()
    line.execute(sql.SQL("DROP USER MAPPING IF EXISTS FOR CURRENT_USER SERVER {}").format(name))
    with _unsaid(line):
        line.execute(
            sql.SQL("CREATE USER MAPPING FOR CURRENT_USER SERVER {} OPTIONS ({})").format(
                name, _listed(account)
            )
        )


def link_part(line: psycopg.Connection[Any], version: str, part: Part, dimension: int) -> None:
    """Name, beside a version, the tables of what another node holds of it."""
    server = sql.Identifier(server_of(part.noeud))
    for table, columns in _FOREIGN:
        statement = stated(
            "CREATE FOREIGN TABLE {s}.{table} ({columns}) SERVER {server}"
            " OPTIONS (schema_name {there}, table_name {name})",
            version,
            table=table_of(table, part.noeud),
            columns=sql.SQL(columns).format(dimension=sql.Literal(dimension)),
            server=server,
            there=sql.Literal(schema_of(part.version)),
            name=sql.Literal(table),
        )
        line.execute(statement)
    # How many there are, and of which scope: without it, all would be fetched, to be sorted here.
    for known in _KNOWN:
        line.execute(stated(known, version, table=table_of("passages", part.noeud)))
    line.execute(
        stated(
            "CREATE FOREIGN TABLE {s}.{table} (version text, sceau text) SERVER {server}"
            " OPTIONS (schema_name 'public', table_name 'index_versions')",
            version,
            table=table_of("sceaux", part.noeud),
            server=server,
        )
    )


def table_of(table: str, noeud: str) -> sql.Identifier:
    """Name of a table of another node."""
    return sql.Identifier(f"{table}_{noeud}")


@contextmanager
def _unsaid(line: psycopg.Connection[Any]) -> Iterator[None]:
    """Have the server log nothing of some statements of a transaction, where the account may."""
    may: LiteralString = "current_setting('is_superuser')::boolean"
    if line.info.server_version >= _GRANTED_FROM:
        may = "has_parameter_privilege(name, 'SET')"
    asked = sql.SQL("SELECT name, setting FROM pg_settings WHERE name = ANY(%s) AND {}")
    before = line.execute(asked.format(sql.SQL(may)), (list(_UNSAID),)).fetchall()
    _settle(line, {name: _UNSAID[name] for name, _ in before})
    yield
    # Where it raised, all that the transaction set goes with it.
    _settle(line, dict(before))


def _settle(line: psycopg.Connection[Any], settings: Mapping[str, str]) -> None:
    for name, value in settings.items():
        line.execute("SELECT set_config(%s, %s, true)", (name, value))


def _listed(options: Mapping[str, str]) -> sql.Composable:
    return sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.Literal(value))
        for name, value in options.items()
    )


def _changes(known: Mapping[str, str], wanted: Mapping[str, str]) -> sql.Composable | None:
    """What turns the options of a server into those wanted; None where they are."""
    told = [
        sql.SQL("{} {} {}").format(
            sql.SQL("SET" if name in known else "ADD"), sql.Identifier(name), sql.Literal(value)
        )
        for name, value in wanted.items()
        if known.get(name) != value
    ]
    told += [
        sql.SQL("DROP {}").format(sql.Identifier(name)) for name in known if name not in wanted
    ]
    return sql.SQL(", ").join(told) if told else None
