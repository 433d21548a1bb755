"""The shared store: there, prepared for this program, of the same version, on time, with room.

Imported only where ``CLAS_BASE`` is set: its packages are an extra.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from assistant.diagnostic.machine import BAS, MIO, PLEIN
from assistant.diagnostic.modeles import (
    Contexte,
    Releve,
    Sonde,
    alerte,
    bon,
    configuration_de,
    non_verifie,
    panne,
)
from corpus.magasin.erreurs import MagasinIndisponible
from corpus.magasin.moteur import Magasin
from index.postgres.versions import check_version, seal_of, versions_used
from index.storage import IndexInutilisable, current_version

_SUIVRE: Final = (
    "redémarrez la page de cette machine, ou lancez « clas preparer » : elle prendra celle du "
    "magasin"
)
_ECART: Final = timedelta(minutes=5)
_TENU: Final = timedelta(minutes=35)
"""Longer than a machine waits for another one to have published."""
_PREPARER: Final = "lancez « clas preparer »"
_VOIR: Final = "voyez « magasin partagé »"

_HEURE = text("SELECT now()")
_EXTENSION = text("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
_TAILLE = text("SELECT pg_database_size(current_database())")
_DOSSIER = text("SELECT setting FROM pg_settings WHERE name = 'data_directory'")
_ECRIVAINS = text(
    "SELECT pid, now() - backend_start AS depuis, coalesce(host(client_addr), 'local') AS ou"
    " FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE locktype = 'advisory' AND granted AND objid = 1650553701 AND pid <> pg_backend_pid()"
)
"""Who holds the document base: 0x62617365, « base » (see ``corpus/base/partage.py``)."""


def refus(magasin: Magasin) -> MagasinIndisponible | None:
    """Why the store cannot serve; None where it can."""
    try:
        with magasin.connexion():
            return None
    except MagasinIndisponible as error:
        return error


def joignable(contexte: Contexte) -> Iterator[Releve]:
    """Whether the store is there, lets us in, and is prepared for this program."""
    magasin = contexte.magasin
    if magasin is None:
        yield non_verifie("CLAS_BASE n'est pas utilisable", "voyez « réglages »")
        return
    refuse = refus(magasin)
    if refuse is None:
        yield bon(f"{magasin.adresse}, préparé pour ce programme")
        return
    # It names the trouble and ends with what to do of it.
    quoi, _, remede = str(refuse).rpartition(" : ")
    yield panne(quoi or remede, remede)


def extension(_: Contexte, connection: Connection) -> Iterator[Releve]:
    """Whether pgvector is in the base."""
    version = connection.scalar(_EXTENSION)
    if version is None:
        yield panne(
            "l'extension « vector » n'est pas dans la base",
            "installez pgvector sur le serveur, puis « CREATE EXTENSION vector » dans la base "
            f"en administrateur, et {_PREPARER}",
        )
    else:
        yield bon(f"vector {version}")


def version(contexte: Contexte, connection: Connection) -> Iterator[Releve]:
    """Whether this machine answers from the version in service there, and that one is whole."""
    ici = current_version(configuration_de(contexte).dossier_index)
    la = next(iter(versions_used(connection)), None)
    if la is None:
        yield panne("aucune version de l'index n'y est en service", _PREPARER)
    elif la != ici:
        yield panne(f"{la} y est en service, et {ici or 'rien'} sur cette machine", _SUIVRE)
    else:
        yield _entiere(connection, la, rapide=contexte.rapide)


def _entiere(connection: Connection, la: str, *, rapide: bool) -> Releve:
    try:
        tort = None if rapide else check_version(connection, la)
        if rapide and seal_of(connection, la) is None:
            tort = "absente du magasin partagé"
    except IndexInutilisable as error:
        return panne(str(error).rstrip("."), _PREPARER)
    if tort is not None:
        return panne(
            f"version {la} : {tort}",
            "restaurez une sauvegarde dans une base neuve (« clas restaurer »), ou publiez de "
            "nouveau ; d'ici là chaque machine répond de sa copie",
        )
    return bon(f"version {la}, la même ici et là")


def heure(contexte: Contexte, connection: Connection) -> Iterator[Releve]:
    """Whether its clock is this machine's."""
    la = connection.scalar(_HEURE)
    assert isinstance(la, datetime)
    ecart = abs(contexte.maintenant() - la)
    if ecart > _ECART:
        yield panne(
            f"celle du magasin dit {la.astimezone(UTC):%Y-%m-%d %H:%M} UTC, celle d'ici "
            f"{contexte.maintenant():%Y-%m-%d %H:%M} UTC",
            "réglez les deux sur le même serveur de temps (« timedatectl set-ntp true ») ; "
            "d'ici là cette machine n'y efface rien",
        )
    else:
        yield bon(f"à {ecart.total_seconds():.0f} s près celle d'ici")


def place(contexte: Contexte, connection: Connection) -> Iterator[Releve]:
    """What the base takes, and the room left where it can be known: its server is here."""
    taille = int(connection.scalar(_TAILLE) or 0)
    dossier = connection.scalar(_DOSSIER)
    dit = f"la base prend {taille // MIO} Mio"
    reste = _reste(contexte, str(dossier)) if dossier else None
    if reste is None:
        yield non_verifie(
            f"{dit} ; son disque ne se voit pas d'ici", "voyez « df -h » sur son serveur"
        )
    elif reste < PLEIN:
        yield panne(
            f"{dit}, {reste // MIO} Mio libres", "libérez de la place sur le disque du magasin"
        )
    elif reste < BAS:
        yield alerte(
            f"{dit}, {reste // MIO} Mio libres", "libérez de la place sur le disque du magasin"
        )
    else:
        yield bon(f"{dit}, {reste // MIO} Mio libres")


def ecrivain(_: Contexte, connection: Connection) -> Iterator[Releve]:
    """Whether another machine has held the document base for long."""
    tenus = connection.execute(_ECRIVAINS).all()
    for tenu in tenus:
        minutes = tenu.depuis.total_seconds() / 60
        dit = f"la base est tenue depuis {minutes:.0f} min au plus, par {tenu.ou}"
        if tenu.depuis > _TENU:
            yield alerte(
                dit,
                f"s'il n'avance plus : « SELECT pg_terminate_backend({tenu.pid}) » dans la "
                "base ; rien d'à moitié fait ne sert",
            )
        else:
            yield bon(f"{dit} : un travail est en cours")
    if not tenus:
        yield bon("personne n'y écrit de textes")


def dans(demander: Callable[[Contexte, Connection], Iterator[Releve]]) -> Sonde:
    """A check of what the store says, where it can serve."""

    def sonde(contexte: Contexte) -> Iterator[Releve]:
        if contexte.magasin is None or refus(contexte.magasin) is not None:
            yield non_verifie("le magasin partagé ne peut pas servir", _VOIR)
            return
        try:
            with contexte.magasin.connexion() as connection:
                yield from tuple(demander(contexte, connection))
        except MagasinIndisponible as error:
            yield panne(str(error), _VOIR)

    return sonde


def _reste(contexte: Contexte, dossier: str) -> int | None:
    adresse = configuration_de(contexte).magasin
    if adresse is None or not _d_ici(adresse.hote):
        return None
    try:
        return shutil.disk_usage(Path(dossier)).free
    except OSError:
        return None


def _d_ici(hote: str) -> bool:
    try:
        return ip_address(hote).is_loopback
    except ValueError:
        return hote == "localhost"
