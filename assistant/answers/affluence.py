"""When many people share a program: who is answered first, and what gives way meanwhile.

Answers that all advance at once all end late: threads that take turns on one interpreter spend a
quarter of their time handing it over. So a few advance at a time, and the others wait their turn;
while somebody waits, nobody's first candidates are read again, since that takes most of an
answer's time.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

PATIENCE: Final = 20.0
"""Seconds after which whoever waits goes on all the same: nobody is held by what is stuck."""


class Affluence:
    """The places of those who are answered at once in a process. Used by many threads.

    Args:
        places: how many are answered at once.
        relectures: how many of them are read again at once; None: as many.
    """

    def __init__(self, places: int, relectures: int | None = None) -> None:
        self._answered = threading.BoundedSemaphore(places)
        self._read = threading.BoundedSemaphore(relectures or places)
        self._lock = threading.Lock()
        self._waiting = 0

    @property
    def en_attente(self) -> int:
        """How many people wait for their turn."""
        return self._waiting

    @contextmanager
    def tour(self, patience: float = PATIENCE) -> Iterator[None]:
        """Wait for a place, and hold it; without one after ``patience`` seconds."""
        held = self._answered.acquire(blocking=False)
        if not held:
            held = self._wait(patience)
        try:
            yield
        finally:
            if held:
                self._answered.release()

    @contextmanager
    def relecture(self) -> Iterator[bool]:
        """Hold a place to be read again; whether there was one: nobody waits for it."""
        held = not self._waiting and self._read.acquire(blocking=False)
        try:
            yield held
        finally:
            if held:
                self._read.release()

    def _wait(self, patience: float) -> bool:
        with self._lock:
            self._waiting += 1
        try:
            return self._answered.acquire(timeout=patience)
        finally:
            with self._lock:
                self._waiting -= 1
