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
    """Where it stands in what was given, without the folders above: pages tell it, and the record
    of a watched folder is kept by it."""
    lire: Callable[[], bytes]
    """Reads its bytes; raises ``FichierRefuse``."""
    tape: str = ""
    """Its path as it was typed, where it was; see ``dit``."""

    @property
    def dit(self) -> str:
        """Its path as whoever typed it knows it, else where it stands."""
        return self.tape or self.chemin

    def ecarte(self, raison: str) -> Ecarte:
        """The same file, set aside."""
        return Ecarte(self.chemin, raison, self.tape)


@dataclass(frozen=True, slots=True)
class Ecarte:
    """A file that is not looked at, and why."""

    chemin: str
    raison: str
    tape: str = ""
    """Its path as it was typed, where it was; see ``dit``."""

    @property
    def dit(self) -> str:
        """Its path as whoever typed it knows it, else where it stands."""
        return self.tape or self.chemin


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


def typed_path(path: Path) -> str:
    """A path as it was typed, each part printable and short."""
    parts = path.parts[1:] if path.anchor else path.parts
    return path.anchor + "/".join(shown_name(part) for part in parts)


def typed_again(folder: Path, chemin: str) -> str:
    """The typed path of a file that is no longer in a folder, from where it stood there.

    What stood in an archive is told as it was kept: where the archive was is not.
    """
    first, _, rest = chemin.partition("/")
    if "›" in chemin or not rest or first != shown_name(folder.name):
        return chemin
    return typed_path(folder / rest)


def shown_path(path: Path) -> str:
    """The end of a path, for whoever did not type it: each part printable and short."""
    folder = [shown_name(part) for part in path.parent.parts[-2:] if part not in ("/", ".", "..")]
    return "/".join([*folder, shown_name(path.name)])


def _of_file(path: Path, shown: str) -> Apport:
    return Apport(shown_name(path.name), shown, partial(read_regular, path), typed_path(path))


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
                    typed_path(folder),
                )
                return
            if path.is_symlink():
                why = "c'est un lien vers un autre fichier : il n'est pas suivi"
                yield Ecarte(shown, why, typed_path(path))
            elif path.suffix.lower() == ".zip":
                yield from _of_archive(path)
            else:
                yield _of_file(path, shown)


def _of_archive(path: Path) -> Iterator[Apport | Ecarte]:
    shown, typed = shown_path(path), typed_path(path)
    try:
        content = read_regular(path)
        members = _members(content, path.name)
    except FichierRefuse as refus:
        yield Ecarte(shown, _without_name(str(refus), path), typed)
        return
    left = [_MOST_UNPACKED]
    for member in members:
        name = shown_name(member.nom)
        where, told = f"{shown} › {name}", f"{typed} › {name}"
        if member.nom.lower().endswith(".zip"):
            yield Ecarte(where, "une archive dans une archive n'est pas ouverte", told)
        else:
            yield Apport(name, where, partial(_unpack, content, member, left), told)


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
