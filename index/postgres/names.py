"""Where a version is in the shared store: a schema each, which nothing changes once made."""

from __future__ import annotations

import re
from typing import Final, LiteralString

from psycopg import sql

from index.storage import IndexInutilisable

CANAL: Final = "clas_index"
"""What a replica listens to: the name of the version put in use."""
_VERSION: Final = re.compile(r"[0-9a-f]{12}")


def schema_of(version: str) -> str:
    """Name of the schema of a version.

    Raises:
        IndexInutilisable: this cannot be the name of a version.
    """
    if not _VERSION.fullmatch(version):
        raise IndexInutilisable(
            f"« {version[:40]} » n'est pas un nom de version de l'index : 12 chiffres hexadécimaux "
            "sont attendus."
        )
    return f"index_{version}"


def stated(template: LiteralString, version: str, **parts: sql.Composable) -> bytes:
    """A statement about the tables of a version.

    Args:
        template: constant; ``{s}`` stands for the schema of the version.
        version: its name.
        parts: what other names in braces stand for.
    """
    schema = sql.Identifier(schema_of(version))
    return sql.SQL(template).format(s=schema, **parts).as_bytes()
