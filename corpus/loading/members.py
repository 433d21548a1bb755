"""The files of a ZIP archive: listed and unpacked within bounds.

Nothing that the archive says of itself is believed, and no name found in it is used as a path.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO, Final

from pydantic import BaseModel

from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import MIB, Limites
from corpus.models import FROZEN

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


class Membre(BaseModel):
    """A file of an archive."""

    model_config = FROZEN

    rang: int
    """Its place in the archive's list: names may repeat."""
    nom: str
    """As the archive writes it: shown only once made printable."""


def list_members(content: bytes, limites: Limites) -> tuple[Membre, ...]:
    """Files of an archive, in the order of their names; what systems add by themselves left out.

    Raises:
        FichierRefuse: it is damaged, locked, too big, or some name leads out of it.
    """
    if not content.startswith(_ZIP):
        raise FichierRefuse("deguise", "ce fichier n'est pas une archive ZIP, malgré son nom")
    # zipfile makes a record of each entry before they can be counted.
    if content.count(_ENTRY) > limites.membres:
        raise FichierRefuse("trop_gros", f"l'archive a plus de {limites.membres} fichiers")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
    except _DAMAGE as error:
        raise _damaged(error) from error
    kept = [
        (rang, info)
        for rang, info in enumerate(infos)
        if not info.is_dir() and not _is_furniture(info.filename)
    ]
    for _, info in kept:
        _check(info)
    members = (Membre(rang=rang, nom=_writable(info.filename)) for rang, info in kept)
    return tuple(sorted(members, key=lambda member: member.nom))


def unpack_member(content: bytes, rang: int, au_plus: int) -> bytes:
    """Unpack one file of an archive, ``au_plus`` bytes at most; its size is counted, not believed.

    Raises:
        FichierRefuse: it is damaged, or unpacks to more than that or than is likely.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            info = archive.infolist()[rang]
            most = min(au_plus, max(_SMALL, _MOST_RATIO * info.compress_size))
            with archive.open(info) as member:
                whole = _read(member, most)
    except _DAMAGE as error:
        raise _damaged(error) from error
    if len(whole) > most:
        raise FichierRefuse("trop_gros", f"décompressé, il dépasse {most // MIB} Mio")
    return whole


def _read(member: IO[bytes], most: int) -> bytes:
    """Read until one chunk beyond what is allowed."""
    whole = bytearray()
    while len(whole) <= most and (chunk := member.read(_CHUNK)):
        whole += chunk
    return bytes(whole)


def _is_furniture(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or (bool(parts) and parts[-1] in (".DS_Store", "Thumbs.db"))


def _check(info: zipfile.ZipInfo) -> None:
    name = info.filename
    parts = name.replace("\\", "/").split("/")
    shown = _writable(name)
    if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
        raise FichierRefuse("endommage", f"le nom d'un fichier, « {shown} », sort de l'archive")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise FichierRefuse("endommage", f"« {shown} » est un lien, pas un fichier")
    if info.flag_bits & _ENCRYPTED:
        raise FichierRefuse("chiffre", "l'archive est protégée par un mot de passe")
    if info.compress_type not in _METHODS:
        raise FichierRefuse("endommage", f"« {shown} » est compressé d'une façon inconnue")


def _writable(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")


def _damaged(error: Exception) -> FichierRefuse:
    return FichierRefuse("endommage", f"l'archive est abîmée ou incomplète ({str(error)[:80]})")
