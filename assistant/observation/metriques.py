"""Metrics of one process, as Prometheus reads them; every label has few values, known here.

Held by a registry of their own, that is passed on: nothing of another library comes in.
"""

from __future__ import annotations

import threading
from typing import Final, get_args

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest

from assistant.etapes import Etape
from assistant.observation.mesure import PARTIES, Mesure, Raison
from assistant.questions_posees.models import SANS_REPONSE, TypeGarde

TYPES_SUIVIS: Final[tuple[TypeGarde, ...]] = (
    "reponse", "eligibilite", "precision", *SANS_REPONSE,
)  # fmt: skip
RAISONS: Final[tuple[Raison, ...]] = get_args(Raison)
ETAPES: Final[tuple[Etape, ...]] = get_args(Etape)
_SEAUX: Final = (
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0,
)  # fmt: skip
"""Upper bounds of the classes of time, seconds."""
ERREURS: Final = 40
"""Kinds of errors told apart, at most; the others are « autre »."""


class Metriques:
    """Counters and times of a process, shared by its threads."""

    def __init__(self, registre: CollectorRegistry) -> None:
        self.registre = registre
        self._questions = Counter(
            "clas_questions", "Questions répondues, par type de réponse.", ["type"],
            registry=registre,
        )  # fmt: skip
        self._refus = Counter(
            "clas_refus", "Questions laissées sans réponse, par raison.", ["raison"],
            registry=registre,
        )  # fmt: skip
        self._lentes = Counter(
            "clas_reponses_lentes", "Réponses plus lentes que CLAS_LENTEUR.", registry=registre
        )
        self._erreurs = Counter(
            "clas_erreurs", "Pages interrompues par une erreur, par genre d'erreur.", ["genre"],
            registry=registre,
        )  # fmt: skip
        self._actes = Counter(
            "clas_actes", "Actes des agents, par action et par issue.", ["action", "issue"],
            registry=registre,
        )  # fmt: skip
        self._reponse = Histogram(
            "clas_reponse_seconds", "Temps d'une réponse, en secondes.", buckets=_SEAUX,
            registry=registre,
        )  # fmt: skip
        self._etape = Histogram(
            "clas_etape_seconds", "Temps de chaque étape d'une réponse, en secondes.", ["etape"],
            buckets=_SEAUX, registry=registre,
        )  # fmt: skip
        self._partie = Histogram(
            "clas_recherche_seconds", "Temps de chaque partie d'une recherche, en secondes.",
            ["partie"], buckets=_SEAUX, registry=registre,
        )  # fmt: skip
        self._tour = Histogram(
            "clas_tour_seconds",
            "Temps passé à attendre son tour, pour chaque page de questions dessinée.",
            buckets=_SEAUX,
            registry=registre,
        )
        # What has not happened yet is told as nought, not as absent.
        self._types = {t: self._questions.labels(t) for t in TYPES_SUIVIS}
        self._raisons = {r: self._refus.labels(r) for r in RAISONS}
        self._etapes = {e: self._etape.labels(e) for e in ETAPES}
        self._parties = {p: self._partie.labels(p) for p in PARTIES}
        self._genres: set[str] = set()
        self.erreurs = 0
        """Pages that an error interrupted since the start."""
        self._verrou = threading.Lock()
        ProcessCollector(registry=registre)

    def compter(self, mesure: Mesure, *, lente: bool) -> None:
        """Count an answer."""
        self._types[mesure.type].inc()
        if mesure.raison is not None:
            self._raisons[mesure.raison].inc()
        if lente:
            self._lentes.inc()
        self._reponse.observe(mesure.duree.secondes)
        for etape, secondes in mesure.duree.etapes.items():
            self._etapes[etape].observe(secondes)
        for partie, secondes in mesure.recherche.items():
            self._parties[partie].observe(secondes)

    def attendu(self, secondes: float) -> None:
        """Count a page that waited for its turn."""
        self._tour.observe(secondes)

    def erreur(self, genre: str) -> None:
        """Count an error, by the name of its class."""
        with self._verrou:
            if genre not in self._genres and len(self._genres) >= ERREURS:
                genre = "autre"
            self._genres.add(genre)
            self.erreurs += 1
        self._erreurs.labels(genre).inc()

    def acte(self, action: str, *, fait: bool) -> None:
        """Count something that an agent asked for."""
        self._actes.labels(action, "fait" if fait else "échec").inc()

    def ecrire(self) -> bytes:
        """All of it, in the text format of Prometheus."""
        texte: bytes = generate_latest(self.registre)
        return texte

    def valeur(self, nom: str, **etiquettes: str) -> float:
        """A value by its name, 0 where there is none."""
        return self.registre.get_sample_value(nom, etiquettes) or 0.0
