"""Knowledge cards in an answer: which one is asked for; ``cards_said`` says it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict

from assistant.answers.ranking import (
    GIVES,
    Candidate,
    ModeleClassement,
    candidate,
    load_ranking,
    traits,
)
from assistant.answers.selection import UniteChoisie, expected_of
from assistant.fiches.loading import FichePrete
from assistant.models import Citation
from corpus.models import NATIONALE
from index.search import Retrieval

LOCAL_SHIFT = 0.02
"""Added to a local card for someone of its département, taken from it when nobody said where."""
MISMATCH = 0.03
"""Taken from a card that gives something else than what is asked (a date for an amount)."""
EVIDENCE = 0.10
"""Weight of the score of the best passage that proves the card."""
WORDS_KNOWN = 0.10
"""Weight of the share, by rarity, of the question's words that the card uses."""
CARD_MARK = 1.0
"""Mark from which a card alone may answer."""
NEAR_MARK = 0.90
"""Mark from which cards are said, each under its own question."""
WRONG = "avis_faux"
"""Why a card that an agent marked wrong is not said."""
ASIDE = "mise_de_cote"
"""Why a card that was put aside is not said."""


@dataclass(frozen=True, slots=True)
class Note:
    """How well a card is asked for, whatever the others: the terms of its mark."""

    proche: float
    """Nearness of the question to a known way to ask."""
    preuve: float
    connus: float
    lieu: float
    attribut: float

    @property
    def total(self) -> float:
        """The mark: the sum of its terms, in their order."""
        return self.proche + self.preuve + self.connus + self.lieu + self.attribut


@dataclass(frozen=True, slots=True)
class Classement:
    """What a card's mark and its place are made of."""

    note: Note
    traits: tuple[float, ...]
    """Traits that the ranking weighs, in the order of ``ranking.NAMES``."""
    force: float
    """Strength that the ranking gives it; ``CarteChoisie.part`` compares it with the others'."""


class CarteChoisie(BaseModel):
    """A card and how well it is asked for (0 to about 1.2)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    carte: FichePrete
    note: float
    proche: float
    """Nearness of the question to a known way to ask."""
    connus: float
    """Share, by rarity, of the question's words that the card uses."""
    part: float = 1.0
    """Probability, among the cards found, that it is the one asked for."""
    classement: Classement | None = None
    """What ``note`` and ``part`` are made of; None for a card that was not ranked."""
    facteur: float = 1.0
    """What a follow-up multiplied its chances by."""
    fausse: bool = False
    """An agent marked it wrong, or it was put aside: it keeps its place, so that no neighbour takes
    it, and is never said."""

    @property
    def tue(self) -> str:
        """Why one that is ``fausse`` is not said."""
        return ASIDE if self.carte.ecartee else WRONG


def choose_cards(
    question: str,
    retrieval: Retrieval,
    units: Sequence[UniteChoisie],
    cards: Mapping[str, FichePrete],
    departements: Sequence[str],
    *,
    wrong: Collection[str] = (),
    dits: Collection[str] = (),
    modele: ModeleClassement | None = None,
) -> tuple[CarteChoisie, ...]:
    """Cards asked for, the most probable first; none of another département.

    ``note`` says how well a card is asked for, whatever the others; ``part`` which one is, among
    those found; ``wrong``: ids of those that an agent marked wrong, or that were put aside;
    ``dits``: départements with a text of their own that no card speaks of.
    """
    modele = modele or load_ranking()
    found = [
        one
        for one in candidates(retrieval, cards, departements, modele)
        if not _says_another_is_silent(one.carte, departements, dits)
    ]
    if not found:
        return ()
    rows = traits(question, found, retrieval, units, departements)
    strengths = modele.strengths(rows)
    shares = np.exp(strengths - strengths.max())
    shares /= shares.sum()
    expected = [a.nom for a in expected_of(question) if a.nom in GIVES]
    marks = [_mark(one, expected, departements) for one in found]
    chosen = [
        CarteChoisie(
            carte=one.carte,
            note=mark.total,
            proche=one.trouvee.score,
            connus=one.connus,
            part=round(share, 6),
            classement=Classement(mark, tuple(row), force),
            fausse=one.carte.fiche.id in wrong,
        )
        for one, mark, share, row, force in zip(
            found, marks, shares.tolist(), rows.tolist(), strengths.tolist(), strict=True
        )
    ]
    return tuple(sorted(chosen, key=lambda c: (-c.part, -c.note, c.carte.fiche.id)))


def candidates(
    retrieval: Retrieval,
    cards: Mapping[str, FichePrete],
    departements: Sequence[str],
    modele: ModeleClassement,
) -> list[Candidate]:
    """Cards found through the ways that people ask, nearest first; none of elsewhere."""
    return [
        candidate(modele.nearness(hit), cards[hit.target], retrieval)
        for hit in retrieval.result.asked
        if hit.target in cards and _in_place(cards[hit.target], departements)
    ]


def _mark(found: Candidate, expected: Sequence[str], departements: Sequence[str]) -> Note:
    """How well a card is asked for: nearness, what proves it, the words that it knows."""
    fiche = found.carte.fiche
    place = LOCAL_SHIFT if fiche.portee in departements else -LOCAL_SHIFT
    missed = bool(expected) and not any(fiche.attribut in GIVES[name] for name in expected)
    return Note(
        proche=found.trouvee.score,
        preuve=EVIDENCE * found.preuve,
        connus=WORDS_KNOWN * found.connus,
        lieu=place if fiche.portee != NATIONALE else 0.0,
        attribut=-MISMATCH if missed else 0.0,
    )


def _says_another_is_silent(
    card: FichePrete, departements: Sequence[str], dits: Collection[str]
) -> bool:
    """Whether a card says that a département has no text, though it has one."""
    named = {*card.fiche.sauf, *dits}
    return bool(card.fiche.sauf and departements) and set(departements) <= named


def _in_place(card: FichePrete, departements: Sequence[str]) -> bool:
    """Whether a card may answer someone of these départements.

    One that compares texts is left out where it speaks of another département's. One put aside
    needs no quotation left: it only keeps its place.
    """
    if not (card.ecartee or any(quotable(c, card, departements) for c in card.citations)):
        return False
    if departements and set(departements) <= set(card.fiche.sauf):
        return False
    if not departements or not card.fiche.divergence:
        return card.fiche.portee in (NATIONALE, *departements) or not departements
    return all(quotable(c, card, departements) for c in card.citations)


def quotable(citation: Citation, card: FichePrete, departements: Sequence[str]) -> bool:
    """Whether a quotation has its place: a local one, only for its département or named as such."""
    if citation.portee in (NATIONALE, card.fiche.portee):
        return True
    return card.fiche.divergence and (not departements or citation.portee in departements)
