"""Stop and go on: weights learned and the optimiser's moments, with nothing pickled.

What a step reads depends on its number and the seed alone, so that a training resumed at step n
is the one that never stopped.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import torch
from pydantic import ValidationError
from safetensors.torch import load, save

from corpus.files import write_atomically
from index.training.recipe import Progress

FIRST, SECOND = "moment1.", "moment2."
_META = "progres"


def keep(
    path: Path,
    weights: Mapping[str, torch.nn.Parameter],
    optimiser: torch.optim.Optimizer,
    progress: Progress,
) -> None:
    """Write where a training stands, whole or not at all."""
    tensors = {name: weight.detach().contiguous() for name, weight in weights.items()}
    for name, weight in weights.items():
        state = optimiser.state[weight]
        tensors[FIRST + name] = state["exp_avg"].contiguous()
        tensors[SECOND + name] = state["exp_avg_sq"].contiguous()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, [save(tensors, {_META: progress.model_dump_json()})])


def resume(
    path: Path,
    weights: Mapping[str, torch.nn.Parameter],
    optimiser: torch.optim.Optimizer,
    wanted: Progress,
) -> Progress:
    """Put back what ``keep`` wrote; ``wanted`` itself where there is nothing of this recipe."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return wanted
    found = _progress(data)
    if found is None or (found.kind, found.recipe) != (wanted.kind, wanted.recipe):
        return wanted
    tensors = load(data)
    if set(tensors) != {start + name for name in weights for start in ("", FIRST, SECOND)}:
        return wanted
    with torch.no_grad():
        for name, weight in weights.items():
            weight.copy_(tensors[name])
            optimiser.state[weight] = {
                "step": torch.tensor(float(found.step)),
                "exp_avg": tensors[FIRST + name].clone(),
                "exp_avg_sq": tensors[SECOND + name].clone(),
            }
    return found


def write_weights(path: Path, weights: Mapping[str, torch.Tensor]) -> None:
    """Write weights in float16, whole or not at all; names only, no setting and no path."""
    halves = {n: w.detach().to(torch.float16).contiguous() for n, w in weights.items()}
    write_atomically(path, [save(halves)])


def _progress(data: bytes) -> Progress | None:
    """Read the record in the header of a safetensors file."""
    size = int.from_bytes(data[:8], "little")
    try:
        header = json.loads(data[8 : 8 + size])
        return Progress.model_validate_json(header["__metadata__"][_META])
    except (ValueError, KeyError, ValidationError):
        return None
