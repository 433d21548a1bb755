"""The machine: room on its disks, folders that can be written, memory, packages."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from assistant.configuration import Configuration
from assistant.diagnostic.modeles import (
    Contexte,
    Releve,
    alerte,
    bon,
    configuration_de,
    non_verifie,
    panne,
)
from corpus.systeme import raison_systeme

MIO: Final = 1 << 20
PLEIN: Final = 200 * MIO
"""Bytes left under which something will soon fail to be written."""
BAS: Final = 1024 * MIO
"""Bytes left under which a publication may not have its room."""
MEMOIRE_BASSE: Final = 800 * MIO
MEMOIRE_NULLE: Final = 250 * MIO
CONTRAINTES: Final = Path(__file__).resolve().parents[2] / "constraints.txt"
_EPINGLE: Final = re.compile(r"([A-Za-z0-9._-]+)==([^\s;]+)")
_MEMINFO: Final = Path("/proc/meminfo")
_CGROUPE: Final = Path("/sys/fs/cgroup")


def dossiers_ecrits(configuration: Configuration) -> tuple[Path, ...]:
    """Folders that the program writes, where they are."""
    donnees = configuration.donnees
    noms = ("corpus", "index", "questions", "avis", "modele")
    ecrits = (donnees, *(donnees / nom for nom in noms), Path(tempfile.gettempdir()))
    return tuple(path.resolve() for path in ecrits if path.is_dir())


def disque(contexte: Contexte) -> Iterator[Releve]:
    """Room left on each disk that is written, told once a disk."""
    vus: set[int] = set()
    for dossier in dossiers_ecrits(configuration_de(contexte)):
        appareil = dossier.stat().st_dev
        if appareil in vus:
            continue
        vus.add(appareil)
        reste = shutil.disk_usage(dossier).free
        dit = f"{dossier} : {reste // MIO} Mio libres"
        seuils = f"(en panne sous {PLEIN // MIO}, à surveiller sous {BAS // MIO})"
        if reste < PLEIN:
            yield panne(
                f"{dit} {seuils}",
                f"libérez de la place sur ce disque (« df -h {dossier} ») ; moins de versions "
                "gardées en demandent moins (CLAS_VERSIONS)",
            )
        elif reste < BAS:
            yield alerte(f"{dit} {seuils}", f"libérez de la place (« df -h {dossier} »)")
        else:
            yield bon(dit)


def droits(contexte: Contexte) -> Iterator[Releve]:
    """Whether each folder takes a file, and questions are closed to other accounts."""
    configuration = configuration_de(contexte)
    if not configuration.donnees.is_dir():
        yield panne(f"{configuration.donnees} n'existe pas", "lancez « clas preparer »")
        return
    refuses = list(_refuses(dossiers_ecrits(configuration)))
    ouverts = configuration.dossier_questions
    if ouverts.is_dir() and ouverts.stat().st_mode & 0o077:
        refuses.append(
            alerte(
                f"{ouverts} est ouvert à d'autres comptes que celui du serveur",
                f"lancez « chmod 700 {ouverts} »",
            )
        )
    yield from refuses or [bon("chaque dossier se laisse écrire")]


def _refuses(dossiers: tuple[Path, ...]) -> Iterator[Releve]:
    for dossier in dossiers:
        try:
            # What the mode says is not what the system does: a disk may be read-only.
            with tempfile.TemporaryFile(dir=dossier):
                pass
        except OSError as error:
            yield panne(
                f"{dossier} ne se laisse pas écrire ({raison_systeme(error)})",
                f"rendez-le au compte qui lance le programme (« chown -R COMPTE {dossier} », « "
                "chmod -R u+rwX »), ou remontez son disque en écriture",
            )


def memoire(contexte: Contexte) -> Iterator[Releve]:
    """Memory that may still be taken, of the machine or of its group of processes."""
    del contexte
    libres = [octets for octets in (_de_la_machine(), _du_groupe()) if octets is not None]
    if not libres:
        yield non_verifie("ce système ne dit pas sa mémoire libre")
        return
    reste = min(libres)
    dit = f"{reste // MIO} Mio disponibles"
    remede = "arrêtez ce qui en prend (« ps aux --sort=-rss | head »), ou donnez-en à la machine"
    if reste < MEMOIRE_NULLE:
        yield panne(f"{dit}, {MEMOIRE_NULLE // MIO} au moins", remede)
    elif reste < MEMOIRE_BASSE:
        yield alerte(f"{dit}, {MEMOIRE_BASSE // MIO} souhaitables pour publier", remede)
    else:
        yield bon(dit)


def _de_la_machine() -> int | None:
    if not _MEMINFO.is_file():
        return None
    lue = re.search(r"^MemAvailable:\s+(\d+) kB", _MEMINFO.read_text("ascii"), re.MULTILINE)
    return int(lue[1]) << 10 if lue else None


def _du_groupe() -> int | None:
    """What is left to a container, where it is bounded."""
    plafond, pris = _CGROUPE / "memory.max", _CGROUPE / "memory.current"
    if not (plafond.is_file() and pris.is_file()):
        return None
    dit = plafond.read_text("ascii").strip()
    return int(dit) - int(pris.read_text("ascii")) if dit.isdigit() else None


def paquets(contexte: Contexte) -> Iterator[Releve]:
    """What is installed against what the program was tested with."""
    del contexte
    if not CONTRAINTES.is_file():
        yield non_verifie(f"{CONTRAINTES.name} n'est pas à côté du programme")
        return
    voulus = dict(_EPINGLE.findall(CONTRAINTES.read_text("utf-8")))
    autres = {
        nom: (trouvee, voulue)
        for nom, voulue in voulus.items()
        if (trouvee := _installee(nom)) is not None and _publique(trouvee) != _publique(voulue)
    }
    for nom, (trouvee, voulue) in sorted(autres.items()):
        yield alerte(
            f"{nom} {trouvee} est installé, {voulue} est celui des essais",
            f"lancez « python -m pip install {nom}=={voulue} », ou « pip install --constraint "
            "constraints.txt --editable . »",
        )
    if not autres:
        yield bon(f"ceux de {CONTRAINTES.name}")


def _installee(nom: str) -> str | None:
    """Version of a package; None where it is not there: extras are not for everybody."""
    try:
        return metadata.version(nom)
    except metadata.PackageNotFoundError:
        return None


def _publique(version: str) -> str:
    """Without « +cpu » and the like: the same code, built for another machine."""
    return version.partition("+")[0]
