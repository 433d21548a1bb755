"""The journal of marks: one line each, only ever added to.

The file is written whole beside and renamed, by one writer at a time: a crash, a full disk or a
second writer leaves it as it was before or as it is after. Each line carries the digest of its
own words: one that was damaged is told, never taken for another nor passed over in silence.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol

from pydantic import ValidationError

from assistant.avis.models import Avis, AvisInutilisables
from corpus.files import write_atomically
from corpus.systeme import raison_systeme
from index.locks import locked

JOURNAL: Final = "journal.jsonl"
LOCK: Final = ".verrou"
_REMEDES: Final = {
    "lus": "vérifiez ce dossier, ses droits et son disque",
    "écrits": "vérifiez la place libre et les droits",
}
_LINE: Final = re.compile(rb'\{"somme":"([0-9a-f]{16})","avis":(\{.*\})\}')

Identite = tuple[int, ...]
"""What changes whenever the marks do; of a file: its number, its size, its time."""


@dataclass(frozen=True, slots=True)
class Lecture:
    """What the journal holds."""

    avis: tuple[Avis, ...]
    """Every mark, in the order they were set."""
    abimees: tuple[int, ...]
    """Numbers, from 1, of the lines that are no longer what was written."""


class Carnet(Protocol):
    """A place for marks: a folder of this machine, or the shared store."""

    fraicheur: float
    """Seconds during which what was read is not looked at again."""

    def identity(self) -> Identite | None:
        """What changes whenever the marks do; None where none was ever set.

        Raises:
            AvisInutilisables: it cannot be looked at.
        """
        ...

    def read(self) -> tuple[Identite | None, Lecture]:
        """Every mark, and what they were known by when they were read.

        Raises:
            AvisInutilisables: they cannot be read.
        """
        ...

    def copie(self) -> Lecture:
        """What this machine remembers of them, where they were never read by this process."""
        ...

    def add(self, avis: Avis) -> None:
        """Add a mark, durable when this returns.

        Raises:
            AvisInutilisables: it could not be written.
        """
        ...


class Journal:
    """The journal of a folder; it holds no state but on disk."""

    fraicheur: float = 0.0
    """Looking at a file costs nothing: a mark holds at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def path(self) -> Path:
        """The file of the marks."""
        return self.folder / JOURNAL

    def identity(self) -> Identite | None:
        """What the file is now; None where no mark was ever set.

        Raises:
            AvisInutilisables: it cannot be looked at.
        """
        with self._or_said("lus"):
            try:
                return _identity(self.path.stat())
            except FileNotFoundError:
                return None

    def read(self) -> tuple[Identite | None, Lecture]:
        """Every mark, and what the file was when it was read.

        Raises:
            AvisInutilisables: the file cannot be read.
        """
        with self._or_said("lus"):
            try:
                with self.path.open("rb") as stream:
                    identity = _identity(os.fstat(stream.fileno()))
                    lines = stream.read().split(b"\n")
            except FileNotFoundError:
                return None, Lecture((), ())
        read = [
            (number, mark_of(line)) for number, line in enumerate(lines, start=1) if line.strip()
        ]
        return identity, Lecture(
            tuple(avis for _, avis in read if avis is not None),
            tuple(number for number, avis in read if avis is None),
        )

    def add(self, avis: Avis) -> None:
        """Add a mark, durable when this returns; the lines before stay as they are, to the byte.

        Raises:
            AvisInutilisables: it could not be written; nothing has changed.
        """
        with self._or_said("écrits"):
            self.folder.mkdir(parents=True, exist_ok=True)
            with locked(self.folder / LOCK, alone=True):
                with self._or_said("lus"):
                    before = self.path.read_bytes() if self.path.exists() else b""
                # A file that somebody cut short must not swallow this line.
                end = b"\n" if before and not before.endswith(b"\n") else b""
                write_atomically(self.path, [before, end, _written(avis)])

    def copie(self) -> Lecture:
        """Nothing: a journal that cannot be read is not remembered elsewhere."""
        return Lecture((), ())

    def replace(self, avis: Iterable[Avis]) -> None:
        """Hold these marks and no other.

        Raises:
            AvisInutilisables: it could not be written; nothing has changed.
        """
        with self._or_said("écrits"):
            self.folder.mkdir(parents=True, exist_ok=True)
            with locked(self.folder / LOCK, alone=True):
                write_atomically(self.path, map(_written, avis))

    @contextmanager
    def _or_said(self, done: Literal["lus", "écrits"]) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise AvisInutilisables(
                f"les avis des agents n'ont pas pu être {done} dans {self.folder} "
                f"({raison_systeme(error)}) : {_REMEDES[done]}, puis recommencez"
            ) from error


def _identity(found: os.stat_result) -> Identite:
    return found.st_ino, found.st_size, found.st_mtime_ns


def line_of(avis: Avis) -> bytes:
    """A mark as a line, with the digest of its words."""
    said = avis.model_dump_json().encode("utf-8")
    return b'{"somme":"%s","avis":%s}' % (_sum(said), said)


def _written(avis: Avis) -> bytes:
    return line_of(avis) + b"\n"


def mark_of(line: bytes) -> Avis | None:
    """The mark of a line; None where it is no longer what was written."""
    found = _LINE.fullmatch(line)
    if found is None or _sum(found[2]) != found[1]:
        return None
    try:
        return Avis.model_validate_json(found[2])
    except ValidationError:
        return None


def _sum(said: bytes) -> bytes:
    return hashlib.sha256(said).hexdigest()[:16].encode("ascii")
