"""What deciding and composing made: the answer drafted, and what it was decided and made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.answers.composition import Composition
from assistant.answers.silence import Mesure
from assistant.models import Reponse


@dataclass(frozen=True, slots=True)
class Jauge:
    """How probable it is that the texts answer, by the frozen model."""

    silence: Mesure
    signaux: NDArray[np.float64]
    """In the order of ``signals.NAMES``."""
    probabilite: float
    seuil: float

    @property
    def suffit(self) -> bool:
        """Whether the texts probably speak of what is asked."""
        return self.probabilite >= self.seuil


@dataclass(frozen=True, slots=True)
class Redaction:
    """A drafted answer, what decided whether there is one, what it was made of."""

    reponse: Reponse
    jauge: Jauge
    absente: bool
    """What is asked cannot be in these texts, by rule."""
    silencieuse: bool
    """A card of silence stands clear of every card that answers."""
    composition: Composition
    secondes: Mapping[str, float]
