"""Is a stored version whole: its description, sealed, and the checksums of all its files."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from corpus.files import sha256_of_file
from index.models import IndexInfo

FORMAT = 3
INFO = "index.json"
_SETTLED = 2_000_000_000
"""Nanoseconds after which another change of a file cannot bear the same time."""
_Trace = tuple[tuple[str, int, int, int, int], ...]


def check_version(path: Path) -> str | None:
    """Say what is wrong with a stored version; None when it is whole."""
    trouble = check_description(path)
    if trouble is not None:
        return trouble
    for name, expected in read_info(path).files.items():
        if name == INFO:
            continue
        file = path / name
        if not file.is_file():
            return f"fichier {name} absent"
        if sha256_of_file(file) != expected:
            return f"fichier {name} altéré"
    return None


def is_whole(path: Path, now: Callable[[], int] = time.time_ns) -> bool:
    """Whether a stored version is whole; one that nobody touched since is not read again.

    For whoever asks which version is in service, again and again: to answer from a version, open
    it (``index.storage``), which reads it all.
    """
    place = path.resolve()
    settled = now() - _SETTLED
    trace = _trace(place)
    if all(max(modified, changed) < settled for *_, modified, changed in trace):
        return _was_whole(place, trace)
    return check_version(place) is None


def _trace(path: Path) -> _Trace:
    """What changes with each file: itself, its size, its times."""
    files = sorted(file for file in path.rglob("*") if file.is_file())
    stats = ((str(file), file.stat()) for file in files)
    return tuple((n, s.st_ino, s.st_size, s.st_mtime_ns, s.st_ctime_ns) for n, s in stats)


@lru_cache(maxsize=8)
def _was_whole(path: Path, _trace: _Trace) -> bool:
    """``check_version``, kept for as long as the files leave the same trace."""
    return check_version(path) is None


def check_description(path: Path) -> str | None:
    """Say what is wrong with the description of a version; None when it can be trusted."""
    try:
        info = read_info(path)
    except FileNotFoundError:
        return f"{INFO} absent"
    except ValueError:
        return f"{INFO} illisible"
    if info.format != FORMAT:
        return f"format {info.format}, attendu {FORMAT}"
    if info != sealed(info):
        return f"{INFO} altéré"
    return None


def is_of_an_older_format(path: Path) -> bool:
    """Whether a program of before wrote a version: it is no longer read, and nothing is lost."""
    try:
        return read_info(path).format < FORMAT
    except (OSError, ValueError):
        return False


def stored_versions(versions: Path) -> tuple[Path, ...]:
    """Folders of the versions below one, by name; a file left there by a copy is none of them."""
    return tuple(path for path in sorted(versions.glob("[0-9a-f]*")) if path.is_dir())


def read_info(path: Path) -> IndexInfo:
    """Read the description of a version."""
    return IndexInfo.model_validate_json((path / INFO).read_bytes())


def sealed(info: IndexInfo) -> IndexInfo:
    """Add the checksum of the description itself to those of the files that it lists."""
    files = {name: digest for name, digest in info.files.items() if name != INFO}
    bare = info.model_copy(update={"files": files})
    seal = hashlib.sha256(bare.model_dump_json().encode("utf-8")).hexdigest()
    return info.model_copy(update={"files": files | {INFO: seal}})
