"""What a text is to those that the base has: the same, a new version, what comes after."""

from __future__ import annotations

from datetime import date

import lectures
import pytest

from corpus.base.kinship import Parente, recognise, same_file
from corpus.base.models import EntreeBase
from corpus.base.proposal import like, propose
from corpus.canonical import build_canonical
from corpus.library import Corpus
from corpus.loading.models import DocumentCharge, TexteBrut
from corpus.models import DocumentCanonique

TODAY = date(2026, 11, 22)
ZERO = "0" * 64


@pytest.fixture(scope="module")
def known(corpus: Corpus) -> dict[str, EntreeBase]:
    return {
        name: EntreeBase(fiche=document.fiche, texte=document.version, origine="livre")
        for name, document in corpus.documents.items()
    }


def kin_of(
    content: str, name: str, known: dict[str, EntreeBase], corpus: Corpus
) -> tuple[Parente, ...]:
    proposed = propose(lectures.read(content.encode(), name), name, ZERO, known, TODAY)

    def read(entree: EntreeBase) -> DocumentCanonique:
        return corpus.documents[entree.fiche.id]

    return recognise(proposed, known, read)


def test_the_very_same_file_is_known_by_its_bytes(known: dict[str, EntreeBase]) -> None:
    twin = same_file(known["004"].fiche.sha256, known.values())
    assert twin is not None
    assert (twin.document, twin.genre) == ("004", "fichier")
    assert same_file(ZERO, known.values()) is None


def test_the_same_text_in_another_file_is_known(
    known: dict[str, EntreeBase], corpus: Corpus, sources: dict[str, str]
) -> None:
    found = kin_of(sources["002"] + "\n\n", "autre.txt", known, corpus)
    assert [(kin.document, kin.genre) for kin in found] == [("002", "texte")]


def test_a_text_of_the_same_number_is_a_new_version(
    known: dict[str, EntreeBase], corpus: Corpus, sources: dict[str, str]
) -> None:
    found = kin_of(sources["004"].replace("8 à 12", "6 à 10"), "c.txt", known, corpus)
    assert (found[0].document, found[0].genre) == ("004", "version")
    assert "2021-006" in found[0].pourquoi


def test_a_text_of_the_same_title_is_a_new_version(
    known: dict[str, EntreeBase], corpus: Corpus, sources: dict[str, str]
) -> None:
    found = kin_of(sources["001"].replace("8 à 12", "6 à 10"), "r.txt", known, corpus)
    assert (found[0].document, found[0].genre) == ("001", "version")
    assert found[0].part > 0.9


def test_a_text_that_says_it_replaces_another_comes_after_it(
    known: dict[str, EntreeBase], corpus: Corpus, sources: dict[str, str]
) -> None:
    new = (
        sources["004"]
        .replace("n° 2021-006", "n° 2026-014")
        .replace("la lettre circulaire 2011-176", "la circulaire n° 2021-006")
    )
    found = kin_of(new, "c.txt", known, corpus)
    assert (found[0].document, found[0].genre) == ("004", "successeur")


def test_the_local_text_of_another_year_comes_after(
    known: dict[str, EntreeBase], corpus: Corpus, sources: dict[str, str]
) -> None:
    new = sources["002"].replace("2024-2025", "2026-2027")
    found = kin_of(new, "cahier.txt", known, corpus)
    assert (found[0].document, found[0].genre) == ("002", "successeur")
    assert "2026-2027" in found[0].pourquoi


def test_a_near_duplicate_of_another_scope_is_told(
    known: dict[str, EntreeBase], corpus: Corpus, sources: dict[str, str]
) -> None:
    new = sources["002"].replace("Rhône", "Finistère")
    found = kin_of(new, "cahier-finistere.txt", known, corpus)
    assert [(kin.document, kin.genre) for kin in found] == [("002", "proche")]
    assert found[0].part >= 0.95


def test_a_text_on_something_else_is_kin_to_none(
    known: dict[str, EntreeBase], corpus: Corpus
) -> None:
    assert kin_of("# Une recette\n\nDu beurre et de la farine.", "r.md", known, corpus) == ()


def test_a_new_version_keeps_what_its_file_does_not_say(
    known: dict[str, EntreeBase], sources: dict[str, str]
) -> None:
    charge: DocumentCharge | TexteBrut = lectures.read(sources["003"].encode(), "x.txt")
    found = like(propose(charge, "x.txt", ZERO, known, TODAY), known["003"].fiche, charge).fiche
    old = known["003"].fiche
    assert (found.id, found.titre, found.portee, found.annee, found.derniere_annee) == (
        old.id, old.titre, old.portee, old.annee, old.derniere_annee,
    )  # fmt: skip
    assert found.mobilier == old.mobilier


def test_a_new_version_of_a_plain_text_is_read_with_the_same_habits(
    known: dict[str, EntreeBase], corpus: Corpus, sources: dict[str, str]
) -> None:
    charge = lectures.read(sources["004"].encode(), "x.txt")
    found = like(propose(charge, "x.txt", ZERO, known, TODAY), known["004"].fiche, charge)
    assert found.document.version == corpus.documents["004"].version
    assert found.fiche.lacunes == known["004"].fiche.lacunes


def test_a_hole_that_the_new_version_no_longer_has_is_dropped(
    known: dict[str, EntreeBase], sources: dict[str, str]
) -> None:
    new = sources["004"].replace("précisés dans le tableau ci-dessous", "précisés ci-dessous")
    charge = lectures.read(new.encode(), "x.txt")
    found = like(propose(charge, "x.txt", ZERO, known, TODAY), known["004"].fiche, charge)
    assert found.fiche.lacunes == ()
    assert found.fiche.titres_restitues == known["004"].fiche.titres_restitues
    assert build_canonical(new, found.fiche).version == found.document.version
