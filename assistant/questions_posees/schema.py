"""The SQLite file of the log: its table, how it is opened, what its failures are called.

Every connection overwrites what it deletes (``secure_delete``), waits a bounded time for another
writer, and never quotes a parameter in an error: those are the words of people.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, ForeignKey, Index, Table, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from assistant.questions_posees.lieux import Tables, plier
from assistant.questions_posees.models import QuestionsInutilisables
from corpus.systeme import raison_systeme

FICHIER: Final = "questions.sqlite3"
VERSION: Final = 1
"""Version of the table, held by the file (``user_version``)."""
PLIER: Final = "plier"
"""SQL function: words without their case and accents."""
_COMMENCE: Final = "clas_commence"


class Base(DeclarativeBase):
    """What SQLAlchemy wants tables to derive from."""


class EchangeEcrit(Base):
    """One exchange. Dates are UTC, ISO 8601 to the second, so that their order is that of words."""

    __tablename__ = "echanges"

    numero: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    cle: Mapped[str] = mapped_column(unique=True)
    conversation: Mapped[str]
    tour: Mapped[int]
    date: Mapped[str]
    question: Mapped[str]
    type: Mapped[str]
    texte: Mapped[str]
    portee: Mapped[str]
    departement: Mapped[str | None]
    annee_scolaire: Mapped[str | None]
    citations: Mapped[str]
    """JSON: a list of ``CitationGardee``."""
    fiches: Mapped[str]
    """JSON: a list of ids."""
    confiance: Mapped[float]
    version_textes: Mapped[str]
    version_regles: Mapped[str]
    classement: Mapped[str]
    duree_ms: Mapped[int]

    __table_args__ = (Index("echanges_par_date", "date"), {"sqlite_autoincrement": True})


class OpinionEcrite(Base):
    """What was thought of an exchange: one at most."""

    __tablename__ = "opinions"

    echange: Mapped[int] = mapped_column(
        ForeignKey("echanges.numero", ondelete="CASCADE"), primary_key=True
    )
    vote: Mapped[str]
    commentaire: Mapped[str]
    date: Mapped[str]


def _tables() -> Tables:
    echanges, opinions = EchangeEcrit.__table__, OpinionEcrite.__table__
    assert isinstance(echanges, Table)
    assert isinstance(opinions, Table)
    return Tables(echanges, opinions)


TABLES: Final = _tables()


def open_engine(path: Path, patience: float) -> Engine:
    """A way to the file, which need not exist; nothing is opened until something is asked.

    Args:
        path: the file.
        patience: seconds that a statement waits for another writer.
    """
    # A connection for each act: what a purge leaves nowhere must not stay open somewhere.
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=NullPool,
        connect_args={"timeout": patience},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _settle)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A consistent view of the file."""
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the file from its start: it cannot fail for having waited."""
    with engine.execution_options(**{_COMMENCE: "BEGIN IMMEDIATE"}).begin() as connection:
        yield connection


@contextmanager
def told(engine: Engine, done: str) -> Iterator[None]:
    """Say in French what prevents the log from being read or written, without its words.

    Raises:
        QuestionsInutilisables: whatever SQLite or the system refused.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise QuestionsInutilisables(
            f"les questions posées n'ont pas pu être {done} dans {engine.url.database} "
            f"({_reason(error)})"
        ) from error


def prepared(connection: Connection) -> bool:
    """Whether the tables are there.

    Raises:
        QuestionsInutilisables: a later program made the file.
    """
    found = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    if found > VERSION:
        raise QuestionsInutilisables(
            f"les questions posées de {connection.engine.url.database} ont été écrites par une "
            f"version plus récente du programme (format {found}, {VERSION} attendu) : mettez-le à "
            "jour"
        )
    return found == VERSION


def prepare(connection: Connection) -> None:
    """Make the tables where there are none; within ``writing``, so by one process.

    Raises:
        QuestionsInutilisables: a later program made the file.
    """
    if not prepared(connection):
        Base.metadata.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")


def erase(engine: Engine) -> bool:
    """Leave nothing of what was deleted, in the file or its log; whether nobody prevented it."""
    raw = engine.raw_connection()
    try:
        driver = raw.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        # Its copy of the table is kept out of the temporary folder.
        driver.execute("PRAGMA temp_store = MEMORY")
        driver.execute("VACUUM")
        busy, *_ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    finally:
        raw.close()


def _settle(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    # Transactions are begun by us alone.
    connection.isolation_level = None
    connection.create_function(PLIER, 1, _folded, deterministic=True)
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "secure_delete = ON",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _folded(words: str | None) -> str:
    return plier(words or "")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_COMMENCE, "BEGIN"))


def _reason(error: Exception) -> str:
    origin = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(origin, sqlite3.Error):
        code = getattr(origin, "sqlite_errorcode", 0) & 0xFF
        return _REASONS.get(code, f"SQLite : {getattr(origin, 'sqlite_errorname', 'erreur')}")
    if isinstance(origin, OSError):
        return raison_systeme(origin)
    return type(error).__name__


_REASONS: Final = {
    sqlite3.SQLITE_FULL: "plus de place sur le disque : libérez-en",
    sqlite3.SQLITE_IOERR: "le disque refuse : vérifiez la place libre et les droits",
    sqlite3.SQLITE_BUSY: "un autre programme l'occupe : recommencez",
    sqlite3.SQLITE_LOCKED: "un autre programme l'occupe : recommencez",
    sqlite3.SQLITE_READONLY: "le fichier ne peut pas être modifié : vérifiez les droits",
    sqlite3.SQLITE_CANTOPEN: "le fichier ne peut pas être ouvert : vérifiez le dossier et les "
    "droits",
    sqlite3.SQLITE_CORRUPT: "le fichier est abîmé : reprenez une sauvegarde, ou effacez-le avec "
    "ses -wal et -shm, un nouveau sera fait",
    sqlite3.SQLITE_NOTADB: "le fichier n'est pas un journal de questions : reprenez une "
    "sauvegarde, ou effacez-le avec ses -wal et -shm, un nouveau sera fait",
}
