"""The files that versions share, each kept in two exemplars on the disk.

A part that did not change is not written again: a new version takes up its file by a hard link.
Were there but one file, damage to it would damage every version at once, and the version before
would be no fallback. So there are two, and a version takes the one that the version in use has not:
what is answered from and what it falls back to share no file. Versions that stand two publications
apart do share some, so damage to one may take several, never all. Where the file system has no hard
links, each version has copies of its own.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from corpus.files import sha256_of_file, sync_folder

FOLDER = "exemplaires"
_SLOTS = ("1", "2")
_NEW = ".nouveau"
_NO_LINKS = frozenset(
    {errno.EPERM, errno.EACCES, errno.EXDEV, errno.EMLINK, errno.ENOSYS, errno.EOPNOTSUPP}
)


class FichierAltere(ValueError):
    """A file that versions share is not what was written: lost, or altered on the disk."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file to be taken up in a new version."""

    path: Path
    digest: str
    checked: bool
    """Whether it was read, and found to be what it must be."""


class Exemplars:
    """The two exemplars of each shared file of an index folder.

    Example:
        ``Exemplars(folder).take_up(kept, version / "tokens/003.npy", before / "tokens/003.npy")``
    """

    def __init__(self, index: Path) -> None:
        self._slots = tuple(index / FOLDER / slot for slot in _SLOTS)

    def find(self, file: Path, digest: str, *, check: bool) -> Kept | None:
        """Find the content of a version's file: in the exemplar that is not it, or else in it.

        Args:
            file: the file of the version.
            digest: its checksum.
            check: whether to read what is found; what is only linked may be read later.

        Returns:
            None when it is lost; or, where it is checked, when no exemplar is whole.
        """
        others = [path for path in self._paths(digest) if not _same(path, file)]
        is_there = _is if check else _exists
        found = (path for path in (*others, file) if is_there(path, digest))
        return next((Kept(path, digest, check) for path in found), None)

    def take_up(self, kept: Kept, target: Path, beside: Path | None) -> None:
        """Make ``target`` an exemplar of a file: not the one that ``beside`` is.

        Raises:
            FichierAltere: what had to be copied is not what it must be.
        """
        if not self._linking:
            _copy(kept, target)
            return
        first, second = self._ordered(kept.digest, beside)
        whole = _is if kept.checked and first != kept.path else _exists
        if not whole(first, kept.digest):
            _copy(kept, first)
        self._link(kept.digest, first, second, target)

    def write(self, fill: Callable[[Path], None], target: Path, beside: Path | None) -> str:
        """Write content to ``target``, as one of its two exemplars; return its checksum."""
        new = self._slots[0].parent / _NEW if self._linking else target
        fill(new)
        digest = sha256_of_file(new)
        sync(new)
        if new == target:
            return digest
        first, second = self._ordered(digest, beside)
        if not _is(first, digest):
            new.replace(first)
        self._link(digest, first, second, target)
        new.unlink(missing_ok=True)
        return digest

    def forget(self, kept: Collection[str]) -> None:
        """Drop what no version holds any more, and what was left half written."""
        for slot in self._slots:
            for path in slot.glob("*"):
                if path.name not in kept:
                    _drop(path)
        _drop(self._slots[0].parent / _NEW)

    def sync(self) -> None:
        """Make the names of the exemplars durable."""
        for slot in self._slots:
            if slot.is_dir():
                sync_folder(slot)

    @cached_property
    def _linking(self) -> bool:
        """Whether the file system has hard links; tried once, in the place of the exemplars."""
        for slot in self._slots:
            slot.mkdir(parents=True, exist_ok=True)
        tried, linked = (self._slots[0] / name for name in (".essai", ".lien"))
        try:
            tried.touch()
            linked.unlink(missing_ok=True)
            linked.hardlink_to(tried)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            return False
        finally:
            tried.unlink(missing_ok=True)
            linked.unlink(missing_ok=True)
        return True

    def _paths(self, digest: str) -> tuple[Path, ...]:
        return tuple(slot / digest for slot in self._slots)

    def _ordered(self, digest: str, beside: Path | None) -> tuple[Path, Path]:
        """The exemplar to take, which ``beside`` is not, then the other."""
        first, second = self._paths(digest)
        return (second, first) if beside is not None and _same(first, beside) else (first, second)

    def _link(self, digest: str, first: Path, second: Path, target: Path) -> None:
        if not second.is_file():
            _copy(Kept(first, digest, checked=False), second)
        target.hardlink_to(first)


def sync(path: Path) -> None:
    """Make the content of a file durable."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _copy(kept: Kept, target: Path) -> None:
    """Copy a file so that its name is never that of half of it, nor of what it is not."""
    beside = target.with_name(f".{target.name}")
    try:
        shutil.copyfile(kept.path, beside)
        if not _is(beside, kept.digest):
            raise FichierAltere(f"{kept.path} n'est plus ce qui avait été écrit")
        sync(beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _is(path: Path, digest: str) -> bool:
    return path.is_file() and sha256_of_file(path) == digest


def _drop(path: Path) -> None:
    """Drop a name; where the system holds it, another time."""
    with suppress(OSError):
        path.unlink()


def _exists(path: Path, _digest: str) -> bool:
    return path.is_file()


def _same(one: Path, other: Path) -> bool:
    """Whether two names are those of one file on the disk."""
    try:
        return one.samefile(other)
    except FileNotFoundError:
        return False
