"""Encode many texts in few passes, for training: grouped by length, so that little is padded."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch

Network = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
"""Token ids and mask (batch, tokens) to states (batch, tokens, width)."""
BUDGET = 2048
"""Tokens of a pass, padding included."""
ROUND = 16
"""Lengths are padded to multiples of this: processors like them, and few shapes come back."""


def groups_of(lengths: Sequence[int], budget: int = BUDGET) -> list[list[int]]:
    """Places of the texts, by length, in groups whose padded size stays under ``budget``."""
    made: list[list[int]] = []
    group: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda p: lengths[p]):
        if group and lengths[place] * (len(group) + 1) > budget:
            made.append(group)
            group = []
        group.append(place)
    return [*made, group] if group else made


def padded(rows: Sequence[Sequence[int]], filling: int) -> torch.Tensor:
    """Rows of numbers as one tensor, filled on the right."""
    longest = max(len(row) for row in rows)
    width = -(-longest // ROUND) * ROUND
    return torch.tensor([[*row, *[filling] * (width - len(row))] for row in rows])


def encode(
    network: Network, token_ids: Sequence[Sequence[int]], pad: int
) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """Sentence vectors (texts, width), and for each text its tokens' (n, width); unit vectors."""
    sentences: dict[int, torch.Tensor] = {}
    tokens: dict[int, torch.Tensor] = {}
    for group in groups_of([len(row) for row in token_ids]):
        rows = [token_ids[place] for place in group]
        mask = padded([[1] * len(row) for row in rows], 0)
        states = network(padded(rows, pad), mask).float()
        weights = mask.unsqueeze(-1).float()
        means = (states * weights).sum(1) / weights.sum(1)
        units = torch.nn.functional.normalize(states, dim=2)
        for rank, place in enumerate(group):
            sentences[place] = torch.nn.functional.normalize(means[rank], dim=0)
            tokens[place] = units[rank, : len(token_ids[place])]
    places = range(len(token_ids))
    return torch.stack([sentences[p] for p in places]), [tokens[p] for p in places]
