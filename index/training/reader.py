"""Learn the reader: a question and each candidate together, and which one answers, if any does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import inject_adapter_in_model
from pydantic import BaseModel, ConfigDict
from tokenizers import Tokenizer
from transformers import BertModel

from index.learned.network import Reading
from index.learned.reader import Pairs
from index.training.encoding import groups_of, padded
from index.training.lora import keep_precise, learning, settings
from index.training.losses import choice
from index.training.material import batch, dice
from index.training.recipe import Progress, ReaderRecipe
from index.training.steps import Job, run

ANSWERS, DOES_NOT, UNKNOWN = 1, 0, -1
PADDING = -1
"""Segment of what fills a row."""


class Candidat(BaseModel):
    """A text beside a question, and what it is to it (1 answers, 0 does not, -1 not known)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    texte: str
    juge: int


class Lecture(BaseModel):
    """A question and what the search brings near it, cards and sentences apart, nearest first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    formulation: bool = False
    """It is a card's own way to ask: an epoch reads a share of these."""
    fiches: tuple[Candidat, ...]
    phrases: tuple[Candidat, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates compared with each other, for one question."""

    question: str
    candidates: tuple[Candidat, ...]


def learn_reader(
    base: Path,
    tokenizer: Path,
    lectures: Sequence[Lecture],
    recipe: ReaderRecipe,
    job: Job,
) -> Progress:
    """Train the reader from the first layers of ``base``, and write its matrices and its head.

    Args:
        base: folder of the model whose first layers are read.
        tokenizer: its tokenizer, as the tokenizers library reads it.
        lectures: questions with their candidates.
        recipe: every number of the training.
        job: where it stands and where what is learned goes.
    """
    torch.manual_seed(recipe.seed)
    network = open_reading(base, recipe)
    pairs = Pairs(Tokenizer.from_file(str(tokenizer)), recipe.max_tokens)
    read = tuple(kept(lectures, recipe))

    def loss_at(step: int) -> torch.Tensor:
        chance = dice(recipe.seed, "lecteur", step)
        groups = [
            group
            for lecture in batch(read, recipe.questions, step, recipe.seed)
            for group in groups_read(lecture, recipe, chance.random)
        ]
        return loss(network, pairs, groups)

    weights = learning(network)
    steps = int(len(read) * recipe.epochs / recipe.questions)
    return run(weights, loss_at, steps, recipe.optimisation, job)


def open_reading(base: Path, recipe: ReaderRecipe) -> Reading:
    """Open the first layers of ``base`` with new matrices beside them, and a new head."""
    trunk: Any = BertModel.from_pretrained(
        base,
        add_pooling_layer=False,
        num_hidden_layers=recipe.layers,
        attn_implementation="sdpa",
        dtype=torch.bfloat16,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        local_files_only=True,
    )
    trunk.requires_grad_(requires_grad=False)
    trunk = inject_adapter_in_model(settings(recipe.rank, recipe.alpha), trunk)
    network = Reading(trunk, trunk.config.hidden_size)
    keep_precise(network)
    return network.train()


def kept(lectures: Iterable[Lecture], recipe: ReaderRecipe) -> Iterable[Lecture]:
    """Lectures that are read: all the questions, and a share of the cards' own ways to ask."""
    for place, lecture in enumerate(lectures):
        if not lecture.formulation or dice(recipe.seed, place).random() < recipe.formulations:
            yield lecture


def groups_read(lecture: Lecture, recipe: ReaderRecipe, chance: Callable[[], float]) -> list[Group]:
    """Candidates that a step reads: the first ones, and one that answers where any does."""
    made = []
    for candidates, count in ((lecture.fiches, recipe.cards), (lecture.phrases, recipe.units)):
        if not candidates:
            continue
        first = candidates[:count]
        answering = [c for c in candidates[count:] if c.juge == ANSWERS]
        if answering and not any(c.juge == ANSWERS for c in first):
            first = (*first[:-1], answering[int(chance() * len(answering))])
        made.append(Group(lecture.question, first))
    return made


def loss(network: Reading, pairs: Pairs, groups: Sequence[Group]) -> torch.Tensor:
    """Mean over groups of the cross-entropy of what answers, or of « nothing does »."""
    rows = [pairs.tokens(g.question, c.texte) for g in groups for c in g.candidates]
    strengths = forces(network, rows)
    wide = max(len(group.candidates) for group in groups)
    labels = torch.full((len(groups), wide), UNKNOWN)
    place = 0
    columns = []
    for group in groups:
        count = len(group.candidates)
        columns.append(torch.nn.functional.pad(strengths[place : place + count], (0, wide - count)))
        labels[len(columns) - 1, :count] = torch.tensor([c.juge for c in group.candidates])
        place += count
    return choice(torch.stack(columns), labels).mean()


def forces(network: Reading, rows: Sequence[tuple[list[int], list[int]]]) -> torch.Tensor:
    """Strengths of pairs, in their order; read in groups of one length."""
    found: dict[int, torch.Tensor] = {}
    for group in groups_of([len(ids) for ids, _ in rows]):
        ids = padded([rows[place][0] for place in group], 0)
        segments = padded([rows[place][1] for place in group], PADDING)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            strengths = network(ids, segments).float()
        found |= dict(zip(group, strengths, strict=True))
    return torch.stack([found[place] for place in range(len(rows))])
