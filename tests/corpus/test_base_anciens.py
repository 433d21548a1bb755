"""What a document was before: told by the versions published, and by the journal."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest

from corpus.base.anciens import anciens_of
from corpus.base.models import EntreeBase, Evenement, VersionBase
from corpus.base.store import Base
from corpus.library import Corpus
from corpus.models import DocumentCanonique

A, B = "a" * 64, "b" * 64
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return Base(tmp_path)


@pytest.fixture
def old(corpus: Corpus) -> DocumentCanonique:
    return corpus.documents["003"]


@pytest.fixture
def now(old: DocumentCanonique) -> dict[str, EntreeBase]:
    """The draft: another text of the document."""
    fiche = old.fiche.model_copy(update={"sha256": B})
    return {"003": EntreeBase(fiche=fiche, texte="b" * 12, origine="apporte")}


def published(base: Base, document: DocumentCanonique) -> None:
    entree = EntreeBase(fiche=document.fiche, texte=document.version, origine="livre")
    base.keep_version(
        VersionBase(numero=1, parent=None, auteur="A", date=NOW, motif="M", documents=(entree,))
    )


def told(
    base: Base,
    action: Literal["ajouter", "retirer", "abandonner", "publier"],
    texte: str | None = None,
) -> None:
    detail = f"note.md, texte {texte}" if texte else ""
    base.log(Evenement(date=NOW, auteur="A", action=action, objet="document 003", detail=detail))


def test_a_text_of_a_version_published_is_known_by_its_file_and_by_its_words(
    base: Base, old: DocumentCanonique, now: dict[str, EntreeBase]
) -> None:
    published(base, old)
    found = anciens_of(base, now)
    assert found.document(now, old.fiche.sha256) == now["003"]
    assert found.document(now, old.version) == now["003"]
    assert found.document(now, A) is None


def test_what_a_document_is_now_is_no_text_of_before(base: Base, old: DocumentCanonique) -> None:
    published(base, old)
    known = {"003": EntreeBase(fiche=old.fiche, texte=old.version, origine="livre")}
    assert anciens_of(base, known).document(known, old.fiche.sha256, old.version) is None


def test_a_text_that_the_draft_replaced_is_told_by_the_journal(
    base: Base, old: DocumentCanonique, now: dict[str, EntreeBase]
) -> None:
    base.keep_text(old)
    told(base, "ajouter", old.version)
    told(base, "ajouter", now["003"].texte)
    assert anciens_of(base, now).document(now, old.fiche.sha256) == now["003"]


@pytest.mark.parametrize("end", ["abandonner", "retirer"])
def test_what_left_a_draft_without_a_version_never_was(
    base: Base,
    old: DocumentCanonique,
    now: dict[str, EntreeBase],
    end: Literal["abandonner", "retirer"],
) -> None:
    base.keep_text(old)
    told(base, "ajouter", old.version)
    told(base, end)
    assert anciens_of(base, now).document(now, old.fiche.sha256, old.version) is None


def test_what_a_draft_replaced_is_still_known_once_it_was_published(
    base: Base, old: DocumentCanonique, now: dict[str, EntreeBase]
) -> None:
    base.keep_text(old)
    told(base, "ajouter", old.version)
    told(base, "ajouter", now["003"].texte)
    told(base, "publier")
    told(base, "abandonner")
    assert anciens_of(base, now).document(now, old.version) == now["003"]
