"""What the reader says moves cards, and probable cards their passages; nothing else does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from assistant.answers.absence import is_plainly_absent
from assistant.answers.affluence import Affluence
from assistant.answers.lecture import (
    BOUND,
    CARDS,
    UNITS,
    Lecture,
    ModeleLecture,
    card_text,
    lire,
    rank_cards,
    unit_text,
)
from assistant.answers.modeles import load_models
from assistant.answers.relecture import is_sure, rank_passages, relire, without_unknown_places
from assistant.answers.understanding import comprendre
from assistant.models import Question

if TYPE_CHECKING:
    from assistant.answers.engine import Assistant
    from assistant.answers.finding import Trouvaille
    from assistant.dialogue.conseiller import Conseiller
    from assistant.fiches.loading import FichePrete
    from corpus.models import Passage

ASKED = "Combien d'enfants dans un groupe ?"
UNSURE = "Comment se passe le suivi avec la Caf pendant le projet ?"
READ_ONLY = ModeleLecture(version="essai", rang=0, lu=1, part_sure=0.9, proche_sure=0.85)
RANKED_ONLY = ModeleLecture(version="essai", rang=1, lu=0, part_sure=0.9, proche_sure=0.85)


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


def test_a_passage_that_proves_the_probable_card_comes_first(found: Trouvaille) -> None:
    hits = found.retrieval.result.hits
    for card in found.cartes:
        certain = [card.model_copy(update={"part": 1.0})]
        first = rank_passages(hits, certain, weight=5.0)[0].passage
        proving = [h.passage for h in hits if proves(card.carte, h.passage)]
        assert first in proving or not proving


def proves(card: FichePrete, passage: Passage) -> bool:
    return not card.fiche.silence and any(
        c.document == passage.document and c.debut < passage.fin and passage.debut < c.fin
        for c in card.citations
    )


def test_no_passage_is_lost_or_doubled_by_the_cards(found: Trouvaille) -> None:
    hits = found.retrieval.result.hits
    ranked = rank_passages(hits, found.cartes, weight=0.4)
    assert sorted(h.passage.id for h in ranked) == sorted(h.passage.id for h in hits)


@pytest.mark.parametrize(("leading", "near", "sure"), [(0.95, 0.9, True), (0.5, 0.9, False)])
def test_nothing_is_read_where_a_card_is_far_ahead_in_known_words(
    found: Trouvaille, leading: float, near: float, sure: bool
) -> None:
    first, *_ = found.cartes
    result = found.retrieval.result
    asked = tuple(hit.model_copy(update={"score": near}) for hit in result.asked)
    retrieval = replace(found.retrieval, result=result.model_copy(update={"asked": asked}))
    cards = (first.model_copy(update={"part": leading}),)
    seen = replace(found, cartes=cards, retrieval=retrieval)
    assert is_sure(seen, READ_ONLY) is sure


def test_nothing_is_read_of_what_cannot_be_in_these_texts(rules_assistant: Assistant) -> None:
    lu = comprendre(Question(id=""), "Quelle date limite pour déposer le dossier à Paris ?")
    absent = rules_assistant.trouver(lu)
    assert is_plainly_absent(absent)
    assert is_sure(absent, READ_ONLY)
    assert absent.lecture is None


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("Combien d'enfants par groupe dans le Gard ?", "Combien d'enfants par groupe ?"),
        ("Quel est le taux de la Ps en Lozère ?", "Quel est le taux de la Ps ?"),
        ("Le coordinateur de l'Ain est-il payé ?", "Le coordinateur est-il payé ?"),
        ("Qui valide les projets dans l'Hérault ?", "Qui valide les projets dans l'Hérault ?"),
        ("Qui valide les projets ?", "Qui valide les projets ?"),
    ],
)
def test_a_departement_of_which_no_text_speaks_is_not_read(
    rules_assistant: Assistant, asked: str, read: str
) -> None:
    lu = comprendre(Question(id=""), asked)
    assert without_unknown_places(lu, rules_assistant.documents) == read


def test_with_the_reader_an_uncertain_question_is_read(rules_assistant: Assistant) -> None:
    story = "Chez nous il y a des grands et des petits, est-ce qu'on peut tout mélanger le soir ?"
    read = rules_assistant.trouver(comprendre(Question(id=""), story))
    assert read.lecture is not None
    assert rules_assistant.modeles.confiance_de(read) is rules_assistant.modeles.confiance_lue


def test_without_cards_there_is_nothing_to_rank() -> None:
    assert rank_cards((), Lecture({}, {}), READ_ONLY) == ()


def test_the_adapted_encoder_has_weights_of_its_own(rules_assistant: Assistant) -> None:
    description = rules_assistant.index.info.model
    assert description.adapted
    assert load_models(description).rangement == "adapte"


def test_another_encoder_is_served_by_the_general_weights(rules_assistant: Assistant) -> None:
    other = rules_assistant.index.info.model.model_copy(update={"name": "autre"})
    assert load_models(other).rangement == "general"


def test_who_finds_no_place_to_be_read_is_answered_without_and_says_so(
    assistant: Conseiller, rules_assistant: Assistant
) -> None:
    places = Affluence(1)
    modeles = replace(assistant.modeles, affluence=places)
    unsure = replace(rules_assistant.trouver(comprendre(Question(id=""), UNSURE)), lecture=None)
    with places.relecture() as held:
        assert held
        crowded = relire(unsure, modeles, rules_assistant.documents)
    alone = relire(unsure, modeles, rules_assistant.documents)
    assert (crowded.lecture, modeles.rangement_de(crowded)) == (None, "adapte")
    assert alone.lecture is not None
    assert modeles.rangement_de(alone) == "lu"


def test_a_place_is_given_back_by_who_fails() -> None:
    places = Affluence(1)

    def fail() -> None:
        with places.relecture():
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with places.relecture() as held:
        assert held
