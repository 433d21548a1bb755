"""What training makes small, on values worked out by hand."""

from __future__ import annotations

import math

import pytest
import torch

from index.training.losses import choice, contrast, max_sim

pytestmark = pytest.mark.long
"""What trains takes seconds to import."""

SPECIAL = [0.0, 1.0]


def test_late_interaction_is_the_mean_of_the_best_cosines_without_the_special_token() -> None:
    question = torch.tensor([SPECIAL, [1.0, 0.0], [0.0, 1.0]])
    near = torch.tensor([[1.0, 0.0], [0.6, 0.8]])
    far = torch.tensor([[0.0, -1.0]])
    assert max_sim([question], [near, far]).tolist() == [[pytest.approx(0.9), pytest.approx(-0.5)]]


def test_a_question_whose_answer_is_no_nearer_than_the_other_text_costs_log_two() -> None:
    loss = contrast(
        torch.tensor([[0.5, 0.5]]), torch.tensor([[1.0, 0.0]]), torch.tensor([[True, True]]), 0.1
    )
    assert loss.item() == pytest.approx(math.log(2))


def test_a_pair_that_may_not_be_compared_costs_nothing() -> None:
    loss = contrast(
        torch.tensor([[0.5, 0.9]]), torch.tensor([[1.0, 0.0]]), torch.tensor([[True, False]]), 0.1
    )
    assert loss.item() == pytest.approx(0)


def test_each_of_two_answers_is_asked_for() -> None:
    loss = contrast(
        torch.tensor([[0.0, 0.0]]), torch.tensor([[1.0, 1.0]]), torch.tensor([[True, True]]), 1.0
    )
    assert loss.item() == pytest.approx(math.log(2))


@pytest.mark.parametrize(
    ("strengths", "labels", "cost"),
    [
        ([0.0, 0.0], [1, 0], math.log(3)),
        ([0.0, 0.0], [1, -1], math.log(2)),
        ([0.0, 0.0], [0, 0], math.log(3)),
        ([0.0, 0.0], [1, 1], math.log(3 / 2)),
        ([30.0, 0.0], [1, 0], 0.0),
        ([-30.0, -30.0], [0, 0], 0.0),
    ],
    ids=[
        "one of two and nothing",
        "the other is not known",
        "nothing answers",
        "either will do",
        "plainly the first",
        "plainly nothing",
    ],
)
def test_the_choice_is_among_candidates_and_nothing(
    strengths: list[float], labels: list[int], cost: float
) -> None:
    found = choice(torch.tensor([strengths]), torch.tensor([labels]))
    assert found.tolist() == [pytest.approx(cost, abs=1e-5)]
