"""A document base kept in the shared store, for whoever keeps the corpus from several machines.

One lock for those who write, freed when its holder dies; and since a holder may be cut off without
knowing it, each of its writes also proves that nobody took the lock after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic, sleep
from typing import Final
from uuid import UUID, uuid4

from psycopg import Cursor
from psycopg.rows import TupleRow
from sqlalchemy import Connection, text

from corpus.base.rangement import BaseAbsente, BaseInutilisable, BaseOccupee, Genre, Rangement
from corpus.magasin.erreurs import MagasinIndisponible
from corpus.magasin.moteur import Magasin

LARGEST: Final = 200 << 20
"""Bytes of the largest piece."""
_LOCK: Final = 0x62617365
"""Lock of those who change the base: « base »."""
_PATIENCE: Final = 1800.0
"""Seconds that a machine waits for another one to have published."""
_EACH: Final = 0.2
_OF_PIECES: Final = 60.0
"""Seconds that a large piece may take."""

_READ = text("SELECT contenu FROM base.pieces WHERE genre = :genre AND nom = :nom")
_KEEP = text(
    "INSERT INTO base.pieces (genre, nom, contenu) VALUES (:genre, :nom, :contenu)"
    " ON CONFLICT DO NOTHING"
)
_DROP = text("DELETE FROM base.pieces WHERE genre = :genre AND nom = :nom")
_NAMES = text('SELECT nom FROM base.pieces WHERE genre = :genre ORDER BY nom COLLATE "C"')
_READ_DRAFT = text("SELECT contenu FROM base.brouillon")
_WRITE_DRAFT = text(
    "INSERT INTO base.brouillon (contenu) VALUES (:contenu)"
    " ON CONFLICT (seul) DO UPDATE SET contenu = excluded.contenu"
)
_DROP_DRAFT = text("DELETE FROM base.brouillon")
_LOG = text("INSERT INTO base.journal (ligne) VALUES (:ligne)")
_LINES = text("SELECT ligne FROM base.journal ORDER BY rang")
_TRY: Final = "SELECT pg_try_advisory_lock(%s)"
_TAKE = text("UPDATE base.main SET jeton = :jeton")
_HELD_BY = text("SELECT jeton FROM base.main FOR SHARE")


class Partage:
    """The pieces of a document base in the shared store (see ``Rangement``).

    One object is for one thread: what it holds, and writes all at once, is its own.

    Args:
        magasin: the shared store.
        ici: where this machine keeps the pieces that it read or wrote, which never change: they are
            read from there first, and when the store is away.
        patience: seconds that a machine waits for another one to have finished.
    """

    def __init__(
        self, magasin: Magasin, ici: Rangement | None = None, patience: float = _PATIENCE
    ) -> None:
        self._magasin = magasin
        self._ici = ici
        self._patience = patience
        self._jeton: UUID | None = None
        self._ensemble: Connection | None = None

    def read(self, genre: Genre, nom: str) -> bytes | None:
        """See ``Rangement``."""
        here = self._local(genre)
        found = here.read(genre, nom) if here else None
        return self._brought(genre, nom) if found is None else found

    def again(self, genre: Genre, nom: str) -> bytes | None:
        """See ``Rangement``: what is shared takes the place of the damaged copy."""
        here = self._local(genre)
        if here is None:
            return None
        with suppress(BaseInutilisable):
            here.drop(genre, nom)
        return self._brought(genre, nom)

    def _local(self, genre: Genre) -> Rangement | None:
        """Where this machine keeps what it read of a kind; None where it keeps none."""
        return self._ici if genre != "prets" else None

    def _brought(self, genre: Genre, nom: str) -> bytes | None:
        here = self._local(genre)
        with self._reading() as connection:
            found = connection.scalar(_READ, {"genre": genre, "nom": nom})
        if found is None:
            return None
        if here:
            # A disk that is full here takes nothing from what was read there.
            with suppress(BaseInutilisable):
                here.keep(genre, nom, bytes(found))
        return bytes(found)

    def keep(self, genre: Genre, nom: str, content: bytes) -> None:
        """See ``Rangement``."""
        if len(content) > LARGEST:
            raise BaseInutilisable(
                f"« {nom[:40]} » fait {len(content) >> 20} Mo : {LARGEST >> 20} Mo au plus dans la "
                "base partagée"
            )
        with self._writing() as connection:
            connection.execute(_KEEP, {"genre": genre, "nom": nom, "contenu": content})

    def drop(self, genre: Genre, nom: str) -> None:
        """See ``Rangement``."""
        with self._writing() as connection:
            connection.execute(_DROP, {"genre": genre, "nom": nom})
        if self._ici:
            self._ici.drop(genre, nom)

    def names(self, genre: Genre) -> tuple[str, ...]:
        """See ``Rangement``; while the store is away, those that this machine has."""
        try:
            with self._reading() as connection:
                return tuple(connection.scalars(_NAMES, {"genre": genre}))
        except BaseAbsente:
            if self._ici is None or self._jeton is not None:
                raise
            return self._ici.names(genre)

    def read_draft(self) -> bytes | None:
        """See ``Rangement``."""
        with self._reading() as connection:
            found = connection.scalar(_READ_DRAFT)
        return None if found is None else bytes(found)

    def write_draft(self, content: bytes) -> None:
        """See ``Rangement``."""
        with self._writing() as connection:
            connection.execute(_WRITE_DRAFT, {"contenu": content})

    def drop_draft(self) -> None:
        """See ``Rangement``."""
        with self._writing() as connection:
            connection.execute(_DROP_DRAFT)

    def log(self, line: bytes) -> None:
        """See ``Rangement``."""
        with self._writing() as connection:
            connection.execute(_LOG, {"ligne": line})

    def lines(self) -> tuple[bytes, ...]:
        """See ``Rangement``."""
        with self._reading() as connection:
            return tuple(bytes(line) for line in connection.scalars(_LINES))

    def adopt(self) -> int:
        """Keep there what this machine kept alone until now; how many pieces that is."""
        # Only what came first: another machine's own base is not mixed with it later.
        if self._ici is None or self.names("versions"):
            return 0
        added = 0
        for genre in ("fichiers", "textes", "versions"):
            for nom in sorted(set(self._ici.names(genre)) - set(self.names(genre))):
                content = self._ici.read(genre, nom)
                if content is not None:
                    self.keep(genre, nom, content)
                    added += 1
        if not self.lines():
            for line in self._ici.lines():
                self.log(line)
        return added

    @contextmanager
    def alone(self, *, wait: bool) -> Iterator[None]:
        """See ``Rangement``."""
        with or_refused(), self._locked(wait=wait):
            self._jeton = uuid4()
            try:
                with self._magasin.connexion() as connection:
                    connection.execute(_TAKE, {"jeton": self._jeton})
                yield
            finally:
                self._jeton = None

    @contextmanager
    def together(self) -> Iterator[Connection]:
        """See ``Rangement``: one transaction, of which nothing is kept where it raises."""
        with self._writing() as connection:
            self._ensemble = connection
            try:
                yield connection
            finally:
                self._ensemble = None

    @contextmanager
    def _locked(self, *, wait: bool) -> Iterator[None]:
        """Hold the lock by a line that is in no transaction: publishing takes minutes."""
        limit = monotonic() + (self._patience if wait else 0.0)
        with self._magasin.ligne() as ligne:
            while not _held(ligne.execute(_TRY, (_LOCK,))):
                if monotonic() >= limit:
                    raise BaseOccupee
                sleep(_EACH)
            # Closing the line frees the lock, as its death would.
            yield

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        if self._ensemble is not None:
            yield self._ensemble
            return
        with or_refused(), self._magasin.connexion(_OF_PIECES) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if self._ensemble is not None:
            yield self._ensemble
            return
        with or_refused(), self._magasin.connexion(_OF_PIECES) as connection:
            if self._jeton is not None and connection.scalar(_HELD_BY) != self._jeton:
                raise BaseInutilisable(
                    "une autre personne a pris la main sur la base pendant ce travail : "
                    "recommencez-le"
                )
            yield connection


@contextmanager
def or_refused() -> Iterator[None]:
    """Say what the store refuses as the base says it: whether it is away, or says no."""
    try:
        yield
    except MagasinIndisponible as error:
        raise (BaseAbsente if error.absent else BaseInutilisable)(str(error)) from error


def _held(answer: Cursor[TupleRow]) -> bool:
    row = answer.fetchone()
    return row is not None and bool(row[0])
