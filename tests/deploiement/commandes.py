"""Whether the program knows the commands that a document shows."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout, suppress
from functools import cache

from assistant.cli import main


def inconnues(lignes: Iterable[str]) -> list[str]:
    """Command lines, without « clas », that name a command or an option that is not known."""
    return [ligne for ligne in lignes if not _connue(ligne)]


def _connue(ligne: str) -> bool:
    mots = ligne.split()
    aide = _aide(mots[0])
    if "\ncommandes:\n" in aide:
        aide = _aide(*mots[:2])
    options = re.findall(r"(?<!\S)--[a-z-]+", ligne)
    return bool(aide) and all(re.search(rf"{option}\b", aide) for option in options)


@cache
def _aide(*mots: str) -> str:
    """What « --help » says of a command; empty where there is none such."""
    dit = io.StringIO()
    with suppress(SystemExit), redirect_stdout(dit), redirect_stderr(io.StringIO()):
        main([*mots, "--help"])
    return dit.getvalue()
