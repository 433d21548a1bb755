"""What a replica does all along: learn of a new version within a second, and bring it here.

PostgreSQL tells those who listen. Since a line may be cut without a word, what is in service is
also asked for from time to time; and it is when the line comes back.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import monotonic
from typing import Final

from psycopg import sql
from pydantic import ValidationError

from assistant.configuration import Configuration
from assistant.magasin import magasin_de_base
from assistant.publication.etat import documents_of, open_base, service_of, version_in_service
from assistant.replique.service import ServicePartage
from corpus.base.rangement import BaseAbsente, BaseInutilisable
from corpus.magasin.erreurs import MagasinIndisponible
from corpus.magasin.moteur import Magasin
from index.postgres.names import CANAL
from index.storage import IndexInutilisable

_JOURNAL: Final = logging.getLogger("clas.replique")
_SOUFFLE: Final = 0.5
"""Seconds between two looks at whether to stop."""


@dataclass(frozen=True, slots=True)
class EtatReplique:
    """What a replica knows of the store, at some moment."""

    relie: bool = False
    """Whether the store answers."""
    version: str | None = None
    """Index version that was in service there when it last answered."""
    depuis: datetime | None = None
    """When it last changed from answering to not, or back."""
    panne: str = ""
    """Why it does not answer, or why what is in service there is not answered from here."""

    retours: int = 0
    """How many times it was away, and answered again."""

    @property
    def absent(self) -> bool:
        """Whether it was asked, and did not answer."""
        return not self.relie and bool(self.panne)


class Suivi:
    """Follows the version in service, in a thread of its own, until it is stopped."""

    def __init__(
        self,
        magasin: Magasin,
        service: ServicePartage,
        suivre: Callable[[], object] = lambda: None,
        *,
        tour: float = 15.0,
    ) -> None:
        """``suivre``: done each time that it answered; ``tour``: seconds between two looks."""
        self._magasin = magasin
        self._service = service
        self._suivre = suivre
        self._tour = tour
        self._arret = threading.Event()
        self._etat = EtatReplique()
        self._apportee: str | None = None
        self._fil = threading.Thread(target=self._mener, name="clas-suivi", daemon=True)

    @property
    def etat(self) -> EtatReplique:
        """What is known now."""
        return self._etat

    def commencer(self) -> None:
        """Start to follow."""
        self._fil.start()

    def arreter(self) -> None:
        """Stop, within a second or so."""
        self._arret.set()
        self._fil.join(timeout=5)

    def _mener(self) -> None:
        while not self._arret.is_set():
            try:
                self._ecouter()
            except (BaseAbsente, MagasinIndisponible) as error:
                self._dire(relie=False, panne=str(error))
                self._arret.wait(min(self._tour, 1.0))

    def _ecouter(self) -> None:
        """Follow once, then each time that something is heard, or that a while has passed."""
        with self._magasin.ligne() as ligne:
            ligne.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CANAL)))
            # Once listening: what is published from here on is heard.
            while not self._arret.is_set():
                self._regarder()
                limite = monotonic() + self._tour
                while not self._arret.is_set() and monotonic() < limite:
                    if any(ligne.notifies(timeout=_SOUFFLE, stop_after=1)):
                        break

    def _regarder(self) -> None:
        try:
            version = self._service.follow()
            if version != self._apportee:
                self._suivre()
                self._apportee = version
        except BaseAbsente:
            raise
        except (IndexInutilisable, BaseInutilisable, ValidationError) as error:
            self._dire(relie=True, panne=str(error))
            return
        self._dire(relie=True, version=version)

    def _dire(self, *, relie: bool, version: str | None = None, panne: str = "") -> None:
        avant = self._etat
        if relie != avant.relie or panne != avant.panne:
            dit = panne or "le magasin partagé répond"
            _JOURNAL.warning("%s", dit, extra={"evenement": _evenement(avant, relie, panne)})
        change = relie != avant.relie or avant.depuis is None
        self._etat = replace(
            avant,
            relie=relie,
            version=version or avant.version,
            depuis=datetime.now(UTC) if change else avant.depuis,
            panne=panne,
            retours=avant.retours + (relie and avant.absent),
        )


def _evenement(avant: EtatReplique, relie: bool, panne: str) -> str:
    """How what has changed is named, for whoever looks after the server."""
    if relie and panne:
        return "version_refusee"
    if relie:
        return "magasin_retrouve" if avant.absent else "magasin_joint"
    return "magasin_perdu"


def following(configuration: Configuration) -> Suivi | None:
    """Begin to follow the shared store of a configuration; None where there is none.

    Raises:
        MagasinMalRegle: the packages that it needs are not installed.
    """
    service = service_of(configuration)
    if configuration.magasin is None or service is None:
        return None

    def bring_texts() -> None:
        """Read the texts in service: what was read is kept here, for when the store is away."""
        version = version_in_service(configuration)
        if version is not None:
            documents_of(open_base(configuration), version)

    suivi = Suivi(magasin_de_base(configuration.magasin), service, bring_texts)
    suivi.commencer()
    return suivi
