"""Made-up passage vectors whose neighbourhoods are like those of the real ones.

Gaussian noise has no neighbourhoods: on it every index looks bad, or every approximation good.
Here vectors come by subjects. A subject is a mix of three real passages; around it stand a few
vectors, moved by sums of real differences between neighbouring passages, so that they spread along
the directions in which passages do differ. The four numbers below were chosen so that, at the
size of the real corpus, cosines and local dimension are those of the real passages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

BY_SUBJECT = 3
"""Vectors a subject, on average."""
MIXED = 3
"""Real passages that make a subject."""
REACH = 0.8
"""How far subjects stand from the middle of all, beside the real passages."""
SPREAD = 0.6
"""How far the vectors of a subject stand from it, beside a real difference of neighbours."""
UNEVEN = 0.2
"""Standard deviation of the logarithm of that distance: some neighbourhoods are denser."""
DIFFERENCES = 8
"""Real differences summed to move a vector."""
NEIGHBOURS = 10
BLOCK = 50_000
SEED = 20260101
TINY = 1e-6


@dataclass(frozen=True)
class Ressemblance:
    """Neighbourhoods of some vectors: values at 10, 50 and 90 %."""

    first: tuple[float, float, float]
    """Cosine with the nearest neighbour."""
    tenth: tuple[float, float, float]
    """Cosine with the tenth."""
    dimension: tuple[float, float, float]
    """Local intrinsic dimension, estimated on the ten nearest (Levina and Bickel)."""
    mean: float
    """Mean cosine of any two."""


def blocks(real: Vectors, count: int, seed: int = SEED) -> Iterator[Vectors]:
    """Yield ``count`` unit vectors by blocks; a smaller count gives the first of a larger one.

    Args:
        real: unit vectors of real passages, shape (passages, dimension).
        count: how many to make.
        seed: another seed makes others.
    """
    middle = real.mean(axis=0)
    apart = _differences(real)
    for number, start in enumerate(range(0, count, BLOCK)):
        generator = np.random.default_rng((seed, number))
        size = min(BLOCK, count)
        yield _block(real, middle, apart, size, generator)[: count - start]


def make(real: Vectors, count: int, seed: int = SEED) -> Vectors:
    """All the blocks at once."""
    return np.concatenate(list(blocks(real, count, seed)))


def write(real: Vectors, count: int, path: Path) -> None:
    """Write them to a ``.npy`` file, block by block."""
    shape = (count, real.shape[1])
    file = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
    start = 0
    for block in blocks(real, count):
        file[start : start + len(block)] = block
        start += len(block)
    file.flush()


def noise(count: int, dimension: int) -> Vectors:
    """Gaussian noise, scaled to length one."""
    drawn = np.random.default_rng(SEED).standard_normal((count, dimension), dtype=np.float32)
    return unit(drawn)


def unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def _block(
    real: Vectors, middle: Vectors, apart: Vectors, count: int, generator: np.random.Generator
) -> Vectors:
    subjects = max(1, count // BY_SUBJECT)
    shares = generator.dirichlet([1.0] * MIXED, size=subjects).astype(np.float32)
    mixed = (real - middle)[generator.integers(len(real), size=(subjects, MIXED))]
    # A mix is shorter than what is mixed: its length is given back, so that subjects stay apart.
    reach = REACH / np.sqrt((shares**2).sum(axis=1, keepdims=True))
    centres = middle + np.einsum("ij,ijk->ik", shares, mixed) * reach
    moved = np.zeros((count, real.shape[1]), dtype=np.float32)
    for _ in range(DIFFERENCES):
        weights = generator.standard_normal((count, 1), dtype=np.float32)
        moved += weights * apart[generator.integers(len(apart), size=count)]
    lengths = np.exp(UNEVEN * generator.standard_normal((count, 1), dtype=np.float32))
    moved *= SPREAD / np.sqrt(DIFFERENCES) * lengths
    return unit(centres[generator.integers(subjects, size=count)] + moved)


def _differences(real: Vectors) -> Vectors:
    """Differences between each real vector and its nearest."""
    cosines = real @ real.T
    np.fill_diagonal(cosines, -1)
    near = np.argsort(-cosines, axis=1)[:, :NEIGHBOURS]
    return np.asarray((real[near] - real[:, None]).reshape(-1, real.shape[1]))


def likeness(vectors: Vectors, asked: Vectors | None = None) -> Ressemblance:
    """Describe the neighbourhoods of vectors, or those in them of what is asked."""
    cosines = (vectors if asked is None else asked) @ vectors.T
    if asked is None:
        np.fill_diagonal(cosines, -1)
    near = -np.sort(-np.partition(cosines, -NEIGHBOURS, axis=1)[:, -NEIGHBOURS:], axis=1)
    distances = np.maximum(np.sqrt(np.maximum(2 - 2 * near, 0)), TINY)
    dimension = -1 / np.minimum(np.log(distances[:, :-1] / distances[:, -1:]).mean(axis=1), -TINY)
    return Ressemblance(
        first=_spread(near[:, 0]),
        tenth=_spread(near[:, -1]),
        dimension=_spread(dimension),
        mean=float(cosines.mean()),
    )


def _spread(values: Vectors) -> tuple[float, float, float]:
    low, middle, high = (float(v) for v in np.quantile(values, (0.1, 0.5, 0.9)))
    return low, middle, high
