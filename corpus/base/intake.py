"""Files that whoever keeps the corpus brings: one by one, in folders, in ZIP archives.

Nothing is written here, and no name found in an archive is ever used as a path.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import LIMITES, MIB
from corpus.loading.opening import read_regular, shown_name

MOST_FILES: Final = 300
"""Files looked at in one folder or archive."""
MOST_DEPTH: Final = 12
"""Folders inside one another."""
_MOST_UNPACKED: Final = 300 * MIB
_MOST_RATIO: Final = 200
"""Times that a member may grow: text compresses about ten times."""
_SMALL: Final = MIB
_CHUNK: Final = 1 << 16
_ENTRY: Final = b"PK\x01\x02"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED: Final = 0x1
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, IndexError,
    OverflowError, NotImplementedError,
)  # fmt: skip


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


def gather(paths: list[Path]) -> Iterator[Apport | Ecarte]:
    """Yield every file of what is given, folders and archives opened, in a steady order."""
    for path in paths:
        if path.is_dir():
            yield from _of_folder(path)
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


def _of_folder(folder: Path) -> Iterator[Apport | Ecarte]:
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
            if seen > MOST_FILES:
                yield Ecarte(
                    shown_path(folder),
                    f"plus de {MOST_FILES} fichiers dans ce dossier : seuls les premiers sont lus",
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
        members = _members(content)
    except FichierRefuse as refus:
        yield Ecarte(shown, _without_name(str(refus), path))
        return
    left = [_MOST_UNPACKED]
    for info in members:
        name = shown_name(info.filename)
        where = f"{shown} › {name}"
        if info.filename.lower().endswith(".zip"):
            yield Ecarte(where, "une archive dans une archive n'est pas ouverte")
        else:
            yield Apport(name, where, partial(_unpack, content, info, left))


def _without_name(message: str, path: Path) -> str:
    return message.removeprefix(f"{shown_name(path.name)} : ")


def _members(content: bytes) -> list[zipfile.ZipInfo]:
    """Files of an archive, in the order of their names.

    Raises:
        FichierRefuse: it is damaged, locked, too big, or some name leads out of it.
    """
    if not content.startswith(_ZIP):
        raise FichierRefuse("deguise", "ce fichier n'est pas une archive ZIP, malgré son nom")
    # zipfile makes a record of each entry before they can be counted.
    if content.count(_ENTRY) > LIMITES.membres:
        raise FichierRefuse("trop_gros", f"l'archive a plus de {LIMITES.membres} fichiers")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except _DAMAGE as error:
        raise _damaged(error) from error
    kept = [info for info in infos if not _is_furniture(info.filename)]
    if not kept:
        raise FichierRefuse("vide", "l'archive ne contient aucun fichier")
    if len(kept) > MOST_FILES:
        raise FichierRefuse(
            "trop_gros", f"l'archive a {len(kept)} fichiers, au-delà de la limite de {MOST_FILES}"
        )
    for info in kept:
        _check_member(info)
    return sorted(kept, key=lambda info: info.filename)


def _is_furniture(name: str) -> bool:
    """Whether a member is what systems add by themselves."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or (bool(parts) and parts[-1] in (".DS_Store", "Thumbs.db"))


def _check_member(info: zipfile.ZipInfo) -> None:
    name = info.filename
    shown = shown_name(name)
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
        raise FichierRefuse("endommage", f"le nom d'un fichier, « {shown} », sort de l'archive")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise FichierRefuse("endommage", f"« {shown} » est un lien, pas un fichier")
    if info.flag_bits & _ENCRYPTED:
        raise FichierRefuse("chiffre", "l'archive est protégée par un mot de passe")
    if info.compress_type not in _METHODS:
        raise FichierRefuse("endommage", f"« {shown} » est compressé d'une façon inconnue")


def _unpack(content: bytes, info: zipfile.ZipInfo, left: list[int]) -> bytes:
    """Unpack a member; sizes are counted, never believed.

    Raises:
        FichierRefuse: it is damaged, or it, or the archive, unpacks to too much.
    """
    name = shown_name(info.filename)
    most = min(LIMITES.octets, max(_SMALL, _MOST_RATIO * info.compress_size), left[0])
    whole = bytearray()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(info) as member:
            while chunk := member.read(_CHUNK):
                whole += chunk
                if len(whole) > most:
                    break
    except _DAMAGE as error:
        raise FichierRefuse("endommage", f"{name} : {_damaged(error)}") from error
    if len(whole) > most:
        raise FichierRefuse("trop_gros", f"{name} : décompressé, il dépasse {most // MIB} Mio")
    left[0] -= len(whole)
    return bytes(whole)


def _damaged(error: Exception) -> FichierRefuse:
    return FichierRefuse("endommage", f"l'archive est abîmée ou incomplète ({str(error)[:80]})")
