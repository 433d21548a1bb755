"""Real replicas and a real proxy before them, for tests."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

RACINE = Path(__file__).resolve().parents[2]
ATTENTE = 90
"""Seconds that a server may take to answer: a busy machine starts it slowly."""


class Replique:
    """A process of pages."""

    def __init__(self, port: int, processus: subprocess.Popen[bytes], journal: Path) -> None:
        self.port = port
        self.adresse = f"http://127.0.0.1:{port}"
        self.processus = processus
        self.journal = journal

    def demander(self, chemin: str) -> tuple[int, dict[str, Any]]:
        """Status and content of what it says of itself."""
        try:
            with urllib.request.urlopen(f"{self.adresse}{chemin}", timeout=60) as reponse:
                return reponse.status, json.load(reponse)
        except urllib.error.HTTPError as erreur:
            return erreur.code, json.load(erreur)

    def attendre(self, statut: int) -> dict[str, Any]:
        """Wait until « /pret » has this status."""
        limite = time.monotonic() + ATTENTE
        while time.monotonic() < limite:
            try:
                trouve, dit = self.demander("/pret")
            except OSError:
                assert self.processus.poll() is None, self.journal.read_text("utf-8")
            else:
                if trouve == statut:
                    return dit
            time.sleep(0.1)
        raise AssertionError(self.journal.read_text("utf-8"))


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


@contextmanager
def replique_lancee(environnement: Mapping[str, str], dossier: Path) -> Iterator[Replique]:
    """A replica on a free port; stopped after, by its own process."""
    port = port_libre()
    journal = dossier / f"{port}.log"
    with journal.open("wb") as sortie:
        processus = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "serveur.py", "--server.port", str(port)],
            cwd=RACINE,
            env=os.environ | dict(environnement),
            stdin=subprocess.DEVNULL,
            stdout=sortie,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Replique(port, processus, journal)
    finally:
        processus.kill()
        processus.wait()


@contextmanager
def nginx_lance(repliques: Sequence[Replique], dossier: Path) -> Iterator[str]:
    """The proxy as it is shipped, its ports and paths apart; gives its address."""
    commande = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert commande is not None, "nginx est absent : installez-le (Debian : apt-get install nginx)"
    port = port_libre()
    livree = (RACINE / "deploy" / "nginx.conf").read_text("utf-8")
    serveurs = "".join(
        f"server 127.0.0.1:{r.port} max_fails=1 fail_timeout=5s;\n" for r in repliques
    )
    reglee, nombre = re.subn(r"(?:    server 127\.0\.0\.1:.*\n)+", serveurs, livree)
    assert nombre == 1
    reglee = reglee.replace("listen 80;", f"listen 127.0.0.1:{port};")
    reglee = reglee.replace("/var/log/nginx", str(dossier))
    dossiers = "".join(
        f"{genre}_temp_path {dossier}/{genre};\n"
        for genre in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    compte = "user root;\n" if os.geteuid() == 0 else ""
    conf = dossier / "nginx.conf"
    conf.write_text(
        f"{compte}daemon off;\nworker_processes 1;\npid {dossier}/nginx.pid;\n"
        f"events {{ worker_connections 256; }}\nhttp {{\n{dossiers}{reglee}}}\n"
    )
    erreurs = dossier / "nginx_erreurs.log"
    processus = subprocess.Popen(
        [commande, "-e", str(erreurs), "-p", str(dossier), "-c", str(conf)],
        stdin=subprocess.DEVNULL,
    )
    try:
        limite = time.monotonic() + ATTENTE
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=10).close()
                break
            except OSError:
                assert processus.poll() is None, erreurs.read_text("utf-8")
                assert time.monotonic() < limite
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        processus.terminate()
        processus.wait(timeout=60)
