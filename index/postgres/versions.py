"""Index versions of the shared store: copied, verified, put in use, dropped; each at once or not.

Each function is part of the caller's transaction: what is not committed never was, and whoever
reads meanwhile finds what was there before.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

import psycopg
from psycopg import sql
from sqlalchemy import Connection, text

from index.dense import FLAT_UP_TO
from index.postgres.contents import READ_BACK, SUMS, TABLES, Row, Share, Summing, rows_of, whole
from index.postgres.exchange import driver_of
from index.postgres.names import CANAL, schema_of, stated
from index.postgres.packing import digest
from index.postgres.tables import FORMAT, OF_A_VERSION, OF_NEIGHBOURS, OF_SCOPES
from index.storage import IndexInutilisable
from index.stored import StoredIndex

_ALONE: Final = 0x636C6169
"""Lock of those who write versions: « clai »."""
_COPY: Final = "COPY {s}.{table} FROM STDIN (FORMAT binary)"
_AT_ONCE: Final = 500
"""Rows read back at a time."""


def copy_version(
    connection: Connection, stored: StoredIndex, exact_up_to: int = FLAT_UP_TO
) -> None:
    """Copy a version, whole; nothing when it is there already.

    Args:
        connection: a transaction, whose statements may take the time of an index to be made.
        stored: the version.
        exact_up_to: passages beyond which what is near is found by a graph.

    Raises:
        IndexInutilisable: its name is no name of a version.
    """
    schema_of(stored.info.version)
    write_alone(connection)
    if seal_of(connection, stored.info.version) is None:
        write_share(connection, stored, whole(stored), exact_up_to)


def write_alone(connection: Connection) -> None:
    """Wait until nobody else writes versions here, and hold others until the transaction ends."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ALONE})


def write_share(
    connection: Connection, stored: StoredIndex, share: Share, exact_up_to: int = FLAT_UP_TO
) -> str:
    """Write what a base holds of a version; its seal. For who writes alone."""
    version = share.nom
    line = driver_of(connection)
    dimension = sql.Literal(stored.info.model.dimension)
    for statement in OF_A_VERSION:
        line.execute(stated(statement, version, dimension=dimension))
    files = dict(share.files)
    sums = {name: digest(content) for name, content in files.items()}
    for table, types in TABLES.items():
        summing = Summing()
        with (
            line.cursor() as cursor,
            cursor.copy(stated(_COPY, version, table=sql.Identifier(table))) as copy,
        ):
            copy.set_types(types)
            for row in summing.through(rows_of(stored, table, share)):
                copy.write_row(row)
        sums[table] = summing.sum()
    files[SUMS] = json.dumps(sums, sort_keys=True).encode()
    with line.cursor() as cursor:
        cursor.executemany(
            stated("INSERT INTO {s}.fichiers (nom, contenu) VALUES (%s, %b)", version),
            list(files.items()),
        )
    line.execute(stated(OF_SCOPES, version))
    if len(stored.passages) > exact_up_to:
        line.execute(stated(OF_NEIGHBOURS, version))
    for table in TABLES:
        line.execute(stated("ANALYZE {s}.{table}", version, table=sql.Identifier(table)))
    seal = digest(files[SUMS])
    connection.execute(
        text(
            "INSERT INTO public.index_versions (version, format, sceau)"
            " VALUES (:version, :format, :s)"
        ),
        {"version": version, "format": FORMAT, "s": seal},
    )
    return seal


def seal_of(connection: Connection, version: str) -> str | None:
    """Checksum of the checksums of a version; None when it is not in the store.

    Raises:
        IndexInutilisable: another program wrote it, in tables that this one does not know.
    """
    found = connection.execute(
        text("SELECT format, sceau FROM public.index_versions WHERE version = :version"),
        {"version": version},
    ).one_or_none()
    if found is None:
        return None
    if found.format != FORMAT:
        raise IndexInutilisable(
            f"La version {version} de l'index est au format {found.format} du magasin partagé ; "
            f"ce programme lit le format {FORMAT} : recopiez-la."
        )
    return str(found.sceau)


def check_version(connection: Connection, version: str) -> str | None:
    """Say what is wrong with a version, all of it read back; None when it is whole."""
    seal = seal_of(connection, version)
    if seal is None:
        return "absente du magasin partagé"
    line = driver_of(connection)
    try:
        with line.transaction():
            rows = line.execute(stated("SELECT nom, contenu FROM {s}.fichiers", version)).fetchall()
            files = {str(name): bytes(content) for name, content in rows}
            sums = sums_in(files, seal)
            if sums is None:
                return f"{SUMS} altéré"
            read = {name: digest(content) for name, content in files.items() if name != SUMS}
            for table in TABLES:
                summing = Summing()
                for _ in summing.through(_read_back(line, table, version)):
                    pass
                read[table] = summing.sum()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        return "une table manque"
    wrong = sorted(name for name in sums.keys() | read.keys() if sums.get(name) != read.get(name))
    return f"{wrong[0]} altéré" if wrong else None


def sums_in(files: dict[str, bytes], seal: str) -> dict[str, str] | None:
    """Checksums that a version has of its content; None when they are not those sealed."""
    content = files.get(SUMS, b"")
    if digest(content) != seal:
        return None
    found: dict[str, str] = json.loads(content)
    return found


def _read_back(line: psycopg.Connection, table: str, version: str) -> Iterator[Row]:
    with line.cursor(f"relire_{table}", binary=True) as cursor:
        cursor.itersize = _AT_ONCE
        cursor.execute(stated(READ_BACK[table], version))
        yield from cursor


def use_version(connection: Connection, version: str) -> None:
    """Answer from a version from now on, once all of it was read; replicas are told of it.

    Raises:
        IndexInutilisable: it is not there, or not whole; the version in use stays.
    """
    schema_of(version)
    write_alone(connection)
    trouble = check_version(connection, version)
    if trouble is not None:
        raise IndexInutilisable(f"La version {version} de l'index est inutilisable ({trouble}).")
    connection.execute(
        text("INSERT INTO public.index_courante (version) VALUES (:version)"), {"version": version}
    )
    connection.execute(
        text("SELECT pg_notify(:canal, :version)"), {"canal": CANAL, "version": version}
    )


def versions_used(connection: Connection) -> tuple[str, ...]:
    """The version in use, then those in use before it that are still there, the latest first."""
    rows = connection.execute(
        text(
            "SELECT version FROM public.index_courante JOIN public.index_versions USING (version)"
            " GROUP BY version ORDER BY max(ordre) DESC"
        )
    )
    return tuple(str(row.version) for row in rows)


def drop_version(connection: Connection, version: str) -> None:
    """Forget a version. Whoever has it open is told at its next search, and opens another.

    Raises:
        IndexInutilisable: it is the one in use.
    """
    schema_of(version)
    write_alone(connection)
    if versions_used(connection)[:1] == (version,):
        raise IndexInutilisable(
            f"La version {version} de l'index est en usage : mettez-en une autre en usage avant "
            "de la retirer."
        )
    erase_version(connection, version)


def erase_version(connection: Connection, version: str) -> None:
    """Forget a version, whatever it is used for. For who writes alone."""
    driver_of(connection).execute(stated("DROP SCHEMA IF EXISTS {s} CASCADE", version))
    connection.execute(
        text("DELETE FROM public.index_versions WHERE version = :version"), {"version": version}
    )
