"""Starts the writers of the tests: real servers, in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.redacteur.reglage import ReglageRedacteur, lire_reglage

_PROGRAMME = Path(__file__).with_name("redacteur_serveur.py")


class ServeurRedacteur:
    """A writer of the tests; its address says how it behaves (see ``redacteur_serveur``)."""

    def __init__(self, port: int) -> None:
        self.racine = f"http://127.0.0.1:{port}"

    def url(self, mode: str) -> str:
        return f"{self.racine}/{mode}/v1"

    def reglage(self, mode: str, **autres: str) -> ReglageRedacteur:
        """Settings as the environment would give them."""
        lu = lire_reglage({"CLAS_LLM_URL": self.url(mode), "CLAS_LLM_DELAI": "2", **autres})
        assert lu is not None
        return lu

    def recues(self) -> list[dict[str, Any]]:
        """Requests received so far."""
        with urllib.request.urlopen(f"{self.racine}/recues", timeout=60) as reponse:
            recues: list[dict[str, Any]] = json.loads(reponse.read())
        return recues


@contextmanager
def servir() -> Iterator[ServeurRedacteur]:
    processus = subprocess.Popen(
        [sys.executable, str(_PROGRAMME)], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    try:
        assert processus.stdout is not None
        yield ServeurRedacteur(int(processus.stdout.readline()))
    finally:
        processus.terminate()
        processus.wait(timeout=60)
