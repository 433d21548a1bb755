"""Which index versions answered, in which order, and how many are kept.

The order is that in which they were put in service, held by the file that names the one in use:
neither dates of files nor the clock tell it. A version that never answered is no fallback.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

VARIABLE = "CLAS_VERSIONS"
DEFAULT_KEPT = 5
"""Versions kept that answered, the current one included, unless configured."""
LEAST = 2
BESIDE = 2
"""Versions kept that were prepared and never answered."""
_NAME = re.compile(r"[0-9a-f]{12}")
_TOLD = re.compile(r"[0-9a-f]{12}(?:\navant [0-9a-f]{12})*")


class NombreDeVersionsInvalide(ValueError):
    """``CLAS_VERSIONS`` is not a number of versions; the message says what was found."""


def versions_kept(environment: Mapping[str, str] = os.environ) -> int:
    """Read how many versions are kept: ``CLAS_VERSIONS``, at least two, five by default.

    Raises:
        NombreDeVersionsInvalide: it is something else.
    """
    given = environment.get(VARIABLE, "").strip()
    if not given:
        return DEFAULT_KEPT
    if not (given.isascii() and given.isdecimal() and int(given[:9]) >= LEAST):
        raise NombreDeVersionsInvalide(
            f"{VARIABLE} vaut « {given[:20]} » : un nombre entier d'au moins {LEAST} est attendu "
            f"(versions gardées, celle en service comprise ; {DEFAULT_KEPT} par défaut)"
        )
    return int(given[:9])


def served(current: Path) -> tuple[str, ...]:
    """Versions that answered, the one in use first; empty when the file is lost or altered."""
    try:
        told = current.read_bytes().decode("ascii", "replace").strip()
    except FileNotFoundError:
        return ()
    return tuple(_NAME.findall(told)) if _TOLD.fullmatch(told) else ()


def succession(current: Path, version: str, versions: Path) -> bytes:
    """What the file that names the version in use says once another takes its place."""
    before = [n for n in served(current) if n != version and (versions / n).is_dir()]
    return "\n".join((version, *(f"avant {name}" for name in before))).encode("ascii")


def beside(versions: Path, answered: tuple[str, ...], record: str) -> Iterator[str]:
    """Yield the versions that never answered, as far as is known: the latest first.

    Args:
        versions: folder of the versions.
        answered: names of those that did.
        record: name of the file where each holds the version of the document base it is of.
    """
    others = [
        path
        for path in versions.glob("*")
        if path.is_dir() and not path.name.startswith(".") and path.name not in answered
    ]
    yield from (path.name for path in sorted(others, key=lambda p: _age(p, record), reverse=True))


def _age(path: Path, record: str) -> tuple[int, int, str]:
    """Number in the document base; dates tell apart only indexes of one number."""
    try:
        told = json.loads((path / record).read_bytes())
    except (OSError, ValueError):
        told = None
    number = told.get("numero") if isinstance(told, dict) else None
    return (number if isinstance(number, int) else 0, path.stat().st_mtime_ns, path.name)
