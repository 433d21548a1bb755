"""A folder that holds several versions of a text: brought again, none comes back."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from essais import Clas
from tenue import NOTE, WHO, drafts, journal

from assistant.cli import DONE
from assistant.configuration import Configuration
from assistant.ingestion.conduite import BilanMasse, Commande, Conduite
from assistant.ingestion.tache import open_workshop
from assistant.ingestion.versement import Versement
from bench.ingestion import Seul
from corpus.base.intake import Apport, gather
from corpus.library import SOURCES

NEW = NOTE.replace("3 juin", "18 juin").replace("9 enfants", "11 enfants")
DAY = date(2026, 11, 22)
(SHIPPED,) = SOURCES.glob("001_*")
NOTE_ID = "note-29-2026"
pytestmark = pytest.mark.long
"""Each of them reads files in processes apart."""

Bring = Callable[[Path], BilanMasse]


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """A note, a later version of it, and a copy of the first that comes last."""
    folder = tmp_path / "caf"
    (folder / "sous").mkdir(parents=True)
    (folder / "a_note.md").write_text(NOTE, "utf-8")
    (folder / "b_note_2.md").write_text(NEW, "utf-8")
    (folder / "sous" / "copie.md").write_text(NOTE, "utf-8")
    return folder


@pytest.fixture
def in_bulk(bare: Path, keep: Clas) -> Bring:
    """Brings a folder as ``--dask`` does, by this process alone."""
    del keep

    def bring(folder: Path) -> BilanMasse:
        atelier = open_workshop(Configuration(donnees=bare, modele=None))
        base = atelier.base()
        versement = Versement(atelier.configuration, WHO, DAY)
        deja = frozenset(base.names("prets"))
        commande = Commande(DAY.isoformat(), atelier.identite, base.mark(), deja)
        files = [one for one in gather([folder]) if isinstance(one, Apport)]
        alone = Seul(atelier, deque())
        return Conduite(alone, versement, commande, lambda _done, _total: None).run(files)

    return bring


def text_in_draft(bare: Path) -> str:
    configuration = Configuration(donnees=bare, modele=None)
    entree = drafts(bare)[NOTE_ID]
    kept = open_workshop(configuration).base().read_text(NOTE_ID, entree.texte)
    assert kept is not None
    return kept.texte


def test_a_copy_of_an_earlier_version_does_not_come_back(
    keep: Clas, bare: Path, versions: Path
) -> None:
    given = keep("ajouter", versions)
    assert "18 juin" in text_in_draft(bare)
    assert "copie.md : refusé, déjà dans la base" in given.err
    assert "un de ses textes d'avant, remplacé depuis ; pour le remettre : " in given.err


def test_a_folder_brought_again_changes_nothing(keep: Clas, bare: Path, versions: Path) -> None:
    keep("ajouter", versions)
    before, told = drafts(bare), journal(bare)
    assert "0 fichier(s) ajouté(s)" in keep("ajouter", versions).out
    assert (drafts(bare), journal(bare)) == (before, told)


def test_a_published_text_does_not_come_back_over_the_one_that_replaces_it(
    keep: Clas, bare: Path, files: Path
) -> None:
    keep("ajouter", files / "referentiel.docx")
    before = drafts(bare)
    given = keep("ajouter", SHIPPED)
    assert "0 fichier(s) ajouté(s)" in given.out
    assert f"{SHIPPED.name} : refusé, déjà dans la base : document 001" in given.err
    assert drafts(bare) == before


def test_an_earlier_version_comes_back_when_its_document_is_named(
    keep: Clas, bare: Path, versions: Path
) -> None:
    keep("ajouter", versions)
    assert keep("ajouter", versions / "a_note.md", "--id", NOTE_ID).status == DONE
    assert "3 juin" in text_in_draft(bare)


def test_what_was_in_a_draft_given_up_is_new(keep: Clas, bare: Path, versions: Path) -> None:
    keep("ajouter", versions)
    keep("abandonner")
    assert keep("ajouter", versions / "a_note.md").status == DONE
    assert "3 juin" in text_in_draft(bare)


def test_a_watched_folder_with_two_versions_is_taken_once(
    keep: Clas, bare: Path, versions: Path
) -> None:
    keep("actualiser", versions)
    before, told = drafts(bare), journal(bare)
    assert "0 ajouté(s)" in keep("actualiser", versions).out
    assert (drafts(bare), journal(bare)) == (before, told)


def test_in_bulk_a_copy_of_an_earlier_version_is_told_and_left_aside(
    in_bulk: Bring, bare: Path, versions: Path
) -> None:
    bilan = in_bulk(versions)
    assert "18 juin" in text_in_draft(bare)
    (left,) = bilan.connus
    assert left.ancien
    assert left.chemin.endswith("copie.md")
    assert NOTE_ID in left.raison


def test_in_bulk_a_folder_brought_again_changes_nothing(
    in_bulk: Bring, bare: Path, versions: Path
) -> None:
    in_bulk(versions)
    before, told = drafts(bare), journal(bare)
    again = in_bulk(versions)
    assert (len(again.verses), len(again.connus)) == (0, 3)
    assert (drafts(bare), journal(bare)) == (before, told)
