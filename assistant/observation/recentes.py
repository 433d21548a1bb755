"""The last answers of a replica, to tell how long each step took; a bounded number of them."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.etapes import Etape
from assistant.observation.mesure import Mesure

PLUS: Final = 1_000
"""Answers that are held."""


@dataclass(frozen=True, slots=True)
class Temps:
    """How long something took, over some answers."""

    reponses: int
    """Answers that went through it."""
    p50: float
    p95: float
    """Seconds that half, and 95 %, of them did not go over."""


class Recentes:
    """Times of the last answers, for the threads of a process."""

    def __init__(self, plus: int = PLUS) -> None:
        self._verrou = threading.Lock()
        self._temps: deque[tuple[float, Mapping[Etape, float]]] = deque(maxlen=plus)

    def ajouter(self, mesure: Mesure) -> None:
        """Hold an answer; the oldest gives way."""
        with self._verrou:
            self._temps.append((mesure.duree.secondes, mesure.duree.etapes))

    def reponse(self) -> Temps | None:
        """How long answers took; None where there is none."""
        with self._verrou:
            temps = [total for total, _ in self._temps]
        return temps_de(temps)

    def etapes(self) -> dict[Etape, Temps]:
        """How long each step took, for those that some answer went through."""
        with self._verrou:
            tenues = [etapes for _, etapes in self._temps]
        par_etape: dict[Etape, list[float]] = {}
        for etapes in tenues:
            for etape, secondes in etapes.items():
                par_etape.setdefault(etape, []).append(secondes)
        return {e: t for e, s in par_etape.items() if (t := temps_de(s)) is not None}


def temps_de(secondes: Sequence[float]) -> Temps | None:
    """Median and 95th percentile of some times; None of none.

    >>> temps_de([0.3, 0.1, 0.2])
    Temps(reponses=3, p50=0.2, p95=0.3)
    """
    if not secondes:
        return None
    ordre = sorted(secondes)
    return Temps(len(ordre), _rang(ordre, 50), _rang(ordre, 95))


def _rang(ordre: Sequence[float], centieme: int) -> float:
    """The least value that this many hundredths of them do not go over."""
    return ordre[max(0, -(-len(ordre) * centieme // 100) - 1)]
