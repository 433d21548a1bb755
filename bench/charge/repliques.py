"""Real replicas of the pages, each a process with a data folder of its own, on loopback."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from assistant.configuration import FOLDER_VARIABLE, LOG_VARIABLE, READER_VARIABLE
from bench.tableau import ROOT
from corpus.magasin.adresse import BASE_VARIABLE

KIB = 1024
_ARRET = 15.0


class RepliqueAbsente(RuntimeError):
    """A replica did not start; the message ends with what it said last."""


class Replique:
    """One process that serves the pages."""

    def __init__(self, donnees: Path, environnement: Mapping[str, str]) -> None:
        self.donnees = donnees
        self.journal = donnees / "replique.log"
        self._environnement = os.environ | {
            FOLDER_VARIABLE: str(donnees),
            "OMP_NUM_THREADS": "1",
            "PYTHONPATH": str(ROOT),
            **environnement,
        }
        self.port = _port_libre()
        self.processus = self._lancer()

    @property
    def adresse(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def memoire(self) -> int:
        """Most octets that were resident so far, its own and those it shares with others."""
        etat = Path(f"/proc/{self.processus.pid}/status").read_text("utf-8")
        return int(etat.split("VmHWM:")[1].split()[0]) * KIB

    @property
    def processeur(self) -> float:
        """Seconds of processor used so far."""
        champs = Path(f"/proc/{self.processus.pid}/stat").read_text("utf-8").rpartition(")")[2]
        return sum(map(int, champs.split()[11:13])) / os.sysconf("SC_CLK_TCK")

    def attendre(self, patience: float = 60.0) -> None:
        """Wait until it answers.

        Raises:
            RepliqueAbsente: it does not.
        """
        limite = time.monotonic() + patience
        while time.monotonic() < limite and self.processus.poll() is None:
            try:
                with urllib.request.urlopen(f"http://{self.adresse}/_stcore/health", timeout=2):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
        dit = self.journal.read_text("utf-8", "replace")[-2000:]
        raise RepliqueAbsente(f"la réplique {self.adresse} ne répond pas : {dit}")

    def tuer(self) -> None:
        """End it without a word of warning."""
        self.processus.send_signal(signal.SIGKILL)
        self.processus.wait(timeout=_ARRET)

    def arreter(self) -> None:
        """End it as a service manager does."""
        self.processus.terminate()
        try:
            self.processus.wait(timeout=_ARRET)
        except subprocess.TimeoutExpired:
            self.tuer()

    def _lancer(self) -> subprocess.Popen[bytes]:
        with self.journal.open("ab") as sortie:
            return subprocess.Popen(
                [
                    *(sys.executable, "-m", "streamlit", "run", "app.py"),
                    *("--server.address", "127.0.0.1", "--server.port", str(self.port)),
                ],
                cwd=ROOT,
                env=self._environnement,
                stdin=subprocess.DEVNULL,
                stdout=sortie,
                stderr=subprocess.STDOUT,
            )


def copier(source: Path, cible: Path) -> None:
    """Make a data folder like another: what is never written in place is linked, not copied."""
    cible.mkdir(parents=True)
    for nom, copie in (("modele", os.link), ("index", os.link), ("corpus", shutil.copy2)):
        if (source / nom).is_dir():
            shutil.copytree(source / nom, cible / nom, copy_function=copie)


def preparer(donnees: Path, base: str | None) -> None:
    """Run ``clas preparer`` on a data folder, and so on the shared store where there is one.

    Raises:
        subprocess.CalledProcessError: it could not.
    """
    subprocess.run(
        [sys.executable, "-m", "assistant.cli", "preparer"],
        cwd=ROOT,
        env=os.environ
        | {FOLDER_VARIABLE: str(donnees), "PYTHONPATH": str(ROOT)}
        | ({BASE_VARIABLE: base} if base else {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=300,
        check=True,
    )


@contextmanager
def repliques(
    source: Path,
    dossier: Path,
    nombre: int,
    base: str | None = None,
    *,
    lecteur: bool = True,
    environnement: Mapping[str, str] | None = None,
) -> Iterator[Sequence[Replique]]:
    """Replicas that answer, each from a copy of ``source`` made in ``dossier``; then none.

    ``base``: address of the shared store that ``source`` was prepared with; ``environnement``:
    other variables of theirs.

    Raises:
        RepliqueAbsente: one did not start.
    """
    reglages = {
        LOG_VARIABLE: "oui",
        READER_VARIABLE: "oui" if lecteur else "non",
        **({BASE_VARIABLE: base} if base else {}),
        **(environnement or {}),
    }
    with ExitStack() as pile:
        lancees: list[Replique] = []
        for rang in range(nombre):
            donnees = dossier / f"replique-{rang + 1}"
            copier(source, donnees)
            lancees.append(Replique(donnees, reglages))
            pile.callback(lancees[-1].arreter)
        for replique in lancees:
            replique.attendre()
        yield lancees


def _port_libre() -> int:
    with socket.socket() as essai:
        essai.bind(("127.0.0.1", 0))
        return int(essai.getsockname()[1])
