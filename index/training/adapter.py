"""Learn the encoder's adapter: sentence vectors, late interaction and ways to ask, together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from index.embedding import recipe as model
from index.embedding.normalise import normalise_input
from index.training.encoding import encode
from index.training.lora import learning, open_trainable
from index.training.losses import contrast, max_sim
from index.training.material import Material, batch, dice
from index.training.recipe import AdapterRecipe, Progress
from index.training.steps import Job, run


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step reads."""

    targets: tuple[str, ...]
    questions: tuple[str, ...]
    ways: tuple[str, ...]
    """A way to ask of each question's target."""
    passages: tuple[int, ...]


def learn_adapter(
    base: Path,
    material: Material,
    recipe: AdapterRecipe,
    job: Job,
) -> Progress:
    """Train the adapter of the sentence-transformers folder ``base``, and write its matrices.

    Args:
        base: folder of the model that is adapted.
        material: questions and texts.
        recipe: every number of the training.
        job: where it stands and where its matrices go.
    """
    torch.manual_seed(recipe.seed)
    opened = open_trainable(base, recipe.rank, recipe.alpha)
    network: Any = opened[0].auto_model
    tokenizer = opened.tokenizer

    def states(ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found: torch.Tensor = network(input_ids=ids, attention_mask=mask).last_hidden_state
        return found

    def tokens(prompt: str, texts: Sequence[str], longest: int) -> list[list[int]]:
        whole = [prompt + normalise_input(text) for text in texts]
        return list(tokenizer(whole, truncation=True, max_length=longest)["input_ids"])

    def loss_at(step: int) -> torch.Tensor:
        read = batch_at(material, recipe, step)
        asked = tokens(model.QUERY_PROMPT, (*read.questions, *read.ways), recipe.question_tokens)
        searched = [material.texts[row] for row in read.passages]
        said = tokens(model.PASSAGE_PROMPT, searched, recipe.passage_tokens)
        return loss(
            encode(states, asked, tokenizer.pad_token_id),
            encode(states, said, tokenizer.pad_token_id),
            read,
            material,
            recipe,
        )

    weights = learning(network)
    steps = int(len(material.questions) * recipe.epochs / recipe.questions)
    return run(weights, loss_at, steps, recipe.optimisation, job)


def batch_at(material: Material, recipe: AdapterRecipe, step: int) -> Batch:
    """Questions of a step, with an answer of each and some passages that do not answer."""
    chance = dice(recipe.seed, "adaptateur", step)
    questions = batch(material.questions, recipe.questions, step, recipe.seed)
    rows = [material.row(q.cible) for q in questions]
    passages = {int(chance.choice(material.answers[row].nonzero()[0])) for row in rows}
    for row in rows:
        refused = material.refused[row].nonzero()[0]
        if len(refused) and chance.random() < recipe.hard:
            passages.add(int(chance.choice(refused)))
    return Batch(
        targets=tuple(q.cible for q in questions),
        questions=tuple(q.question for q in questions),
        ways=tuple(chance.choice(material.ways[q.cible]) for q in questions),
        passages=tuple(sorted(passages)),
    )


Encoded = tuple[torch.Tensor, list[torch.Tensor]]


def loss(
    asked: Encoded, said: Encoded, read: Batch, material: Material, recipe: AdapterRecipe
) -> torch.Tensor:
    """Sentence vectors, late interaction, and ways to ask: each a contrast within the batch.

    ``asked``: the questions and then the ways to ask; ``said``: the passages.
    """
    count = len(read.questions)
    sentences, tokens = asked
    questions, ways = sentences[:count], sentences[count:]
    asked_tokens, way_tokens = tokens[:count], tokens[count:]
    rows = [material.row(target) for target in read.targets]
    columns = list(read.passages)
    answers = torch.tensor(material.answers[rows][:, columns]).float()
    usable = torch.tensor(material.usable[rows][:, columns])
    same, distinct = _ways(read.targets, material)
    late = max_sim(asked_tokens, said[1])
    both = (max_sim(asked_tokens, way_tokens) + max_sim(way_tokens, asked_tokens).T) / 2
    alike = (questions @ ways.T + both) / 2
    t = recipe.temperature
    return (
        contrast(questions @ said[0].T, answers, usable, t)
        + recipe.late * contrast(late, answers, usable, t)
        + recipe.asked * contrast(alike, same, distinct, t)
    )


def _ways(targets: Sequence[str], material: Material) -> tuple[torch.Tensor, torch.Tensor]:
    """Which pairs of targets are one, and which may be compared.

    Two that give the same kind of thing out of the same words may well answer each other.
    """
    same = torch.tensor([[left == right for right in targets] for left in targets])
    close = torch.tensor([[_close(left, right, material) for right in targets] for left in targets])
    return same.float(), same | ~close


def _close(left: str, right: str, material: Material) -> bool:
    shared = material.answers[material.row(left)] & material.answers[material.row(right)]
    return material.kinds[left] == material.kinds[right] and bool(shared.any())
