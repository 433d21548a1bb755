"""How long each step of an answer takes: a listener of ``assistant.etapes``, that a page adds.

A step lasts until the next one begins. Where an answer stops in the middle, the last step that
began is the one that it stopped in.
"""

from __future__ import annotations

from time import perf_counter
from typing import NamedTuple

from assistant.etapes import Ecoute, Etape


class Passage(NamedTuple):
    """A step that was gone through; seconds of the clock of ``perf_counter``."""

    etape: Etape
    debut: float
    fin: float

    @property
    def secondes(self) -> float:
        """How long it lasted."""
        return self.fin - self.debut


class Chronometre:
    """Notes when each step of one answer begins. One for an answer, in the thread that answers.

    ``suite``: another listener, told after.
    """

    def __init__(self, suite: Ecoute | None = None) -> None:
        self._suite = suite
        self._debut = perf_counter()
        self._vues: list[tuple[Etape, float]] = []

    def __call__(self, etape: Etape) -> None:
        """Note a step that begins."""
        if not self._vues or self._vues[-1][0] != etape:
            self._vues.append((etape, perf_counter()))
        if self._suite is not None:
            self._suite(etape)

    def arreter(self) -> Duree:
        """Say what was noted, now that the answer is made."""
        fin = perf_counter()
        fins = [debut for _, debut in self._vues[1:]] + [fin]
        passages = tuple(
            Passage(etape, debut, suivant)
            for (etape, debut), suivant in zip(self._vues, fins, strict=False)
        )
        return Duree(self._debut, fin, passages)


class Duree(NamedTuple):
    """How long an answer took, and what it went through, in order."""

    debut: float
    fin: float
    passages: tuple[Passage, ...]

    @property
    def secondes(self) -> float:
        """From the question to the answer."""
        return self.fin - self.debut

    @property
    def etapes(self) -> dict[Etape, float]:
        """Seconds of each step, all the times that it was gone through."""
        totaux: dict[Etape, float] = {}
        for passage in self.passages:
            totaux[passage.etape] = totaux.get(passage.etape, 0.0) + passage.secondes
        return totaux
