"""Build an index version from the corpus: make what is new, take up what is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from corpus.models import DocumentCanonique
from corpus.passages import cut_passages
from index.before import Before, Embedded
from index.checking import FORMAT
from index.counts import join
from index.dense import build_dense, dense_kind
from index.draft import Draft
from index.embedding.encoder import Encoder
from index.entries import passage_entry, question_entries
from index.exemplars import FichierAltere
from index.lexical import LexicalIndex
from index.lexicon import Lexique
from index.models import Asked, Entry, IndexInfo
from index.parts import QUESTIONS, part_keys, reusable
from index.pieces import Entries, Known, New, Whole
from index.ready import ReadReady, embed, take_up
from index.storage import version_before, write_version
from index.stored import ENTRIES


@dataclass(frozen=True)
class BuildReport:
    """What a build did."""

    info: IndexInfo
    embedded: int
    reused: int


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
    ready: ReadReady = lambda _name: None,
) -> BuildReport:
    """Cut, embed and store a corpus; make it the version in use unless told otherwise.

    What the version in use holds of a document that did not change is taken up as it is. The
    version is the same, to the bit, as one built from nothing.

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
        ready: gives vectors made ahead (``index/ready.py``), which are not made again.

    Raises:
        IndexInutilisable: it could not be written; the version in use stays as it was.
    """
    build = _Build(documents, encoder, lexique, folder, advance, asked, attached, base, ready)
    try:
        info = write_version(folder, build.draft(checking=False), current=current)
    except FichierAltere:
        # Rare, and found late: what is altered is done without, what was embedded is kept.
        info = write_version(folder, build.draft(checking=True), current=current)
    return BuildReport(info, embedded=build.embedded, reused=info.entries - build.embedded)


@dataclass(slots=True)
class _Build:
    """What is built, and what has been embedded for it so far."""

    documents: Mapping[str, DocumentCanonique]
    encoder: Encoder
    lexique: Lexique
    folder: Path
    advance: Callable[[int, int], None]
    asked: Sequence[Asked]
    attached: bytes
    base: bytes
    ready: ReadReady
    made: dict[str, Embedded] = field(default_factory=dict)
    embedded: int = 0

    def draft(self, *, checking: bool) -> Draft:
        """Put a version together from what the one before holds, and from what it does not."""
        before = version_before(self.folder, self.encoder.description, checking=checking)
        keys = part_keys(self.documents, self.lexique.sigles)
        pieces = [
            _piece(document, keys[name], self.lexique, before)
            for name, document in self.documents.items()
        ]
        questions = _questions(self.asked, pieces, before)
        known = self._known([piece.to_embed for piece in (*pieces, questions)], before)
        dimension = self.encoder.description.dimension
        vectors = [piece.vectors(known, dimension) for piece in (*pieces, questions)]
        sentences = np.concatenate([found.sentences for found in vectors])
        passages = len(sentences) - len(questions.entries)
        dense = build_dense(sentences[:passages])
        lengths = np.concatenate([[0], *(found.lengths for found in vectors)])
        draft = Draft(
            info=IndexInfo(
                format=FORMAT,
                version="",
                model=self.encoder.description,
                documents={name: document.version for name, document in self.documents.items()},
                passages=passages,
                entries=len(sentences),
                dense_kind=dense_kind(dense),
                files={},
            ),
            parts=tuple(piece.part(known, dimension) for piece in pieces),
            asked=reusable(QUESTIONS, "", questions.entries),
            questions=ENTRIES.dump_json(questions.entries),
            question_tokens=questions.token_vectors(known, dimension),
            arrays=(
                sentences,
                np.concatenate([found.scales for found in vectors]),
                np.concatenate([found.ends for found in vectors]),
                np.cumsum(lengths, dtype=np.int64),
            ),
            dense=dense,
            lexical=LexicalIndex.of(join([piece.words() for piece in pieces]), self.lexique),
            attached=self.attached,
            base=self.base,
        )
        return replace(draft, info=draft.info.model_copy(update={"version": draft.name()}))

    def _known(self, parts: Sequence[Sequence[Entry]], before: Before | None) -> Known:
        """Vectors of entries, by key: those that the version before has, and the others, made.

        Some were made ahead, all those of a document together.
        """
        entries = [entry for part in parts for entry in part]
        found = {entry.key: before.find(entry.key) if before else None for entry in entries}
        known = self.made | {key: one for key, one in found.items() if one is not None}
        for part in parts:
            if any(entry.key not in known for entry in part):
                known |= take_up(part, self.encoder.description, self.ready)
        missing = [entry for entry in entries if entry.key not in known]
        for done, entry in enumerate(missing):
            self.advance(done, len(missing))
            self.made[entry.key] = embed(entry, self.encoder)
        self.advance(len(missing), len(missing))
        self.embedded += len(missing)
        return known | self.made


def _piece(
    document: DocumentCanonique, key: str, lexique: Lexique, before: Before | None
) -> Whole | New:
    """Find the piece of a document in the version before, or cut the document."""
    found = before.part(document.fiche.id, key) if before else None
    if before and found:
        return Whole(before, *found)
    passages = cut_passages(document)
    entries = tuple(passage_entry(passage, document, lexique) for passage in passages)
    return New(key, document, passages, _entries(document.fiche.id, entries, before))


def _questions(
    asked: Sequence[Asked], pieces: Sequence[Whole | New], before: Before | None
) -> Entries:
    """Link the ways that people ask to the passages that prove what they ask for."""
    proving = {document for question in asked for document, _, _ in question.spans}
    passages = {piece.name: piece.passages() for piece in pieces if piece.name in proving}
    return _entries(QUESTIONS, question_entries(asked, passages), before)


def _entries(name: str, entries: tuple[Entry, ...], before: Before | None) -> Entries:
    same = before.same_tokens(name, entries) if before else None
    return Entries(entries, (before, *same) if before and same else None)
