"""Third step: the sentences and lists, among the ranked passages, that say what is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from corpus.models import DocumentCanonique
from index.french import fold, stem, words
from index.models import Hit, StoredUnit
from index.search import Retrieval

_FILE = Path(__file__).with_name("attentes.yaml")
READ = 8
"""Ranked passages whose units are read."""


class Attente(BaseModel):
    """Something that a question expects, and how a sentence shows it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nom: str
    mots: tuple[str, ...]
    motif: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Pattern over the folded text of a sentence."""
        return re.compile(self.motif)

    @cached_property
    def asked(self) -> re.Pattern[str]:
        """Pattern over the folded text of a question."""
        return re.compile("|".join(rf"(?<!\w){re.escape(fold(m))}(?!\w)" for m in self.mots))


@lru_cache(maxsize=1)
def load_attentes() -> tuple[Attente, ...]:
    """Read the expectations shipped with the program."""
    data = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return tuple(Attente.model_validate(item) for item in data["attentes"])


class Poids(BaseModel):
    """Weights of what makes a unit answer; measured on the development sets."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    passage: float = 0.35
    proximite: float = 0.35
    mots: float = 0.30
    attente: float = 0.12
    liste: float = 0.04


class UniteChoisie(BaseModel):
    """A unit of answer and how well it answers (0 to about 1.2, comparable within one question)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hit: Hit
    debut: int
    fin: int
    introduction: tuple[int, int] | None
    liste: bool
    texte: str
    note: float
    couverture: float
    """Share, by rarity, of the question's own words that the unit or its introduction holds."""
    proximite: float
    """Mean over the question's tokens of the best cosine with the unit's tokens."""
    repond_a_l_attente: bool


def choose_units(
    question: str,
    retrieval: Retrieval,
    documents: Mapping[str, DocumentCanonique],
    poids: Poids | None = None,
) -> tuple[UniteChoisie, ...]:
    """Units of the first passages, best first."""
    weights = poids or Poids()
    expected = [a for a in load_attentes() if a.asked.search(fold(question))]
    found = [
        _unit(hit, (unit, near), retrieval, documents[hit.passage.document], expected)
        for hit in retrieval.result.hits[:READ]
        for unit, near in zip(
            retrieval.units_of(hit.passage.id),
            retrieval.proximities(hit.passage.id),
            strict=True,
        )
    ]
    if not found:
        return ()
    passage = _spread([u.hit.score for u in found])
    near = _spread([u.proximite for u in found])
    scored = [
        u.model_copy(
            update={
                "note": weights.passage * p
                + weights.proximite * n
                + weights.mots * u.couverture
                + weights.attente * u.repond_a_l_attente
                + weights.liste * u.liste
            }
        )
        for u, p, n in zip(found, passage, near, strict=True)
    ]
    return tuple(sorted(scored, key=lambda u: (-u.note, u.hit.passage.id, u.debut)))


def _unit(
    hit: Hit,
    placed: tuple[StoredUnit, float],
    retrieval: Retrieval,
    document: DocumentCanonique,
    expected: Sequence[Attente],
) -> UniteChoisie:
    unit, near = placed
    texte = document.texte[unit.debut : unit.fin]
    introduction = document.texte[slice(*unit.introduction)] if unit.introduction else ""
    folded = fold(texte)
    return UniteChoisie(
        hit=hit,
        debut=unit.debut,
        fin=unit.fin,
        introduction=unit.introduction,
        liste=unit.liste,
        texte=texte,
        note=0.0,
        couverture=_coverage(f"{introduction} {texte}", retrieval),
        proximite=near,
        repond_a_l_attente=any(a.pattern.search(folded) for a in expected),
    )


def _coverage(texte: str, retrieval: Retrieval) -> float:
    """Share of the question's content words, weighted by rarity, said by a text.

    A word of the lexicon that stands for what the question says counts for half.
    """
    held = _stems(texte)
    own, total = 0.0, 0.0
    for word, rarity in retrieval.rarities.items():
        total += rarity
        own += rarity * (word in held)
    if not total:
        return 0.0
    added = [word for word in retrieval.words.added if word in held]
    return min(1.0, own / total + 0.1 * min(len(added), 3))


@lru_cache(maxsize=8192)
def _stems(texte: str) -> frozenset[str]:
    """Stems of a unit's words: units come back question after question."""
    return frozenset(stem(word) for word in words(texte))


def _spread(values: Sequence[float]) -> NDArray[np.float64]:
    array = np.asarray(values, dtype=np.float64)
    low, high = array.min(), array.max()
    return np.zeros_like(array) if high - low < 1e-9 else (array - low) / (high - low)  # noqa: PLR2004 - equal but for rounding
