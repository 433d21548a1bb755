"""Where the records of a document base are put: a folder, or the shared store of several replicas.

Pieces are bytes under a kind and a name; what they say is checked by whoever reads them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Protocol

from corpus.files import write_atomically

if TYPE_CHECKING:
    from sqlalchemy import Connection

Genre = Literal["fichiers", "textes", "versions", "prets"]
"""Files as they came, canonical texts, versions of the base: written once, never changed. Last,
what was made ready for the draft, and can be made again: forgotten once that is published."""
DRAFT: Final = "brouillon.json"
JOURNAL: Final = "journal.jsonl"
LOCK: Final = ".verrou"
_SUFFIX: Final = {"fichiers": "", "textes": ".json", "versions": ".json", "prets": ""}


class BaseInutilisable(Exception):
    """The document base cannot do what is asked; the message says why and what to do."""


class BaseOccupee(BaseInutilisable):
    """Somebody else is changing the base, and nobody else may until they have ended."""

    def __init__(self) -> None:
        super().__init__(
            "une autre personne modifie la base en ce moment : réessayez quand elle a fini"
        )


class BaseAbsente(BaseInutilisable):
    """The base is shared, and where it is kept cannot be reached now."""


class Rangement(Protocol):
    """What a document base needs of the place where it is kept.

    Whatever cannot be written raises ``BaseInutilisable``, and nothing that was kept has changed.
    """

    def read(self, genre: Genre, nom: str) -> bytes | None:
        """Bytes of a piece; None when there is none of that name."""

    def again(self, genre: Genre, nom: str) -> bytes | None:
        """Bytes of a piece whose copy on this machine is damaged; None where there is no other."""

    def keep(self, genre: Genre, nom: str, content: bytes) -> None:
        """Keep a piece for ever; one of that name that is already there stays as it is."""

    def drop(self, genre: Genre, nom: str) -> None:
        """Forget a piece, if there is one."""

    def names(self, genre: Genre) -> tuple[str, ...]:
        """Names of the pieces of a kind, in their order."""

    def read_draft(self) -> bytes | None:
        """What is being prepared; None when nothing is."""

    def write_draft(self, content: bytes) -> None:
        """Replace the draft."""

    def drop_draft(self) -> None:
        """Forget the draft, if there is one."""

    def log(self, line: bytes) -> None:
        """Add a line, without its end, to the journal; it is durable when this returns."""

    def lines(self) -> tuple[bytes, ...]:
        """Lines of the journal, in order."""

    def adopt(self) -> int:
        """Keep here what this machine kept alone until now; how many pieces that is."""

    def alone(self, *, wait: bool) -> AbstractContextManager[None]:
        """Hold the base for oneself, waiting for whoever holds it if asked to.

        Raises:
            BaseInutilisable: somebody else holds it.
        """

    def together(self) -> AbstractContextManager[Connection | None]:
        """Write what follows all at once where the place can; else one after the other.

        Gives the transaction, for what must be switched with it; None where there is none.
        """


class Dossier:
    """The folder of one machine: pieces beside and renamed, one lock for those who write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, genre: Genre, nom: str) -> bytes | None:
        """See ``Rangement``."""
        try:
            return self._path(genre, nom).read_bytes()
        except FileNotFoundError:
            return None

    def again(self, genre: Genre, nom: str) -> bytes | None:
        """See ``Rangement``: nothing is kept elsewhere."""

    def keep(self, genre: Genre, nom: str, content: bytes) -> None:
        """See ``Rangement``."""
        path = self._path(genre, nom)
        if not path.exists():
            self._write(path, content)

    def drop(self, genre: Genre, nom: str) -> None:
        """See ``Rangement``."""
        with self._or_refused():
            self._path(genre, nom).unlink(missing_ok=True)

    def names(self, genre: Genre) -> tuple[str, ...]:
        """See ``Rangement``."""
        suffix = _SUFFIX[genre]
        paths = self._folder.joinpath(genre).glob(f"[0-9a-z]*{suffix}")
        return tuple(sorted(path.name.removesuffix(suffix) for path in paths))

    def read_draft(self) -> bytes | None:
        """See ``Rangement``."""
        try:
            return (self._folder / DRAFT).read_bytes()
        except FileNotFoundError:
            return None

    def write_draft(self, content: bytes) -> None:
        """See ``Rangement``."""
        self._write(self._folder / DRAFT, content)

    def drop_draft(self) -> None:
        """See ``Rangement``."""
        with self._or_refused():
            (self._folder / DRAFT).unlink(missing_ok=True)

    def log(self, line: bytes) -> None:
        """See ``Rangement``."""
        line += b"\n"
        with self._or_refused(), (self._made() / JOURNAL).open("ab+") as stream:
            if stream.tell():
                stream.seek(-1, os.SEEK_END)
                # A line cut short by a crash must not swallow this one.
                line = line if stream.read() == b"\n" else b"\n" + line
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())

    def lines(self) -> tuple[bytes, ...]:
        """See ``Rangement``."""
        try:
            return tuple((self._folder / JOURNAL).read_bytes().splitlines())
        except FileNotFoundError:
            return ()

    def adopt(self) -> int:
        """See ``Rangement``: it is already here."""
        return 0

    @contextmanager
    def alone(self, *, wait: bool) -> Iterator[None]:
        """See ``Rangement``; the system frees it when its holder dies."""
        with self._or_refused():
            lock = (self._made() / LOCK).open("w")
        try:
            import fcntl  # noqa: PLC0415 - absent from systems that are not POSIX
        except ModuleNotFoundError:
            lock.close()
            yield
            return
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError as error:
                raise BaseOccupee from error
            yield

    @contextmanager
    def together(self) -> Iterator[None]:
        """See ``Rangement``; files are written one after the other."""
        yield None

    def _path(self, genre: Genre, nom: str) -> Path:
        return self._folder / genre / f"{nom}{_SUFFIX[genre]}"

    def _write(self, path: Path, content: bytes) -> None:
        with self._or_refused():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, [content])

    def _made(self) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder

    @contextmanager
    def _or_refused(self) -> Iterator[None]:
        """Say in words that the disk is full or closed; nothing that was kept has changed."""
        try:
            yield
        except OSError as error:
            raise BaseInutilisable(
                f"la base n'a pas pu être écrite dans {self._folder} ({error}) : vérifiez la place "
                "libre et les droits, puis recommencez"
            ) from error
