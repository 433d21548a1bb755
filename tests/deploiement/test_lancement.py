"""What the unit and the image run, run here: without systemd nor containers, from their files."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from ctypes.util import find_library
from pathlib import Path

import pytest
from livraison import BIN, OPT, RACINE, copies, mots_de_l_environnement, unite
from verrous import verrous_de

from pages_clas.arret import DELAI

pytestmark = pytest.mark.long

VERROUILLABLE = bool(shutil.which("systemd-analyze") and find_library("seccomp"))
sans_verrous = pytest.mark.skipif(not VERROUILLABLE, reason="systemd-analyze ou libseccomp absent")
BINAIRES = Path(sys.executable).parent


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """What the image takes of the repository, where it would be, and nothing else."""
    racine = tmp_path / "opt"
    for sources, cible in copies():
        for source in sources:
            vers = racine / (source if cible in ("./", source) else Path(cible).name)
            vers.parent.mkdir(parents=True, exist_ok=True)
            copier = shutil.copytree if (RACINE / source).is_dir() else shutil.copy
            copier(RACINE / source, vers)
    return racine


@pytest.fixture
def donnees(models_folder: Path, tmp_path: Path) -> Path:
    """A folder of its own, with the installed model and index."""
    cible = tmp_path / "donnees"
    shutil.copytree(models_folder.parent / "modele", cible / "modele", copy_function=os.link)
    for nom in ("index", "corpus"):
        shutil.copytree(models_folder.parent / nom, cible / nom)
    return cible


def port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


@contextmanager
def lance(
    commande: list[str],
    dans: Path,
    environnement: Mapping[str, str],
    verrous: Callable[[], None] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """A server that answers to whoever stops it, and its last words where it fails."""
    with (dans / "sortie.log").open("wb") as sortie:
        processus = subprocess.Popen(
            commande,
            cwd=dans,
            env={**environnement, "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=sortie,
            stderr=subprocess.STDOUT,
            preexec_fn=verrous,  # noqa: PLW1509 - no thread started
        )
    try:
        yield processus
    finally:
        processus.kill()
        processus.wait()


def pret(port: int, processus: subprocess.Popen[bytes], journal: Path) -> dict[str, object]:
    """What « /pret » says, once it answers 200."""
    limite = time.monotonic() + 90
    while time.monotonic() < limite and processus.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/pret", timeout=30) as reponse:
                dit: dict[str, object] = json.load(reponse)
                return dit
        except OSError:
            time.sleep(0.1)
    raise AssertionError(journal.read_text("utf-8"))


def arrete(processus: subprocess.Popen[bytes]) -> bool:
    """Whether it leaves in peace once asked to."""
    processus.send_signal(signal.SIGTERM)
    # The server ends as the signal would have ended it, once it has closed: systemd calls it a
    # success.
    return processus.wait(timeout=3 * DELAI) in (0, -signal.SIGTERM)


def test_the_files_of_the_image_and_its_script_serve_and_leave_in_time(
    image: Path, donnees: Path
) -> None:
    port = port_libre()
    script = (RACINE / "deploy" / "docker" / "lancer.sh").read_text("utf-8")
    (image / "lancer.sh").write_text(
        script.replace("0.0.0.0", "127.0.0.1").replace("8501", str(port))
    )
    # The command of the image is on its path; here, the one that its files make.
    outils = image / "bin"
    outils.mkdir()
    for nom, mots in (("python", ""), ("clas", "-m assistant.cli")):
        outil = outils / nom
        outil.write_text(f'#!/bin/sh\nexec {sys.executable} {mots} "$@"\n')
        outil.chmod(0o755)
    temoins = image / "temoins"
    temoins.write_text("0" * 64)
    environnement = {
        "PATH": f"{outils}:/usr/bin:/bin",
        "PYTHONPATH": str(image),
        "CLAS_DONNEES": str(donnees),
        "FICHIER_TEMOINS": str(temoins),
        "HOME": "/tmp",
        "OMP_NUM_THREADS": "1",
    }
    with lance(["/bin/sh", "lancer.sh"], image, environnement) as processus:
        assert pret(port, processus, image / "sortie.log")["pret"] is True
        dit = (image / "sortie.log").read_text("utf-8")
        assert "a échoué" not in dit
        assert arrete(processus)


@sans_verrous
def test_what_the_unit_runs_serves_under_its_locks_and_leaves_in_time(
    image: Path, donnees: Path
) -> None:
    reglages, port = unite("clas@.service"), port_libre()
    (commande,) = reglages["ExecStart"]
    mots = shlex.split(commande.replace(f"{BIN}/", f"{BINAIRES}/").replace("%i", str(port)))
    environnement = {
        **mots_de_l_environnement(reglages),
        "CLAS_DONNEES": str(donnees),
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(image),
    }
    assert reglages["WorkingDirectory"] == [OPT]
    with lance(mots, image, environnement, verrous_de(reglages)) as processus:
        assert pret(port, processus, image / "sortie.log")["pret"] is True
        assert arrete(processus)


@sans_verrous
def test_a_question_and_a_file_are_read_under_the_locks(
    image: Path, donnees: Path, tmp_path: Path
) -> None:
    texte = tmp_path / "note.html"
    texte.write_text("<html><body><h1>Note</h1><p>Un collectif compte 8 enfants.</p></body></html>")
    for mots, attendu in (
        (["demander", "combien d'enfants par groupe ?"], "de 8 à 12 enfants"),
        (["corpus", "ajouter", str(texte), "--portee", "nationale", "--essai"], "note"),
    ):
        fait = subprocess.run(
            [sys.executable, "-m", "assistant.cli", *mots],
            cwd=image,
            env={
                "CLAS_DONNEES": str(donnees),
                "PYTHONPATH": str(image),
                "PATH": "/usr/bin:/bin",
                "OMP_NUM_THREADS": "1",
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            preexec_fn=verrous_de(unite("clas@.service")),
        )
        assert fait.returncode == 0, fait.stderr
        assert attendu in fait.stdout


@sans_verrous
def test_the_locks_hold() -> None:
    essai = (
        "import ctypes, errno, mmap\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "assert libc.swapon(b'/nulle-part', 0) == -1\n"
        "assert ctypes.get_errno() == errno.EPERM, ctypes.get_errno()\n"
        "try:\n"
        "    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)\n"
        "except PermissionError:\n"
        "    print('tenus')\n"
    )
    fait = subprocess.run(
        [sys.executable, "-c", essai],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=verrous_de(unite("clas@.service")),
    )
    assert (fait.stdout, fait.stderr) == ("tenus\n", "")


@pytest.mark.parametrize(("journal", "dite"), [("non", str), ("json", json.loads)])
def test_a_base_badly_told_is_said_in_one_line_and_nothing_is_served(
    journal: str, dite: Callable[[str], object], tmp_path: Path
) -> None:
    environnement = {
        "CLAS_BASE": "mysql://clas:motsecret@machine/base",
        "CLAS_DONNEES": str(tmp_path),
        "CLAS_JOURNAL_TECHNIQUE": journal,
    }
    fini = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "serveur.py", f"--server.port={port_libre()}"],
        cwd=RACINE, env=os.environ | environnement, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    [ligne] = fini.stderr.splitlines()
    dit = dite(ligne)
    message = dit["message"] if isinstance(dit, dict) else dit
    assert fini.returncode == 2
    assert message.startswith("CLAS_BASE : l'adresse ne commence pas par « postgresql:// »")
    assert "motsecret" not in fini.stdout + fini.stderr
