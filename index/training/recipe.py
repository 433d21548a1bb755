"""What training is made of: every number of it, frozen, in one place."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FROZEN = ConfigDict(frozen=True, extra="forbid")


class Optimisation(BaseModel):
    """How weights move: AdamW, a warm-up, then half a cosine down to a twentieth."""

    model_config = FROZEN

    learning_rate: float = Field(gt=0)
    weight_decay: float = 0.01
    warm_up: float = 0.1
    """Share of the steps."""
    clip: float = 1.0
    """Norm that gradients are cut to."""


class AdapterRecipe(BaseModel):
    """The encoder's adapter: sentence vectors and late interaction learn together."""

    model_config = FROZEN

    seed: int = 7
    rank: int = 16
    alpha: int = 32
    epochs: float = 3
    questions: int = 96
    """In a batch: each one's answer is a wrong one for the others."""
    hard: float = 0.34
    """Share of the questions that bring a passage read and known not to answer."""
    kept: float = Field(default=0.5, gt=0, le=1)
    """Share of what is learned that is added to the weights.

    Half way from the general encoder to the one that learned most, most of the gain is there, as
    much of it on subjects never seen, and hardly anything is lost on French of other fields.
    """
    temperature: float = 0.03
    late: float = 1.0
    """Weight of late interaction beside the sentence vectors."""
    asked: float = 0.7
    """Weight of the nearness between two ways to ask the same thing."""
    question_tokens: int = 140
    passage_tokens: int = 224
    optimisation: Optimisation = Optimisation(learning_rate=8e-4)


class ReaderRecipe(BaseModel):
    """The reader: which candidate answers, or that none does."""

    model_config = FROZEN

    seed: int = 7
    layers: int = 6
    rank: int = 32
    alpha: int = 64
    epochs: float = 1.1
    questions: int = 24
    """In a batch."""
    cards: int = 5
    """Candidates of each question, the nearest ones, its own among them."""
    units: int = 2
    """Sentences of the texts read beside them."""
    max_tokens: int = 160
    formulations: float = 0.4
    """Share of the cards' own ways to ask that an epoch reads."""
    optimisation: Optimisation = Optimisation(learning_rate=8e-4)


class Progress(BaseModel):
    """Where a training stands."""

    model_config = FROZEN

    kind: Literal["adaptateur", "lecteur"]
    recipe: str
    """Digest of the recipe and the data: another one starts again from nothing."""
    step: int
    loss: float
