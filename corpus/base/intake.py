"""Files that whoever keeps the corpus brings: one by one, in folders, in ZIP archives.

Nothing is written here, and no name found in an archive is ever used as a path. Archives are opened
in a process apart, as every file is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import LIMITES, MIB
from corpus.loading.members import Membre
from corpus.loading.opening import list_archive, read_regular, shown_name, unpack

MOST_FILES: Final = 300
"""Files looked at in one folder or archive."""
MOST_DEPTH: Final = 12
"""Folders inside one another."""
_MOST_UNPACKED: Final = 300 * MIB


@dataclass(frozen=True, slots=True)
class Apport:
    """A file to add."""

    nom: str
    """Its name, printable, without its folder."""
    chemin: str
    """Where it stands, as messages tell it."""
    lire: Callable[[], bytes]
    """Reads its bytes; raises ``FichierRefuse``."""


@dataclass(frozen=True, slots=True)
class Ecarte:
    """A file that is not looked at, and why."""

    chemin: str
    raison: str


def gather(paths: list[Path], most: int = MOST_FILES) -> Iterator[Apport | Ecarte]:
    """Yield every file of what is given, folders and archives opened, in a steady order.

    ``most``: files looked at in one folder.
    """
    for path in paths:
        if path.is_dir():
            yield from _of_folder(path, most)
        elif path.suffix.lower() == ".zip":
            yield from _of_archive(path)
        else:
            yield _of_file(path, shown_path(path))


def shown_path(path: Path) -> str:
    """A path as a message may show it: each part printable and short."""
    folder = [shown_name(part) for part in path.parent.parts[-2:] if part not in ("/", ".", "..")]
    return "/".join([*folder, shown_name(path.name)])


def _of_file(path: Path, shown: str) -> Apport:
    return Apport(shown_name(path.name), shown, partial(read_regular, path))


def _of_folder(folder: Path, most: int) -> Iterator[Apport | Ecarte]:
    seen = 0
    for place, folders, files in os.walk(folder):
        deep = len(Path(place).relative_to(folder).parts)
        folders[:] = sorted(
            name
            for name in folders
            if deep < MOST_DEPTH and not name.startswith(".") and not Path(place, name).is_symlink()
        )
        for name in sorted(files):
            if name.startswith("."):
                continue
            path = Path(place, name)
            shown = "/".join(shown_name(part) for part in path.relative_to(folder.parent).parts)
            seen += 1
            if seen > most:
                yield Ecarte(
                    shown_path(folder),
                    f"plus de {most} fichiers dans ce dossier : seuls les premiers sont lus",
                )
                return
            if path.is_symlink():
                yield Ecarte(shown, "c'est un lien vers un autre fichier : il n'est pas suivi")
            elif path.suffix.lower() == ".zip":
                yield from _of_archive(path)
            else:
                yield _of_file(path, shown)


def _of_archive(path: Path) -> Iterator[Apport | Ecarte]:
    shown = shown_path(path)
    try:
        content = read_regular(path)
        members = _members(content, path.name)
    except FichierRefuse as refus:
        yield Ecarte(shown, _without_name(str(refus), path))
        return
    left = [_MOST_UNPACKED]
    for member in members:
        name = shown_name(member.nom)
        where = f"{shown} › {name}"
        if member.nom.lower().endswith(".zip"):
            yield Ecarte(where, "une archive dans une archive n'est pas ouverte")
        else:
            yield Apport(name, where, partial(_unpack, content, member, left))


def _without_name(message: str, path: Path) -> str:
    return message.removeprefix(f"{shown_name(path.name)} : ")


def _members(content: bytes, name: str) -> tuple[Membre, ...]:
    """Files of an archive, in the order of their names.

    Raises:
        FichierRefuse: it is damaged, locked, too big, empty, or some name leads out of it.
    """
    members = list_archive(content, name)
    if not members:
        raise FichierRefuse("vide", "l'archive ne contient aucun fichier")
    if len(members) > MOST_FILES:
        raise FichierRefuse(
            "trop_gros",
            f"l'archive a {len(members)} fichiers, au-delà de la limite de {MOST_FILES}",
        )
    return members


def _unpack(content: bytes, member: Membre, left: list[int]) -> bytes:
    """Unpack a member, within what the whole archive may still unpack to.

    Raises:
        FichierRefuse: it is damaged, or it, or the archive, unpacks to too much.
    """
    most = min(LIMITES.octets, left[0])
    if most <= 0:
        raise FichierRefuse(
            "trop_gros",
            f"{shown_name(member.nom)} : l'archive, décompressée, dépasse {_MOST_UNPACKED // MIB} "
            "Mio",
        )
    whole = unpack(content, member, most)
    left[0] -= len(whole)
    return whole
