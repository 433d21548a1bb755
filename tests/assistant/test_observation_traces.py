"""Traces: sent to the receiver that was named, without a word of anybody; else nothing leaves."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from observation_en_petit import mesurer
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from assistant.dialogue.conseiller import Conseiller
from assistant.observation.lignes import RACINE
from assistant.observation.observateur import ouvrir_observateur
from assistant.observation.traces import Traceur
from tests.travail import travail

SENTINELLE = "xqvzwoujlkpmaeh"
PRES = 60 * 10**9
"""Nanoseconds: the clock of the steps is not that of the receiver, fifty years away."""


class Recepteur(ThreadingHTTPServer):
    """A real OTLP/HTTP receiver; ``statut`` is what it answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Requete)
        self.recus: list[bytes] = []
        self.chemins: list[str] = []
        self.statut = 200
        self.ailleurs = ""

    @property
    def adresse(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def spans(self) -> list[Any]:
        return [
            span
            for corps in self.recus
            for ressource in ExportTraceServiceRequest.FromString(corps).resource_spans
            for portee in ressource.scope_spans
            for span in portee.spans
        ]


class _Requete(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        recepteur = self.server
        assert isinstance(recepteur, Recepteur)
        recepteur.recus.append(self.rfile.read(int(self.headers["Content-Length"])))
        recepteur.chemins.append(self.path)
        self.send_response(recepteur.statut)
        if recepteur.ailleurs:
            self.send_header("Location", recepteur.ailleurs)
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def _ecoute() -> Iterator[Recepteur]:
    recepteur = Recepteur()
    fil = threading.Thread(target=recepteur.serve_forever, daemon=True)
    fil.start()
    try:
        yield recepteur
    finally:
        recepteur.shutdown()
        recepteur.server_close()
        fil.join()


@pytest.fixture
def recepteur() -> Iterator[Recepteur]:
    with _ecoute() as ouvert:
        yield ouvert


def test_a_question_is_a_span_with_one_for_each_step_and_holds_no_word(
    assistant: Conseiller, recepteur: Recepteur
) -> None:
    observateur = ouvrir_observateur({"CLAS_TRACES": recepteur.adresse}, 8501).observateur
    avant = time.time_ns()
    mesure = mesurer(assistant, f"Combien d'enfants par groupe, dit {SENTINELLE} ?", "34")
    observateur.repondu(mesure)
    observateur.arreter()
    assert set(recepteur.chemins) == {"/v1/traces"}
    spans = {span.name: span for span in recepteur.spans}
    question = spans.pop("question")
    assert {"comprendre", "chercher", "composer", "verifier"} <= set(spans)
    for span in spans.values():
        assert (span.trace_id, span.parent_span_id) == (question.trace_id, question.span_id)
        debut, fin = span.start_time_unix_nano, span.end_time_unix_nano
        assert question.start_time_unix_nano <= debut <= fin <= question.end_time_unix_nano
    assert avant - PRES <= question.start_time_unix_nano <= question.end_time_unix_nano
    assert question.end_time_unix_nano <= time.time_ns() + PRES
    attributs = {a.key: a.value for a in question.attributes}
    assert attributs["clas.type"].string_value == mesure.type
    assert attributs["clas.departement_connu"].bool_value
    assert not [corps for corps in recepteur.recus if SENTINELLE.encode() in corps]


@pytest.mark.long
def test_nothing_is_sent_nor_loaded_where_no_address_is_given(recepteur: Recepteur) -> None:
    programme = (
        "import sys; from assistant.observation.observateur import ouvrir_observateur\n"
        "ouvrir_observateur({}, 8501).observateur.arreter()\n"
        "print([m for m in sys.modules if m.startswith(('opentelemetry', 'requests'))])"
    )
    dit = subprocess.run(
        [sys.executable, "-c", programme],
        cwd=RACINE, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert dit.stdout.strip() == "[]"
    assert recepteur.recus == []


@pytest.mark.long
def test_without_its_packages_a_sentence_says_what_to_install(tmp_path: Path) -> None:
    # A program installed without the extra: its packages are not found.
    programme = (
        "import sys\n"
        "class Absent:\n"
        "    def find_spec(self, nom, *_):\n"
        "        if nom.partition('.')[0] == 'opentelemetry':\n"
        "            raise ModuleNotFoundError(f'No module named {nom!r}', name=nom)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "from assistant.observation.observateur import ouvrir_observateur\n"
        "ouvrir_observateur({'CLAS_TRACES': 'http://127.0.0.1:9'}, 1).observateur.arreter()\n"
    )
    script = tmp_path / "sans.py"
    script.write_text(programme, "utf-8")
    dit = subprocess.run(
        [sys.executable, str(script)],
        cwd=RACINE, capture_output=True, text=True, check=True, timeout=60,
        env={"PYTHONPATH": str(RACINE)},
    )  # fmt: skip
    assert "CLAS_TRACES : le paquet « opentelemetry" in dit.stderr
    assert "pip install .[traces]" in dit.stderr


@pytest.mark.parametrize("statut", [200, 307])
def test_nobody_else_is_ever_written_to(
    assistant: Conseiller, recepteur: Recepteur, statut: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with _ecoute() as ailleurs:
        monkeypatch.setenv("HTTP_PROXY", ailleurs.adresse)
        monkeypatch.setenv("http_proxy", ailleurs.adresse)
        recepteur.statut, recepteur.ailleurs = statut, f"{ailleurs.adresse}/v1/traces"
        traceur = Traceur(f"{recepteur.adresse}/v1/traces", "essai:1", "0")
        traceur.tracer(mesurer(assistant, "Combien d'enfants par groupe ?"))
        traceur.fermer()
        assert recepteur.recus
        assert ailleurs.recus == []


@pytest.mark.long
def test_a_receiver_that_is_away_keeps_no_answer_waiting(assistant: Conseiller) -> None:
    traceur = Traceur("http://127.0.0.1:9/v1/traces", "essai:1", "0")
    mesure = mesurer(assistant, "Combien d'enfants par groupe ?")
    # More than wait to be sent, at most: none is sent by who answers.
    fait = travail(lambda: [traceur.tracer(mesure) for _ in range(300)])
    assert not {"socket.connect", "BatchSpanProcessor.force_flush"} & set(fait.noms)
    traceur.fermer(secondes=0.01)
    # What is not sent in this time is left to a thread that holds no process.
    [fil] = (fil for fil in threading.enumerate() if fil.name == "clas-traces")
    assert fil.daemon
