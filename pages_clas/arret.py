"""Leaving without cutting anybody off: what is being drawn ends, then the process stops.

Asked to stop, a replica says at once that it is not to be sent anybody. It then waits for the
pages being drawn, for a bounded time: what they hold is in the shared store by then.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from time import monotonic, sleep
from types import FrameType
from typing import Final

DELAI: Final = 20.0
"""Seconds that a process may take to leave."""
_AVERTI: Final = 1.0
"""Seconds left at least to those who send people here, to see that they no longer should."""
_FERMETURE: Final = 3.0
"""Seconds kept, of those, for the connections to be closed."""
_PAS: Final = 0.05


class Arret:
    """Whether this process is to stop, and what it still has to finish. Used by many threads."""

    def __init__(self, delai: float = DELAI) -> None:
        self._delai = delai
        self._verrou = threading.Lock()
        self._pages = 0
        self._demande = threading.Event()

    @property
    def demande(self) -> bool:
        """Whether it was asked to stop."""
        return self._demande.is_set()

    @property
    def pages(self) -> int:
        """How many pages are being drawn."""
        with self._verrou:
            return self._pages

    @contextmanager
    def page(self) -> Iterator[None]:
        """Have what is done here finish before the process leaves."""
        with self._verrou:
            self._pages += 1
        try:
            yield
        finally:
            with self._verrou:
                self._pages -= 1

    def installer(self) -> None:
        """Take SIGTERM over from the server, which is told of it once the pages are drawn.

        To be called from the main thread, once the server has set its own handlers.
        """
        serveur = signal.getsignal(signal.SIGTERM)

        def recu(signum: int, frame: FrameType | None) -> None:
            if self._demande.is_set():
                return
            self._demande.set()
            suite = serveur if callable(serveur) else None

            def finir() -> None:
                fin = monotonic() + self._delai
                self._attendre(fin - _FERMETURE)
                if suite is not None:
                    suite(signum, frame)
                    sleep(max(0.0, fin - monotonic()))
                # A connection that nobody closes holds the server: nothing is left to lose.
                os._exit(0)

            threading.Thread(target=finir, name="clas-arret", daemon=True).start()

        signal.signal(signal.SIGTERM, recu)

    def _attendre(self, fin: float) -> None:
        """Wait for the pages being drawn, those asked for meanwhile among them."""
        sleep(min(_AVERTI, max(0.0, fin - monotonic())))
        while self._dessine() and monotonic() < fin:
            sleep(_PAS)
        # What was drawn last is on its way to a browser.
        sleep(_PAS)

    def _dessine(self) -> bool:
        return self.pages > 0


@lru_cache(maxsize=1)
def arret_du_processus() -> Arret:
    """The one of this process, that the pages and the server share."""
    return Arret()
