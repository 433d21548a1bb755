"""What ``deploy/`` holds, read for tests."""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

RACINE = Path(__file__).resolve().parents[2]
DEPLOY = RACINE / "deploy"
UNITES = DEPLOY / "systemd"
OPT = "/opt/clas"
BIN = f"{OPT}/.venv/bin"

Unite = Mapping[str, list[str]]
"""Settings of a unit, whatever their section: name → values, in order."""


def unite(nom: str) -> Unite:
    reglages: dict[str, list[str]] = defaultdict(list)
    for ligne in (UNITES / nom).read_text("utf-8").splitlines():
        if ligne and not ligne.startswith(("#", "[")):
            cle, _, valeur = ligne.partition("=")
            reglages[cle].append(valeur)
    return reglages


def mots_de_l_environnement(reglages: Unite) -> dict[str, str]:
    """``Environment=`` of a unit."""
    paires = [mot for ligne in reglages["Environment"] for mot in shlex.split(ligne)]
    return dict(paire.split("=", 1) for paire in paires)


def instructions() -> list[tuple[str, str]]:
    """Instructions of the Dockerfile, their lines joined: name and rest."""
    texte = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE)
    lignes = re.sub(r"\\\n\s*", "", texte).splitlines()
    return [(nom, reste) for nom, _, reste in (ligne.partition(" ") for ligne in lignes) if nom]


def copies() -> Iterator[tuple[list[str], str]]:
    """What the image takes of the repository: sources, target."""
    for nom, reste in instructions():
        mots = reste.split()
        if nom == "COPY" and not mots[0].startswith("--from"):
            yield mots[:-1], mots[-1]


def composition() -> dict[str, Any]:
    lue: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return lue


def reglages_livres(*, commentes: bool) -> dict[str, str]:
    """What ``clas.env`` sets; with what it shows, commented out, where asked for."""
    debut = "#?" if commentes else ""
    texte = (DEPLOY / "clas.env").read_text("utf-8")
    return dict(re.findall(rf"^{debut}([A-Z][A-Z_]+)=(.*)$", texte, re.MULTILINE))
