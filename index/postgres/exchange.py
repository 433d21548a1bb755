"""Exchanges with the shared store: several statements sent at once, one wait for their answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from time import monotonic
from typing import Any, TypeAlias

import psycopg
from sqlalchemy import Connection

from corpus.magasin.pilote import ConnexionBornee
from index.storage import IndexInutilisable

Ouvrir: TypeAlias = Callable[[], AbstractContextManager[Connection]]
"""Opens a transaction: ``Magasin.connexion``, or ``Engine.begin``."""

Statement: TypeAlias = tuple[bytes, Sequence[object] | Mapping[str, object]]


def exchange(
    connection: Connection,
    version: str,
    statements: Sequence[Statement],
    delai: float | None = None,
) -> list[list[tuple[Any, ...]]]:
    """Rows that each statement gives; octets and numbers as they are, in one round trip.

    They take no longer together than one may: ``delai`` seconds, or what the line gives each.

    Raises:
        IndexInutilisable: the version is not there any more.
        psycopg.Error: anything else that the store refuses.
    """
    line = driver_of(connection)
    cursors = [line.cursor(binary=True) for _ in statements]
    try:
        with _bounded(line, delai), line.pipeline():
            for cursor, (statement, values) in zip(cursors, statements, strict=True):
                cursor.execute(statement, values)
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName) as error:
        raise IndexInutilisable(
            f"La version {version} de l'index n'est plus dans le magasin partagé : rouvrez celle "
            "qui est en usage."
        ) from error
    return [cursor.fetchall() for cursor in cursors]


@contextmanager
def _bounded(line: psycopg.Connection[Any], delai: float | None) -> Iterator[None]:
    if not isinstance(line, ConnexionBornee):
        yield
        return
    fin = line.fin
    line.fin = min(fin, monotonic() + (line.delai if delai is None else delai))
    try:
        yield
    finally:
        line.fin = fin


def driver_of(connection: Connection) -> psycopg.Connection[Any]:
    """The driver's own connection, for what SQLAlchemy does not do: COPY, several at once."""
    line = connection.connection.driver_connection
    assert isinstance(line, psycopg.Connection)
    return line
