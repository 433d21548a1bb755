"""Data folders of one's own, with the shared store that goes with them where there is one."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg import sql
from sqlalchemy import text

from assistant.configuration import Configuration
from assistant.magasin import magasin_de_base
from corpus.magasin.adresse import AdresseMagasin
from tests.postgres_lance import ServeurPostgres

HELD = ("index", "corpus")
"""Folders that a publication reads and writes."""


@dataclass(frozen=True, slots=True)
class Rangements:
    """Where a base is kept, and how to have one of one's own there."""

    depart: Configuration
    """As the program set it up; only copied."""

    @contextmanager
    def copie(self, place: Configuration, target: Path) -> Iterator[Configuration]:
        """A place in the state of another, until the block ends."""
        target.mkdir(exist_ok=True)
        mine = copy_of(place.donnees, target)
        if place.magasin is not None:
            mine = mine.model_copy(update={"magasin": copy_of_store(place)})
        try:
            yield mine
        finally:
            drop_store(mine)


def copy_of(folder: Path, target: Path) -> Configuration:
    """A data folder of one's own, in the state of another, that shares no store."""
    for name in HELD:
        shutil.copytree(folder / name, target / name)
    (target / "modele").symlink_to((folder / "modele").resolve())
    return Configuration(donnees=target, modele=None)


def copy_of_store(place: Configuration) -> AdresseMagasin:
    """A new base of the same server, in the state of the one that a place shares."""
    assert place.magasin is not None
    serveur, name = _serveur(place.magasin), f"copie_{secrets.token_hex(6)}"
    # A base is copied while nobody is in it.
    magasin_de_base(place.magasin).fermer()
    serveur.ordonner(
        sql.SQL(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = {}"
        ).format(sql.Literal(place.magasin.base))
    )
    serveur.creer(name, place.magasin.base)
    return serveur.adresse(name)


def drop_store(place: Configuration) -> None:
    """Drop the base that a place shares, if it shares one."""
    if place.magasin is not None:
        magasin_de_base(place.magasin).fermer()
        _serveur(place.magasin).supprimer(place.magasin.base)


def damage_text(place: Configuration, name: str, content: bytes | None) -> None:
    """Put other bytes in the place of a text where the base is kept; None: lose it."""
    path = place.donnees / "corpus" / "textes" / f"{name}.json"
    if place.magasin is None and content is not None:
        path.write_bytes(content)
        return
    path.unlink()
    if place.magasin is None:
        return
    with magasin_de_base(place.magasin).connexion() as connection:
        if content is None:
            connection.execute(text("DELETE FROM base.pieces WHERE nom = :nom"), {"nom": name})
        else:
            change = text("UPDATE base.pieces SET contenu = :contenu WHERE nom = :nom")
            connection.execute(change, {"nom": name, "contenu": content})


def _serveur(adresse: AdresseMagasin) -> ServeurPostgres:
    secret = adresse.mot_de_passe
    assert secret is not None
    return ServeurPostgres(Path(), adresse.port, secret.get_secret_value(), None)
