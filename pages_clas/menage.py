"""Going through the memory of a process that many people share, now and then.

Streamlit has everything collected after each page that it draws, while nobody else is answered.
What that goes through grows with the program and with the visits: it came to take most of a
server's time. What a page leaves is therefore put where no collection looks; every so often, once
for everybody, all of it is gone through.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from time import monotonic
from typing import Final

PERIODE: Final = 30.0
"""Seconds between two times that all is gone through: what nothing holds waits no longer."""


class Menage:
    """When the memory of a process was gone through last. Used by many threads.

    Args:
        periode: seconds between two times.
        heure: a clock that never goes back, in seconds.
    """

    def __init__(self, periode: float = PERIODE, heure: Callable[[], float] = monotonic) -> None:
        self._periode = periode
        self._heure = heure
        self._verrou = threading.Lock()
        self._dernier = heure()

    @contextmanager
    def page(self) -> Iterator[None]:
        """Leave nothing of what is done here to the collection that follows."""
        try:
            yield
        finally:
            if self._est_l_heure():
                self.ranger()
            else:
                gc.freeze()

    def ranger(self) -> None:
        """Go through everything now, and leave what is held alone until the next time."""
        with self._verrou:
            self._dernier = self._heure()
        gc.unfreeze()
        gc.collect()
        gc.freeze()

    def _est_l_heure(self) -> bool:
        with self._verrou:
            return self._heure() - self._dernier >= self._periode


@lru_cache(maxsize=1)
def menage_du_processus() -> Menage:
    """The one of this process."""
    return Menage()
