"""Traces of answers, sent to the receiver that an operator named, and to nobody else.

OpenTelemetry is imported here alone, and this module only where ``CLAS_TRACES`` is set. A span
holds what a ``Mesure`` does: neither the question, nor the answer, nor whose they are. They are
made once the answer is, and sent by a thread of their own: an answer waits for nothing.
"""

from __future__ import annotations

import threading
import time
from time import perf_counter
from typing import Final

import requests
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import set_span_in_context

from assistant.observation.mesure import Mesure

_DELAI: Final = 3.0
"""Seconds that the receiver may take."""
_ATTENTE: Final = 2_048
"""Spans that wait to be sent, at most; the others are dropped."""
_LOT: Final = 256
_CHAQUE: Final = 2_000
"""Milliseconds between two sendings."""
_NS: Final = 1_000_000_000


class Traceur:
    """Sends a span for each answer, with one for each of its steps."""

    def __init__(self, adresse: str, replique: str, programme: str) -> None:
        """``adresse``: that of ``/v1/traces`` itself."""
        session = requests.Session()
        # Neither a proxy of the environment, nor where the receiver would send us.
        session.trust_env = False
        session.max_redirects = 0
        self._fournisseur = TracerProvider(
            resource=Resource(
                {
                    "service.name": "assistant-clas",
                    "service.version": programme,
                    "service.instance.id": replique,
                }
            ),
            shutdown_on_exit=False,
        )
        self._lots = BatchSpanProcessor(
            OTLPSpanExporter(adresse, timeout=_DELAI, session=session),
            max_queue_size=_ATTENTE,
            max_export_batch_size=_LOT,
            schedule_delay_millis=_CHAQUE,
        )
        self._fournisseur.add_span_processor(self._lots)
        self._traceur = self._fournisseur.get_tracer("assistant-clas", programme)

    def tracer(self, mesure: Mesure) -> None:
        """Make the spans of an answer that was just given."""
        # From the clock of the steps to that of the receiver.
        ecart = time.time() - perf_counter()
        duree = mesure.duree
        attributs: dict[str, str | bool] = {
            "clas.type": mesure.type,
            "clas.classement": mesure.classement,
            "clas.version": mesure.version,
            "clas.departement_connu": mesure.departement_connu,
        }
        if mesure.voie is not None:
            attributs["clas.voie"] = mesure.voie
        if mesure.raison is not None:
            attributs["clas.raison"] = mesure.raison
        question = self._traceur.start_span(
            "question", start_time=_ns(duree.debut + ecart), attributes=attributs
        )
        dedans = set_span_in_context(question)
        for etape, debut, fin in duree.passages:
            span = self._traceur.start_span(etape, dedans, start_time=_ns(debut + ecart))
            span.end(_ns(fin + ecart))
        question.end(_ns(duree.fin + ecart))

    def fermer(self, secondes: float = _DELAI) -> None:
        """Send what waits, and stop; what a receiver does not take in this time is lost."""
        fil = threading.Thread(target=self._fournisseur.shutdown, name="clas-traces", daemon=True)
        fil.start()
        fil.join(secondes)


def _ns(secondes: float) -> int:
    return round(secondes * _NS)
