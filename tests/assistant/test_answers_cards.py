"""Which card answers, when it answers alone, and what is said when that is not plain."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from assistant.answers.cards import CarteChoisie
from assistant.answers.cards_said import compose_cards, is_plain
from assistant.answers.ranking import NAMES, ModeleClassement, known_share, load_ranking
from assistant.classement import Essai, fit
from assistant.eligibility.commands import regles_livrees
from assistant.fiches.loading import FichePrete, fill_cards, locate_cards, read_cards
from corpus.library import Corpus

Cards = dict[str, FichePrete]
OPEN = "Combien d'enfants par groupe ?"


@pytest.fixture(scope="module")
def cards(corpus: Corpus) -> Cards:
    filled = fill_cards(read_cards(), regles_livrees())
    ready, _ = locate_cards(filled, corpus.documents)
    return {card.fiche.id: card for card in ready}


def asked(card: FichePrete, **marks: float) -> CarteChoisie:
    """A card that is plainly asked for, unless ``marks`` say otherwise."""
    plain = {"note": 1.1, "proche": 0.95, "connus": 1.0, "part": 0.95}
    return CarteChoisie.model_validate({"carte": card, **plain, **marks})


def polar(cards: Cards) -> FichePrete:
    return cards["axe-cumul"]


def other(cards: Cards, **marks: float) -> CarteChoisie:
    return asked(cards["axe-quatre"], **{"note": 1.0, "part": 0.05, **marks})


def test_a_card_well_ahead_answers_alone(cards: Cards) -> None:
    assert is_plain((asked(cards["collectif-effectif"]), other(cards)))
    assert is_plain((asked(cards["collectif-effectif"]),))


@pytest.mark.parametrize("short", [{"note": 0.95}, {"part": 0.5}])
def test_a_card_far_from_the_question_or_hardly_ahead_does_not(
    cards: Cards, short: dict[str, float]
) -> None:
    assert not is_plain((asked(cards["collectif-effectif"], **short), other(cards)))


@pytest.mark.parametrize("short", [{"proche": 0.85}, {"connus": 0.5}, {"note": 1.01}])
def test_a_yes_or_no_asks_for_more(cards: Cards, short: dict[str, float]) -> None:
    assert is_plain((asked(polar(cards)), other(cards)))
    assert not is_plain((asked(polar(cards), **short), other(cards)))


def test_a_yes_that_is_not_firm_stands_under_its_own_question(cards: Cards, corpus: Corpus) -> None:
    chosen = (asked(polar(cards), connus=0.2), other(cards))
    said = compose_cards(chosen, (), corpus.documents, 100, "On peut en laisser un ?")
    first, second = (line for line in said.texte.split("\n\n") if line.startswith("**"))
    assert first.startswith(f"**{polar(cards).fiche.titre}** Oui")
    assert second.startswith(f"**{cards['axe-quatre'].fiche.titre}** ")


def test_the_label_of_a_card_is_not_taken_for_a_quotation(cards: Cards, corpus: Corpus) -> None:
    card = next(c for c in cards.values() if "«" in c.fiche.titre)
    said = compose_cards((asked(card, note=0.95),), (), corpus.documents, 100, OPEN)
    label = said.texte.split("** ")[0]
    assert "«" not in label
    assert "“" in label


def test_each_card_said_is_marked_with_its_own_quotations(cards: Cards, corpus: Corpus) -> None:
    chosen = (asked(polar(cards), part=0.5), other(cards, part=0.4))
    said = compose_cards(chosen, (), corpus.documents, 100, OPEN)
    assert set(said.citations) == {*polar(cards).citations, *cards["axe-quatre"].citations}
    assert len(set(said.citations)) == len(said.citations)
    assert f"[{len(said.citations)}]" in said.texte


def test_no_second_card_is_said_where_there_is_no_room(cards: Cards, corpus: Corpus) -> None:
    chosen = (asked(polar(cards), part=0.5), other(cards, part=0.4))
    said = compose_cards(chosen, (), corpus.documents, 30, OPEN)
    assert cards["axe-quatre"].fiche.titre not in said.texte


def test_a_local_card_is_not_said_beside_a_national_one_to_who_is_not_from_there(
    cards: Cards, corpus: Corpus
) -> None:
    chosen = (asked(polar(cards), part=0.5), asked(cards["collectif-34"], part=0.4))
    assert compose_cards(chosen, (), corpus.documents, 100, OPEN).portee == "nationale"
    assert compose_cards(chosen, ("34",), corpus.documents, 100, OPEN).portee == "34"


def test_a_rare_word_counts_more_among_those_known() -> None:
    rarities = {"rar": 3.0, "courant": 1.0}
    assert known_share(rarities, frozenset({"rar"})) == 0.75
    assert known_share({}, frozenset({"rar"})) == 0.0


def test_the_shipped_model_weighs_the_traits_that_are_measured() -> None:
    model = load_ranking()
    assert model.traits == NAMES
    assert len(model.version) == 12


def test_a_model_with_a_weight_missing_is_refused() -> None:
    with pytest.raises(ValidationError, match="un poids par trait"):
        ModeleClassement(version="x", traits=("a", "b"), weights=(1.0,))


def test_what_tells_a_question_s_own_card_is_weighed_up() -> None:
    draw = np.random.default_rng(0)
    attempts = []
    for _ in range(50):
        rows = draw.normal(size=(6, len(NAMES)))
        rows[2, 0] += 4.0
        attempts.append(Essai(sienne=2, traits=rows))
    weights = fit(attempts).weights
    assert weights[0] > 5 * max(abs(w) for w in weights[1:])


def test_ways_to_ask_whose_card_was_not_found_teach_nothing() -> None:
    rows = np.eye(4, len(NAMES))
    known = Essai(sienne=0, traits=rows)
    assert fit([known, Essai(sienne=None, traits=rows)]) == fit([known])
