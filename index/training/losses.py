"""What training makes small."""

from __future__ import annotations

from collections.abc import Sequence

import torch


def max_sim(questions: Sequence[torch.Tensor], texts: Sequence[torch.Tensor]) -> torch.Tensor:
    """Late interaction, (questions, texts): mean over a question's tokens of its best cosine.

    Each is a matrix of unit rows (tokens, width); the first token of a question, the special one,
    does not count.
    """
    asked = torch.cat([q[1:] for q in questions])
    cosines = asked @ torch.cat(list(texts)).T
    by_text = torch.split(cosines, [len(t) for t in texts], 1)
    best = torch.stack([part.amax(1) for part in by_text], 1)
    by_question = torch.split(best, [len(q) - 1 for q in questions], 0)
    return torch.stack([part.mean(0) for part in by_question])


def contrast(
    scores: torch.Tensor, answers: torch.Tensor, usable: torch.Tensor, temperature: float
) -> torch.Tensor:
    """Mean over questions of the mean cross-entropy of their answers, against what is usable.

    Args:
        scores: (questions, texts), larger is nearer.
        answers: 1 where the text answers, else 0; at least one in a row.
        usable: whether the pair may be compared; those that answer are.
        temperature: what scores are divided by.
    """
    logits = (scores / temperature).masked_fill(~usable, torch.finfo(scores.dtype).min)
    losses = torch.logsumexp(logits, 1, keepdim=True) - logits
    kept = torch.where(answers > 0, losses, torch.zeros_like(losses))
    return (kept.sum(1) / answers.sum(1)).mean()


def choice(strengths: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Cross-entropy, by question, of the candidates that answer, against those that do not.

    « Nothing here answers » stands among them with a strength of 0, and is the answer where no
    candidate is; candidates of label -1 count neither way.

    Args:
        strengths: (questions, candidates).
        labels: 1 answers, 0 does not, -1 unknown; same shape.
    """
    least = torch.finfo(strengths.dtype).min
    none = torch.zeros(len(strengths), 1, dtype=strengths.dtype)
    everything = torch.cat([none, strengths.masked_fill(labels < 0, least)], 1)
    answering = strengths.masked_fill(labels != 1, least)
    absent = torch.where((labels == 1).any(1, keepdim=True), torch.full_like(none, least), none)
    right = torch.cat([absent, answering], 1)
    return torch.logsumexp(everything, 1) - torch.logsumexp(right, 1)
