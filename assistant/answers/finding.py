"""What was found for a question: passages, sentences and cards, before anything is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from assistant.answers.cards import CarteChoisie
from assistant.answers.selection import UniteChoisie
from assistant.answers.understanding import Comprehension
from assistant.models import Citation
from index.search import Retrieval

CARD_MARK = 1.0
"""Mark from which a card answers; under it the texts are quoted as they stand."""
FIRM_MARGIN = 0.02
"""Lead over the next card that a yes or a no asks for."""
FIRM_NEAR = 0.90
"""Nearness to a known way to ask that a yes or a no asks for."""
FIRM_KNOWN = 0.70
"""Share of the question's words that a card must use to say yes or no: a word that it ignores
(« à temps plein », « pendant les vacances ») may be what is asked."""


TWIN = 90.0
"""Likeness (0 to 100) from which a sentence adds nothing to one already quoted."""


@dataclass(frozen=True, slots=True)
class Trouvaille:
    """Everything that the decision and the composition read."""

    lu: Comprehension
    retrieval: Retrieval
    unites: tuple[UniteChoisie, ...]
    cartes: tuple[CarteChoisie, ...]


def answers_by_card(found: Trouvaille) -> bool:
    """Whether a card is asked for plainly enough to answer in our own words.

    One that says yes or no must also stand clear of the next: a firm answer to another question
    is the worst there is, and the texts' own words are at hand.
    """
    if not found.cartes or found.cartes[0].note < CARD_MARK:
        return False
    first, *others = found.cartes
    if first.carte.fiche.polarite is None or not others:
        return True
    clear = first.note - others[0].note >= FIRM_MARGIN
    return clear and first.proche >= FIRM_NEAR and first.connus >= FIRM_KNOWN


def is_silence(found: Trouvaille) -> bool:
    """Whether the card that answers says that the texts are silent."""
    return answers_by_card(found) and found.cartes[0].carte.fiche.silence


def silence_among(found: Trouvaille) -> Trouvaille | None:
    """The same, led by a card that says what the texts keep silent, when one is asked for."""
    silent = tuple(c for c in found.cartes if c.carte.fiche.silence and c.note >= CARD_MARK)
    return replace(found, cartes=silent) if silent else None


def quoted_already(unit: UniteChoisie, citations: Sequence[Citation]) -> bool:
    """Whether an answer already quotes words of a sentence, or another text's same words."""
    return any(
        (c.document == unit.hit.passage.document and c.debut < unit.fin and unit.debut < c.fin)
        or fuzz.token_set_ratio(c.extrait.lower(), unit.texte.lower()) >= TWIN
        for c in citations
    )
