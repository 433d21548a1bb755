"""What searching needs of an open index version, wherever the version is kept.

A version is read once for what is small and needed at every search: its texts, its words, the
vectors of the ways that people ask (each search compares them all). The rest, of the candidates
alone, is read search by search: from mapped files, or from the shared store.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from corpus.models import DocumentCanonique, Passage
from index.late import Tokens
from index.models import Entry, IndexInfo, StoredUnit
from index.vocabulary import LexicalQuery


@dataclass(frozen=True, slots=True)
class Asking:
    """What one search asks of a version, known before it begins."""

    sentence: NDArray[np.float32]
    words: LexicalQuery
    depth: int
    """Nearest passages wanted."""
    allowed: NDArray[np.int64] | None
    """Rows of the passages that may answer; None: all. The two fields below say the same."""
    departements: tuple[str, ...]
    """Codes of the local texts that may answer beside the national ones; empty: all may."""
    ended: frozenset[str]
    """Documents that may not answer."""
    ways: tuple[int, ...]
    """Rows of the entries, ways that people ask, whose token vectors will be read."""


class LectureInterrompue(Exception):
    """What one search reads went away in the middle: read anew, it is known, and done without."""


class Words(Protocol):
    """Words of a version (see ``index.vocabulary``)."""

    def read(self, question: str) -> LexicalQuery:
        """Read a question."""

    def rarity(self, stem_: str) -> float:
        """Inverse document frequency of a stem."""


class Reading(Protocol):
    """What one search reads of a version; where it says so, ``LectureInterrompue`` is raised."""

    @property
    def incomplet(self) -> tuple[str, ...]:
        """Départements whose texts cannot be read now; empty: all those that may answer are."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give back what reading took."""

    def nearest(self) -> Sequence[int]:
        """Rows of the passages nearest by meaning, among those that may answer."""

    def scores(self, asked: Sequence[str]) -> NDArray[np.float32]:
        """BM25 for some stems of the question, one for each passage that may answer.

        What it says of the others does not count.
        """

    def vectors(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Sentence vectors of some passages, in their order."""

    def tokens(self, rows: Sequence[int]) -> Tokens:
        """Token vectors, where those of these rows are at hand."""


class IndexView(Protocol):
    """An open version of the index."""

    @property
    def info(self) -> IndexInfo:
        """Its description."""

    @property
    def documents(self) -> dict[str, DocumentCanonique]:
        """Its documents, by id."""

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Its passages, which are the first entries."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All that is searched."""

    @property
    def units(self) -> tuple[tuple[StoredUnit, ...], ...]:
        """Units of each passage."""

    @property
    def lexical(self) -> Words:
        """Its words."""

    @property
    def attached(self) -> bytes:
        """JSON kept with it: what the targets of questions are."""

    @property
    def base(self) -> bytes:
        """JSON of the version of the document base; ``null`` without one."""

    @property
    def warning(self) -> str | None:
        """Why this is not the version in use, when it is not."""

    def ways_asked(self) -> NDArray[np.float32]:
        """Sentence vectors of the entries that are ways that people ask."""

    @property
    def nodes(self) -> Mapping[str, bool]:
        """Other nodes that hold it → whether each was there when last tried; nobody is asked."""

    def reading(self, asking: Asking) -> Reading:
        """Begin to read what one search needs."""
