"""A version of many passages, made of chance: as a real one is searched, at the cost of no text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.canonical import build_canonical
from corpus.models import NATIONALE, DocumentCanonique, FicheDocument, Passage
from index.checking import sealed
from index.dense import build_dense
from index.embedding.encoder import EncodedText, ModelDescription
from index.late import TokenStore
from index.lexical import LexicalIndex
from index.lexicon import Lexique
from index.models import Entry, IndexInfo
from index.stored import StoredIndex

TOKENS = 4
"""Token vectors of each passage."""
_THEMES = 300
_WORDS = tuple(f"mot{n:03d}" for n in range(400))


@dataclass(frozen=True)
class GrandeVersion:
    """The version, and what reads questions as it was made."""

    stored: StoredIndex
    encoder: Tirage
    questions: tuple[str, ...]


class Tirage:
    """An encoder of questions that are the names of vectors drawn beforehand."""

    def __init__(self, description: ModelDescription, vectors: NDArray[np.float32]) -> None:
        self.description = description
        self._vectors = vectors

    def encode_query(self, text: str) -> EncodedText:
        """The vector that the first word of a question numbers."""
        vector = self._vectors[int(text.split(maxsplit=1)[0])]
        ends = np.zeros(1, dtype=np.int32)
        return EncodedText(vector, vector[None, :], np.zeros(1, np.int64), ends, slice(0, 1))

    def encode_passage(self, text: str) -> EncodedText:
        """The same: nothing is indexed with it."""
        return self.encode_query(text)


def grande_version(
    combien: Mapping[str, int], lexique: Lexique, dimension: int = 64, questions: int = 40
) -> GrandeVersion:
    """Draw a version: how many passages of each scope, a document each."""
    chance = np.random.default_rng(20260101)
    scopes = [scope for scope, count in combien.items() for _ in range(count)]
    count = len(scopes)
    themes = chance.normal(0, 1, (_THEMES, dimension)).astype(np.float32)
    themes /= np.linalg.norm(themes, axis=1, keepdims=True)
    vectors = _near(themes[chance.integers(0, _THEMES, count)], 0.6, chance)
    asked = _near(vectors[chance.integers(0, count, questions)], 1.0, chance)
    description = ModelDescription(
        name="tirage",
        content_hash="0" * 64,
        precision="fp32",
        dimension=dimension,
        query_prompt="",
        passage_prompt="",
        max_tokens=512,
    )
    documents = {f"d{scope}": _document(scope) for scope in combien}
    texts = [" ".join(chance.choice(_WORDS, 12)) for _ in range(count)]
    passages = tuple(
        Passage(
            id=f"d{scope}@{row}",
            document=f"d{scope}",
            version="0" * 12,
            debut=0,
            fin=5,
            texte=texts[row],
            section=(),
            page=None,
        )
        for row, scope in enumerate(scopes)
    )
    info = sealed(
        IndexInfo(
            format=1,
            version="0" * 12,
            model=description,
            documents=dict.fromkeys(documents, "0" * 12),
            passages=count,
            entries=count,
            dense_kind="flat",
            files={},
        )
    )
    spread = np.repeat(vectors, TOKENS, axis=0) + chance.normal(
        0, 0.1, (count * TOKENS, dimension)
    ).astype(np.float32)
    stored = StoredIndex(
        info=info,
        documents=documents,
        passages=passages,
        entries=tuple(
            Entry(kind="passage", target=p.id, searched=p.texte, key=p.id) for p in passages
        ),
        dense=build_dense(vectors, "flat"),
        vectors=vectors,
        tokens=TokenStore(
            values=np.clip(spread * 127, -127, 127).astype(np.int8),
            scales=np.full(count * TOKENS, 1 / 127, dtype=np.float32),
            ends=np.zeros(count * TOKENS, dtype=np.int32),
            bounds=np.arange(0, (count + 1) * TOKENS, TOKENS, dtype=np.int64),
        ),
        units=((),) * count,
        lexical=LexicalIndex.build(texts, lexique),
    )
    said = tuple(f"{n} {' '.join(chance.choice(_WORDS, 4))}" for n in range(questions))
    return GrandeVersion(stored, Tirage(description, asked), said)


def _near(
    base: NDArray[np.float32], spread: float, chance: np.random.Generator
) -> NDArray[np.float32]:
    noise = chance.normal(0, spread / np.sqrt(base.shape[1]), base.shape)
    drawn = (base + noise).astype(np.float32)
    drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
    return drawn


def _document(scope: str) -> DocumentCanonique:
    return build_canonical(
        "Essai.\n",
        FicheDocument.model_validate(
            {
                "id": f"d{scope}",
                "titre": "Texte d'essai",
                "titre_court": "Essai",
                "editeur": "Éditeur",
                "nature": "autre",
                "portee": scope,
                "rang": 1 if scope == NATIONALE else 2,
                "date_publication": "2025-01-01",
                "fichier": "essai.txt",
                "sha256": "0" * 64,
                "mise_en_page": "markdown",
            }
        ),
    )
