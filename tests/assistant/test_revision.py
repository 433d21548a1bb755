"""What a new version of a text touches: each item whose words changed, and no other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from assistant.eligibility import charger_regles
from assistant.eligibility.ledger import lire_registre
from assistant.fiches.loading import fill_cards, locate_cards, read_cards
from assistant.revision.appuis import Appui, list_supports
from assistant.revision.effets import Effet, alarms, effects
from bench.editions import Edition, edits_of_layout, edits_of_substance
from corpus.canonical import build_canonical
from corpus.comparison.alignment import align
from corpus.library import SOURCES, load_corpus
from corpus.manifest import read_source
from corpus.models import DocumentCanonique

SEED = 2026


@pytest.fixture(scope="module")
def documents() -> dict[str, DocumentCanonique]:
    return dict(load_corpus().documents)


@pytest.fixture(scope="module")
def appuis(documents: dict[str, DocumentCanonique]) -> tuple[Appui, ...]:
    regles = charger_regles(documents)
    cards, _ = locate_cards(fill_cards(read_cards(), regles), documents)
    return list_supports(documents, regles, cards, lire_registre())


def edited(document: DocumentCanonique, *changes: tuple[str, str]) -> DocumentCanonique:
    """The document, read again from its source with some words replaced."""
    source = read_source(document.fiche, SOURCES)
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    return build_canonical(source, document.fiche)


def touched(
    appuis: Sequence[Appui], old: DocumentCanonique, *changes: tuple[str, str]
) -> tuple[Effet, ...]:
    return alarms(effects(align(old, edited(old, *changes)), appuis))


def test_every_kind_of_item_that_quotes_the_texts_is_listed(appuis: Sequence[Appui]) -> None:
    assert set(Counter(appui.genre for appui in appuis)) == {
        "regle", "parametre", "fiche", "registre",
    }  # fmt: skip


def test_every_quotation_listed_is_word_for_word_where_it_says(
    appuis: Sequence[Appui], documents: dict[str, DocumentCanonique]
) -> None:
    assert all(
        documents[appui.document].texte[appui.debut : appui.fin] == appui.extrait
        for appui in appuis
    )


def test_an_unchanged_text_raises_no_alarm(
    appuis: Sequence[Appui], documents: dict[str, DocumentCanonique]
) -> None:
    assert alarms(effects(align(documents["003"], documents["003"]), appuis)) == ()


def test_a_new_size_of_group_names_the_criterion_and_its_parameters(
    appuis: Sequence[Appui], documents: dict[str, DocumentCanonique]
) -> None:
    named = {e.appui.nom for e in touched(appuis, documents["001"], ("8 à 12", "6 à 10"))}
    assert {"critère effectif", "paramètre effectif_min", "paramètre effectif_max"} <= named


def test_the_figure_that_seems_to_change_is_told_with_the_one_in_its_place(
    appuis: Sequence[Appui], documents: dict[str, DocumentCanonique]
) -> None:
    effet = next(
        e
        for e in touched(appuis, documents["001"], ("8 à 12", "6 à 10"))
        if e.appui.nom == "paramètre effectif_max"
    )
    assert [(v.ancienne, v.nouvelle) for v in effet.valeurs] == [("8", "6"), ("12", "10")]


def test_a_sentence_changed_around_a_quotation_asks_to_read_it_again(
    appuis: Sequence[Appui], documents: dict[str, DocumentCanonique]
) -> None:
    found = touched(appuis, documents["001"], ("8 à 12", "6 à 10"))
    assert any(e.alerte == "a_relire" and "8 à 12" not in e.appui.extrait for e in found)


def test_a_text_moved_whole_raises_no_alarm(
    appuis: Sequence[Appui], documents: dict[str, DocumentCanonique]
) -> None:
    old = documents["001"]
    lines = read_source(old.fiche, SOURCES).split("\n")
    third = len(lines) // 3
    moved = "\n".join([*lines[third : 2 * third], "", *lines[:third], "", *lines[2 * third :]])
    found = alarms(effects(align(old, build_canonical(moved, old.fiche)), appuis))
    assert [e for e in found if e.alerte == "disparu"] == []


def owners(appuis: Sequence[Appui], edition: Edition) -> set[tuple[str, str, str, int]]:
    """Items whose quotation holds the words that were edited."""
    return {
        _identity(appui)
        for appui in appuis
        if appui.document == edition.ancien.fiche.id
        and appui.debut < edition.fin
        and appui.fin > edition.debut
    }


def alarmed(appuis: Sequence[Appui], edition: Edition) -> set[tuple[str, str, str, int]]:
    """Items told to be changed or gone."""
    found = effects(align(edition.ancien, edition.nouveau), appuis)
    return {_identity(e.appui) for e in found if e.alerte in ("change", "disparu")}


def _identity(appui: Appui) -> tuple[str, str, str, int]:
    return appui.genre, appui.nom, appui.champ, appui.debut


def _wrong(appuis: Sequence[Appui], editions: Sequence[Edition]) -> list[tuple[str, str, str]]:
    return [
        (e.ancien.fiche.id, e.avant, e.apres)
        for e in editions
        if alarmed(appuis, e) != owners(appuis, e)
    ]


def test_a_seeded_change_of_substance_alarms_the_items_that_own_it_and_no_other(
    appuis: Sequence[Appui], documents: dict[str, DocumentCanonique]
) -> None:
    assert _wrong(appuis, list(edits_of_substance(list(documents.values()), 7, SEED))) == []


@pytest.mark.long
@pytest.mark.timeout(900)
def test_three_hundred_and_fifty_seeded_changes_alarm_their_owners_and_no_other(
    appuis: Sequence[Appui], documents: dict[str, DocumentCanonique]
) -> None:
    assert _wrong(appuis, list(edits_of_substance(list(documents.values()), 350, SEED + 1))) == []


def test_a_change_of_layout_alone_raises_no_alarm(
    appuis: Sequence[Appui], documents: dict[str, DocumentCanonique]
) -> None:
    texts = [documents["003"], documents["000"]]
    found = [
        (edition.sorte, edition.ancien.fiche.id, effet.appui.nom)
        for edition in edits_of_layout(texts, SEED)
        for effet in alarms(effects(align(edition.ancien, edition.nouveau), appuis))
    ]
    assert found == []


@pytest.mark.long
def test_a_change_of_layout_of_any_text_raises_no_alarm(
    appuis: Sequence[Appui], documents: dict[str, DocumentCanonique]
) -> None:
    found = [
        (edition.sorte, edition.ancien.fiche.id, effet.appui.nom)
        for edition in edits_of_layout(list(documents.values()), SEED)
        for effet in alarms(effects(align(edition.ancien, edition.nouveau), appuis))
    ]
    assert found == []
