"""Third step: the sentences and lists, among the ranked passages, that say what is asked."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from corpus.lecture_yaml import read_yaml
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
        return _any_of(self.mots)


def _any_of(expressions: Sequence[str]) -> re.Pattern[str]:
    """Whole words of any of some expressions, over a folded text."""
    return re.compile("|".join(rf"(?<!\w){re.escape(fold(e))}(?!\w)" for e in expressions))


class Attentes(BaseModel):
    """What questions expect, and the words that ask."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    interrogatifs: frozenset[str]
    affaires_locales: tuple[str, ...]
    attentes: tuple[Attente, ...]

    @cached_property
    def local(self) -> re.Pattern[str]:
        """Pattern, over the folded text of a question, of what each département sets."""
        return _any_of(self.affaires_locales)


@lru_cache(maxsize=1)
def load_attentes() -> Attentes:
    """Read the expectations shipped with the program."""
    return Attentes.model_validate(read_yaml(_FILE.read_text(encoding="utf-8")))


def expected_of(question: str) -> tuple[Attente, ...]:
    """What a question expects."""
    folded = fold(question)
    return tuple(a for a in load_attentes().attentes if a.asked.search(folded))


class Poids(BaseModel):
    """Weights of what makes a unit answer; measured on the development sets."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    passage: float = 0.40
    proximite: float = 0.30
    mots: float = 0.30
    attente: float = 0.06
    foyer: float = 0.12
    liste: float = 0.02


@dataclass(frozen=True, slots=True)
class Recherche:
    """What is sought in each unit: what answers the question's expectations, and its focus."""

    attentes: tuple[Attente, ...]
    foyer: frozenset[str]


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
    dit_le_foyer: bool
    """It holds the word that the question is about (« combien d'*animateurs* »)."""


def choose_units(
    question: str,
    retrieval: Retrieval,
    documents: Mapping[str, DocumentCanonique],
    poids: Poids | None = None,
    aussi: Collection[str] = (),
) -> tuple[UniteChoisie, ...]:
    """Units of the first passages, and of all those found of some documents, best first."""
    hits = retrieval.result.hits
    read = [*hits[:READ], *(hit for hit in hits[READ:] if hit.passage.document in aussi)]
    weights = poids or Poids()
    sought = Recherche(expected_of(question), _focus(question, retrieval))
    found = [
        _unit(hit, (unit, near), retrieval, documents[hit.passage.document], sought)
        for hit in read
        for unit, near in zip(
            retrieval.units_of(hit.passage.id),
            retrieval.proximities(hit.passage.id),
            strict=True,
        )
        if unit.liste or not _only_introduces(unit, documents[hit.passage.document])
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
                + weights.foyer * u.dit_le_foyer
                + weights.liste * u.liste
            }
        )
        for u, p, n in zip(found, passage, near, strict=True)
    ]
    return tuple(sorted(scored, key=lambda u: (-u.note, u.hit.passage.id, u.debut)))


def _focus(question: str, retrieval: Retrieval) -> frozenset[str]:
    """Stems of the first content word after the one that asks, and of what the texts call it."""
    asks = load_attentes().interrogatifs
    spoken = words(question)
    start = next((i for i, word in enumerate(spoken) if fold(word) in asks), None)
    if start is None:
        return frozenset()
    content = set(retrieval.words.own)
    about = next(
        (stem(w) for w in spoken[start + 1 :] if stem(w) in content and not w[0].isdigit()), None
    )
    if about is None:
        return frozenset()
    return frozenset({about}).union(*(texts for key, texts in retrieval.words.said if about in key))


def _only_introduces(unit: StoredUnit, document: DocumentCanonique) -> bool:
    """Whether a unit announces what follows and says nothing alone."""
    return document.texte[unit.debut : unit.fin].rstrip().endswith(":")


def _unit(
    hit: Hit,
    placed: tuple[StoredUnit, float],
    retrieval: Retrieval,
    document: DocumentCanonique,
    sought: Recherche,
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
        repond_a_l_attente=any(a.pattern.search(folded) for a in sought.attentes),
        dit_le_foyer=not sought.foyer.isdisjoint(_stems(texte)),
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
