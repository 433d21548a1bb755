"""Which nodes are away: asked once, so that nobody waits again for one that does not answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from typing import Final

from corpus.magasin.erreurs import MagasinIndisponible

PAUSE: Final = 5.0
"""Seconds that a node which is away is left alone."""

Sonder = Callable[[str], bool]
"""Whether a node answers, and holds what it is to hold; in a bounded time.

It raises ``MagasinIndisponible`` where the node that asks the others is itself away.
"""


@dataclass(slots=True)
class _Absence:
    pas_avant: float
    """When it is tried again, on the clock of ``monotonic``."""
    en_cours: bool = False


class Presence:
    """What is known of the nodes that a version is on; shared by the threads of a process."""

    def __init__(self, pause: float = PAUSE) -> None:
        self._pause = pause
        self._verrou = threading.Lock()
        self._absents: dict[str, _Absence] = {}

    @property
    def away(self) -> frozenset[str]:
        """Names of the nodes that were away when last tried; none is tried for that."""
        with self._verrou:
            return frozenset(self._absents)

    def absents(self, sonder: Sonder) -> frozenset[str]:
        """Names of the nodes that are away; those left alone long enough are tried, aside."""
        with self._verrou:
            absents = frozenset(self._absents)
            encore = [
                nom
                for nom, absence in self._absents.items()
                if not absence.en_cours and monotonic() >= absence.pas_avant
            ]
            for nom in encore:
                self._absents[nom].en_cours = True
        for nom in encore:
            # Nobody waits for it: who asks now is answered without this node.
            self._lancer(nom, sonder)
        return absents

    def eprouver(self, noms: Iterable[str], sonder: Sonder) -> frozenset[str]:
        """Try some nodes at once; names of those that are away.

        Raises:
            MagasinIndisponible: the node that asks the others is away.
        """
        essayes = sorted(noms)
        if not essayes:
            return frozenset()
        with ThreadPoolExecutor(len(essayes), "clas-noeud") as fils:
            presents = list(fils.map(sonder, essayes))
        for nom, present in zip(essayes, presents, strict=True):
            self._noter(nom, present=present)
        return frozenset(n for n, present in zip(essayes, presents, strict=True) if not present)

    def soupconner(self, noms: Iterable[str]) -> None:
        """Take some nodes for away until they are tried, which is at once, by whoever asks next."""
        with self._verrou:
            for nom in noms:
                self._absents.setdefault(nom, _Absence(monotonic()))

    def _lancer(self, nom: str, sonder: Sonder) -> None:
        try:
            threading.Thread(
                target=self._revoir, args=(nom, sonder), name="clas-noeud", daemon=True
            ).start()
        except RuntimeError:
            # The machine has no thread left: nothing was tried, and it is to be later.
            self._noter(nom, present=False)

    def _revoir(self, nom: str, sonder: Sonder) -> None:
        present = False
        try:
            present = sonder(nom)
        except MagasinIndisponible:
            pass
        finally:
            # Whatever was raised: a try that is never given back leaves the node away for ever.
            self._noter(nom, present=present)

    def _noter(self, nom: str, *, present: bool) -> None:
        with self._verrou:
            if present:
                self._absents.pop(nom, None)
            else:
                self._absents[nom] = _Absence(monotonic() + self._pause)
