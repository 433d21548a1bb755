"""How many answers of a program are read again at once: with more people, ranking gives way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Relectures:
    """The places for those whose first candidates are read; who finds none does not wait.

    To wait would make everybody wait: reading takes most of an answer's time.
    """

    def __init__(self, places: int) -> None:
        self._places = threading.BoundedSemaphore(places)

    @contextmanager
    def place(self) -> Iterator[bool]:
        """Hold a place for as long as one reads; whether there was one."""
        held = self._places.acquire(blocking=False)
        try:
            yield held
        finally:
            if held:
                self._places.release()
