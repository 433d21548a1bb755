"""How long answers took: quantiles, and classes of time for a histogram."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

QUANTILES = (
    ("Minimum", 0),
    ("Premier quart", 25),
    ("Médiane", 50),
    ("Troisième quart", 75),
    ("95e centile", 95),
    ("Maximum", 100),
)
_CLASSES = 10


class ClasseLatence(NamedTuple):
    """Answers that took from ``de`` to ``a`` (excluded) milliseconds; no end: ``de`` or more."""

    de: float
    a: float | None
    reponses: int

    @property
    def decimales(self) -> int:
        """Decimals that its bounds need."""
        return 0 if self.de == round(self.de) else 1 if self.de * 10 == round(self.de * 10) else 2


def quantiles(durees: Sequence[float]) -> tuple[tuple[str, float], ...]:
    """Return the named quantiles of times in milliseconds, interpolated; none without a time."""
    if not durees:
        return ()
    valeurs = np.percentile(np.asarray(durees, dtype=np.float64), [q for _, q in QUANTILES])
    return tuple((nom, float(v)) for (nom, _), v in zip(QUANTILES, valeurs, strict=True))


def classes(durees: Sequence[float]) -> tuple[ClasseLatence, ...]:
    """Sort times in milliseconds into ten classes of equal, round width, the last one open.

    The width is that which lets the 95th percentile fall in the nine first.
    """
    if not durees:
        return ()
    pas = pas_rond(float(np.percentile(np.asarray(durees, dtype=np.float64), 95)) / (_CLASSES - 1))
    # A bound is a multiple worked out once: 0.1 + 0.1 + 0.1 would not be 0.3.
    bornes = [round(pas * rang, 9) for rang in range(_CLASSES)]
    rangs = np.searchsorted(np.array(bornes), np.asarray(durees), side="right") - 1
    nombres = np.bincount(rangs, minlength=_CLASSES)
    return tuple(
        ClasseLatence(de, a, int(nombre))
        for de, a, nombre in zip(bornes, [*bornes[1:], None], nombres, strict=True)
    )


def pas_rond(minimum: float) -> float:
    """Return the smallest of 1, 2 and 5 times a power of ten at or above ``minimum``; 0.01 least.

    A minimum that is a round step but for rounding is that step.
    """
    voulu = max(minimum, 0.01)
    dizaine = math.floor(math.log10(voulu))
    candidats = (float(f"{facteur}e{dizaine + plus}") for plus in (0, 1) for facteur in (1, 2, 5))
    return next(pas for pas in candidats if pas >= voulu * (1 - 1e-9))
