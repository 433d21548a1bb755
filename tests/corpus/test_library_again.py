"""Reading the corpus again: the same documents, and never those of other bytes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from corpus.library import MANIFEST, SOURCES, load_corpus
from corpus.manifest import ManifesteInutilisable


def test_the_same_files_are_laid_out_once() -> None:
    first, again = load_corpus().documents, load_corpus().documents
    assert first == again
    assert all(again[name] is document for name, document in first.items())


def test_a_file_that_changes_after_it_was_read_is_refused(tmp_path: Path) -> None:
    shutil.copytree(SOURCES, tmp_path / "sources")
    load_corpus(MANIFEST, tmp_path / "sources")
    changed = next(path for path in (tmp_path / "sources").iterdir() if path.name[:3] == "003")
    changed.write_bytes(changed.read_bytes().replace(b"2 563", b"9 563"))
    with pytest.raises(ManifesteInutilisable, match="document 003"):
        load_corpus(MANIFEST, tmp_path / "sources")


def test_another_entry_for_the_same_bytes_is_another_document(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.yaml"
    text = MANIFEST.read_text("utf-8")
    manifest.write_text(text.replace("titre_court: ", "titre_court: Autre ", 1), "utf-8")
    before, after = load_corpus().documents, load_corpus(manifest).documents
    changed = [name for name in before if before[name].fiche != after[name].fiche]
    assert changed == ["004"]
    assert after["004"].fiche.titre_court.startswith("Autre ")
    assert after["004"].texte == before["004"].texte
