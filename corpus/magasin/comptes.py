"""What was made of the connections of a store, counted for whoever looks after it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from corpus.magasin.erreurs import MagasinIndisponible

Raison = Literal[
    "absent", "acces", "autre", "conflit", "coupe", "delai", "occupe", "plein", "preparation",
    "saturation",
]  # fmt: skip
"""Why the store was refused. ``coupe``: it is left alone for a while; ``saturation``: all our
connections were taken; ``occupe``: all those of the server."""
RAISONS: Final[tuple[Raison, ...]] = (
    "absent", "acces", "autre", "conflit", "coupe", "delai", "occupe", "plein", "preparation",
    "saturation",
)  # fmt: skip
_PAR_ETAT: Final[tuple[tuple[str, Raison], ...]] = (
    ("53100", "plein"),
    ("53300", "occupe"),
    ("57014", "delai"),
    ("25P03", "delai"),
    ("55P03", "conflit"),
    ("40", "conflit"),
    ("42501", "acces"),
    ("42", "preparation"),
    ("3F", "preparation"),
    ("28", "acces"),
)


@dataclass(frozen=True, slots=True)
class EtatReserve:
    """The connections of a store at some moment, and what came of them since the start."""

    connexions: int
    """Connections open at a time, at most."""
    en_usage: int
    libres: int
    """Open, and used by nobody."""
    obtenues: int
    """Connections that were had."""
    attente: float
    """Seconds waited for them, all together: until one was free, or open."""
    refus: Mapping[Raison, int]
    coupe: bool
    """Whether the store is left alone now."""


class Comptes:
    """Counts, for the threads of a process."""

    def __init__(self) -> None:
        self._verrou = threading.Lock()
        self._obtenues = 0
        self._attente = 0.0
        self._refus: Counter[Raison] = Counter()

    def obtenue(self, secondes: float) -> None:
        """Count a connection that was had."""
        with self._verrou:
            self._obtenues += 1
            self._attente += secondes

    def refusee(self, raison: Raison) -> None:
        """Count a refusal."""
        with self._verrou:
            self._refus[raison] += 1

    def etat(self, *, connexions: int, en_usage: int, libres: int, coupe: bool) -> EtatReserve:
        """What was counted, beside what the pool holds."""
        with self._verrou:
            return EtatReserve(
                connexions=connexions,
                en_usage=en_usage,
                libres=libres,
                obtenues=self._obtenues,
                attente=self._attente,
                refus=dict(self._refus),
                coupe=coupe,
            )


def raison_de(panne: MagasinIndisponible) -> Raison:
    """Which kind of refusal it is."""
    for debut, raison in _PAR_ETAT:
        if panne.etat.startswith(debut):
            return raison
    return "absent" if panne.absent else "autre"
