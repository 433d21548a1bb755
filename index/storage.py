"""Index versions on disk: immutable folders, checksums, one atomic switch.

``<folder>/versions/<version>/`` holds one version; ``<folder>/courante`` names the one in use and,
below it, those in use before. A version is written beside, made durable, renamed into place, and
only then named: whatever stops the program, readers find the version before or the version after,
whole. Files are plain JSON, NumPy arrays and a FAISS index: nothing that runs when it is read.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pydantic import ValidationError

from corpus.files import sync_folder, sync_tree, write_atomically
from index.before import Before, find_before
from index.checking import FORMAT, INFO, check_version, is_whole, read_info
from index.draft import Draft, draft_of, write_draft
from index.embedding.encoder import ModelDescription
from index.exemplars import Exemplars, FichierAltere
from index.lexicon import Lexique
from index.locks import locked
from index.models import IndexInfo
from index.stored import BASE, StoredIndex, read_part, read_version
from index.succession import (
    BESIDE,
    DEFAULT_KEPT,
    NombreDeVersionsInvalide,
    beside,
    served,
    succession,
    versions_kept,
)

__all__ = [
    "BASE",
    "CURRENT",
    "FORMAT",
    "INFO",
    "KEPT",
    "VERSIONS",
    "IndexInutilisable",
    "StoredIndex",
    "base_in_use",
    "check_version",
    "current_documents",
    "current_version",
    "index_of_base",
    "make_current",
    "model_in_use",
    "open_index",
    "open_named",
    "read_info",
    "receive_version",
    "stored_text",
    "use_version",
    "version_before",
    "versions_kept",
    "write_version",
]

CURRENT = "courante"
VERSIONS = "versions"
LOCK = ".verrou"
KEPT = DEFAULT_KEPT
READING = ".lecture"
"""Shared by readers while they open a version; held alone by who drops versions."""


class IndexInutilisable(Exception):
    """No index version can be read; the message says why and what to do."""


def write_version(folder: Path, content: Draft | StoredIndex, *, current: bool = True) -> IndexInfo:
    """Write a version, by default make it current; return its description with checksums.

    A version of the same content that is already there, and whole, is not written again. Of those
    that are never made current, the latest are kept.

    Raises:
        IndexInutilisable: it could not be written; the version in use stays as it was.
        FichierAltere: a file to take up, that was not checked, is not what was written.
    """
    draft = draft_of(content) if isinstance(content, StoredIndex) else content
    versions, name = folder / VERSIONS, draft.info.version
    with _writing(folder):
        versions.mkdir(parents=True, exist_ok=True)
        (folder / READING).touch()
        kept = versions_kept()
        with locked(folder / LOCK, alone=True):
            _drop_drafts(versions)
            if not _is_whole(versions / name):
                if (versions / name).exists() and draft.unchecked:
                    raise FichierAltere(f"La version {name} a été abîmée")
                _write(folder, draft)
                if current and draft.unchecked and not _is_whole(versions / name):
                    raise FichierAltere(f"La version {name} n'est pas entière")
            if current:
                make_current(folder, name)
            _forget_old(folder, kept, name)
            return read_info(versions / name)


def receive_version(folder: Path, version: str, fill: Callable[[Path], None]) -> None:
    """Add a version made elsewhere, whose files ``fill`` writes; it is not put in use.

    Raises:
        IndexInutilisable: what came is not whole, or could not be written; nothing has changed.
    """
    versions = folder / VERSIONS
    with _writing(folder):
        versions.mkdir(parents=True, exist_ok=True)
        (folder / READING).touch()
        with locked(folder / LOCK, alone=True):
            _drop_drafts(versions)
            if _is_whole(versions / version):
                return
            with _beside(versions, version) as written:
                fill(written)
                trouble = check_version(written)
                if trouble is not None or read_info(written).version != version:
                    said = trouble or "son nom n'est pas le sien"
                    raise IndexInutilisable(
                        f"La version {version} reçue n'est pas entière ({said})"
                    )
                sync_tree(written)
                _place(folder, written, version)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except NombreDeVersionsInvalide as error:
        raise IndexInutilisable(f"{error}.") from error
    except (OSError, RuntimeError) as error:  # FAISS tells a full disk as a RuntimeError
        raise IndexInutilisable(
            f"L'index n'a pas pu être écrit dans {folder} ({error}) ; la version en usage n'a pas "
            "changé. Vérifiez la place libre et les droits, puis recommencez "
            "(« clas preparer », ou la publication)."
        ) from error


def _write(folder: Path, draft: Draft) -> None:
    """Write a version beside, make it durable, rename it into place."""
    versions, name = folder / VERSIONS, draft.info.version
    # If this version is put in use and is damaged, readers go back to this one.
    fallback = next((versions / n for n in served(folder / CURRENT) if n != name), None)
    with _beside(versions, name) as written:
        try:
            write_draft(draft, written, Exemplars(folder), fallback)
        except BaseException:
            _forget_exemplars(folder)  # those of a version that will not be
            raise
        _place(folder, written, name)


def _place(folder: Path, written: Path, name: str) -> None:
    """Rename a durable version into its place, where a damaged one of that name may stand."""
    place = folder / VERSIONS / name
    if place.exists():
        with locked(folder / READING, alone=True):
            shutil.rmtree(place)
    written.rename(place)
    sync_folder(place.parent)


def make_current(folder: Path, version: str) -> None:
    """Name the version in use, above those of before: the one switch, atomic."""
    named = succession(folder / CURRENT, version, folder / VERSIONS)
    write_atomically(folder / CURRENT, [named])


def current_version(folder: Path) -> str | None:
    """Name of the version in use; None before the first build, or when the name is lost."""
    return next(iter(served(folder / CURRENT)), None)


def open_index(folder: Path, lexique: Lexique) -> StoredIndex:
    """Open the version in use, or the latest whole one that was before it.

    One that was prepared and never put in use takes its place only when the name of the one in use
    is lost, and with it which ones were. No version goes away while it is being opened; once open,
    its mapped files stay readable.

    Raises:
        IndexInutilisable: there is none.
    """
    with locked(folder / READING, alone=False):
        return _open(folder, lexique)


def _open(folder: Path, lexique: Lexique) -> StoredIndex:
    current = current_version(folder)
    troubles: list[str] = []
    if current is None:
        if not any(_candidates(folder)):
            raise IndexInutilisable(
                "L'index n'est pas encore construit : lancez « make app » ou « clas preparer »."
            )
        troubles.append(f"Le fichier « {CURRENT} » de l'index est absent ou illisible")
    for version in _candidates(folder):
        path = folder / VERSIONS / version
        trouble = check_version(path)
        if trouble is None:
            warning = None
            if troubles:
                warning = f"{' ; '.join(troubles)}. La version {version} est utilisée à la place."
            return read_version(path, lexique, warning)
        troubles.append(f"La version {version} de l'index est inutilisable ({trouble})")
    raise IndexInutilisable(f"{' ; '.join(troubles)}. Lancez « clas preparer ».")


def stored_text(folder: Path, document: str, version: str | None) -> str | None:
    """Text of a document in the version asked for (any kept index version); None if unknown."""
    with locked(folder / READING, alone=False):
        for name in _all_versions(folder):
            path = folder / VERSIONS / name
            if check_version(path) is not None:
                continue
            known = read_info(path).documents.get(document)
            if known is not None and version in (None, known):
                return read_part(path, document).document.texte
        return None


def current_documents(folder: Path) -> dict[str, str]:
    """Documents of the version in use and the version of their text; empty before a build."""
    current = current_version(folder)
    if current is None:
        return {}
    try:
        return dict(read_info(folder / VERSIONS / current).documents)
    except (FileNotFoundError, ValidationError, ValueError):
        return {}


def model_in_use(folder: Path) -> ModelDescription | None:
    """The model that made the version in use; None before a build."""
    current = current_version(folder)
    try:
        return read_info(folder / VERSIONS / current).model if current else None
    except (FileNotFoundError, ValidationError, ValueError):
        return None


def open_named(folder: Path, version: str, lexique: Lexique) -> StoredIndex:
    """Open one version, whichever is in use.

    Raises:
        IndexInutilisable: it is not there, or not whole.
    """
    with locked(folder / READING, alone=False):
        _check_named(folder, version)
        return read_version(folder / VERSIONS / version, lexique, None)


def _check_named(folder: Path, version: str) -> None:
    trouble = check_version(folder / VERSIONS / version)
    if trouble is not None:
        raise IndexInutilisable(f"La version {version} de l'index est inutilisable ({trouble})")


def use_version(folder: Path, version: str) -> None:
    """Answer from a version that was prepared beside, from now on.

    Raises:
        IndexInutilisable: it is not there, or not whole; the version in use stays.
    """
    with _writing(folder):
        kept = versions_kept()
        with locked(folder / LOCK, alone=True):
            _check_named(folder, version)
            make_current(folder, version)
            _forget_old(folder, kept, version)


def index_of_base(folder: Path, identite: str) -> str | None:
    """Name of a whole index of a version of the document base; one that answered first."""
    with locked(folder / READING, alone=False):
        for name in _all_versions(folder):
            path = folder / VERSIONS / name
            record = path / BASE
            if (
                record.is_file()
                and _identity(record.read_bytes()) == identite
                and check_version(path) is None
            ):
                return name
        return None


def _identity(record: bytes) -> str:
    """First 12 hex digits of the sha256 of a record, as the document base names its versions."""
    return hashlib.sha256(record).hexdigest()[:12]


def base_in_use(folder: Path) -> bytes:
    """JSON of the version of the document base that is in use; ``null`` when there is none."""
    with locked(folder / READING, alone=False):
        for name in _candidates(folder):
            path = folder / VERSIONS / name / BASE
            if path.is_file() and is_whole(path.parent):
                return path.read_bytes()
        return b"null"


def version_before(
    folder: Path, model: ModelDescription, *, checking: bool = False
) -> Before | None:
    """What a build may take up: the version in use, or the latest that was before it.

    Args:
        folder: where index versions live.
        model: who embeds; what another made is not taken up.
        checking: whether to read all that is taken up, rather than what is copied alone.
    """
    with locked(folder / READING, alone=False):
        versions = (folder / VERSIONS / name for name in _candidates(folder))
        return find_before(versions, model, Exemplars(folder), checking=checking)


def _is_whole(path: Path) -> bool:
    return path.exists() and check_version(path) is None


def _candidates(folder: Path) -> tuple[str, ...]:
    """Versions to answer from: the one in use, then those of before, the latest first.

    Where the file that tells them is lost, every version is one.
    """
    return served(folder / CURRENT) or _all_versions(folder)


def _all_versions(folder: Path) -> tuple[str, ...]:
    answered = served(folder / CURRENT)
    return (*answered, *beside(folder / VERSIONS, answered, BASE))


def _drop_drafts(versions: Path) -> None:
    """Drop what builders that died left half written; only for who holds the lock."""
    for path in versions.glob(".*"):
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _beside(versions: Path, name: str) -> Iterator[Path]:
    draft = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=versions))
    draft.chmod(0o755)
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _forget_old(folder: Path, kept: int, written: str) -> None:
    """Drop versions beyond those kept: readers that opened one keep its mapped files."""
    answered = served(folder / CURRENT)
    others = [n for n in beside(folder / VERSIONS, answered, BASE) if n != written]
    room = max(kept - len(answered), 0 if written in answered else BESIDE - 1)
    with locked(folder / READING, alone=True):
        for name in (*answered[kept:], *others[room:]):
            # One that answered long ago may just have been written again, to answer once more.
            if name != written:
                shutil.rmtree(folder / VERSIONS / name, ignore_errors=True)
        _forget_exemplars(folder)


def _forget_exemplars(folder: Path) -> None:
    """Drop the files of documents that no version left holds."""
    held: set[str] = set()
    for path in (folder / VERSIONS).iterdir():
        with suppress(OSError, ValueError):
            held.update(read_info(path).files.values())
    Exemplars(folder).forget(held)
