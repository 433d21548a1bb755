"""An index version as it is on disk: which files it has, and how they are read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from corpus.models import DocumentCanonique, Passage
from index.checking import read_info
from index.dense import load_dense
from index.embedded import MappedReading
from index.late import Rows, TokenStore
from index.lexical import LexicalIndex
from index.lexicon import Lexique
from index.models import Entry, IndexInfo, StoredUnit
from index.parts import QUESTIONS, REUSABLE, REUSE, Part, document_file, tokens_file
from index.view import Asking

BASE = "base.json"
ATTACHED = "attached.json"
ASKED = "questions.json"
DENSE = "dense.faiss"
SPELLINGS = "spellings.json"
WORDS = "bm25"
VECTORS, SCALES, ENDS, BOUNDS = ARRAYS = (
    "vectors.npy",
    "token_scales.npy",
    "token_ends.npy",
    "token_bounds.npy",
)
"""Arrays of all entries, small enough to be written whole for each version."""

ENTRIES = TypeAdapter(tuple[Entry, ...])


@dataclass(frozen=True)
class StoredIndex:
    """An index version, open."""

    info: IndexInfo
    documents: dict[str, DocumentCanonique]
    passages: tuple[Passage, ...]
    entries: tuple[Entry, ...]
    dense: faiss.Index
    vectors: NDArray[np.float32]
    tokens: TokenStore
    units: tuple[tuple[StoredUnit, ...], ...]
    """Units of each passage, which are the first entries."""
    lexical: LexicalIndex
    attached: bytes = b"[]"
    """JSON that the packages above keep with the version: what the targets of questions are."""
    base: bytes = b"null"
    """JSON of the version of the document base; ``null`` for an index made without one."""
    part_keys: Mapping[str, str] = field(default_factory=dict)
    """Document id → what its part was made of."""
    warning: str | None = None
    """Why this is not the version that was named current, when it is not."""

    @property
    def nodes(self) -> Mapping[str, bool]:
        """None: this machine holds it."""
        return {}

    def ways_asked(self) -> NDArray[np.float32]:
        """Sentence vectors of the entries that are ways that people ask."""
        return np.ascontiguousarray(self.vectors[len(self.passages) :])

    def reading(self, asking: Asking) -> MappedReading:
        """Begin to read what one search needs."""
        return MappedReading(asking, self.dense, self.vectors, self.lexical, self.tokens)


def read_version(path: Path, lexique: Lexique, warning: str | None) -> StoredIndex:
    """Read a version that was checked."""
    info = read_info(path)
    parts = [read_part(path, name) for name in info.documents]
    asked = ENTRIES.validate_json((path / ASKED).read_bytes())
    names = (*info.documents, QUESTIONS)
    return StoredIndex(
        info=info,
        documents={part.document.fiche.id: part.document for part in parts},
        passages=tuple(chain.from_iterable(part.passages for part in parts)),
        entries=(*chain.from_iterable(part.entries for part in parts), *asked),
        dense=load_dense(path / DENSE),
        vectors=mapped(path / VECTORS),
        tokens=TokenStore(
            values=Rows(tuple(mapped(path / tokens_file(name)) for name in names)),
            scales=mapped(path / SCALES),
            ends=mapped(path / ENDS),
            bounds=mapped(path / BOUNDS),
        ),
        units=tuple(chain.from_iterable(part.units for part in parts)),
        lexical=LexicalIndex.load(
            path / WORDS, json.loads((path / SPELLINGS).read_text("utf-8")), lexique
        ),
        attached=(path / ATTACHED).read_bytes(),
        base=(path / BASE).read_bytes(),
        part_keys={
            part.name: part.key
            for part in REUSABLE.validate_json((path / REUSE).read_bytes())
            if part.name != QUESTIONS
        },
        warning=warning,
    )


def read_part(path: Path, name: str) -> Part:
    """Read what a version holds of a document."""
    return Part.model_validate_json((path / document_file(name)).read_bytes())


def mapped(path: Path) -> NDArray[Any]:
    """Map an array in memory; as a plain array, whose slices cost a fraction of a mapping's."""
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
