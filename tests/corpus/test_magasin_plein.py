"""A server whose disk is full: what is refused is said, and nothing that was written is lost."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus.base.partage import Partage
from corpus.base.rangement import BaseInutilisable
from corpus.magasin.moteur import Bornes, Magasin
from corpus.magasin.preparation import preparer_magasin
from tests.postgres_lance import ServeurPostgres, attendre, petit_disque, postgres_lance, rempli

pytestmark = pytest.mark.long

PIECE = os.urandom(1 << 20)


@pytest.fixture(scope="module")
def disque() -> Iterator[Path]:
    with petit_disque("120m") as monte:
        yield monte


@pytest.fixture(scope="module")
def serveur(disque: Path) -> Iterator[ServeurPostgres]:
    with postgres_lance(disque) as lance:
        yield lance


@pytest.fixture
def magasin(serveur: ServeurPostgres) -> Iterator[Magasin]:
    ouvert = Magasin(serveur.adresse(), Bornes(pause=0.2))
    preparer_magasin(ouvert)
    yield ouvert
    ouvert.fermer()


def refus(ecrire: Callable[[], None]) -> str:
    with pytest.raises(BaseInutilisable) as caught:
        ecrire()
    return str(caught.value)


def test_a_full_disk_is_said_and_loses_nothing_that_was_written(
    magasin: Magasin, serveur: ServeurPostgres, disque: Path
) -> None:
    base = Partage(magasin)
    base.keep("fichiers", "a" * 64, PIECE)
    base.log(b"avant")
    with rempli(disque):
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
