"""A quotation of last year's text opens, with what came in its place and what it says now."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.publication.etat import shipped_version
from assistant.verification.checking import check_link, check_pasted, place_in_service
from assistant.verification.models import Constat, Lien
from assistant.verification.texts import Recueil, out_of_service
from assistant.verification.words import say_replacement
from corpus.base.models import EntreeBase, VersionBase
from corpus.base.store import Base, BaseInutilisable
from corpus.canonical import build_canonical
from corpus.library import Corpus
from corpus.models import DocumentCanonique

OLD = "Un collectif d'enfants est un groupe constitué de 8 à 12 enfants maximum"
NEW = OLD.replace("8 à 12", "6 à 10")
DAY = datetime(2026, 9, 1, 8, tzinfo=UTC)


def after(parent: VersionBase, documents: tuple[EntreeBase, ...]) -> VersionBase:
    return VersionBase(
        numero=parent.numero + 1,
        parent=parent.identite,
        auteur="Une gestionnaire",
        date=DAY,
        motif="Référentiel revu",
        documents=documents,
    )


@pytest.fixture(scope="module")
def first(corpus: Corpus) -> VersionBase:
    return shipped_version(corpus.documents)


@pytest.fixture(scope="module")
def rewritten(corpus: Corpus, sources: dict[str, str]) -> DocumentCanonique:
    fiche = corpus.documents["001"].fiche.model_copy(update={"titre": "Référentiel de 2026"})
    return build_canonical(sources["001"].replace("8 à 12", "6 à 10"), fiche)


def replaced(version: VersionBase, text: DocumentCanonique) -> tuple[EntreeBase, ...]:
    return tuple(
        e.model_copy(update={"texte": text.version, "fiche": text.fiche, "origine": "apporte"})
        if e.fiche.id == text.fiche.id
        else e
        for e in version.documents
    )


@pytest.fixture(scope="module")
def base(
    corpus: Corpus, rewritten: DocumentCanonique, tmp_path_factory: pytest.TempPathFactory
) -> Base:
    kept = Base(tmp_path_factory.mktemp("base"))
    for document in (*corpus.documents.values(), rewritten):
        kept.keep_text(document)
    return kept


@pytest.fixture(scope="module")
def recueil(
    corpus: Corpus, first: VersionBase, rewritten: DocumentCanonique, base: Base
) -> Recueil:
    """The référentiel was replaced: 6 to 10 children in place of 8 to 12."""
    second = after(first, replaced(first, rewritten))
    served = {**corpus.documents, "001": rewritten}
    return Recueil(served, out_of_service((first, second), second), base)


def old_words(recueil: Recueil, corpus: Corpus) -> Constat:
    old = corpus.documents["001"]
    start = old.texte.index(OLD)
    link = Lien(document="001", version=old.version, debut=start, fin=start + len(OLD))
    return check_link(link, recueil)


def test_an_old_link_opens_at_the_words_of_its_day(recueil: Recueil, corpus: Corpus) -> None:
    found = old_words(recueil, corpus)
    assert found.statut == "mot_pour_mot"
    assert found.place is not None
    assert found.place.extrait == OLD


def test_an_old_link_says_when_and_by_what_its_text_was_replaced(
    recueil: Recueil, corpus: Corpus, rewritten: DocumentCanonique
) -> None:
    place = old_words(recueil, corpus).place
    assert place is not None
    assert place.remplacement is not None
    assert say_replacement(place.remplacement) == (
        f"Texte remplacé le 01/09/2026 par « Référentiel de 2026 », version {rewritten.version}."
    )


def test_an_old_link_says_what_the_text_says_now(recueil: Recueil, corpus: Corpus) -> None:
    now = old_words(recueil, corpus).actuel
    assert now is not None
    assert now.place is not None
    assert now.ecarts is not None
    assert now.sort == "change"
    assert now.place.extrait.startswith(NEW[:60])
    assert [m.ecrit for m in now.ecarts.perdues] == ["6", "10"]


def test_what_rests_on_an_old_passage_is_looked_for_where_it_stands_now(
    recueil: Recueil, corpus: Corpus
) -> None:
    found = old_words(recueil, corpus)
    assert found.actuel is not None
    assert place_in_service(found) == found.actuel.place


def test_words_that_only_an_old_text_has_are_found_there(
    corpus: Corpus, first: VersionBase, base: Base
) -> None:
    """Alone in the base, the référentiel leaves its words to no other text."""
    alone = first.model_copy(
        update={"documents": tuple(e for e in first.documents if e.fiche.id == "001")}
    )
    other = next(e for e in first.documents if e.fiche.id == "003")
    second = after(alone, (other,))
    recueil = Recueil(
        {"003": corpus.documents["003"]}, out_of_service((alone, second), second), base
    )
    (found,) = check_pasted(OLD, recueil).constats
    assert found.statut == "mot_pour_mot"
    assert found.place is not None
    assert found.place.remplacement is not None
    assert found.place.remplacement.sorte == "retire"


def test_a_document_that_comes_after_another_takes_its_place(first: VersionBase) -> None:
    heir = next(e for e in first.documents if e.fiche.id == "001")
    kept = tuple(e for e in first.documents if e.fiche.id not in ("001", "002"))
    second = after(first, (*kept, heir.model_copy(update={"remplace": "002"})))
    gone = {a.fiche.id: a.remplacement for a in out_of_service((first, second), second)}
    assert (gone["002"].sorte, gone["002"].document) == ("remplace", "001")


def test_a_text_gone_back_from_is_told_as_given_up(
    first: VersionBase, rewritten: DocumentCanonique
) -> None:
    second = after(first, replaced(first, rewritten))
    (gone,) = out_of_service((second, first), first)
    assert (gone.version, gone.remplacement.sorte) == (rewritten.version, "abandonne")


def test_a_text_of_no_published_version_is_never_found(
    corpus: Corpus, first: VersionBase, base: Base, rewritten: DocumentCanonique
) -> None:
    """What is only being prepared is kept in the base too."""
    recueil = Recueil(corpus.documents, out_of_service((first,), first), base)
    assert recueil.document("001", rewritten.version) is None


def test_a_text_in_service_again_is_not_told_as_replaced(
    first: VersionBase, rewritten: DocumentCanonique
) -> None:
    second = after(first, replaced(first, rewritten))
    third = after(second, first.documents)
    gone = out_of_service((third, second, first), third)
    assert {a.version for a in gone} == {rewritten.version}


def test_an_altered_old_text_is_an_error_and_not_an_absence(
    corpus: Corpus, first: VersionBase, rewritten: DocumentCanonique, tmp_path: Path
) -> None:
    damaged = Base(tmp_path)
    damaged.keep_text(corpus.documents["001"])
    (tmp_path / "textes" / f"001@{corpus.documents['001'].version}.json").write_text("{}")
    second = after(first, replaced(first, rewritten))
    recueil = Recueil(
        {**corpus.documents, "001": rewritten}, out_of_service((first, second), second), damaged
    )
    with pytest.raises(BaseInutilisable, match="altéré"):
        recueil.old_texts()
