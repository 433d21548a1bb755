"""Whole index versions in the shared store, as files, so that each replica has one of its own.

What a replica answers from when the store is away is a version like any other: each file is named
by its digest, brought once whatever the versions that hold it, and checked before it can be read.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from sqlalchemy import Connection, text

from corpus.files import CHUNK, sha256_of_file
from corpus.magasin.moteur import Magasin
from index.checking import INFO, check_description, read_info, stored_versions
from index.embedding.encoder import ModelDescription
from index.models import IndexInfo
from index.storage import VERSIONS, IndexInutilisable, receive_version

_PIECE: Final = 4 * CHUNK
_EACH: Final = 60.0
"""Seconds that a piece may take."""

_KNOWN = text("SELECT 1 FROM copies.fichiers WHERE empreinte = :empreinte")
_ADD_PIECE = text(
    "INSERT INTO copies.morceaux (empreinte, rang, contenu) VALUES (:empreinte, :rang, :contenu)"
)
_ADD_FILE = text(
    "INSERT INTO copies.fichiers (empreinte, morceaux) VALUES (:empreinte, :morceaux)"
    " ON CONFLICT DO NOTHING RETURNING empreinte"
)
_ADD_VERSION = text(
    "INSERT INTO copies.versions (version, description) VALUES (:version, :description)"
    " ON CONFLICT (version) DO UPDATE SET description = excluded.description"
)
_VERSION = text("SELECT description FROM copies.versions WHERE version = :version")
_COUNT = text("SELECT morceaux FROM copies.fichiers WHERE empreinte = :empreinte")
_PIECE_OF = text(
    "SELECT contenu FROM copies.morceaux WHERE empreinte = :empreinte AND rang = :rang"
)
_FORGET = text("DELETE FROM copies.versions WHERE version <> ALL(:gardees)")
_FILES_LEFT = text(
    "SELECT DISTINCT fichier.value FROM copies.versions,"
    " jsonb_each_text(convert_from(description, 'UTF8')::jsonb -> 'files') AS fichier"
)
_FORGET_FILES = text("DELETE FROM copies.fichiers WHERE empreinte <> ALL(:gardees)")


def send_version(magasin: Magasin, folder: Path, version: str) -> IndexInfo:
    """Put the files of a whole version of this machine in the store; those known are not sent.

    Each file is a transaction: what is stopped is taken up again. Nobody reads it before it is
    named by ``name_version``.

    Raises:
        MagasinIndisponible: the store cannot take it.
        IndexInutilisable: the version is not there.
    """
    path = folder / VERSIONS / version
    try:
        info = read_info(path)
    except FileNotFoundError as error:
        raise IndexInutilisable(f"La version {version} de l'index n'est pas là") from error
    for name, digest in info.files.items():
        if name == INFO:
            continue
        with magasin.connexion(_EACH) as connection:
            if connection.scalar(_KNOWN, {"empreinte": digest}) is None:
                send_file(connection, path / name, digest)
    return info


def send_file(connection: Connection, path: Path, digest: str) -> None:
    """Put a file of a version in the store, unless it is there."""
    count = -(-path.stat().st_size // _PIECE)
    # Claimed first: of two machines that send one file, the second waits and sends nothing.
    if connection.scalar(_ADD_FILE, {"empreinte": digest, "morceaux": count}) is None:
        return
    with path.open("rb") as stream:
        for rank in range(count):
            piece = stream.read(_PIECE)
            connection.execute(_ADD_PIECE, {"empreinte": digest, "rang": rank, "contenu": piece})


def name_version(connection: Connection, folder: Path, version: str) -> None:
    """Let replicas read a version whose files were sent, once the transaction is committed."""
    description = (folder / VERSIONS / version / INFO).read_bytes()
    connection.execute(_ADD_VERSION, {"version": version, "description": description})


def model_of_version(magasin: Magasin, version: str) -> ModelDescription | None:
    """The model that made a version of the store; None where it does not say so to us."""
    with magasin.connexion() as connection:
        description = connection.scalar(_VERSION, {"version": version})
    try:
        return IndexInfo.model_validate_json(bytes(description or b"")).model
    except ValidationError:
        return None


def fetch_version(magasin: Magasin, folder: Path, version: str) -> bool:
    """Bring a version to this machine, checked whole; false when the store has none of that name.

    What another version of this machine already holds is copied from it. It is not put in use.

    Raises:
        MagasinIndisponible: the store stopped in the middle; nothing has changed here.
        IndexInutilisable: what came is not what was sent, or it cannot be written.
    """
    with magasin.connexion() as connection:
        description = connection.scalar(_VERSION, {"version": version})
    if description is None:
        return False

    def fill(written: Path) -> None:
        (written / INFO).write_bytes(bytes(description))
        trouble = check_description(written)
        if trouble is not None:
            raise IndexInutilisable(f"La version {version} du magasin partagé : {trouble}")
        info = read_info(written)
        here = _files_here(folder)
        for name, digest in info.files.items():
            if name == INFO:
                continue
            target = written / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if not _copied(here.get(digest), target, digest):
                _fetch_file(magasin, digest, target)

    receive_version(folder, version, fill)
    return True


def _files_here(folder: Path) -> dict[str, Path]:
    """Files of the versions of this machine, by their digest."""
    found: dict[str, Path] = {}
    for path in stored_versions(folder / VERSIONS):
        try:
            info = read_info(path)
        except (OSError, ValueError):
            # A version that cannot be read has nothing to lend.
            continue
        found |= {digest: path / name for name, digest in info.files.items() if name != INFO}
    return found


def _copied(source: Path | None, target: Path, digest: str) -> bool:
    """Copy a file that is here and still what it was; a link would share its damage."""
    if source is None or not source.is_file():
        return False
    shutil.copyfile(source, target)
    return sha256_of_file(target) == digest


def _fetch_file(magasin: Magasin, digest: str, target: Path) -> None:
    with target.open("wb") as stream:
        for piece in _pieces(magasin, digest):
            stream.write(piece)
    if sha256_of_file(target) != digest:
        raise IndexInutilisable(f"Le fichier {digest[:12]}… du magasin partagé est altéré")


def _pieces(magasin: Magasin, digest: str) -> Iterator[bytes]:
    with magasin.connexion(_EACH) as connection:
        count = connection.scalar(_COUNT, {"empreinte": digest})
        if count is None:
            raise IndexInutilisable(f"Le fichier {digest[:12]}… n'est plus dans le magasin partagé")
        for rank in range(count):
            piece = connection.scalar(_PIECE_OF, {"empreinte": digest, "rang": rank})
            yield bytes(piece or b"")


def forget_versions(connection: Connection, kept: tuple[str, ...]) -> None:
    """Forget the versions that are no longer kept, and the files that no version left holds.

    For who holds the document base alone: nobody else is sending.
    """
    connection.execute(_FORGET, {"gardees": list(kept)})
    files = list(connection.scalars(_FILES_LEFT))
    connection.execute(_FORGET_FILES, {"gardees": files})
