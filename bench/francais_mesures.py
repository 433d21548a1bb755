"""Ranks and measures of the French check: one document answers each question, at its own place."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation.intervals import bootstrap, mean
from index.late import TokenStore, max_sim

DEPTH = 10
LATE_DEPTH = 30
"""First documents by vector, which late interaction puts in another order."""
LOSS = 0.02
"""Of nDCG@10: a greater loss of general ability would matter."""


@dataclass(frozen=True, eq=False)
class Vecteurs:
    """What an encoder makes of a set; question i is answered by document i."""

    documents: NDArray[np.float32]
    """Unit rows, shape (n, dimension)."""
    jetons: TokenStore
    questions: NDArray[np.float32]
    """Unit rows, shape (n, dimension)."""
    mots: tuple[NDArray[np.float32], ...]
    """Token vectors of each question."""


@dataclass(frozen=True)
class Ecart:
    """Mean gap of a measure between two encoders, question by question, and its 95 % interval."""

    moyenne: float
    bas: float
    haut: float


def vector_ranks(vecteurs: Vecteurs) -> list[int]:
    """Rank from 1 of each answer among all documents, by cosine; equals keep their order."""
    return [_rank(scores, place) for place, scores in enumerate(_cosines(vecteurs))]


def late_ranks(vecteurs: Vecteurs) -> list[int]:
    """The same once the first documents are put in the order of late interaction."""
    ranks = []
    for place, scores in enumerate(_cosines(vecteurs)):
        first = np.argsort(-scores, kind="stable")[:LATE_DEPTH].tolist()
        if place in first:
            late = max_sim(vecteurs.mots[place], vecteurs.jetons, first)
            ranks.append(_rank(late, first.index(place)))
        else:
            ranks.append(_rank(scores, place))
    return ranks


def _cosines(vecteurs: Vecteurs) -> NDArray[np.float32]:
    return np.asarray(vecteurs.questions @ vecteurs.documents.T, dtype=np.float32)


def _rank(scores: NDArray[np.float32], place: int) -> int:
    above = int((scores > scores[place]).sum())
    return 1 + above + int((scores[:place] == scores[place]).sum())


def ndcg(rank: int) -> float:
    """nDCG@10 of one question: its only answer gains 1 / log2(1 + rank), 1 when it is first."""
    return 1 / math.log2(1 + rank) if rank <= DEPTH else 0.0


def recall(rank: int) -> float:
    return float(rank <= DEPTH)


def reciprocal(rank: int) -> float:
    return 1 / rank if rank <= DEPTH else 0.0


MEASURES = {"nDCG@10": ndcg, "rappel@10": recall, "MRR@10": reciprocal}


def paired_gap(base: Sequence[float], autre: Sequence[float]) -> Ecart:
    """Gap of ``autre`` over ``base``, resampled question by question, the same at every run.

    Raises:
        ValueError: there is no question, or not as many on both sides.
    """
    gaps = [there - here for here, there in zip(base, autre, strict=True)]
    interval = bootstrap(gaps, mean)
    if interval is None:
        raise ValueError("aucune question à comparer")
    return Ecart(statistics.fmean(gaps), *interval)


def loss_verdict(ecart: Ecart) -> str:
    """Whether more than ``LOSS`` is lost, as far as the interval tells."""
    if ecart.bas > -LOSS:
        return "exclue"
    return "établie" if ecart.haut < -LOSS else "possible"
