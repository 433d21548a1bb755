from __future__ import annotations

import numpy as np
import pytest

from bench.grappes import BLOCK, Vectors, blocks, likeness, make, noise, unit


@pytest.fixture(scope="module")
def real() -> Vectors:
    """Passages of a small corpus: thirty subjects of eight passages each."""
    generator = np.random.default_rng(5)
    subjects = np.repeat(generator.normal(size=(30, 64)), 8, axis=0)
    return unit((2 + subjects + 0.6 * generator.normal(size=subjects.shape)).astype(np.float32))


def test_made_up_vectors_have_length_one_and_are_as_many_as_asked_for(real: Vectors) -> None:
    for count in (1, 7, 1000):
        made = make(real, count)
        assert made.shape == (count, 64)
        assert np.linalg.norm(made, axis=1) == pytest.approx(np.ones(count), abs=1e-5)


def test_the_same_vectors_are_made_again_and_a_larger_number_begins_with_them(
    real: Vectors,
) -> None:
    larger = [block[:2] for block in blocks(real, 2 * BLOCK + 5)]
    smaller = [block[:2] for block in blocks(real, BLOCK + 5)]
    assert np.array_equal(larger[0], smaller[0])
    assert np.array_equal(larger[1], smaller[1])
    assert [len(block) for block in blocks(real, BLOCK + 5)] == [BLOCK, 5]


def test_neighbourhoods_of_made_up_vectors_are_near_the_real_ones_and_those_of_noise_are_not(
    real: Vectors,
) -> None:
    true, made = likeness(real), likeness(make(real, len(real)))
    random = likeness(noise(len(real), 64))
    assert made.first[1] == pytest.approx(true.first[1], abs=0.05)
    assert made.mean == pytest.approx(true.mean, abs=0.05)
    assert random.first[1] < true.first[1] - 0.2
    assert random.dimension[1] > 1.5 * max(true.dimension[1], made.dimension[1])


def test_local_dimension_is_that_of_the_space_that_vectors_fill() -> None:
    generator = np.random.default_rng(1)
    for dimension in (2, 4):
        around = 0.05 * generator.normal(size=(3000, dimension)).astype(np.float32)
        held = np.zeros((3000, 32), dtype=np.float32)
        held[:, :dimension] = around
        held[:, -1] = 1
        # Nine of ten neighbours make the mean: the estimate is a little high.
        assert likeness(unit(held)).dimension[1] == pytest.approx(dimension, rel=0.35)
