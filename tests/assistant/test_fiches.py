"""Knowledge cards: nothing they say without the texts, nothing taken from what measures them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from essais import QUESTIONS
from rapidfuzz import fuzz, process

from assistant.eligibility.commands import regles_livrees
from assistant.evaluation.sets import lire_jeu
from assistant.fiches.loading import (
    FichePrete,
    FichesInutilisables,
    dump_cards,
    fill_cards,
    load_cards,
    locate_cards,
    read_cards,
    ways_to_ask,
)
from assistant.fiches.model import Fiche
from corpus.library import Corpus
from corpus.models import NATIONALE
from index.french import fold

FIGURE = re.compile(r"\d{1,3}(?:[ \u202f]\d{3})+(?!\d)|\d+(?:,\d+)?")
WORDS_FOR = {
    "0": ("aucun",), "1": ("un", "une", "1er"), "2": ("deux",), "3": ("trois",), "4": ("quatre",),
    "5": ("cinq",), "8": ("huit",), "12": ("douze",), "90": ("1h30", "une heure trente",
    "une heure 30", "1 heure 30"), "120": ("2 heures", "2 h", "deux heures"),
}  # fmt: skip


@pytest.fixture(scope="module")
def cards() -> tuple[Fiche, ...]:
    return read_cards()


@pytest.fixture(scope="module")
def ready(cards: tuple[Fiche, ...], corpus: Corpus) -> tuple[FichePrete, ...]:
    found, aside = locate_cards(fill_cards(cards, regles_livrees()), corpus.documents)
    assert aside == ()
    return found


def plain(figure: str) -> str:
    return re.sub(r"[ \u202f\u00a0]", "", figure)


def test_every_quotation_of_every_card_stands_in_the_texts(
    cards: tuple[Fiche, ...], ready: tuple[FichePrete, ...]
) -> None:
    assert len(ready) == len(cards) >= 150


def test_every_figure_that_a_card_says_stands_in_its_quotations_or_names_its_year(
    ready: tuple[FichePrete, ...],
) -> None:
    unsupported = []
    for card in ready:
        quoted = fold(" ".join(f"{c.extrait} {c.annee or ''} {c.titre}" for c in card.citations))
        held = {plain(figure) for figure in FIGURE.findall(quoted)}
        for figure in FIGURE.findall(" ".join((card.fiche.reponse, *card.fiche.reserves))):
            said = plain(figure)
            in_words = any(word in quoted for word in WORDS_FOR.get(said, ()))
            dated = said in {year for c in card.citations for year in (c.annee or "").split("-")}
            if said not in held and not in_words and not dated:
                unsupported.append((card.fiche.id, figure))
    assert unsupported == []


def test_a_national_card_rests_on_national_texts_unless_it_compares(
    ready: tuple[FichePrete, ...],
) -> None:
    for card in ready:
        if card.fiche.portee == NATIONALE:
            national = any(c.portee == NATIONALE for c in card.citations)
            assert national or card.fiche.divergence, card.fiche.id


def test_a_local_card_rests_on_its_own_text(ready: tuple[FichePrete, ...]) -> None:
    for card in ready:
        if card.fiche.portee != NATIONALE:
            scopes = {c.portee for c in card.citations}
            assert card.fiche.portee in scopes, card.fiche.id
            assert scopes <= {NATIONALE, card.fiche.portee}, card.fiche.id


def test_no_way_to_ask_is_taken_from_a_question_set(cards: tuple[Fiche, ...]) -> None:
    asked = {
        fold(text)
        for path in sorted(QUESTIONS.glob("*.jsonl"))
        for question in lire_jeu(path)
        for text in question.textes
        if len(text.split()) > 3
    }
    known = [fold(text) for card in cards for text in (card.titre, *card.formulations)]
    assert not asked & set(known)
    close = [
        (text, found[0])
        for text in sorted(asked)
        if (found := process.extractOne(text, known, scorer=fuzz.ratio, score_cutoff=92))
    ]
    assert close == []


def test_cards_kept_with_an_index_are_read_back_as_they_were(
    ready: tuple[FichePrete, ...],
) -> None:
    assert tuple(load_cards(dump_cards(ready)).values()) == ready


def test_each_way_to_ask_leads_to_the_words_that_prove_its_card(
    ready: tuple[FichePrete, ...],
) -> None:
    asked = ways_to_ask(ready[:1])
    fiche = ready[0].fiche
    assert [a.text for a in asked] == [fiche.titre, *fiche.formulations]
    assert {a.target for a in asked} == {f"fiche:{fiche.id}"}
    assert asked[0].spans == tuple((c.document, c.debut, c.fin) for c in ready[0].citations)


def test_a_card_whose_quotation_is_gone_is_set_aside_and_says_why(corpus: Corpus) -> None:
    card = read_cards()[0]
    lost = card.preuves[0].model_copy(update={"extrait": "Cette phrase n'est dans aucun texte."})
    kept, aside = locate_cards([card.model_copy(update={"preuves": (lost,)})], corpus.documents)
    assert kept == ()
    assert aside[0].id == card.id
    assert aside[0].raison


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("fiches: 3", "attendu une liste"),
        ("fiches: [{id: a}]", "fiche a"),
        ("fiches: [", "illisible"),
    ],
)
def test_a_card_file_that_cannot_be_used_is_refused_by_name(
    tmp_path: Path, content: str, said: str
) -> None:
    (tmp_path / "essai.yaml").write_text(content, "utf-8")
    with pytest.raises(FichesInutilisables, match=said):
        read_cards(tmp_path)


def test_a_parameter_that_the_rules_do_not_have_is_refused() -> None:
    card = read_cards()[0].model_copy(update={"reponse": "Au plus {p:inconnu} enfants."})
    with pytest.raises(FichesInutilisables, match="inconnu"):
        fill_cards([card], regles_livrees())
