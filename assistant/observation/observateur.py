"""What a page tells of what it does: counted, written where a log is asked for, traced where told.

One for a process, shared by its threads. Nothing that it does may prevent an answer, or wait.
"""

from __future__ import annotations

import logging
import platform
import threading
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry

from assistant.answers.affluence import Affluence
from assistant.answers.modeles import NOMS
from assistant.configuration import Configuration
from assistant.dialogue.conseiller import Conseiller
from assistant.observation.etat import Service
from assistant.observation.evenements import (
    JOURNAL,
    ActeFait,
    ArretDemande,
    Demarrage,
    VersionOuverte,
    dire,
    reponse_donnee,
)
from assistant.observation.journal import Prise, ouvrir_la_sortie
from assistant.observation.mesure import Mesure
from assistant.observation.metriques import Metriques
from assistant.observation.recentes import Recentes
from assistant.observation.reglage import (
    TRACES_VARIABLE,
    ObservationMalReglee,
    ReglageObservation,
    lire_observation,
    nom_de_la_replique,
)
from assistant.publication.etat import version_of_index
from corpus.systeme import raison_systeme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.observation.traces import Traceur
    from index.view import IndexView

_LOG: Final = logging.getLogger(JOURNAL)


class Observateur:
    """Counts, and tells whoever asked to be told."""

    def __init__(
        self, reglage: ReglageObservation, replique: str, traceur: Traceur | None = None
    ) -> None:
        self.reglage = reglage
        self.replique = replique
        self.programme = metadata.version("assistant-clas")
        self.demarrage = datetime.now(UTC)
        self.metriques = Metriques(CollectorRegistry())
        self.recentes = Recentes()
        self._traceur = traceur
        self._verrou = threading.Lock()
        self._service: Service | None = None
        self._affluence: Affluence | None = None
        self._index: IndexView | None = None

    @property
    def service(self) -> Service | None:
        """The version that answers come from; None before any was opened."""
        return self._service

    @property
    def tours_attendus(self) -> int:
        """How many people wait for their turn."""
        return self._affluence.en_attente if self._affluence is not None else 0

    @property
    def noeuds(self) -> Mapping[str, bool]:
        """Other nodes that hold that version → whether each was there when last tried."""
        return self._index.nodes if self._index is not None else {}

    def demarrer(self, configuration: Configuration) -> None:
        """Tell that the process serves."""
        dire(
            Demarrage(
                programme=self.programme,
                python=platform.python_version(),
                magasin=configuration.magasin is not None,
                redacteur=configuration.redacteur is not None,
                traces=self._traceur is not None,
                lenteur=self.reglage.lenteur,
            )
        )

    def servir(self, assistant: Conseiller) -> None:
        """Know which version answers come from; told where it is another."""
        info = assistant.index.info
        with self._verrou:
            self._index = assistant.index
            avant = self._service
            if avant is not None and avant.version == info.version:
                return
            self._affluence = assistant.modeles.affluence
            textes = version_of_index(assistant.index.base)
            self._service = Service(
                version=info.version,
                textes=str(textes.numero) if textes else "",
                # An encoder of one's own is named by its folder, which is nobody else's business.
                encodeur=Path(info.model.name).name,
                empreinte=info.model.content_hash[:12],
                classement=NOMS[assistant.modeles.rangement],
                depuis=datetime.now(UTC),
            )
        dire(
            VersionOuverte(
                version=info.version,
                textes=textes.numero if textes else None,
                precedente=avant.version if avant else None,
                encodeur=self._service.encodeur,
                classement=assistant.modeles.rangement,
            )
        )

    def repondu(self, mesure: Mesure) -> None:
        """Tell of an answer."""
        evenement = reponse_donnee(mesure, self.reglage.lenteur)
        self.metriques.compter(mesure, lente=evenement.lente)
        self.recentes.ajouter(mesure)
        dire(evenement)
        if self._traceur is not None:
            self._traceur.tracer(mesure)

    @contextmanager
    def acte(self, action: str) -> Iterator[None]:
        """Tell of what an agent asks for: done where the block ends, failed where it raises."""
        debut, fait = perf_counter(), False
        try:
            yield
            fait = True
        finally:
            self.metriques.acte(action, fait=fait)
            dire(ActeFait(action, fait, round(perf_counter() - debut, 3)))

    def arreter(self) -> None:
        """Tell that the process leaves, and send what waits to be."""
        dire(ArretDemande())
        if self._traceur is not None:
            self._traceur.fermer()


@dataclass(frozen=True, slots=True)
class Ouvert:
    """What was opened for a process."""

    observateur: Observateur
    prise: Prise | None
    """The loggers taken over; None where no technical log is asked for."""


def ouvrir_observateur(environment: Mapping[str, str], port: int | None) -> Ouvert:
    """Open what the environment asks for; what is badly set is told, and left out.

    ``port``: that the pages are served on, where it is known.
    """
    plainte = ""
    try:
        reglage = lire_observation(environment)
    except ObservationMalReglee as error:
        reglage, plainte = ReglageObservation(), str(error)
    replique = nom_de_la_replique(reglage, port)
    prise: Prise | None = None
    if reglage.journal == "json":
        try:
            prise = Prise(ouvrir_la_sortie(reglage.fichier, replique))
        except OSError as error:
            raison = raison_systeme(error)
            plainte = f"le journal technique ne peut pas être écrit dans son fichier ({raison})"
        else:
            prise.prendre()
    if plainte:
        _LOG.warning("%s ; les réponses n'en dépendent pas", plainte)
    traceur = _traceur(reglage.traces, replique) if reglage.traces else None
    return Ouvert(Observateur(reglage, replique, traceur), prise)


def _traceur(adresse: str, replique: str) -> Traceur | None:
    try:
        # An extra, absent by default; and loaded only where traces are sent.
        from assistant.observation.traces import Traceur  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("opentelemetry", "requests"):
            raise
        _LOG.warning(
            "%s : le paquet « %s » manque ; installez le programme avec "
            "« pip install .[traces] ». Aucune trace n'est envoyée",
            TRACES_VARIABLE,
            error.name,
        )
        return None
    return Traceur(adresse, replique, metadata.version("assistant-clas"))
