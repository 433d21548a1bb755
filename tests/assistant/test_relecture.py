"""What the reader says moves cards, sentences and passages, and nothing else does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.answers.lecture import (
    BOUND,
    CARDS,
    UNITS,
    Lecture,
    ModeleLecture,
    card_text,
    lire,
    rank_cards,
    rank_passages,
    rank_units,
    unit_text,
)
from assistant.answers.modeles import load_models
from assistant.answers.understanding import comprendre
from assistant.models import Question

if TYPE_CHECKING:
    from assistant.answers.engine import Assistant
    from assistant.answers.finding import Trouvaille

ASKED = "Combien d'enfants dans un groupe ?"
READ_ONLY = ModeleLecture(
    version="essai", rang=0, lu=1, passage_fiche=1, passage_phrase=1, phrase=1
)
RANKED_ONLY = ModeleLecture(
    version="essai", rang=1, lu=0, passage_fiche=0, passage_phrase=0, phrase=0
)


class Counting:
    """A reader that keeps what it was put, and answers with what it was told."""

    def __init__(self, strength: float = 0.0) -> None:
        self.read: list[tuple[str, str]] = []
        self._strength = strength

    def strength(self, question: str, texte: str) -> float:
        self.read.append((question, texte))
        return self._strength


@pytest.fixture(scope="module")
def found(rules_assistant: Assistant) -> Trouvaille:
    return rules_assistant.trouver(comprendre(Question(id=""), ASKED))


def test_the_first_cards_and_sentences_are_read_and_no_other(
    found: Trouvaille, rules_assistant: Assistant
) -> None:
    reader = Counting()
    lire(reader, ASKED, found.cartes, found.unites, rules_assistant.documents)
    cards = [(ASKED, card_text(c.carte.fiche)) for c in found.cartes[:CARDS]]
    units = [(ASKED, unit_text(u, rules_assistant.documents)) for u in found.unites[:UNITS]]
    assert reader.read == [*cards, *units]


def test_a_strength_beyond_the_bound_is_cut_to_it(
    found: Trouvaille, rules_assistant: Assistant
) -> None:
    lecture = lire(Counting(99.0), ASKED, found.cartes, (), rules_assistant.documents)
    assert set(lecture.fiches.values()) == {BOUND}


def test_the_card_that_reads_best_comes_first(found: Trouvaille) -> None:
    last = found.cartes[CARDS - 1].carte.fiche.id
    read = {c.carte.fiche.id: -3.0 for c in found.cartes[:CARDS]} | {last: 3.0}
    ranked = rank_cards(found.cartes, Lecture(read, {}), READ_ONLY)
    assert ranked[0].carte.fiche.id == last
    assert sum(c.part for c in ranked) == pytest.approx(1, abs=1e-4)


def test_without_weight_what_is_read_moves_nothing(found: Trouvaille) -> None:
    names = [c.carte.fiche.id for c in sorted(found.cartes, key=lambda c: -_force(c))]
    read = {name: float(rank) for rank, name in enumerate(names[:CARDS])}
    ranked = rank_cards(found.cartes, Lecture(read, {}), RANKED_ONLY)
    assert [c.carte.fiche.id for c in ranked] == names


def _force(carte: object) -> float:
    return carte.classement.force  # type: ignore[attr-defined, no-any-return]


def test_a_sentence_that_answers_brings_its_passage_first(found: Trouvaille) -> None:
    hits = found.retrieval.result.hits
    unit = next(u for u in found.unites if u.hit.passage.id != hits[0].passage.id)
    lecture = Lecture({}, {(unit.hit.passage.document, unit.debut): BOUND})
    model = READ_ONLY.model_copy(update={"passage_phrase": 5.0})
    assert rank_passages(hits, (), found.unites, lecture, model)[0].passage.id == (
        unit.hit.passage.id
    )
    assert rank_units(found.unites, lecture, model)[0].debut == unit.debut


def test_no_passage_is_lost_or_doubled_by_reading(found: Trouvaille) -> None:
    hits = found.retrieval.result.hits
    ranked = rank_passages(hits, found.cartes, found.unites, Lecture({}, {}), READ_ONLY)
    assert sorted(h.passage.id for h in ranked) == sorted(h.passage.id for h in hits)


def test_without_cards_there_is_nothing_to_rank() -> None:
    assert rank_cards((), Lecture({}, {}), READ_ONLY) == ()


def test_the_adapted_encoder_has_weights_of_its_own(rules_assistant: Assistant) -> None:
    description = rules_assistant.index.info.model
    assert description.adapted
    assert load_models(description).rangement == "adapte"


def test_another_encoder_is_served_by_the_general_weights(rules_assistant: Assistant) -> None:
    other = rules_assistant.index.info.model.model_copy(update={"name": "autre"})
    assert load_models(other).rangement == "general"
