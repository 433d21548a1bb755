"""Records of the index: what is searched, and what a search returns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from corpus.models import NATIONALE, Passage
from index.embedding.encoder import ModelDescription

FROZEN = ConfigDict(frozen=True, extra="forbid")


class Entry(BaseModel):
    """One searchable text, which stands for a target: a passage, or later what people ask for."""

    model_config = FROZEN

    kind: Literal["passage", "question"]
    target: str
    """Identity of what is returned when this entry is found (a passage id)."""
    searched: str
    """Enriched text: title, section path, passage, long forms of abbreviations. Never shown."""
    key: str
    """Hash of what is embedded: an entry with the same key is not embedded again."""
    portee: str = NATIONALE
    """Scope of the target, for a question: a local one is no candidate elsewhere."""
    links: tuple[str, ...] = ()
    """For a question: the passages that prove its target."""


class Asked(BaseModel):
    """A way that people ask for a target, to be indexed beside the passages."""

    model_config = FROZEN

    target: str
    text: str
    portee: str
    spans: tuple[tuple[str, int, int], ...]
    """Places that prove the target: document, start, end."""


class AskedHit(BaseModel):
    """A target found through the way that people ask for it."""

    model_config = FROZEN

    target: str
    score: float
    """Half the cosine of the two questions, half their late interaction (both ways)."""
    text: str
    pair: float
    """Mean score of its two nearest ways to ask: one word alike brings one way near, not two."""


class StoredUnit(BaseModel):
    """A sentence or list of a passage, and the token vectors of the entry that are its own."""

    model_config = FROZEN

    debut: int
    fin: int
    introduction: tuple[int, int] | None
    liste: bool
    premier: int
    """First token (row of the entry's token vectors) of the unit."""
    dernier: int
    """Row after its last token."""


class SearchQuery(BaseModel):
    """What to search, and for whom."""

    model_config = FROZEN

    text: str
    departements: tuple[str, ...] = ()
    """Codes whose local texts may answer; empty: nobody said, all may, below national ones."""
    annee_scolaire: str | None = None
    """School year asked about (``2025-2026``): texts outside it rank after."""


class Weights(BaseModel):
    """Weights of the signals, each scaled to 0..1 over the candidates; measured, see ``docs/``."""

    model_config = FROZEN

    dense: float = 0.30
    lexical: float = 0.20
    expanded: float = 0.35
    late: float = 0.40
    asked: float = 0.28
    """Of the whole score, for the nearness of a question that the passage is known to answer.
    With more, a passage of a new text, which no known question is of, comes after the others."""
    local_penalty: float = 0.03
    """Taken from a local passage when nobody named a département."""
    local_bonus: float = 0.20
    """Given to a local passage of the département that was named."""
    year_penalty: float = 0.02
    """Taken from a passage whose text is outside the school year asked about."""


class Signals(BaseModel):
    """What each step thought of a hit; comparable between hits of one search."""

    model_config = FROZEN

    dense: float
    """Cosine between question and passage."""
    lexical: float
    """BM25 of the question's own words."""
    expanded: float
    """BM25 with the lexicon's words added."""
    late: float
    """Mean over the question's tokens of the best cosine with the passage's tokens."""


class Hit(BaseModel):
    """A ranked passage."""

    model_config = FROZEN

    passage: Passage
    score: float
    signals: Signals
    local: bool
    hors_annee: bool = Field(description="its text is outside the school year asked about")


class SearchResult(BaseModel):
    """Ranked hits, and what the question's words are known to be."""

    model_config = FROZEN

    hits: tuple[Hit, ...]
    known_share: float
    """Share (by rarity) of the question's content words that the corpus or the lexicon knows."""
    content_words: tuple[str, ...]
    unknown_words: tuple[str, ...]
    asked: tuple[AskedHit, ...] = ()
    """Targets whose questions are nearest, best first."""
    incomplet: tuple[str, ...] = ()
    """Départements whose texts could not be searched now, though they may answer."""


class IndexInfo(BaseModel):
    """Description of a stored index version; its files and their checksums."""

    model_config = FROZEN

    format: int
    version: str
    model: ModelDescription
    documents: Mapping[str, str]
    """Document id → version of its stored text."""
    passages: int
    entries: int
    dense_kind: str
    files: Mapping[str, str]
    """File name → sha256."""
