"""Index versions on disk: immutable folders, checksums, one atomic switch.

``<folder>/versions/<version>/`` holds one version; ``<folder>/courante`` names the one in use and,
below it, those in use before. A version is written beside, made durable, renamed into place, and
only then named: whatever stops the program, readers find the version before or the version after,
whole. Files are plain JSON, NumPy arrays and a FAISS index: nothing that runs when it is read.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from corpus.files import sha256_of_file, sync_folder, sync_tree, write_atomically
from corpus.models import DocumentCanonique, Passage
from index.dense import load_dense, save_dense
from index.late import TokenStore
from index.lexical import LexicalIndex
from index.lexicon import Lexique
from index.locks import locked
from index.models import Entry, IndexInfo, StoredUnit
from index.succession import (
    BESIDE,
    DEFAULT_KEPT,
    NombreDeVersionsInvalide,
    beside,
    served,
    succession,
    versions_kept,
)

FORMAT = 2
CURRENT = "courante"
VERSIONS = "versions"
INFO = "index.json"
BASE = "base.json"
LOCK = ".verrou"
KEPT = DEFAULT_KEPT
READING = ".lecture"
"""Shared by readers while they open a version; held alone by who drops versions."""

_DOCUMENTS = TypeAdapter(tuple[DocumentCanonique, ...])
_PASSAGES = TypeAdapter(tuple[Passage, ...])
_ENTRIES = TypeAdapter(tuple[Entry, ...])
_UNITS = TypeAdapter(tuple[tuple[StoredUnit, ...], ...])


class IndexInutilisable(Exception):
    """No index version can be read; the message says why and what to do."""


@dataclass(frozen=True)
class StoredIndex:
    """An index version, open."""

    info: IndexInfo
    documents: dict[str, DocumentCanonique]
    passages: tuple[Passage, ...]
    entries: tuple[Entry, ...]
    dense: faiss.Index
    vectors: NDArray[np.float32]
    tokens: TokenStore
    units: tuple[tuple[StoredUnit, ...], ...]
    """Units of each passage, which are the first entries."""
    lexical: LexicalIndex
    attached: bytes = b"[]"
    """JSON that the packages above keep with the version: what the targets of questions are."""
    base: bytes = b"null"
    """JSON of the version of the document base; ``null`` for an index made without one."""
    warning: str | None = None
    """Why this is not the version that was named current, when it is not."""


def write_version(folder: Path, content: StoredIndex, *, current: bool = True) -> IndexInfo:
    """Write a version, by default make it current; return its description with checksums.

    A version of the same content that is already there, and whole, is not written again. Of those
    that are never made current, the latest are kept.

    Raises:
        IndexInutilisable: it could not be written; the version in use stays as it was.
    """
    versions, name = folder / VERSIONS, content.info.version
    with _writing(folder):
        versions.mkdir(parents=True, exist_ok=True)
        (folder / READING).touch()
        kept = versions_kept()
        with locked(folder / LOCK, alone=True):
            _drop_drafts(versions)
            if not _is_whole(versions / name):
                _write(versions, content)
            if current:
                make_current(folder, name)
            _forget_old(folder, kept, name)
            return read_info(versions / name)


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


def _write(versions: Path, content: StoredIndex) -> None:
    """Write a version beside, make it durable, rename it into place."""
    info = content.info
    target = versions / info.version
    with _beside(versions, info.version) as draft:
        (draft / "documents.json").write_bytes(
            _DOCUMENTS.dump_json(tuple(content.documents.values()))
        )
        (draft / "passages.json").write_bytes(_PASSAGES.dump_json(content.passages))
        (draft / "entries.json").write_bytes(_ENTRIES.dump_json(content.entries))
        (draft / "units.json").write_bytes(_UNITS.dump_json(content.units))
        (draft / "spellings.json").write_text(
            json.dumps(dict(content.lexical.spellings), ensure_ascii=False, sort_keys=True),
            "utf-8",
        )
        np.save(draft / "vectors.npy", content.vectors, allow_pickle=False)
        np.save(draft / "tokens.npy", content.tokens.values, allow_pickle=False)
        np.save(draft / "token_scales.npy", content.tokens.scales, allow_pickle=False)
        np.save(draft / "token_ends.npy", content.tokens.ends, allow_pickle=False)
        np.save(draft / "token_bounds.npy", content.tokens.bounds, allow_pickle=False)
        save_dense(content.dense, draft / "dense.faiss")
        content.lexical.save(draft / "bm25")
        (draft / "attached.json").write_bytes(content.attached)
        (draft / BASE).write_bytes(content.base)
        files = {
            path.relative_to(draft).as_posix(): sha256_of_file(path)
            for path in sorted(draft.rglob("*"))
            if path.is_file()
        }
        whole = _sealed(info.model_copy(update={"files": files}))
        (draft / INFO).write_text(whole.model_dump_json(indent=1), "utf-8")
        sync_tree(draft)
        if target.exists():
            with locked(versions.parent / READING, alone=True):
                shutil.rmtree(target)
        draft.rename(target)
        sync_folder(versions)


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
            return _read(path, lexique, warning)
        troubles.append(f"La version {version} de l'index est inutilisable ({trouble})")
    raise IndexInutilisable(f"{' ; '.join(troubles)}. Lancez « clas preparer ».")


def check_version(path: Path) -> str | None:
    """Say what is wrong with a stored version; None when it is whole."""
    try:
        info = read_info(path)
    except FileNotFoundError:
        return f"{INFO} absent"
    except ValueError:
        return f"{INFO} illisible"
    if info.format != FORMAT:
        return f"format {info.format}, attendu {FORMAT}"
    if info != _sealed(info):
        return f"{INFO} altéré"
    for name, expected in info.files.items():
        if name == INFO:
            continue
        file = path / name
        if not file.is_file():
            return f"fichier {name} absent"
        if sha256_of_file(file) != expected:
            return f"fichier {name} altéré"
    return None


def read_info(path: Path) -> IndexInfo:
    """Read the description of a version."""
    return IndexInfo.model_validate_json((path / INFO).read_bytes())


def _sealed(info: IndexInfo) -> IndexInfo:
    """Add the checksum of the description itself to those of the files that it lists."""
    files = {name: digest for name, digest in info.files.items() if name != INFO}
    bare = info.model_copy(update={"files": files})
    seal = hashlib.sha256(bare.model_dump_json().encode("utf-8")).hexdigest()
    return info.model_copy(update={"files": files | {INFO: seal}})


def stored_text(folder: Path, document: str, version: str | None) -> str | None:
    """Text of a document in the version asked for (any kept index version); None if unknown."""
    with locked(folder / READING, alone=False):
        for name in _all_versions(folder):
            path = folder / VERSIONS / name
            if check_version(path) is not None:
                continue
            known = read_info(path).documents.get(document)
            if known is not None and version in (None, known):
                documents = _DOCUMENTS.validate_json((path / "documents.json").read_bytes())
                return next(d.texte for d in documents if d.fiche.id == document)
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


def open_named(folder: Path, version: str, lexique: Lexique) -> StoredIndex:
    """Open one version, whichever is in use.

    Raises:
        IndexInutilisable: it is not there, or not whole.
    """
    with locked(folder / READING, alone=False):
        _check_named(folder, version)
        return _read(folder / VERSIONS / version, lexique, None)


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
            if path.is_file() and check_version(path.parent) is None:
                return path.read_bytes()
        return b"null"


def _read(path: Path, lexique: Lexique, warning: str | None) -> StoredIndex:
    documents = _DOCUMENTS.validate_json((path / "documents.json").read_bytes())
    spellings = json.loads((path / "spellings.json").read_text("utf-8"))
    return StoredIndex(
        info=read_info(path),
        documents={document.fiche.id: document for document in documents},
        passages=_PASSAGES.validate_json((path / "passages.json").read_bytes()),
        entries=_ENTRIES.validate_json((path / "entries.json").read_bytes()),
        dense=load_dense(path / "dense.faiss"),
        vectors=_mapped(path / "vectors.npy"),
        tokens=TokenStore(
            values=_mapped(path / "tokens.npy"),
            scales=_mapped(path / "token_scales.npy"),
            ends=_mapped(path / "token_ends.npy"),
            bounds=_mapped(path / "token_bounds.npy"),
        ),
        units=_UNITS.validate_json((path / "units.json").read_bytes()),
        lexical=LexicalIndex.load(path / "bm25", spellings, lexique),
        attached=(path / "attached.json").read_bytes(),
        base=(path / BASE).read_bytes() if (path / BASE).exists() else b"null",
        warning=warning,
    )


def _mapped(path: Path) -> NDArray[Any]:
    """Map an array in memory; as a plain array, whose slices cost a fraction of a mapping's."""
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


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
