"""What one search reads of a version whose files are mapped in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import faiss
import numpy as np
from numpy.typing import NDArray

from index.dense import nearest
from index.late import TokenStore
from index.lexical import LexicalIndex
from index.view import Asking


@dataclass(frozen=True, slots=True)
class MappedReading:
    """All is at hand: nothing is fetched, nothing is given back."""

    asking: Asking
    dense: faiss.Index
    embedded: NDArray[np.float32]
    lexical: LexicalIndex
    store: TokenStore

    @property
    def incomplet(self) -> tuple[str, ...]:
        """Nothing is missing."""
        return ()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def nearest(self) -> Sequence[int]:
        """Rows of the passages nearest by meaning, among those that may answer."""
        asking = self.asking
        allowed = None if asking.allowed is None else asking.allowed.tolist()
        return [row for row, _ in nearest(self.dense, asking.sentence, asking.depth, allowed)]

    def scores(self, asked: Sequence[str]) -> NDArray[np.float32]:
        """BM25 of every passage for some stems."""
        return self.lexical.scores(asked)

    def vectors(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Sentence vectors of some passages, in their order."""
        return self.embedded[rows]

    def tokens(self, _rows: Sequence[int]) -> TokenStore:
        """Token vectors of all entries."""
        return self.store
