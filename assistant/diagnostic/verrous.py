"""Writers that never end, and what stopped writers left behind."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from time import time
from typing import Final

from assistant.configuration import Configuration
from assistant.diagnostic.modeles import (
    Contexte,
    Releve,
    alerte,
    bon,
    configuration_de,
    non_verifie,
)
from assistant.sauvegarde.ecriture import restes as restes_de_sauvegarde

LONG: Final = 900.0
"""Seconds after which a writer should have ended: a publication takes minutes."""
VIEUX: Final = 3600.0
"""Seconds after which something half written is nobody's any more."""
SAUVEGARDES: Final = Path("/var/backups/clas")
"""Where the unit that ships saves."""
_LIGNE: Final = re.compile(r"\d+: FLOCK\s+\w+\s+(\w+)\s+(\d+)\s+[0-9a-f]+:[0-9a-f]+:(\d+) ")
_VERROUS: Final = Path("/proc/locks")


def ecrivains(contexte: Contexte) -> Iterator[Releve]:
    """Whether somebody has held a lock for long: read from the system, taken from nobody."""
    donnees = configuration_de(contexte).donnees
    if not _VERROUS.is_file():
        yield non_verifie("ce système ne dit pas qui tient un verrou")
        return
    tenus = {
        int(inode): (mode, int(pid))
        for mode, pid, inode in _LIGNE.findall(_VERROUS.read_text("ascii"))
    }
    trouve = False
    for nom in ("corpus", "index", "modele", "avis"):
        path = donnees / nom / ".verrou"
        if not path.is_file() or path.stat().st_ino not in tenus:
            continue
        trouve = True
        _, pid = tenus[path.stat().st_ino]
        # Whoever takes it opens it to be written, which dates it.
        depuis = time() - path.stat().st_mtime
        dit = f"{path} est tenu depuis {_duree(depuis)} par {_processus(pid)}"
        if depuis > LONG:
            yield alerte(
                dit,
                "s'il n'avance plus, arrêtez-le "
                + (f"(« kill {pid} »)" if pid > 0 else "(il est dans un autre conteneur)")
                + " : le verrou part avec lui, et rien d'à moitié fait ne sert",
            )
        else:
            yield bon(f"{dit} : un travail est en cours")
    if not trouve:
        yield bon("personne n'écrit")


def restes(contexte: Contexte) -> Iterator[Releve]:
    """What was half written by a program that was stopped; it takes room, and serves nothing."""
    laisses = [path for path in _a_moitie(configuration_de(contexte)) if _age(path) > VIEUX]
    for path in laisses:
        yield alerte(
            f"{path} est resté d'une écriture interrompue",
            f"effacez-le (« rm -r {path} ») quand rien n'écrit : il ne sert à rien",
        )
    if not laisses:
        yield bon("rien n'est resté d'une écriture interrompue")


def _a_moitie(configuration: Configuration) -> Iterator[Path]:
    """What writers make beside what they write, before they rename it."""
    donnees = configuration.donnees
    yield from (donnees / "index" / "versions").glob(".*")
    yield from (donnees / "modele").glob(".e5-*")
    for dossier in ("corpus", "corpus/fichiers", "corpus/textes", "corpus/versions", "avis"):
        yield from (donnees / dossier).glob(".*.*.*")
    nouveau = donnees / "index" / "exemplaires" / ".nouveau"
    if nouveau.exists():
        yield nouveau
    yield from donnees.parent.glob(f".{donnees.name}.*.restauration")
    # Where archives go is said to each command: these are where the guide and most people put them.
    for ou in (SAUVEGARDES, donnees, donnees.parent):
        yield from restes_de_sauvegarde(ou)


def _age(path: Path) -> float:
    try:
        return time() - path.lstat().st_mtime
    except FileNotFoundError:
        # Its writer has just renamed it.
        return 0.0


def _processus(pid: int) -> str:
    """A process by its number and its first words; never its arguments, which may hold secrets."""
    try:
        mots = Path(f"/proc/{pid}/comm").read_text("utf-8", "replace").strip()
    except OSError:
        return f"le processus {pid}"
    ici = " (celui-ci)" if pid == os.getpid() else ""
    return f"le processus {pid} ({mots}){ici}"


def _duree(secondes: float) -> str:
    return (
        f"{secondes / 3600:.1f} h".replace(".", ",")
        if secondes > VIEUX
        else (f"{max(secondes, 0) / 60:.0f} min")
    )
