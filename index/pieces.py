"""The pieces that a version is put together from: those taken up whole, those made anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.models import DocumentCanonique, Passage
from corpus.units import cut_units
from index.before import Before, Embedded, Span
from index.counts import Run, count_words
from index.draft import DraftPart, Tokens
from index.exemplars import Kept
from index.models import Entry
from index.parts import Part, Reusable, reusable
from index.units import place_units

Known = Mapping[str, Embedded]
"""Vectors by entry key."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """Vectors of entries that follow one another; those of their tokens are in another file."""

    sentences: NDArray[np.float32]
    scales: NDArray[np.float32]
    ends: NDArray[np.int32]
    lengths: NDArray[np.int64]
    """How many tokens each entry has."""


@dataclass(frozen=True, slots=True)
class Whole:
    """The piece of a document that is as it was when the version before was built."""

    before: Before
    reusable: Reusable
    rows: Span
    document: Kept
    tokens: Kept

    @property
    def name(self) -> str:
        """Id of the document."""
        return self.reusable.name

    @property
    def to_embed(self) -> tuple[Entry, ...]:
        """Entries whose vectors are to be found one by one."""
        return ()

    def passages(self) -> tuple[Passage, ...]:
        """Passages of the document."""
        return self.before.passages(self.name)

    def words(self) -> Run:
        """Counts of the words of each entry."""
        return Run(self.before.counts, self.rows.first, self.rows.last)

    def vectors(self, _known: Known, _dimension: int) -> Vectors:
        """Vectors of the entries."""
        return _span(self.before, self.rows)

    def part(self, _known: Known, _dimension: int) -> DraftPart:
        """Files of the document."""
        return DraftPart(self.reusable, self.document, self.tokens)


@dataclass(frozen=True, slots=True)
class Entries:
    """Entries that were made anew, and their vectors where the version before has just these."""

    entries: tuple[Entry, ...]
    same: tuple[Before, Span, Kept] | None

    @property
    def to_embed(self) -> tuple[Entry, ...]:
        """Entries whose vectors are to be found one by one."""
        return () if self.same else self.entries

    def words(self) -> Run:
        """Counts of the words of each entry."""
        counts = count_words([entry.searched for entry in self.entries])
        return Run(counts, 0, len(counts))

    def vectors(self, known: Known, dimension: int) -> Vectors:
        """Vectors of the entries."""
        if self.same:
            return _span(*self.same[:2])
        found = [known[entry.key] for entry in self.entries]
        nothing = np.zeros(0, np.float32)
        return Vectors(
            np.array([one.sentence for one in found], np.float32).reshape(-1, dimension),
            np.concatenate([nothing, *(one.scales for one in found)]),
            np.concatenate([nothing.astype(np.int32), *(one.ends for one in found)]),
            np.array([len(one.scales) for one in found], np.int64),
        )

    def token_vectors(self, known: Known, dimension: int) -> Tokens:
        """Vectors of the tokens."""
        if self.same:
            return self.same[2]
        nothing = np.zeros((0, dimension), np.int8)
        return np.concatenate([nothing, *(known[entry.key].tokens for entry in self.entries)])


@dataclass(frozen=True, slots=True)
class New:
    """The piece of a document that is new, or other than it was."""

    key: str
    document: DocumentCanonique
    cut: tuple[Passage, ...]
    made: Entries

    @property
    def name(self) -> str:
        """Id of the document."""
        return self.document.fiche.id

    @property
    def to_embed(self) -> tuple[Entry, ...]:
        """Entries whose vectors are to be found one by one."""
        return self.made.to_embed

    def passages(self) -> tuple[Passage, ...]:
        """Passages of the document."""
        return self.cut

    def words(self) -> Run:
        """Counts of the words of each entry."""
        return self.made.words()

    def vectors(self, known: Known, dimension: int) -> Vectors:
        """Vectors of the entries."""
        return self.made.vectors(known, dimension)

    def part(self, known: Known, dimension: int) -> DraftPart:
        """Files of the document."""
        found = self.made.vectors(known, dimension)
        ends = np.split(found.ends, np.cumsum(found.lengths)[:-1])
        units = tuple(
            place_units(cut_units(passage, self.document), self.document, entry.searched, last)
            for passage, entry, last in zip(self.cut, self.made.entries, ends, strict=False)
        )
        part = Part(
            document=self.document, passages=self.cut, entries=self.made.entries, units=units
        )
        return DraftPart(
            reusable(self.name, self.key, self.made.entries),
            part.model_dump_json().encode("utf-8"),
            self.made.token_vectors(known, dimension),
        )


def _span(before: Before, rows: Span) -> Vectors:
    bounds = before.bounds[rows.first : rows.last + 1]
    start, end = int(bounds[0]), int(bounds[-1])
    return Vectors(
        before.vectors[rows.first : rows.last],
        before.scales[start:end],
        before.ends[start:end],
        np.diff(bounds),
    )
