"""What tests of ``clas corpus`` share: a data folder of one's own, and the commands run there."""

from __future__ import annotations

import io
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from essais import Clas, Sortie

from assistant.cli import main
from assistant.configuration import FOLDER_VARIABLE, Configuration
from assistant.publication.auteur import AUTHOR_VARIABLE
from assistant.publication.etat import open_base
from corpus.base.models import Brouillon, EntreeBase

DRAFT = "brouillon.json"
WHO = "Camille"
NOTE = """# Note de cadrage 2026-2027

La Caf du Finistère lance l'appel à projets Clas. Chaque collectif compte 9 enfants.

Le dossier est déposé avant le 3 juin 2026.
"""


def folder_like(source: Path, target: Path) -> Path:
    """A data folder of one's own: its base is copied, its index only read."""
    target.mkdir()
    shutil.copytree(source / "corpus", target / "corpus")
    for name in ("index", "modele"):
        (target / name).symlink_to((source / name).resolve())
    return target


def keeping(clas: Clas, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Clas:
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    monkeypatch.setenv(AUTHOR_VARIABLE, WHO)

    def run(*arguments: str | Path) -> Sortie:
        return clas("corpus", *arguments)

    return run


def run_corpus(*arguments: str | Path) -> Sortie:
    """Run the command outside of a test's own fixtures."""
    raw = io.BytesIO()
    out, err = io.TextIOWrapper(raw, "utf-8"), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main(["corpus", *map(str, arguments)])
        out.flush()
    return Sortie(status, raw.getvalue(), err.getvalue())


def draft_of(folder: Path) -> Brouillon:
    draft = open_base(Configuration(donnees=folder, modele=None)).read_draft()
    assert draft is not None
    return draft


def drafts(folder: Path) -> dict[str, EntreeBase]:
    return {entree.fiche.id: entree for entree in draft_of(folder).documents}


def journal(folder: Path) -> list[tuple[str, str, str]]:
    base = open_base(Configuration(donnees=folder, modele=None))
    return [(event.action, event.auteur, event.objet) for event in base.read_journal()]
