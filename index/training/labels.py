"""What each passage of a corpus is to each target: an answer, no answer, or not known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.models import DocumentCanonique, Passage
from index.training.records import Cible, Extrait


@dataclass(frozen=True, slots=True)
class Etiquettes:
    """Rows are targets, columns passages; booleans of shape (targets, passages)."""

    cibles: Mapping[str, int]
    """Row of each target."""
    positifs: NDArray[np.bool_]
    """The passage holds words that answer."""
    negatifs: NDArray[np.bool_]
    """The passage was read beside the target and does not answer: a hard negative."""
    inconnus: NDArray[np.bool_]
    """It says a part of it: it counts neither way."""

    def utilisables(self) -> NDArray[np.bool_]:
        """Pairs that may be compared: what is not known is left out of every sum."""
        return ~self.inconnus


def label(
    cibles: Mapping[str, Cible],
    documents: Mapping[str, DocumentCanonique],
    passages: Sequence[Passage],
) -> Etiquettes:
    """Find each quotation of the targets among the passages.

    A passage that answers and was also judged otherwise, by other words in it, answers.
    """
    rows = {name: row for row, name in enumerate(cibles)}
    shape = (len(rows), len(passages))
    answers, refused, partial = (np.zeros(shape, dtype=np.bool_) for _ in range(3))
    for name, row in rows.items():
        target = cibles[name]
        answers[row] = _holding(target.repond, documents, passages)
        refused[row] = _holding(target.ne_repond_pas, documents, passages)
        partial[row] = _holding(target.en_partie, documents, passages)
    partial &= ~answers
    refused &= ~(answers | partial)
    return Etiquettes(rows, answers, refused, partial)


def _holding(
    extraits: Iterable[Extrait],
    documents: Mapping[str, DocumentCanonique],
    passages: Sequence[Passage],
) -> NDArray[np.bool_]:
    """Passages that hold one of these words, or share some with them; each place counts."""
    spans = [
        (extrait.document, start, start + len(extrait.extrait))
        for extrait in extraits
        if extrait.document in documents
        for start in _places(extrait.extrait, documents[extrait.document].texte)
    ]
    return np.array(
        [
            any(
                p.document == name and p.debut < end and start < p.fin for name, start, end in spans
            )
            for p in passages
        ],
        dtype=np.bool_,
    )


def _places(words: str, texte: str) -> Iterable[int]:
    start = texte.find(words)
    while start >= 0:
        yield start
        start = texte.find(words, start + 1)
