"""What an ingestion asks of those who do its tasks, whoever they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from assistant.ingestion.tache import Demande, Resultat


class GrappeIndisponible(Exception):
    """The workers cannot be had; the message says why and what to do."""


class LienPerdu(Exception):
    """The scheduler went: what was asked of it is to be asked again."""


@dataclass(frozen=True, slots=True)
class Tue:
    """A task that failed otherwise than as it may: with its worker, or of itself; and how."""

    raison: str


Issue = Resultat | Tue


class Equipe(Protocol):
    """Those who do tasks."""

    @property
    def places(self) -> int:
        """Tasks that they do at once."""

    def submit(self, number: int, demande: Demande) -> None:
        """Ask for a task."""

    def next(self) -> tuple[int, Issue]:
        """Wait for one to be done.

        Raises:
            LienPerdu: what was asked is to be asked again, once ``renew`` has returned.
            GrappeIndisponible: there is nobody left to do it.
        """

    def renew(self) -> None:
        """Find workers again.

        Raises:
            GrappeIndisponible: none can be had.
        """


def unfit_worker(worker: str, why: str) -> str:
    """Say that a worker is refused."""
    return (
        f"le travailleur {worker} est refusé : {why}. Mettez-le d'accord avec cette machine, ou "
        "arrêtez-le, et relancez la même commande"
    )
