"""Fourth step, second half: how probable it is that the texts answer.

Two logistic regressions over signals that one can read, fitted on the development questions and
frozen in ``confiance.json`` with its threshold; ``python -m assistant.calibration`` makes it anew.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, model_validator

FILE = Path(__file__).with_name("confiance.json")
FAR = 2.0
"""Deviations from the mean beyond which a signal says no more than at that distance."""


class Regression(BaseModel):
    """Frozen coefficients: probability = 1 / (1 + exp(-(intercept + Σ weight × standardised)))."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    signals: tuple[str, ...]
    means: tuple[float, ...]
    deviations: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float

    @model_validator(mode="after")
    def _one_value_a_signal(self) -> Regression:
        counts = {len(self.signals), len(self.means), len(self.deviations), len(self.weights)}
        if len(counts) != 1:
            raise ValueError(f"{FILE.name} : il faut une moyenne, un écart et un poids par signal")
        return self

    def standardised(self, signals: NDArray[np.float64]) -> NDArray[np.float64]:
        """The signals less their mean, in deviations, none further than ``FAR``."""
        away = (signals - np.array(self.means)) / np.array(self.deviations)
        return np.asarray(np.clip(away, -FAR, FAR))

    def probability(self, signals: NDArray[np.float64]) -> float:
        """Probability (0 to 1) of what was learned, from signals in the order of ``signals``."""
        standard = self.standardised(signals)
        return float(1 / (1 + np.exp(-(self.intercept + standard @ np.array(self.weights)))))


class ModeleConfiance(BaseModel):
    """How probable it is that the texts answer, and from where they are said to.

    Two readings of the same signals, multiplied: whether the question is about what the texts
    speak of (``sujet``) and, if it is, whether they answer it (``repond``). They are apart because
    a near miss is as close to the texts as a question that they answer: one weight for closeness
    cannot tell both.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    """First 12 hex digits of the sha256 of the question sets that it was fitted on."""
    sujet: Regression
    repond: Regression
    threshold: float
    """Probability under which the program says that the texts do not answer."""
    etalonnage: tuple[tuple[float, float], ...] = ()
    """Points (probability that the texts answer, share of answers whose citations then proved),
    both rising: what is announced follows them."""

    @model_validator(mode="after")
    def _known_and_rising(self) -> ModeleConfiance:
        unknown = sorted(set(self.sujet.signals) - set(self.repond.signals))
        if unknown:
            raise ValueError(f"{FILE.name} : signaux inconnus, {', '.join(unknown)}")
        rising = all(a < b and c <= d for (a, c), (b, d) in pairwise(self.etalonnage))
        if not rising:
            raise ValueError(f"{FILE.name} : les points d'étalonnage doivent monter")
        return self

    def of_subject(self, signals: NDArray[np.float64]) -> NDArray[np.float64]:
        """Those, among the signals of ``repond``, that tell what a question is about."""
        places = [self.repond.signals.index(name) for name in self.sujet.signals]
        return signals[places]

    def probability(self, signals: NDArray[np.float64]) -> float:
        """Probability (0 to 1) that the texts answer, from signals in the order of ``repond``."""
        about = self.sujet.probability(self.of_subject(signals))
        return about * self.repond.probability(signals)

    def announced(self, probability: float) -> float:
        """Confidence (0 to 1) that the texts answer and that the citations prove it.

        A refusal proves nothing: under the threshold, little is announced.
        """
        if not self.etalonnage:
            return probability
        read, observed = zip(*self.etalonnage, strict=True)
        return float(np.interp(probability, read, observed))


@lru_cache(maxsize=4)
def load_confidence(path: Path = FILE) -> ModeleConfiance:
    """Read a frozen model shipped with the program: by default, that of the general encoder."""
    return ModeleConfiance.model_validate_json(path.read_bytes())
