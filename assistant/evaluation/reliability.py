"""Reliability: whether what is announced with a confidence happens as often as it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.evaluation.intervals import mean
from assistant.evaluation.measures import share_of, summary
from assistant.evaluation.report import ClasseConfiance, Fiabilite

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.evaluation.report import MesureTour

CLASSES = 10
"""Classes of confidence, of equal width."""


def annonce_tenue(tour: MesureTour) -> bool | None:
    """Tell whether what confidence announces is so: the texts answer, and the citations prove it.

    ``None``: unknown, since the set does not say whether the texts answer, or with what proof.
    """
    if tour.repondable is None:
        return None
    return tour.citations_probantes if tour.repondable else False


def fiabilite(tours: Sequence[MesureTour]) -> Fiabilite:
    """Measure the reliability of the confidences, over the turns where it can be."""
    jugees = [
        (tour.confiance, tenue) for tour in tours if (tenue := annonce_tenue(tour)) is not None
    ]
    total = len(jugees)
    classes = tuple(
        _classe(rang, [paire for paire in jugees if rang_de_classe(paire[0]) == rang])
        for rang in range(CLASSES)
    )
    base = sum(tenue for _, tenue in jugees) / total if total else None
    return Fiabilite(
        tours=total,
        classes=classes,
        ecart_calibration=ecart_calibration(classes),
        brier=summary([(confiance - tenue) ** 2 for confiance, tenue in jugees], mean),
        brier_constant=None if base is None else base * (1 - base),
    )


def rang_de_classe(confiance: float) -> int:
    """Return the class, from 0, of a confidence between 0 and 1; 1 is in the last one."""
    return min(int(confiance * CLASSES), CLASSES - 1)


def ecart_calibration(classes: Sequence[ClasseConfiance]) -> float | None:
    """Return the expected calibration error; ``None`` when every class is empty."""
    total = sum(classe.prouvees.total for classe in classes)
    if not total:
        return None
    return (
        sum(
            classe.prouvees.total * abs(classe.confiance_moyenne - classe.prouvees.part)
            for classe in classes
            if classe.confiance_moyenne is not None and classe.prouvees.part is not None
        )
        / total
    )


def _classe(rang: int, jugees: Sequence[tuple[float, bool]]) -> ClasseConfiance:
    confiances = [confiance for confiance, _ in jugees]
    return ClasseConfiance(
        de=rang / CLASSES,
        a=(rang + 1) / CLASSES,
        confiance_moyenne=sum(confiances) / len(confiances) if confiances else None,
        prouvees=share_of(tenue for _, tenue in jugees),
    )
