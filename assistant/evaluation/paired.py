"""Paired differences between two runs: their interval, and an exact test of their signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assistant.evaluation.intervals import bootstrap, median

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def intervalle_moyenne(ecarts: Sequence[Sequence[float]]) -> tuple[float, float] | None:
    """Return the bootstrap 95 % interval of the mean of differences grouped by question.

    Questions are drawn, each with all its turns: those of a conversation are not independent.
    The same at every run; ``None`` without any difference.

    Args:
        ecarts: for each question, the differences of its turns, at least one.

    """
    sommes = np.array([sum(de_question) for de_question in ecarts], dtype=np.float64)
    nombres = np.array([len(de_question) for de_question in ecarts], dtype=np.float64)

    def moyenne(tirage: NDArray[np.float64]) -> NDArray[np.float64]:
        rangs = tirage.astype(np.int64)
        return np.asarray(sommes[rangs].sum(axis=-1) / nombres[rangs].sum(axis=-1))

    return bootstrap([float(rang) for rang in range(len(ecarts))], moyenne)


def intervalle_mediane(ecarts: Sequence[Sequence[float]]) -> tuple[float, float] | None:
    """Return the bootstrap 95 % interval of the median, over questions, of their mean difference.

    The same at every run; ``None`` without any difference.
    """
    return bootstrap(moyennes(ecarts), median)


def moyennes(ecarts: Sequence[Sequence[float]]) -> list[float]:
    """Return the mean difference of each question."""
    return [sum(de_question) / len(de_question) for de_question in ecarts]


def p_des_signes(mieux: int, moins_bien: int) -> float:
    """Return the two-sided p of the exact sign test: how likely so uneven a split is by chance.

    On right and wrong answers it is McNemar's exact test: only the pairs that differ count, and
    under chance each is as likely to go either way. Without any of them, 1.

    Raises:
        ValueError: a count is negative.

    """
    if min(mieux, moins_bien) < 0:
        raise ValueError(f"{mieux} et {moins_bien} ; accepté : des nombres positifs ou nuls")
    total = mieux + moins_bien
    queue, terme = 0, 1
    for rang in range(min(mieux, moins_bien) + 1):
        queue += terme
        terme = terme * (total - rang) // (rang + 1)
    return min(1.0, 2 * queue / (1 << total))
