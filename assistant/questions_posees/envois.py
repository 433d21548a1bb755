"""What waits on this machine to be brought to the shared store, which was not there to take it.

A SQLite file, written as the log is: masked, bounded, erased after the same period. What waits is
brought again until it is known to be there, and counts once: each exchange has a key.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy import Connection, RowMapping, delete, func, insert, inspect, select, true
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from assistant.questions_posees.lieux import PLUS
from assistant.questions_posees.models import QuestionsInutilisables
from assistant.questions_posees.schema import erase, open_engine, reading, told, writing

FICHIER: Final = "attente.sqlite3"
PATIENCE: Final = 0.3
"""Seconds that a writer waits for another one: it has already waited for the store."""

Genre = Literal["echange", "opinion"]


class _Base(DeclarativeBase):
    """What SQLAlchemy wants tables to derive from."""


class EnvoiEcrit(_Base):
    """Something to be brought."""

    __tablename__ = "envois"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - as SQLAlchemy reads it

    numero: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    genre: Mapped[str]
    cle: Mapped[str]
    date: Mapped[str]
    contenu: Mapped[str]
    """JSON: columns of the row to be."""


@dataclass(frozen=True, slots=True)
class Envoi:
    """A row for the store."""

    numero: int
    genre: Genre
    cle: str
    """Key of the exchange, its own or the one that it is about."""
    contenu: Mapping[str, Any]


class Attente:
    """What waits in a folder; shared by the processes of this machine."""

    def __init__(self, dossier: Path, patience: float = PATIENCE) -> None:
        self.path = dossier / FICHIER
        self._engine = open_engine(self.path, patience)
        self._a_effacer = False

    def ajouter(self, genre: Genre, cle: str, contenu: Mapping[str, Any]) -> None:
        """Make a row wait; it is already masked, and holds its date.

        Raises:
            QuestionsInutilisables: it could not be written; nothing has changed.
        """
        values = {
            "genre": genre,
            "cle": cle,
            "date": contenu["date"],
            "contenu": json.dumps(dict(contenu), ensure_ascii=False),
        }
        with told(self._engine, "mises en attente"):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with writing(self._engine) as connection:
                _Base.metadata.create_all(connection)
                numero = connection.scalar(
                    insert(EnvoiEcrit).values(values).returning(EnvoiEcrit.numero)
                )
                # Nobody can fill the disk: the oldest give way.
                connection.execute(
                    delete(EnvoiEcrit).where(EnvoiEcrit.numero <= (numero or 0) - PLUS)
                )

    def premiers(self, combien: int) -> tuple[Envoi, ...]:
        """What has waited the longest.

        Raises:
            QuestionsInutilisables: it cannot be read.
        """
        asked = select(EnvoiEcrit.__table__).order_by(EnvoiEcrit.numero).limit(combien)
        with told(self._engine, "reprises de l'attente"):
            if not self.path.exists():
                return ()
            with reading(self._engine) as connection:
                rows = connection.execute(asked).mappings().all() if _pret(connection) else ()
        return tuple(map(_lu, rows))

    def compter(self) -> int:
        """How much waits.

        Raises:
            QuestionsInutilisables: it cannot be read.
        """
        with told(self._engine, "reprises de l'attente"):
            if not self.path.exists():
                return 0
            with reading(self._engine) as connection:
                if not _pret(connection):
                    return 0
                return int(connection.scalar(select(func.count(EnvoiEcrit.numero))) or 0)

    def attend(self, cle: str) -> bool:
        """Whether something of this key waits.

        Raises:
            QuestionsInutilisables: it cannot be read.
        """
        asked = select(EnvoiEcrit.numero).where(EnvoiEcrit.cle == cle).limit(1)
        with told(self._engine, "reprises de l'attente"):
            if not self.path.exists():
                return False
            with reading(self._engine) as connection:
                return _pret(connection) and connection.scalar(asked) is not None

    def retirer(self, envois: Iterable[Envoi]) -> None:
        """Let go of what was brought.

        Raises:
            QuestionsInutilisables: it could not be written: it will be brought again.
        """
        numeros = [envoi.numero for envoi in envois]
        with told(self._engine, "retirées de l'attente"), writing(self._engine) as connection:
            connection.execute(delete(EnvoiEcrit).where(EnvoiEcrit.numero.in_(numeros)))

    def purger(self, limite: str | None = None) -> int:
        """Erase for good what is past its period, or everything; return how many.

        Args:
            limite: what is older is erased, as it is written; None: everything is.

        Raises:
            QuestionsInutilisables: it could not be done whole; it will be tried again.
        """
        which = true() if limite is None else EnvoiEcrit.date < limite
        with told(self._engine, "effacées de l'attente"):
            if not self.path.exists():
                return 0
            with writing(self._engine) as connection:
                if not _pret(connection):
                    return 0
                count = connection.execute(delete(EnvoiEcrit).where(which)).rowcount
            self._a_effacer = self._a_effacer or count > 0
            if self._a_effacer and erase(self._engine):
                self._a_effacer = False
        return count


def _pret(connection: Connection) -> bool:
    """Whether the table is there: a process may have been killed before it made it."""
    return inspect(connection).has_table(EnvoiEcrit.__tablename__)


def _lu(row: RowMapping) -> Envoi:
    """A row as it was written.

    Raises:
        QuestionsInutilisables: it is no longer.
    """
    try:
        contenu = json.loads(row["contenu"])
    except ValueError as error:
        raise QuestionsInutilisables(
            f"l'envoi n° {row['numero']} qui attend le magasin partagé est abîmé : effacez-le de "
            f"{FICHIER}, ou attendez qu'il ait passé la durée gardée"
        ) from error
    return Envoi(row["numero"], row["genre"], row["cle"], contenu)
