"""Reading the first candidates beside the question: what the learned reader says of each.

It reads cards and sentences alike, one at a time. How strongly a card answers weighs beside what
ranked it first, by frozen weights (``lecture.json``, made by ``python -m assistant.reglage``), and
what is said of both tells how sure an answer is (``signals.READ_NAMES``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from pydantic import BaseModel, ConfigDict

from assistant.answers.cards import CarteChoisie
from assistant.answers.places import nom_departement
from assistant.answers.selection import UniteChoisie
from assistant.fiches.model import Fiche
from corpus.models import NATIONALE, DocumentCanonique
from index.learned.reader import Reader

FILE: Final = Path(__file__).with_name("lecture.json")
CARDS: Final = 4
"""Cards read: the first of the ranking."""
UNITS: Final = 2
"""Sentences read."""
BOUND: Final = 8.0
"""Strengths are cut to this, on both sides: beyond, a pair is as good as certain."""


class ModeleLecture(BaseModel):
    """Frozen weights of what was read, beside what ranked the candidates first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    """First 12 hex digits of the sha256 of the questions that it was fitted on."""
    rang: float
    """Weight of a card's strength in the first ranking."""
    lu: float
    """Weight of the strength that the reader gives it."""
    part_sure: float
    proche_sure: float
    """Share of the first card, and nearness of the nearest known question, from which nothing is
    read: the first ranking is sure."""


@dataclass(frozen=True, slots=True)
class Lecture:
    """Log-odds, against « nothing here answers », that each candidate read answers."""

    fiches: Mapping[str, float]
    """By the id of the card."""
    phrases: Mapping[tuple[str, int], float]
    """By document and place of the sentence."""


@lru_cache(maxsize=1)
def load_reading(path: Path = FILE) -> ModeleLecture:
    """Read the frozen weights shipped with the program."""
    return ModeleLecture.model_validate_json(path.read_bytes())


def card_text(fiche: Fiche) -> str:
    """A card as the reader reads it: where it is from, its question, its answer."""
    place = "" if fiche.portee == NATIONALE else f"{nom_departement(fiche.portee)} : "
    return f"{place}{fiche.titre} {fiche.reponse}"


def unit_text(unit: UniteChoisie, documents: Mapping[str, DocumentCanonique]) -> str:
    """A sentence or list as the reader reads it: its section, its introduction, itself."""
    document = documents[unit.hit.passage.document]
    place = document.fiche.portee
    said = [nom_departement(place)] if place != NATIONALE else []
    said += unit.hit.passage.section[-1:]
    if unit.introduction:
        said.append(document.texte[slice(*unit.introduction)])
    return " ".join([*(f"{part} :" for part in said), unit.texte])


def lire(
    reader: Reader,
    question: str,
    cartes: Sequence[CarteChoisie],
    unites: Sequence[UniteChoisie],
    documents: Mapping[str, DocumentCanonique],
) -> Lecture:
    """Read the first cards and sentences beside a question."""
    return Lecture(
        fiches={
            c.carte.fiche.id: _bounded(reader.strength(question, card_text(c.carte.fiche)))
            for c in cartes[:CARDS]
        },
        phrases={
            (u.hit.passage.document, u.debut): _bounded(
                reader.strength(question, unit_text(u, documents))
            )
            for u in unites[:UNITS]
        },
    )


def _bounded(strength: float) -> float:
    return max(-BOUND, min(BOUND, strength))


def rank_cards(
    cartes: Sequence[CarteChoisie], lecture: Lecture, modele: ModeleLecture
) -> tuple[CarteChoisie, ...]:
    """The cards, the most probable first, what was read of them weighed in.

    One that was not read counts as the weakest that was.
    """
    if not cartes or not lecture.fiches:
        return tuple(cartes)
    weakest = min(lecture.fiches.values())
    strengths = np.array(
        [
            modele.rang * (c.classement.force if c.classement else 0.0)
            + modele.lu * lecture.fiches.get(c.carte.fiche.id, weakest)
            for c in cartes
        ]
    )
    shares = np.exp(strengths - strengths.max())
    shares /= shares.sum()
    ranked = (
        c.model_copy(update={"part": round(share, 6)})
        for c, share in zip(cartes, shares.tolist(), strict=True)
    )
    return tuple(sorted(ranked, key=lambda c: (-c.part, -c.note, c.carte.fiche.id)))
