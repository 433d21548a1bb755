"""The loop that both trainings share: steps, progress, stop and go on."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

from index.training.checkpoint import keep, resume, write_weights
from index.training.recipe import Optimisation, Progress

SMOOTH = 0.95
KEEP_EVERY = 10
Tell = Callable[[int, int, float], None]
"""Told of the steps done, of all steps, and of the smoothed loss."""


def rate(step: int, steps: int, optimisation: Optimisation) -> float:
    """Share of the learning rate at a step: a warm-up, then half a cosine, never under 0.05."""
    rising = (step + 1) / max(1.0, optimisation.warm_up * steps)
    falling = 0.5 * (1 + math.cos(math.pi * step / steps))
    return min(1.0, rising) * max(0.05, falling)


@dataclass(frozen=True, slots=True)
class Job:
    """A training that may be stopped: what it is, where it stands, where it ends."""

    start: Progress
    """Where a training that has not begun stands."""
    state: Path
    """File that keeps where it stands, to go on after an interruption."""
    target: Path
    """File of what is learned, float16."""
    tell: Tell


def run(
    weights: Mapping[str, torch.nn.Parameter],
    loss_at: Callable[[int], torch.Tensor],
    steps: int,
    optimisation: Optimisation,
    job: Job,
) -> Progress:
    """Make small what ``loss_at(step)`` gives, from where the job stopped; write the weights."""
    torch.set_num_threads(os.cpu_count() or 1)
    # A loss near zero sends back numbers so small that processors take a hundred times longer.
    torch.set_flush_denormal(True)
    optimiser = torch.optim.AdamW(
        list(weights.values()),
        lr=optimisation.learning_rate,
        weight_decay=optimisation.weight_decay,
    )
    state = resume(job.state, weights, optimiser, job.start)
    job.tell(state.step, steps, state.loss)
    for step in range(state.step, steps):
        for group in optimiser.param_groups:
            group["lr"] = optimisation.learning_rate * rate(step, steps, optimisation)
        loss = loss_at(step)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # untyped in torch
        torch.nn.utils.clip_grad_norm_(list(weights.values()), optimisation.clip)
        optimiser.step()
        value = float(loss.detach())
        smoothed = value if step == 0 else SMOOTH * state.loss + (1 - SMOOTH) * value
        state = state.model_copy(update={"step": step + 1, "loss": smoothed})
        if state.step % KEEP_EVERY == 0 or state.step == steps:
            keep(job.state, weights, optimiser, state)
        job.tell(state.step, steps, state.loss)
    write_weights(job.target, weights)
    return state
