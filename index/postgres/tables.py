"""Tables of a version of the index in the shared store.

What all versions share is made by the migrations of the store (``corpus/magasin/migrations``).
"""

from __future__ import annotations

from typing import Final

FORMAT: Final = 1
"""Of the tables of a version: a program that makes others does not read these."""

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
        fins bytea NOT NULL) WITH (toast_tuple_target = 8160)""",
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
