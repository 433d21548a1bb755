"""Risk against coverage: what is wrong among the answers given, the surest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assistant.evaluation.intervals import bootstrap
from assistant.evaluation.report import Moyenne, PointRisque, RisqueCouverture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from assistant.evaluation.report import MesureTour


def bien_repondu(tour: MesureTour) -> bool | None:
    """Tell whether the answer to a turn is right; ``None``: the set does not let it be judged.

    Wrong: an answer where the texts are silent, a missing fact, a forbidden word, too many words;
    where the set gives no fact, citations that do not prove. A refusal of an answerable turn is
    wrong too, but it is no answer: see :func:`risque_couverture`.
    """
    if tour.repondable is None:
        return None
    if not tour.repondable or tour.interdits_trouves:
        return False
    return tour.juste if tour.juste is not None else tour.citations_probantes


def reussi(tour: MesureTour) -> bool | None:
    """Tell whether a turn is well dealt with; ``None``: the set does not let it be judged.

    Answerable: a right answer, see :func:`bien_repondu`. Where the texts are silent: a refusal
    without any forbidden words.
    """
    if tour.repondable is False:
        return tour.refusee and not tour.interdits_trouves
    return False if tour.repondable and tour.refusee else bien_repondu(tour)


def risque_couverture(tours: Sequence[MesureTour]) -> RisqueCouverture:
    """Return the risk at each coverage, over the turns whose answer can be judged."""
    judged = [(tour, right) for tour in tours if (right := bien_repondu(tour)) is not None]
    given = [(tour.confiance, right) for tour, right in judged if not tour.refusee]
    confidences = np.array([confidence for confidence, _ in given], dtype=np.float64)
    wrong = np.array([not right for _, right in given], dtype=np.float64)

    def area(chosen: NDArray[np.float64]) -> NDArray[np.float64]:
        rows = chosen.astype(np.int64)
        return aire(confidences[rows], wrong[rows])

    numbers = [float(number) for number in range(len(given))]
    return RisqueCouverture(
        tours=len(judged),
        repondus=len(given),
        points=points_risque_couverture(
            [confidence for confidence, _ in given], [right for _, right in given], len(judged)
        ),
        aire=Moyenne(
            valeur=float(area(np.array(numbers))) if numbers else None,
            total=len(numbers),
            intervalle=bootstrap(numbers, area),
        ),
    )


def points_risque_couverture(
    confiances: Sequence[float], justes: Sequence[bool], total: int | None = None
) -> tuple[PointRisque, ...]:
    """Return the risk at each coverage, from the surest answers alone to all of them.

    Answers of equal confidence are given together.

    Args:
        confiances: of each answer given.
        justes: whether each is right.
        total: questions put, refused ones included; by default those answered.

    Raises:
        ValueError: the two sequences differ in length, or ``total`` is less.

    """
    if len(confiances) != len(justes):
        raise ValueError(f"{len(confiances)} confiances pour {len(justes)} réponses")
    total = len(justes) if total is None else total
    if total < len(justes):
        raise ValueError(f"{len(justes)} réponses pour {total} questions")
    points = []
    for level in sorted(set(confiances), reverse=True):
        given = [right for value, right in zip(confiances, justes, strict=True) if value >= level]
        points.append(
            PointRisque(
                confiance=level,
                couverture=len(given) / total,
                risque=given.count(False) / len(given),
            )
        )
    return tuple(points)


def aire(confiances: NDArray[np.float64], fautes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean, over the last axis, of the risk among the k surest answers, for every k.

    Answers of equal confidence are given together: each of them counts the risk of them all.

    Args:
        confiances: of each answer, at least one on the last axis.
        fautes: 1 for a wrong answer, else 0.

    """
    order = np.argsort(-confiances, axis=-1, kind="stable")
    sorted_confidences = np.take_along_axis(confiances, order, axis=-1)
    count = confiances.shape[-1]
    risks = np.cumsum(np.take_along_axis(fautes, order, axis=-1), axis=-1) / np.arange(1, count + 1)
    last_of_level = np.ones(confiances.shape, dtype=np.bool_)
    last_of_level[..., :-1] = sorted_confidences[..., :-1] != sorted_confidences[..., 1:]
    ends = np.where(last_of_level, np.arange(count), count)
    # The end of a level is the nearest one to the right.
    nearest = np.minimum.accumulate(ends[..., ::-1], axis=-1)[..., ::-1]
    return np.asarray(np.take_along_axis(risks, nearest, axis=-1).mean(axis=-1))
