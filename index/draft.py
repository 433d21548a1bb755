"""A version to be written: the parts of its documents, new or taken up, and what joins them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from corpus.files import sha256_of_file, sync_folder
from index.checking import FORMAT, INFO, sealed
from index.dense import save_dense
from index.exemplars import Exemplars, Kept, sync
from index.lexical import K1, B, LexicalIndex
from index.models import IndexInfo
from index.parts import (
    DOCUMENTS,
    QUESTIONS,
    REUSABLE,
    REUSE,
    TOKENS,
    Part,
    Reusable,
    document_file,
    reusable,
    tokens_file,
)
from index.stored import (
    ARRAYS,
    ASKED,
    ATTACHED,
    BASE,
    DENSE,
    ENTRIES,
    SPELLINGS,
    WORDS,
    StoredIndex,
)

Tokens = Kept | NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class DraftPart:
    """Files of one document."""

    reusable: Reusable
    document: Kept | bytes
    tokens: Tokens

    @property
    def digest(self) -> str:
        """Checksum of the document's file."""
        if isinstance(self.document, Kept):
            return self.document.digest
        return hashlib.sha256(self.document).hexdigest()


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a version is written from."""

    info: IndexInfo
    parts: tuple[DraftPart, ...]
    asked: Reusable
    questions: bytes
    """JSON of the entries of the ways that people ask."""
    question_tokens: Tokens
    arrays: Sequence[NDArray[np.generic]]
    """Arrays of all entries, in the order of ``ARRAYS``."""
    dense: faiss.Index
    lexical: LexicalIndex
    attached: bytes
    base: bytes

    @property
    def unchecked(self) -> bool:
        """Whether it takes up files that were not read."""
        files = (self.question_tokens, *(f for p in self.parts for f in (p.document, p.tokens)))
        return any(isinstance(file, Kept) and not file.checked for file in files)

    def name(self) -> str:
        """Name of the version: the same texts, model and lexicon give the same."""
        model = self.info.model.model_dump_json()
        digest = hashlib.sha256(f"{FORMAT}\n{model}\n{K1}\n{B}\n".encode())
        digest.update(f"{sorted(self.lexical.spellings.items())}\n".encode())
        for part in self.parts:
            digest.update(f"{part.reusable.name} {part.digest}\n".encode())
        for content in (self.questions, self.attached, self.base):
            digest.update(hashlib.sha256(content).digest())
        return digest.hexdigest()[:12]


def draft_of(content: StoredIndex) -> Draft:
    """A draft of an open index, to write it again."""
    places = [
        (name, [row for row, _ in rows])
        for name, rows in groupby(enumerate(content.passages), key=lambda row: row[1].document)
    ]
    rows = {name: (found[0], found[-1] + 1) for name, found in places}
    parts = [_part_of(content, name, *rows.get(name, (0, 0))) for name in content.documents]
    count = len(content.passages)
    return Draft(
        info=content.info,
        parts=tuple(parts),
        asked=reusable(QUESTIONS, "", content.entries[count:]),
        questions=ENTRIES.dump_json(content.entries[count:]),
        question_tokens=_tokens_of(content, count, len(content.entries)),
        arrays=(
            content.vectors,
            content.tokens.scales,
            content.tokens.ends,
            content.tokens.bounds,
        ),
        dense=content.dense,
        lexical=content.lexical,
        attached=content.attached,
        base=content.base,
    )


def _part_of(content: StoredIndex, name: str, first: int, last: int) -> DraftPart:
    part = Part(
        document=content.documents[name],
        passages=content.passages[first:last],
        entries=content.entries[first:last],
        units=content.units[first:last],
    )
    return DraftPart(
        reusable(name, content.part_keys.get(name, ""), part.entries),
        part.model_dump_json().encode("utf-8"),
        _tokens_of(content, first, last),
    )


def _tokens_of(content: StoredIndex, first: int, last: int) -> NDArray[np.int8]:
    start, end = int(content.tokens.bounds[first]), int(content.tokens.bounds[last])
    return content.tokens.values[start:end]


def write_draft(draft: Draft, folder: Path, exemplars: Exemplars, beside: Path | None) -> None:
    """Write all the files of a version, durable, and its description last.

    Args:
        draft: what the version holds.
        folder: where to write it, empty.
        exemplars: of the files that versions share.
        beside: the version that is to share no file with this one.
    """
    for name in (DOCUMENTS, TOKENS, WORDS):
        (folder / name).mkdir()
    files = dict(_shared(draft, folder, exemplars, beside))
    _write_rest(draft, folder)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in files:
            files[name] = sha256_of_file(path)
            sync(path)
    whole = sealed(draft.info.model_copy(update={"files": dict(sorted(files.items()))}))
    (folder / INFO).write_text(whole.model_dump_json(indent=1), "utf-8")
    sync(folder / INFO)
    exemplars.sync()
    for name in (DOCUMENTS, TOKENS, WORDS, ""):
        sync_folder(folder / name)


def _shared(
    draft: Draft, folder: Path, exemplars: Exemplars, beside: Path | None
) -> Iterator[tuple[str, str]]:
    """Write the files of the parts; yield their names and checksums."""
    contents: list[tuple[str, Tokens | bytes]] = [
        (tokens_file(QUESTIONS), draft.question_tokens),
        *((document_file(part.reusable.name), part.document) for part in draft.parts),
        *((tokens_file(part.reusable.name), part.tokens) for part in draft.parts),
    ]
    for name, content in contents:
        apart = None if beside is None else beside / name
        if isinstance(content, Kept):
            exemplars.take_up(content, folder / name, apart)
            yield name, content.digest
        else:
            yield name, exemplars.write(partial(_fill, content), folder / name, apart)


def _fill(content: NDArray[np.int8] | bytes, path: Path) -> None:
    with path.open("wb") as stream:
        if isinstance(content, bytes):
            stream.write(content)
        else:
            np.save(stream, content, allow_pickle=False)


def _write_rest(draft: Draft, folder: Path) -> None:
    for name, array in zip(ARRAYS, draft.arrays, strict=True):
        np.save(folder / name, array, allow_pickle=False)
    save_dense(draft.dense, folder / DENSE)
    draft.lexical.save(folder / WORDS)
    spellings = dict(draft.lexical.spellings)
    (folder / SPELLINGS).write_text(
        json.dumps(spellings, ensure_ascii=False, sort_keys=True), "utf-8"
    )
    taken_up = (*(part.reusable for part in draft.parts), draft.asked)
    (folder / REUSE).write_bytes(REUSABLE.dump_json(taken_up))
    (folder / ASKED).write_bytes(draft.questions)
    (folder / ATTACHED).write_bytes(draft.attached)
    (folder / BASE).write_bytes(draft.base)
