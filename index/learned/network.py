"""The reader's network: the first layers of the adapted encoder, and a head over what they give.

Torch is imported here: nothing that answers questions imports this module.
"""

from __future__ import annotations

import torch

HIDDEN = 64
SUMMARIES = 4
"""What the head looks at: question, text, their product, the first token."""


class Reading(torch.nn.Module):
    """Token ids and segments (batch, tokens) to log-odds (batch,); padding has segment -1."""

    def __init__(self, trunk: torch.nn.Module, width: int) -> None:
        super().__init__()
        self.trunk = trunk
        self.hidden = torch.nn.Linear(SUMMARIES * width, HIDDEN)
        self.out = torch.nn.Linear(HIDDEN, 1)

    def forward(self, input_ids: torch.Tensor, segments: torch.Tensor) -> torch.Tensor:
        """Read each pair."""
        mask = (segments >= 0).long()
        states = self.trunk(input_ids=input_ids, attention_mask=mask).last_hidden_state.float()
        # The head keeps its precision where the trunk is read in bfloat16.
        with torch.autocast("cpu", enabled=False):
            asked = _mean(states, segments == 0)
            said = _mean(states, segments == 1)
            first = _even(states[:, 0])
            summary = torch.cat([asked, said, asked * said, first], dim=1)
            strengths: torch.Tensor = self.out(torch.nn.functional.gelu(self.hidden(summary)))
        return strengths.squeeze(1)


def _mean(states: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
    weights = kept.unsqueeze(-1).to(states.dtype)
    return _even((states * weights).sum(1) / weights.sum(1))


def _even(vectors: torch.Tensor) -> torch.Tensor:
    """Vectors (batch, width) scaled so that a coordinate is about one."""
    scale = float(vectors.shape[1]) ** 0.5
    scaled: torch.Tensor = torch.nn.functional.normalize(vectors, dim=1) * scale
    return scaled
