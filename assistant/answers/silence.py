"""What the texts keep silent: how near a question is to it, and the card that says so.

Cards of silence stand among the others, with their own ways to ask: a question that lands on one
rather than on a neighbour asks for what the texts do not say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from assistant.answers.cards import CarteChoisie
from assistant.answers.finding import Trouvaille
from assistant.answers.places import nom_departement
from assistant.answers.ranking import known_share, stems_of
from index.french import stems
from index.late import token_cosines
from index.search import Retrieval

KNOWN = 0.10
"""Weight of the question's words that a card knows, beside the nearness of its ways to ask."""
SHARPNESS = 0.015
"""Nearness that makes a card about three times as likely as another to be what is asked."""
FLOOR = 0.75
"""Nearness of a card that was not found."""
SAID_FROM = 0.90
"""Nearness, words known included, from which a card of silence is said."""
BEHIND = 0.01
"""How far behind the nearest card that answers a card of silence may stand to be said."""
READ = 4
"""First passages whose words and tokens tell what is covered."""
PLAIN_SHARE = 0.80
PLAIN_LEAD = 0.02
"""Share of the cards of silence, and lead of the best, from which nothing else is said."""
OFF_TOPIC = "hors sujet"
"""Subject of the cards that stand for questions about something else than the Clas."""


@dataclass(frozen=True, slots=True)
class Mesure:
    """How near a question is to what the texts keep silent, and what they leave uncovered."""

    part: float
    """Share of the cards of silence among the cards found, each weighed by its nearness."""
    part_classee: float
    """The same share, as the ranking of cards gives it."""
    marge: float
    """Nearness of the best card of silence, less that of the best card that answers."""
    hors_sujet: float
    """The same margin for the cards about something else than the Clas."""
    fiche_absente: float
    """Share, by rarity, of the question's words that the best card that answers ignores."""
    tout_absent: float
    """Share that neither that card, nor its proofs, nor the first passages hold."""
    jeton_min: float
    """Cosine of the question's token that the first passages cover least."""


def measure_silence(found: Trouvaille, *, wrong: bool = False) -> Mesure:
    """Measure a question against the cards of silence and what would answer it.

    Those that an agent marked wrong say nothing of what the texts keep silent; ``wrong``: they
    count all the same.
    """
    cards = _placeless(found)
    silent = [c for c in cards if c.carte.fiche.silence and (wrong or not c.fausse)]
    speaking = [c for c in cards if not c.carte.fiche.silence]
    off = [c for c in silent if c.carte.fiche.sujet == OFF_TOPIC]
    best = max(speaking, key=lambda c: c.note, default=None)
    answers = _nearest(speaking)
    retrieval = found.retrieval
    # The name of a place is no part of what is asked of it.
    places = _places(found)
    card = _words_of(best) if best else frozenset()
    texts = [hit.passage.texte for hit in retrieval.result.hits[:READ]]
    texts += [unit.texte for unit in found.unites[:1]]
    held = card.union(*(_stems(text) for text in texts))
    return Mesure(
        part=_share(silent, cards),
        part_classee=sum(c.part for c in silent),
        marge=_nearest(silent) - answers,
        hors_sujet=_nearest(off) - answers,
        fiche_absente=_missing(retrieval, card, places),
        tout_absent=_missing(retrieval, held, places),
        jeton_min=_least_covered(retrieval),
    )


def is_plainly_silent(measured: Mesure) -> bool:
    """Whether a card of silence stands clear of every card that answers."""
    return measured.part >= PLAIN_SHARE and measured.marge >= PLAIN_LEAD


def speaking_of(found: Trouvaille) -> Trouvaille:
    """The same, without the cards of silence: what answers a question that is answered.

    Those marked wrong stay, so that what stands next to them is not taken for what was asked.
    """
    kept = (c for c in found.cartes if c.fausse or not c.carte.fiche.silence)
    return replace(found, cartes=tuple(kept))


def silence_of(found: Trouvaille) -> CarteChoisie | None:
    """The card of silence that a refused question asks for; None when none is, or it is wrong.

    It must be about as near as any card that answers: a precise word on something else misleads.
    Where the one asked for is marked wrong, no other is said in its place.
    """
    cards = _placeless(found)
    others = _nearest([c for c in cards if not c.carte.fiche.silence])
    silent = [c for c in cards if c.carte.fiche.silence]
    wanted = max(SAID_FROM, others - BEHIND, _nearest(silent) - BEHIND)
    near = [c for c in silent if nearness(c) >= wanted]
    best = max(near, key=lambda c: (c.part, c.carte.fiche.id), default=None)
    return best.model_copy(update={"part": 1.0}) if best and not best.fausse else None


def nearness(card: CarteChoisie) -> float:
    """Nearness of a card to the question, whatever proves it (0 to about 1.1)."""
    return card.proche + KNOWN * card.connus


def _places(found: Trouvaille) -> frozenset[str]:
    return _stems(" ".join(map(nom_departement, found.lu.departements_nommes)))


def _placeless(found: Trouvaille) -> tuple[CarteChoisie, ...]:
    """The cards, the names of places not counted among the words that they know.

    « Gard » has the stem of « garder »: a card that uses the verb knows nothing of the place.
    """
    places = _places(found)
    asked = {s: r for s, r in found.retrieval.rarities.items() if s not in places}
    return tuple(
        c.model_copy(update={"connus": known_share(asked, stems_of(c.carte))}) for c in found.cartes
    )


def _nearest(cards: Sequence[CarteChoisie]) -> float:
    return max(map(nearness, cards), default=FLOOR)


def _share(silent: Sequence[CarteChoisie], cards: Sequence[CarteChoisie]) -> float:
    if not silent:
        return 0.0
    top = _nearest(cards)

    def weight(some: Sequence[CarteChoisie]) -> float:
        return float(sum(np.exp((nearness(c) - top) / SHARPNESS) for c in some))

    return weight(silent) / weight(cards)


def _words_of(card: CarteChoisie) -> frozenset[str]:
    """Stems of a card and of the words that prove it."""
    return stems_of(card.carte).union(*(_stems(c.extrait) for c in card.carte.citations))


@lru_cache(maxsize=4096)
def _stems(texte: str) -> frozenset[str]:
    """Stems of words of the texts: they come back question after question."""
    return frozenset(stems(texte))


def _missing(retrieval: Retrieval, held: frozenset[str], places: frozenset[str]) -> float:
    """Share, by rarity, of the question's words, places apart, not held even in other words."""
    asked = {s: r for s, r in retrieval.rarities.items() if s not in places}
    total = sum(asked.values())
    if not total:
        return 1.0
    meant = held.union(*(key for key, texts in retrieval.words.said if texts & held))
    return sum(r for s, r in asked.items() if s not in meant) / total


def _least_covered(retrieval: Retrieval) -> float:
    question = retrieval.encoded.tokens[retrieval.encoded.content]
    tokens = retrieval.tokens
    rows = [retrieval.rows[hit.passage.id] for hit in retrieval.result.hits[:READ]]
    spans = [(int(tokens.bounds[row]), int(tokens.bounds[row + 1])) for row in rows]
    spans = [span for span in spans if span[0] < span[1]]
    if not len(question) or not spans:
        return 0.0
    return float(token_cosines(question, tokens, spans).max(axis=1).min())
