"""What was found for a question: passages, sentences and cards, before anything is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from assistant.answers.cards import CARD_MARK, NEAR_MARK, CarteChoisie
from assistant.answers.lecture import Lecture
from assistant.answers.selection import UniteChoisie
from assistant.answers.understanding import Comprehension
from assistant.fiches.loading import TARGET, FichePrete
from assistant.models import Citation
from corpus.models import DocumentCanonique
from index.search import Retrieval

TWIN = 90.0
"""Likeness (0 to 100) from which a sentence adds nothing to one already quoted."""


@dataclass(frozen=True, slots=True)
class Trouvaille:
    """Everything that the decision and the composition read."""

    lu: Comprehension
    retrieval: Retrieval
    unites: tuple[UniteChoisie, ...]
    cartes: tuple[CarteChoisie, ...]
    secondes: Mapping[str, float]
    """Time of the search, of the choice of sentences, of the choice of cards."""
    lecture: Lecture | None = None
    """What the learned reader says of the first of them; None where it did not read."""
    sans_place: bool = False
    """It would have been read, had there not been so many people."""
    sans_fiche: frozenset[str] = frozenset()
    """Local texts of the départements asked about that no card speaks of: what cards say that the
    texts do not say, these may say."""
    jointes: tuple[Trouvaille, ...] = ()
    """What was found for each question of a sentence that asks several, where each is plainly
    answered; none where it is answered whole."""


def answers_by_card(found: Trouvaille) -> bool:
    """Whether cards are near enough to answer in our own words.

    One that says that the texts are silent must be plainly asked for. Where the one asked for is
    marked wrong or put aside, no other answers in its place: the texts do.
    """
    if not found.cartes or found.cartes[0].fausse:
        return False
    first = found.cartes[0]
    return first.note >= (CARD_MARK if first.carte.fiche.silence else NEAR_MARK)


def is_silence(found: Trouvaille) -> bool:
    """Whether the card that answers says that the texts are silent, and no other answers."""
    return not found.jointes and answers_by_card(found) and found.cartes[0].carte.fiche.silence


def attested(found: Trouvaille) -> Trouvaille:
    """The same, without the cards put aside that quoted nothing but texts that are withdrawn.

    That a question was known through them tells nothing of what the texts left say.
    """
    documents = found.retrieval.stored.documents
    lost = {c.carte.fiche.id for c in found.cartes if _is_lost(c.carte, documents)}
    if not lost:
        return found
    left = [c for c in found.cartes if c.carte.fiche.id not in lost]
    total = sum(c.part for c in left) or 1.0
    cartes = tuple(c.model_copy(update={"part": c.part / total}) for c in left)
    result, lu = found.retrieval.result, found.lecture
    asked = tuple(hit for hit in result.asked if hit.target.removeprefix(TARGET) not in lost)
    retrieval = replace(found.retrieval, result=result.model_copy(update={"asked": asked}))
    if lu is not None:
        lu = replace(lu, fiches={name: s for name, s in lu.fiches.items() if name not in lost})
    return replace(found, cartes=cartes, retrieval=retrieval, lecture=lu)


def _is_lost(card: FichePrete, documents: Mapping[str, DocumentCanonique]) -> bool:
    return card.ecartee and not any(p.document in documents for p in card.fiche.preuves)


def quoted_already(unit: UniteChoisie, citations: Sequence[Citation]) -> bool:
    """Whether an answer already quotes words of a sentence, or another text's same words."""
    return any(
        (c.document == unit.hit.passage.document and c.debut < unit.fin and unit.debut < c.fin)
        or fuzz.token_set_ratio(c.extrait.lower(), unit.texte.lower()) >= TWIN
        for c in citations
    )
