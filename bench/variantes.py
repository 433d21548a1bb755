"""Other ways to cut, to embed and to search, built beside the shipped one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np

from bench.cadre import Cadre
from corpus.library import load_corpus
from corpus.models import DocumentCanonique, Passage
from corpus.passages import MAXIMUM, TARGET
from index.build import build_index
from index.embedding.encoder import EncodedText, ModelDescription
from index.entries import passage_entry
from index.lexicon import Lexique
from index.models import Entry
from index.storage import StoredIndex, open_index

MakeEntry = Callable[[Passage, DocumentCanonique, Lexique], Entry]


class SansModele:
    """An encoder that costs nothing and says nothing: what is left of a search is its words."""

    def __init__(self, description: ModelDescription) -> None:
        self.description = description
        self._nothing = EncodedText(
            sentence=np.zeros(description.dimension, dtype=np.float32),
            tokens=np.zeros((0, description.dimension), dtype=np.float32),
            token_ids=np.zeros(0, dtype=np.int64),
            ends=np.zeros(0, dtype=np.int32),
            content=slice(0, 0),
        )

    def encode_query(self, _text: str) -> EncodedText:
        return self._nothing

    def encode_passage(self, _text: str) -> EncodedText:
        return self._nothing


def build_variant(
    cadre: Cadre,
    folder: Path,
    *,
    cut: tuple[int, int] | None = None,
    make_entry: MakeEntry = passage_entry,
    lexique: Lexique | None = None,
) -> StoredIndex:
    """Build and open an index that differs in one thing.

    Args:
        cadre: gives the model, and the lexicon unless another is given.
        folder: where to build, empty.
        cut: target and maximum length of passages, in characters.
        make_entry: what is searched for a passage.
        lexique: another lexicon.
    """
    words = lexique or cadre.lexique
    target, maximum = cut or (TARGET, MAXIMUM)
    # The program fixes these for good: only a measurement has to change them.
    with (
        patch.multiple("corpus.passages", TARGET=target, MAXIMUM=maximum),
        patch("index.build.passage_entry", make_entry),
    ):
        build_index(load_corpus().documents, cadre.encoder, words, folder)
    return open_index(folder, words)


def passages_only(stored: StoredIndex) -> StoredIndex:
    """An index without the ways that people ask, which follow its passages."""
    count = len(stored.passages)
    tokens = replace(stored.tokens, bounds=stored.tokens.bounds[: count + 1])
    return replace(
        stored, entries=stored.entries[:count], vectors=stored.vectors[:count], tokens=tokens
    )
