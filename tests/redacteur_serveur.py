"""A real server of the OpenAI-compatible protocol, good or bad: its address says how it behaves.

``python redacteur_serveur.py`` prints its port. Base addresses: ``/<mode>/v1``;
the liar's is ``/menteur/<seed>/v1``. ``GET /recues``: what was received, and how often.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

sys.path.insert(0, str(Path(__file__).parent))

from redacteur_menteur import honnete, mentir

REECRITES = Path(__file__).with_name("redacteur_reecritures.jsonl")
PIEGE = "/piege"


def _reecritures() -> dict[str, str]:
    lignes = REECRITES.read_text("utf-8").splitlines()
    return {ecrite["origine"]: ecrite["reecrit"] for ecrite in map(json.loads, lignes)}


def _evenement(contenu: str | None, fin: str | None = None) -> bytes:
    delta = {} if contenu is None else {"content": contenu}
    choix = {"index": 0, "delta": delta, "finish_reason": fin}
    return b"data: " + json.dumps({"choices": [choix]}).encode() + b"\n\n"


def _objet(contenu: str, fin: str = "stop", **autres: Any) -> bytes:
    message = {"role": "assistant", "content": contenu, **autres}
    choix = {"index": 0, "message": message, "finish_reason": fin}
    return json.dumps({"id": "x", "object": "chat.completion", "choices": [choix]}).encode()


class Redacteur(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    recues: ClassVar[list[dict[str, Any]]] = []
    ecrites: ClassVar[dict[str, str]] = {}

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self._rendre(json.dumps(self.recues).encode())

    def do_POST(self) -> None:
        corps = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.recues.append(
            {"chemin": self.path, "entetes": dict(self.headers), "corps": corps.decode()}
        )
        mode, *reste = self.path.strip("/").split("/")
        texte = json.loads(corps)["messages"][-1]["content"] if mode != "piege" else ""
        if mode.isdigit():
            self._rendre(b"{}", etat=int(mode))
            return
        try:
            getattr(self, f"_{mode}")(texte, reste)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _rendre(
        self, corps: bytes, genre: str = "application/json", etat: int = 200, **entetes: str
    ) -> None:
        self.send_response(etat)
        self.send_header("Content-Type", genre)
        self.send_header("Content-Length", str(len(corps)))
        for nom, valeur in entetes.items():
            self.send_header(nom.replace("_", "-"), valeur)
        self.end_headers()
        self.wfile.write(corps)

    def _en_evenements(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def _honnete(self, texte: str, _: list[str]) -> None:
        """The rewordings written by hand, as events; any other text as it came."""
        self._en_evenements()
        ecrit = self.ecrites.get(texte, honnete(texte))
        self.wfile.write(_evenement("") + b": battement\n\n")
        for debut in range(0, len(ecrit), 7):
            self.wfile.write(_evenement(ecrit[debut : debut + 7]))
        self.wfile.write(_evenement(None, "stop") + b"data: [DONE]\n\n")

    def _objet(self, texte: str, _: list[str]) -> None:
        self._rendre(_objet(self.ecrites.get(texte, honnete(texte))))

    def _echo(self, texte: str, _: list[str]) -> None:
        self._rendre(_objet(texte))

    def _menteur(self, texte: str, reste: list[str]) -> None:
        self._rendre(_objet(mentir(texte, int(reste[0]))[1]))

    def _goutte(self, texte: str, _: list[str]) -> None:
        self._en_evenements()
        for lettre in texte:
            self.wfile.write(_evenement(lettre))
            self.wfile.flush()
            time.sleep(0.2)

    def _muet(self, *_: object) -> None:
        time.sleep(20)

    def _enorme(self, *_: object) -> None:
        self._en_evenements()
        for _tour in range(100_000):
            self.wfile.write(_evenement("a" * 1000))

    def _entetes(self, *_: object) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"a" * 10_000_000 + b"\r\n\r\n")

    def _bruit(self, *_: object) -> None:
        self._rendre(bytes(range(256)) * 20, "text/event-stream")

    def _pas_http(self, *_: object) -> None:
        self.wfile.write(b"\x16\x03\x01\x02\x00" * 50)
        self.close_connection = True

    def _invalide(self, *_: object) -> None:
        self._rendre(b'{"choices": [{"message": {"content": "oui"')

    def _profond(self, *_: object) -> None:
        self._rendre(b"[" * 100_000)

    def _autre(self, *_: object) -> None:
        self._rendre(b'{"choices": [{"message": {"content": ["a"]}, "finish_reason": 3}]}')

    def _vide(self, *_: object) -> None:
        self._rendre(_objet("  "))

    def _refus(self, *_: object) -> None:
        self._rendre(_objet("", refusal="Je ne peux pas."))

    def _poli(self, *_: object) -> None:
        self._rendre(_objet("Je suis désolé, je ne peux pas reformuler ce texte."))

    def _inacheve(self, texte: str, _: list[str]) -> None:
        self._rendre(_objet(texte, "length"))

    def _coupe(self, texte: str, _: list[str]) -> None:
        self._en_evenements()
        self.wfile.write(_evenement(texte))

    def _plusieurs(self, texte: str, _: list[str]) -> None:
        choix = {"message": {"content": texte}, "finish_reason": "stop"}
        self._rendre(json.dumps({"choices": [choix, choix]}).encode())

    def _comprime(self, *_: object) -> None:
        self._rendre(gzip.compress(_objet("a" * 1_000_000)), Content_Encoding="gzip")

    def _redirection(self, *_: object) -> None:
        hote, port = self.server.server_address[:2]
        self._rendre(b"", etat=307, Location=f"http://{hote}:{port}{PIEGE}")

    def _piege(self, *_: object) -> None:
        self._rendre(_objet("pris au piège"))


if __name__ == "__main__":
    Redacteur.ecrites = _reecritures() if REECRITES.is_file() else {}
    serveur = ThreadingHTTPServer(("127.0.0.1", 0), Redacteur)
    serveur.daemon_threads = True
    print(serveur.server_port, flush=True)
    serveur.serve_forever()
