"""What a training reads: its questions, the texts searched, which answer which."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.training.records import QuestionEcrite

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Material:
    """Questions to learn from; everything that is held out is already taken away."""

    questions: tuple[QuestionEcrite, ...]
    texts: tuple[str, ...]
    """The texts searched, one for each passage."""
    targets: Mapping[str, int]
    """Row of each target in the arrays, of shape (targets, passages)."""
    answers: NDArray[np.bool_]
    usable: NDArray[np.bool_]
    refused: NDArray[np.bool_]
    """Read beside the target, and known not to answer."""
    ways: Mapping[str, tuple[str, ...]]
    """For each target, the ways to ask that the index knows."""
    kinds: Mapping[str, str]
    """What each target gives (an amount, a date…): two of one kind may answer each other."""

    def row(self, target: str) -> int:
        """Row of a target."""
        return self.targets[target]


def dice(*parts: object) -> random.Random:
    """A source of chance that depends on these parts alone."""
    return random.Random(":".join(map(str, parts)))  # noqa: S311 - to learn, not to hide


def batch(items: Sequence[_Item], size: int, step: int, seed: int) -> list[_Item]:
    """Items of a step: each epoch reads all of them once, in an order of its own."""
    made: list[_Item] = []
    for place in range(step * size, (step + 1) * size):
        epoch, rank = divmod(place, len(items))
        made.append(items[_order(len(items), seed, epoch)[rank]])
    return made


@lru_cache(maxsize=4)
def _order(count: int, seed: int, epoch: int) -> tuple[int, ...]:
    places = list(range(count))
    dice(seed, "ordre", epoch).shuffle(places)
    return tuple(places)
