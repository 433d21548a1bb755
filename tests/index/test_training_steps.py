"""A training that stops and goes on is the one that never stopped."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file

from index.training.encoding import groups_of, padded
from index.training.material import batch
from index.training.recipe import Optimisation, Progress
from index.training.steps import Job, rate, run

pytestmark = pytest.mark.long
"""What trains takes seconds to import."""

OPTIMISATION = Optimisation(learning_rate=0.1)
START = Progress(kind="lecteur", recipe="a", step=0, loss=0.0)
STEPS = 25


class Stopped(Exception):
    """Someone pulled the plug."""


def job(folder: Path, start: Progress = START) -> Job:
    return Job(start, folder / "etat", folder / "appris.safetensors", lambda *_: None)


def learn(folder: Path, until: int | None = None, start: Progress = START) -> torch.Tensor:
    torch.manual_seed(3)
    layer = torch.nn.Linear(4, 1)

    def loss_at(step: int) -> torch.Tensor:
        if step == until:
            raise Stopped
        rows = torch.randn(8, 4, generator=torch.Generator().manual_seed(step))
        return ((layer(rows) - rows.sum(1, keepdim=True)) ** 2).mean()

    run(dict(layer.named_parameters()), loss_at, STEPS, OPTIMISATION, job(folder, start))
    return layer.weight.detach()


def test_a_training_stopped_and_resumed_gives_the_same_weights(tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    whole.mkdir()
    cut.mkdir()
    expected = learn(whole)
    with pytest.raises(Stopped):
        learn(cut, until=17)
    assert torch.equal(learn(cut), expected)


def test_another_recipe_starts_again_from_nothing(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        learn(tmp_path, until=17)
    other = START.model_copy(update={"recipe": "b"})
    torch.manual_seed(3)
    read: list[int] = []
    layer = torch.nn.Linear(4, 1)

    def loss_at(step: int) -> torch.Tensor:
        read.append(step)
        return layer(torch.ones(1, 4)).sum()

    run(dict(layer.named_parameters()), loss_at, 2, OPTIMISATION, job(tmp_path, other))
    assert read == [0, 1]


def test_what_is_learned_is_written_by_name_in_float16(tmp_path: Path) -> None:
    learn(tmp_path)
    written = load_file(tmp_path / "appris.safetensors")
    assert {name: t.dtype for name, t in written.items()} == {
        "weight": torch.float16,
        "bias": torch.float16,
    }


def test_the_rate_rises_then_falls() -> None:
    shares = [rate(step, 100, OPTIMISATION) for step in range(100)]
    assert shares[0] == pytest.approx(0.1)
    assert max(shares) == shares[9] == pytest.approx(0.9800, abs=1e-3)
    assert shares[-1] == pytest.approx(0.05)


@given(st.integers(1, 40), st.integers(1, 12), st.integers(0, 99))
def test_each_epoch_reads_every_question_once(count: int, size: int, seed: int) -> None:
    items = list(range(count))
    read = [one for step in range(count) for one in batch(items, size, step, seed)]
    for epoch in range(size):
        assert sorted(read[epoch * count : (epoch + 1) * count]) == items


@given(st.lists(st.integers(1, 300), min_size=1, max_size=60))
def test_groups_hold_each_text_once_and_little_padding(lengths: list[int]) -> None:
    groups = groups_of(lengths, 600)
    assert sorted(place for group in groups for place in group) == list(range(len(lengths)))
    for group in groups:
        assert len(group) == 1 or max(lengths[p] for p in group) * len(group) <= 600


def test_rows_are_filled_on_the_right_up_to_a_round_length() -> None:
    assert padded([[5, 6], [7]], 0).tolist() == [[5, 6, *[0] * 14], [7, *[0] * 15]]
