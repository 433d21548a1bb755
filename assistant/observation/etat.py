"""What a server is at some moment, and the same as metrics read when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from corpus.magasin.comptes import EtatReserve

Presence = Literal["aucun", "répond", "absent"]
_RESERVE: Final = "reserve"


@dataclass(frozen=True, slots=True)
class Service:
    """The version that a replica answers from."""

    version: str
    textes: str
    """Number of the version of the texts; empty for an index made without one."""
    encodeur: str
    empreinte: str
    """First characters of the digest of the encoder."""
    classement: str
    depuis: datetime
    """When it was opened here."""


@dataclass(frozen=True, slots=True)
class EtatServeur:
    """What is known of a server without asking anybody."""

    replique: str
    programme: str
    demarrage: datetime
    service: Service | None = None
    """None before the first page."""
    magasin: Presence = "aucun"
    reserves: Mapping[str, EtatReserve] = field(default_factory=dict)
    """Connections to the shared store, by what they are for."""
    noeuds: Mapping[str, bool] = field(default_factory=dict)
    """Other nodes of the shared store → whether each was there when last tried."""
    sessions: int | None = None
    """Visits in hand; None where the pages are not served."""
    tours_attendus: int = 0
    """People waiting for their turn to be answered."""
    pages: int = 0
    """Pages being drawn."""
    en_attente: int | None = None
    """Exchanges waiting to be brought to the shared store; None where they cannot be counted."""
    disque_libre: int | None = None
    """Bytes left where the data are; None where it cannot be known."""
    disque_total: int | None = None


class CollecteurEtat(Collector):
    """Reads the state of a server each time that metrics are asked for."""

    def __init__(self, regarder: Callable[[], EtatServeur]) -> None:
        self._regarder = regarder

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: to register it looks at nothing."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """The state as metrics."""
        return familles(self._regarder())


def familles(etat: EtatServeur) -> Iterator[Metric]:
    """A state as metrics."""
    yield InfoMetricFamily(
        "clas_replique",
        "Cette réplique.",
        {"replique": etat.replique, "programme": etat.programme},
    )
    if etat.service is not None:
        yield InfoMetricFamily(
            "clas_version",
            "Version des textes d'où viennent les réponses, et ce qui la cherche.",
            {
                "version": etat.service.version,
                "textes": etat.service.textes,
                "encodeur": etat.service.encodeur,
                "empreinte": etat.service.empreinte,
                "classement": etat.service.classement,
            },
        )
        yield GaugeMetricFamily(
            "clas_version_ouverte_timestamp_seconds",
            "Quand cette version a été ouverte ici.",
            etat.service.depuis.timestamp(),
        )
    for nom, dit, valeur in (
        ("clas_sessions", "Visites en cours.", etat.sessions),
        ("clas_tours_attendus", "Personnes qui attendent leur tour.", etat.tours_attendus),
        ("clas_pages_en_cours", "Pages en train d'être dessinées.", etat.pages),
        (
            "clas_questions_en_attente",
            "Échanges qui attendent d'être portés au magasin partagé.",
            etat.en_attente,
        ),
        ("clas_disque_libre_bytes", "Place libre où sont les données.", etat.disque_libre),
        ("clas_disque_total_bytes", "Place du disque où sont les données.", etat.disque_total),
    ):
        if valeur is not None:
            yield GaugeMetricFamily(nom, dit, valeur)
    if etat.magasin != "aucun":
        yield GaugeMetricFamily(
            "clas_magasin_present",
            "Si le magasin partagé répond (1) ou non (0).",
            etat.magasin == "répond",
        )
    if etat.noeuds:
        noeuds = GaugeMetricFamily(
            "clas_noeud_present",
            "Si un nœud du magasin répondait à la dernière recherche qui en avait besoin.",
            labels=["noeud"],
        )
        for nom, present in etat.noeuds.items():
            noeuds.add_metric([nom], present)
        yield noeuds
    yield from _reserves(etat.reserves)


def _reserves(reserves: Mapping[str, EtatReserve]) -> Iterator[Metric]:
    if not reserves:
        return
    plus = GaugeMetricFamily(
        "clas_magasin_connexions_max", "Connexions au magasin, au plus.", labels=[_RESERVE]
    )
    tenues = GaugeMetricFamily(
        "clas_magasin_connexions", "Connexions au magasin.", labels=[_RESERVE, "etat"]
    )
    coupe = GaugeMetricFamily(
        "clas_magasin_coupe", "Si le magasin, absent, est laissé un moment.", labels=[_RESERVE]
    )
    obtenues = CounterMetricFamily(
        "clas_magasin_obtenues", "Connexions obtenues.", labels=[_RESERVE]
    )
    attente = CounterMetricFamily(
        "clas_magasin_attente_seconds", "Temps passé à les attendre.", labels=[_RESERVE]
    )
    refus = CounterMetricFamily(
        "clas_magasin_refus", "Refus du magasin, par raison.", labels=[_RESERVE, "raison"]
    )
    for nom, reserve in reserves.items():
        plus.add_metric([nom], reserve.connexions)
        tenues.add_metric([nom, "en usage"], reserve.en_usage)
        tenues.add_metric([nom, "libre"], reserve.libres)
        coupe.add_metric([nom], reserve.coupe)
        obtenues.add_metric([nom], reserve.obtenues)
        attente.add_metric([nom], reserve.attente)
        for raison, nombre in reserve.refus.items():
            refus.add_metric([nom, raison], nombre)
    yield from (plus, tenues, coupe, obtenues, attente, refus)
