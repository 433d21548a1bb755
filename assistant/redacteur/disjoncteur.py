"""Whether the writer is worth asking now: one that is down costs an answer nothing.

Two guards. A *probe*, a bare connection in a thread of its own, is waited for a few hundredths of
a second: a machine that does not take it in time is not asked, and if it takes it later, the
next answer knows. A *breaker*: after failures in a row, the writer is left alone for a minute.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from time import monotonic
from typing import Final

PAUSE: Final = 60.0
"""Seconds that a writer which fails is left alone."""
ECHECS: Final = 2
"""Failures in a row from which it is."""
ATTENTE: Final = 0.03
"""Seconds that an answer waits for the probe."""
FRAICHEUR: Final = 20.0
"""Seconds that a probe, or an exchange, proves the writer to be there."""
_SONDE: Final = 1.0
"""Seconds that the probe itself tries."""


def joindre(hote: str, port: int) -> bool:
    """Whether a machine takes a connection."""
    try:
        socket.create_connection((hote, port), timeout=_SONDE).close()
    except OSError:
        return False
    return True


class Disjoncteur:
    """Says whether to ask; told of what came of it. One for a process, shared by its threads.

    Args:
        sonder: whether the writer can be reached; may block.
        horloge: seconds of a clock that never goes back.
        attente: seconds that ``permet`` may wait for the probe.
    """

    def __init__(
        self,
        sonder: Callable[[], bool],
        horloge: Callable[[], float] = monotonic,
        attente: float = ATTENTE,
    ) -> None:
        self._sonder = sonder
        self._horloge = horloge
        self._attente = attente
        self._verrou = threading.Lock()
        self._echecs = 0
        self._pas_avant = float("-inf")
        self._vivant_jusqu_a = float("-inf")
        self._sonde: threading.Thread | None = None

    def permet(self) -> bool:
        """Whether to ask now; waits a few hundredths of a second at most."""
        with self._verrou:
            maintenant = self._horloge()
            if maintenant < self._pas_avant:
                return False
            if maintenant < self._vivant_jusqu_a:
                return True
            if self._sonde is None:
                self._sonde = threading.Thread(
                    target=self._essayer, name="clas-redacteur-sonde", daemon=True
                )
                self._sonde.start()
            sonde = self._sonde
        sonde.join(self._attente)
        with self._verrou:
            return self._pas_avant <= self._horloge() < self._vivant_jusqu_a

    def reussite(self) -> None:
        """Note that what was received could be used."""
        with self._verrou:
            self._echecs = 0
            self._vivant_jusqu_a = self._horloge() + FRAICHEUR

    def echec(self) -> None:
        """Note that it could not."""
        with self._verrou:
            self._echecs += 1
            self._vivant_jusqu_a = float("-inf")
            if self._echecs >= ECHECS:
                self._echecs = 0
                self._pas_avant = self._horloge() + PAUSE

    def _essayer(self) -> None:
        la = self._sonder()
        with self._verrou:
            self._sonde = None
            if la:
                self._vivant_jusqu_a = self._horloge() + FRAICHEUR
            else:
                self._pas_avant = self._horloge() + PAUSE
