"""Locks on files, that the system frees when their holder dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path, *, alone: bool) -> Iterator[None]:
    """Hold a lock file, alone or with others; the system frees it when its holder dies.

    Without POSIX locks, or before any build has made the file, there is nothing to hold.
    """
    try:
        import fcntl  # noqa: PLC0415 - absent from systems that are not POSIX

        lock = path.open("w" if alone else "r")
    except (ModuleNotFoundError, FileNotFoundError):
        yield
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
