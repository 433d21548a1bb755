"""Threshold of refusal, chosen and judged by cross-validation.

The threshold of a fold is the highest that refuses at most the tolerated share of the answerable
questions of the *other* folds: under that limit it refuses the most unanswerable ones. It is then
judged on the fold that it has not seen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict

from assistant.evaluation.measures import share
from assistant.evaluation.report import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from assistant.evaluation.sets import GenreRefus

    Ajuster = Callable[[NDArray[np.int64]], NDArray[np.float64]]

FROZEN = ConfigDict(frozen=True, extra="forbid")
PLIS = 5
GRAINE = 20260101
REFUS_TOLERES = 0.05


@dataclass(frozen=True)
class Cas:
    """A question of the set: whether the texts answer it and, if not, how near a miss it is."""

    repondable: bool
    genre: GenreRefus | None = None


class RapportSeuil(BaseModel):
    """Refusal on held-out questions, all folds together, and the threshold for all of them."""

    model_config = FROZEN

    seuils: tuple[float, ...]
    """Threshold of each fold: a question is refused when its probability is below."""
    seuil: float
    """Threshold chosen on all questions: the one to freeze, not the one that is measured here."""
    rappel: Part
    """Refused among unanswerable."""
    rappel_lointain: Part
    rappel_quasi: Part
    repondables_refusees: Part


def plis_stratifies(
    cas: Sequence[Cas], plis: int = PLIS, graine: int = GRAINE
) -> NDArray[np.int64]:
    """Return the fold (from 0) of each question; answerable, far and near ones are spread evenly.

    Raises:
        ValueError: fewer than two folds, or fewer questions than folds.

    """
    if not 2 <= plis <= len(cas):  # noqa: PLR2004 - one fold leaves nothing to choose on
        raise ValueError(f"{plis} plis pour {len(cas)} questions ; accepté : de 2 à leur nombre")
    strata: dict[Cas, list[int]] = {}
    for number, item in enumerate(cas):
        strata.setdefault(item, []).append(number)
    generator = np.random.default_rng(graine)
    ordered = sorted(strata, key=lambda item: (item.repondable, item.genre or ""))
    # Dealing on from one stratum to the next keeps the folds of equal size.
    dealt = np.concatenate([generator.permutation(strata[item]) for item in ordered])
    folds = np.empty(len(cas), dtype=np.int64)
    folds[dealt] = np.arange(len(cas)) % plis
    return folds


def choisir_seuil(
    probabilites: NDArray[np.float64],
    repondable: NDArray[np.bool_],
    refus_toleres: float = REFUS_TOLERES,
) -> float:
    """Return the threshold that refuses most while it refuses few enough answerable questions.

    It lies halfway between the highest probability refused and the lowest kept.

    Raises:
        ValueError: no answerable question, or a tolerance outside [0, 1[.

    """
    if not repondable.any() or not 0 <= refus_toleres < 1:
        raise ValueError("accepté : au moins une question répondable, une tolérance de 0 à 1")
    answerable = np.sort(probabilites[repondable])
    # 0.07 × 100 is 7.000000000000001 and 0.29 × 100 is 28.999999999999996: both are whole here.
    tolerated = math.floor(refus_toleres * len(answerable) + 1e-9)
    kept = float(answerable[tolerated])
    below = probabilites[probabilites < kept]
    middle = (float(below.max()) + kept) / 2 if len(below) else kept
    return middle if len(below) and middle > below.max() else kept


def valider(
    cas: Sequence[Cas],
    probabilites: NDArray[np.float64] | Ajuster,
    *,
    plis: int = PLIS,
    refus_toleres: float = REFUS_TOLERES,
    graine: int = GRAINE,
) -> RapportSeuil:
    """Choose the threshold on all folds but one, refuse on that one, and add up the folds.

    Args:
        cas: the questions.
        probabilites: the probability of each of being answerable; or, when these come from a
            model fitted on the same questions, a function that is given the indices to fit on and
            returns the probability of every question, so that held-out ones are not seen.
        plis: number of folds.
        refus_toleres: largest share of answerable questions that may be refused where the
            threshold is chosen; on held-out questions it may come out higher, which is reported.
        graine: seed of the folds.

    Raises:
        ValueError: see :func:`plis_stratifies` and :func:`choisir_seuil`; or not one probability
            for each question.

    """
    answerable = np.array([item.repondable for item in cas], dtype=np.bool_)
    folds = plis_stratifies(cas, plis, graine)

    def probabilities(fitted_on: NDArray[np.int64]) -> NDArray[np.float64]:
        found = probabilites(fitted_on) if callable(probabilites) else probabilites
        if found.shape != (len(cas),) or not np.isfinite(found).all():
            raise ValueError(f"accepté : {len(cas)} probabilités finies, une par question")
        return found

    refused = np.zeros(len(cas), dtype=np.bool_)
    thresholds = []
    for fold in range(plis):
        others = np.flatnonzero(folds != fold)
        values = probabilities(others)
        threshold = choisir_seuil(values[others], answerable[others], refus_toleres)
        thresholds.append(threshold)
        held_out = folds == fold
        refused[held_out] = values[held_out] < threshold

    def refused_among(chosen: NDArray[np.bool_]) -> Part:
        return share(int(refused[chosen].sum()), int(chosen.sum()))

    everything = np.arange(len(cas))
    return RapportSeuil(
        seuils=tuple(thresholds),
        seuil=choisir_seuil(probabilities(everything), answerable, refus_toleres),
        rappel=refused_among(~answerable),
        rappel_lointain=refused_among(_of_kind(cas, "lointain")),
        rappel_quasi=refused_among(_of_kind(cas, "quasi")),
        repondables_refusees=refused_among(answerable),
    )


def _of_kind(cas: Sequence[Cas], genre: GenreRefus) -> NDArray[np.bool_]:
    return np.array([not item.repondable and item.genre == genre for item in cas], dtype=np.bool_)
