"""Tables of the index in the shared store: those of all versions, and those of each."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

FORMAT: Final = 1
"""Of the tables of a version: a program that makes others does not read these."""

_SHARED: Final = (
    "CREATE EXTENSION IF NOT EXISTS vector",
    """CREATE TABLE index_versions (
        version text PRIMARY KEY,
        format integer NOT NULL,
        sceau text NOT NULL,
        copiee_le timestamptz NOT NULL DEFAULT now())""",
    """CREATE TABLE index_courante (
        ordre bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        version text NOT NULL,
        depuis timestamptz NOT NULL DEFAULT now())""",
)

# Token vectors stand apart: reading all the sentence vectors must not read through them. They
# look like noise: trying to compress them is lost time.
OF_A_VERSION: Final = (
    "CREATE SCHEMA {s}",
    "CREATE TABLE {s}.fichiers (nom text PRIMARY KEY, contenu bytea NOT NULL)",
    """CREATE TABLE {s}.passages (
        rang integer PRIMARY KEY, document text NOT NULL, portee text NOT NULL,
        vecteur vector({dimension}) NOT NULL)""",
    """CREATE TABLE {s}.questions (
        rang integer PRIMARY KEY, vecteur vector({dimension}) NOT NULL)""",
    """CREATE TABLE {s}.jetons (
        rang integer PRIMARY KEY, valeurs bytea NOT NULL, echelles bytea NOT NULL,
        fins bytea NOT NULL)""",
    "ALTER TABLE {s}.jetons ALTER valeurs SET STORAGE EXTERNAL",
    """CREATE TABLE {s}.mots (
        racine text, portee text, rangs bytea NOT NULL, poids bytea NOT NULL,
        PRIMARY KEY (racine, portee))""",
)

OF_SCOPES: Final = "CREATE INDEX ON {s}.passages (portee)"
OF_NEIGHBOURS: Final = (
    "CREATE INDEX proches ON {s}.passages USING hnsw (vecteur vector_ip_ops)"
    " WITH (m = 16, ef_construction = 100)"
)
"""Graph of the sentence vectors: what is near, without comparing all."""


def create_shared(connection: Connection) -> None:
    """Make the tables that all versions share, in the schema where names are looked for."""
    for statement in _SHARED:
        connection.execute(text(statement))


def drop_shared(connection: Connection) -> None:
    """Undo ``create_shared``; the schemas of versions stay."""
    connection.execute(text("DROP TABLE index_courante, index_versions"))
