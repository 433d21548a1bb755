"""A server whose disk is full: what is refused is said, and nothing that was written is lost."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from corpus.base.partage import Partage
from corpus.base.rangement import BaseInutilisable
from corpus.magasin.moteur import Bornes, Magasin
from corpus.magasin.preparation import preparer_magasin
from tests.postgres_lance import ServeurPostgres, attendre, postgres_lance

pytestmark = pytest.mark.long

PIECE = os.urandom(1 << 20)


@pytest.fixture(scope="module")
def petit_disque(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A disk of 120 MB, which only root can make."""
    assert os.geteuid() == 0, "cet essai monte un disque : lancez-le en root"
    folder = tmp_path_factory.mktemp("disque")
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=120m,mode=755", "tmpfs", folder], check=True
    )
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.fixture(scope="module")
def serveur(petit_disque: Path) -> Iterator[ServeurPostgres]:
    for parent in petit_disque.parents:
        # The server is not run by root, who alone may enter pytest's folders.
        if parent.owner() == "root" and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o011)
    with postgres_lance(petit_disque) as lance:
        yield lance


@pytest.fixture
def magasin(serveur: ServeurPostgres) -> Iterator[Magasin]:
    ouvert = Magasin(serveur.adresse(), Bornes(pause=0.2))
    preparer_magasin(ouvert)
    yield ouvert
    ouvert.fermer()


@contextmanager
def rempli(disque: Path) -> Iterator[None]:
    """As long as this lasts, not one byte is left on the disk."""
    ballast = disque / "ballast"
    try:
        with ballast.open("wb") as stream:
            while True:
                try:
                    os.write(stream.fileno(), PIECE)
                except OSError:
                    break
        yield
    finally:
        ballast.unlink(missing_ok=True)


def refus(ecrire: Callable[[], None]) -> str:
    with pytest.raises(BaseInutilisable) as caught:
        ecrire()
    return str(caught.value)


def test_a_full_disk_is_said_and_loses_nothing_that_was_written(
    magasin: Magasin, serveur: ServeurPostgres, petit_disque: Path
) -> None:
    base = Partage(magasin)
    base.keep("fichiers", "a" * 64, PIECE)
    base.log(b"avant")
    with rempli(petit_disque):
        said = refus(lambda: base.keep("fichiers", "b" * 64, PIECE * 8))
        assert "le magasin partagé" in said
    if not serveur.tourne():
        serveur.lancer()
    attendre(lambda: _lisible(base))
    assert base.names("fichiers") == ("a" * 64,)
    assert base.lines() == (b"avant",)
    base.keep("fichiers", "b" * 64, PIECE * 8)
    assert base.read("fichiers", "b" * 64) == PIECE * 8


def _lisible(base: Partage) -> bool:
    try:
        return base.read("fichiers", "a" * 64) == PIECE
    except BaseInutilisable:
        return False
