"""What people asked, frozen in a SQLite file: of this machine, or of the shared store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Table, insert

from assistant.questions_posees.envois import FICHIER as ATTENTE
from assistant.questions_posees.models import QuestionsInutilisables
from assistant.questions_posees.schema import (
    FICHIER,
    TABLES,
    open_engine,
    prepare,
    told,
    writing,
)

_PATIENCE: Final = 30.0
_LOT: Final = 500

Lignes = Iterable[Mapping[str, Any]]


def figer(
    dossier: Path, atelier: Path, seulement: Iterable[str] = (FICHIER, ATTENTE)
) -> dict[str, Path]:
    """Copy the log and what waits, each as it is at one moment, while they are written.

    Raises:
        QuestionsInutilisables: one cannot be read, or is damaged.
    """
    figes: dict[str, Path] = {}
    for nom in seulement:
        source, copie = dossier / nom, atelier / nom
        if not source.exists():
            continue
        engine = open_engine(source, _PATIENCE)
        with (
            told(engine, "sauvegardées"),
            closing(
                sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=_PATIENCE)
            ) as lu,
            closing(sqlite3.connect(copie)) as ecrit,
        ):
            # In one step: whoever writes meanwhile is not waited for, and comes after.
            lu.backup(ecrit, pages=-1)
        seul(copie)
        figes[nom] = copie
    return figes


def ecrire(copie: Path, echanges: Lignes, opinions: Lignes) -> None:
    """Write rows of the shared store as the file of a machine would hold them.

    Raises:
        QuestionsInutilisables: they cannot be written.
    """
    engine = open_engine(copie, _PATIENCE)
    with told(engine, "sauvegardées"), writing(engine) as connection:
        prepare(connection)
        for table, lignes in ((TABLES.echanges, echanges), (TABLES.opinions, opinions)):
            for lot in _par_lots(lignes):
                connection.execute(insert(table), lot)
    engine.dispose()
    seul(copie)


def seul(path: Path) -> None:
    """Make a file whole by itself, without any beside it, and check it.

    Raises:
        QuestionsInutilisables: it is damaged.
    """
    with (
        told(open_engine(path, _PATIENCE), "relues"),
        closing(sqlite3.connect(path, isolation_level=None)) as connection,
    ):
        connection.execute("PRAGMA journal_mode = DELETE").close()
        (dit,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if dit != "ok":
            raise QuestionsInutilisables(
                f"{path.name} est abîmé : lancez « clas diagnostic », ou sauvegardez sans lui "
                "(--sans-questions)"
            )


def compter(path: Path, *tables: str) -> dict[str, int]:
    """Rows of tables of a file; none where there is no such file or table."""
    if not path.is_file():
        return dict.fromkeys(tables, 0)
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        la = {nom for (nom,) in connection.execute("SELECT name FROM sqlite_master")}
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - names of ours
            if table in la
            else 0
            for table in tables
        }


def colonnes(table: Table) -> tuple[str, ...]:
    """Names of the columns of a table of the log, as everywhere."""
    return tuple(colonne.name for colonne in table.columns)


def _par_lots(lignes: Lignes) -> Iterable[list[Mapping[str, Any]]]:
    suite = iter(lignes)
    return iter(lambda: list(islice(suite, _LOT)), [])
