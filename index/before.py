"""What a build takes up from the version before it: whole parts, else vectors one by one.

What is read is checked, and as it is read. The files of a document that did not change are not:
they are linked, and whoever puts the new version in use checks all its checksums. Where one was
altered on the disk, the build is made again ``checking`` each, without those that are not whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.files import sha256_of_file
from corpus.models import Passage
from index.checking import check_description, read_info
from index.counts import FILES, WordCounts, load_counts
from index.embedding.encoder import ModelDescription
from index.exemplars import Exemplars, FichierAltere, Kept
from index.models import Entry, IndexInfo
from index.parts import (
    REUSABLE,
    REUSE,
    Part,
    Reusable,
    document_file,
    tokens_file,
)
from index.stored import ARRAYS, WORDS, mapped


@dataclass(frozen=True, slots=True)
class Embedded:
    """Vectors of one entry."""

    sentence: NDArray[np.float32]
    tokens: NDArray[np.int8]
    scales: NDArray[np.float32]
    ends: NDArray[np.int32]
    """Where each token ends in the normalised searched text."""


@dataclass(frozen=True, slots=True)
class Span:
    """Entries ``first:last`` of a version."""

    first: int
    last: int


class Before:
    """A version that another is built upon."""

    def __init__(
        self, path: Path, info: IndexInfo, exemplars: Exemplars, *, checking: bool
    ) -> None:
        """Open what joins the parts.

        Raises:
            FichierAltere: one of these files is lost or altered.
            OSError: one cannot be read.
        """
        self._path = path
        self._info = info
        self._exemplars = exemplars
        self._checking = checking
        self._opened: dict[str, NDArray[np.int8] | None] = {}
        self.vectors: NDArray[np.float32]
        self.scales: NDArray[np.float32]
        self.ends: NDArray[np.int32]
        self.bounds: NDArray[np.int64]
        self.vectors, self.scales, self.ends, self.bounds = (self._array(name) for name in ARRAYS)
        for name in (REUSE, *(f"{WORDS}/{name}" for name in FILES)):
            self._check(name)
        self.counts: WordCounts = load_counts(path / WORDS)
        self._parts: dict[str, tuple[Reusable, Span]] = {}
        first = 0
        for part in REUSABLE.validate_json((path / REUSE).read_bytes()):
            self._parts[part.name] = (part, Span(first, first + len(part.entries)))
            first += len(part.entries)

    def part(self, name: str, key: str) -> tuple[Reusable, Span, Kept, Kept] | None:
        """Find the part of a document by its key: its rows, its file and that of its tokens.

        Returns:
            None when it is another, or lost.
        """
        found = self._parts.get(name)
        if found is None or not key or found[0].key != key:
            return None
        document, tokens = (
            self._find(file, check=self._checking)
            for file in (document_file(name), tokens_file(name))
        )
        return (*found, document, tokens) if document and tokens else None

    def same_tokens(self, name: str, entries: Sequence[Entry]) -> tuple[Span, Kept] | None:
        """Find the token vectors of a part whose entries are the same, whatever else changed."""
        found = self._parts.get(name)
        if found is None or found[0].entries != tuple(entry.key for entry in entries):
            return None
        tokens = self._find(tokens_file(name), check=self._checking)
        return (found[1], tokens) if tokens else None

    def find(self, key: str) -> Embedded | None:
        """Vectors of an entry, by its key, wherever it stands."""
        name, row = self._places.get(key, ("", 0))
        tokens = self._tokens(name) if name else None
        if tokens is None:
            return None
        start, end = int(self.bounds[row]), int(self.bounds[row + 1])
        before = int(self.bounds[self._parts[name][1].first])
        return Embedded(
            np.array(self.vectors[row]),
            np.array(tokens[start - before : end - before]),
            np.array(self.scales[start:end]),
            np.array(self.ends[start:end]),
        )

    @cached_property
    def _places(self) -> dict[str, tuple[str, int]]:
        """Part and row of each entry, by its key."""
        return {
            key: (name, row)
            for name, (part, rows) in self._parts.items()
            for row, key in enumerate(part.entries, start=rows.first)
        }

    def _tokens(self, name: str) -> NDArray[np.int8] | None:
        if name not in self._opened:
            found = self._find(tokens_file(name), check=True)
            self._opened[name] = mapped(found.path) if found else None
        return self._opened[name]

    def passages(self, name: str) -> tuple[Passage, ...]:
        """Passages of a document.

        Raises:
            FichierAltere: no exemplar of its file is whole.
        """
        found = self._find(document_file(name), check=True)
        if found is None:
            raise FichierAltere(document_file(name))
        return Part.model_validate_json(found.path.read_bytes()).passages

    def _find(self, name: str, *, check: bool) -> Kept | None:
        digest = self._info.files.get(name, "")
        return self._exemplars.find(self._path / name, digest, check=check)

    def _array(self, name: str) -> NDArray[Any]:
        self._check(name)
        return mapped(self._path / name)

    def _check(self, name: str) -> None:
        if sha256_of_file(self._path / name) != self._info.files.get(name):
            raise FichierAltere(name)


def find_before(
    versions: Iterable[Path], model: ModelDescription, exemplars: Exemplars, *, checking: bool
) -> Before | None:
    """Open the first version that can be built upon; none if another model made it."""
    for path in versions:
        if check_description(path) is not None:
            continue
        info = read_info(path)
        if info.model != model:
            return None
        try:
            return Before(path, info, exemplars, checking=checking)
        except (FichierAltere, OSError):
            continue
    return None
