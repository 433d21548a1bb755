"""Build an index version from the corpus: embed what is new, keep what is not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.models import DocumentCanonique
from corpus.passages import cut_passages
from corpus.units import cut_units
from index.dense import build_dense, dense_kind
from index.embedding.encoder import Encoder
from index.entries import passage_entry, question_entry
from index.late import TokenStore, quantise
from index.lexical import K1, B, LexicalIndex
from index.lexicon import Lexique
from index.models import Asked, Entry, IndexInfo
from index.storage import FORMAT, IndexInutilisable, StoredIndex, open_index, write_version
from index.units import place_units


@dataclass(frozen=True)
class BuildReport:
    """What a build did."""

    info: IndexInfo
    embedded: int
    reused: int


@dataclass(frozen=True)
class _Embedded:
    """Vectors of one entry."""

    sentence: NDArray[np.float32]
    tokens: NDArray[np.int8]
    scales: NDArray[np.float32]
    ends: NDArray[np.int32]
    """Where each token ends in the normalised searched text."""


def build_index(
    documents: Mapping[str, DocumentCanonique],
    encoder: Encoder,
    lexique: Lexique,
    folder: Path,
    *,
    advance: Callable[[int, int], None] = lambda _done, _total: None,
    asked: Sequence[Asked] = (),
    attached: bytes = b"[]",
    base: bytes = b"null",
    current: bool = True,
) -> BuildReport:
    """Cut, embed and store a corpus; make it the version in use unless told otherwise.

    Args:
        documents: canonical documents by id.
        encoder: the model; each text is encoded alone, so that builds are bit-equal.
        lexique: abbreviations opened in the searched text.
        folder: where index versions live.
        advance: told (entries embedded, entries to embed) as it goes.
        asked: ways that people ask for something, indexed after the passages.
        attached: JSON kept with the version, for whoever knows what ``asked`` stands for.
        base: JSON of the version of the document base that this is the index of.
        current: False to prepare a version beside, to be checked before it is used.
    """
    passages = tuple(p for document in documents.values() for p in cut_passages(document))
    searched = [passage_entry(p, documents[p.document], lexique) for p in passages]
    entries = (*searched, *(question_entry(question, passages) for question in asked))
    known = _known_vectors(folder, encoder, lexique)
    missing = [e for e in entries if e.key not in known]
    for done, entry in enumerate(missing):
        advance(done, len(missing))
        known[entry.key] = _embed(entry, encoder)
    advance(len(missing), len(missing))
    vectors = np.stack([known[e.key].sentence for e in entries]).astype(np.float32)
    dense = build_dense(vectors[: len(passages)])
    info = IndexInfo(
        format=FORMAT,
        version="",
        model=encoder.description,
        documents={name: document.version for name, document in documents.items()},
        passages=len(passages),
        entries=len(entries),
        dense_kind=dense_kind(dense),
        files={},
    )
    content = StoredIndex(
        info=info,
        documents=dict(documents),
        passages=passages,
        entries=entries,
        dense=dense,
        vectors=vectors,
        tokens=_token_store([known[e.key] for e in entries]),
        units=tuple(
            place_units(
                cut_units(passage, documents[passage.document]),
                documents[passage.document],
                entry.searched,
                known[entry.key].ends,
            )
            for passage, entry in zip(passages, searched, strict=True)
        ),
        lexical=LexicalIndex.build([e.searched for e in searched], lexique),
        attached=attached,
        base=base,
    )
    named = replace(content, info=info.model_copy(update={"version": _version(content)}))
    written = write_version(folder, named, current=current)
    return BuildReport(written, embedded=len(missing), reused=len(entries) - len(missing))


def _embed(entry: Entry, encoder: Encoder) -> _Embedded:
    encode = encoder.encode_query if entry.kind == "question" else encoder.encode_passage
    encoded = encode(entry.searched)
    values, scales = quantise(encoded.tokens[encoded.content])
    return _Embedded(encoded.sentence, values, scales, encoded.ends[encoded.content])


def _known_vectors(folder: Path, encoder: Encoder, lexique: Lexique) -> dict[str, _Embedded]:
    """Vectors of the version in use, by entry key, when the same model made them."""
    try:
        before = open_index(folder, lexique)
    except IndexInutilisable:
        return {}
    if before.info.model != encoder.description:
        return {}
    return {entry.key: _stored(before, row) for row, entry in enumerate(before.entries)}


def _stored(before: StoredIndex, row: int) -> _Embedded:
    start, end = int(before.tokens.bounds[row]), int(before.tokens.bounds[row + 1])
    return _Embedded(
        np.array(before.vectors[row]),
        np.array(before.tokens.values[start:end]),
        np.array(before.tokens.scales[start:end]),
        np.array(before.tokens.ends[start:end]),
    )


def _token_store(embedded: Sequence[_Embedded]) -> TokenStore:
    bounds = np.cumsum([0, *(len(e.scales) for e in embedded)], dtype=np.int64)
    return TokenStore(
        values=np.concatenate([e.tokens for e in embedded]),
        scales=np.concatenate([e.scales for e in embedded]),
        ends=np.concatenate([e.ends for e in embedded]),
        bounds=bounds,
    )


def _version(content: StoredIndex) -> str:
    """Name a version after its content: the same corpus, model and lexicon give the same name."""
    model = content.info.model.model_dump_json()
    digest = hashlib.sha256(f"{FORMAT}\n{model}\n{K1}\n{B}\n".encode())
    digest.update(f"{sorted(content.lexical.spellings.items())}\n".encode())
    digest.update(content.attached)
    digest.update(content.base)
    for document in content.documents.values():
        digest.update(document.model_dump_json().encode())
    for passage, units in zip(content.passages, content.units, strict=True):
        digest.update(f"{passage.model_dump_json()}\n".encode())
        digest.update("\n".join(unit.model_dump_json() for unit in units).encode())
    for entry in content.entries:
        digest.update(f"{entry.model_dump_json()}\n".encode())
    return digest.hexdigest()[:12]
