"""What one document brings to an index, kept in files of its own: taken up whole if unchanged."""

from __future__ import annotations

import hashlib
import inspect
import os
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import ModuleType

from pydantic import BaseModel, TypeAdapter

import corpus.passages
import corpus.places
import corpus.sentences
import corpus.units
import index.counts
import index.embedding.normalise
import index.entries
import index.french
import index.lexicon
import index.units
from corpus.models import DocumentCanonique, Passage
from index.models import FROZEN, Entry, StoredUnit

DOCUMENTS = "documents"
TOKENS = "tokens"
REUSE = "reuse.json"
QUESTIONS = "_questions"
"""The part of the ways that people ask: no document has such a name."""

_MAKERS: tuple[ModuleType, ...] = (
    corpus.passages,
    corpus.places,
    corpus.sentences,
    corpus.units,
    index.counts,
    index.embedding.normalise,
    index.entries,
    index.french,
    index.lexicon,
    index.units,
)
"""What makes a part of a document: a part made by another state of them is made again."""


class Part(BaseModel):
    """What a document is in an index, but for its vectors."""

    model_config = FROZEN

    document: DocumentCanonique
    passages: tuple[Passage, ...]
    entries: tuple[Entry, ...]
    """One a passage, in the same order."""
    units: tuple[tuple[StoredUnit, ...], ...]
    """Units of each passage."""


class Reusable(BaseModel):
    """What a later build must know of a part to take it up."""

    model_config = FROZEN

    name: str
    key: str
    """Stands for all that the part was made of, but for the model."""
    entries: tuple[str, ...]
    """Keys of its entries."""


def reusable(name: str, key: str, entries: Iterable[Entry]) -> Reusable:
    """What a later build must know of a part."""
    return Reusable(name=name, key=key, entries=tuple(entry.key for entry in entries))


REUSABLE = TypeAdapter(tuple[Reusable, ...])


def document_file(name: str) -> str:
    """Name, in a version, of the file of a document."""
    return f"{DOCUMENTS}/{name}.json"


def tokens_file(name: str) -> str:
    """Name, in a version, of the file of the token vectors of a part."""
    return f"{TOKENS}/{name}.npy"


def part_keys(
    documents: Mapping[str, DocumentCanonique], abbreviations: Mapping[str, str]
) -> dict[str, str]:
    """Key of the part of each document: the same for the same part, and for it alone."""
    common = hashlib.sha256(f"{_program()}\n{sorted(abbreviations.items())}\n".encode())
    keys: dict[str, str] = {}
    for name, document in documents.items():
        digest = common.copy()
        digest.update(document.model_dump_json().encode("utf-8"))
        keys[name] = digest.hexdigest()[:32]
    return keys


@lru_cache(maxsize=1)
def _program() -> str:
    """Digest of the program that makes parts; where it cannot be read, of no other process."""
    try:
        sources = [inspect.getsource(module) for module in _MAKERS]
    except (OSError, TypeError):
        return os.urandom(16).hex()
    return hashlib.sha256("\n".join(sources).encode("utf-8")).hexdigest()
