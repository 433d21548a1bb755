"""The interface of every encoder: one text in, its sentence vector and token vectors out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from numpy.typing import NDArray

Precision = Literal["int8", "fp32"]
ADAPTED: Final = "+clas"
"""How the name of the model ends where what was learned is merged into it."""


class ModelDescription(BaseModel):
    """What makes a model's vectors what they are: vectors compare only when this is equal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    content_hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Sha256 over named tensors and vocabulary, whatever the file format."""
    precision: Precision
    """Precision that the network runs in; int8 vectors differ a little from fp32 ones."""
    dimension: int = Field(ge=1)
    query_prompt: str
    passage_prompt: str
    max_tokens: int = Field(ge=1)

    @property
    def adapted(self) -> bool:
        """Whether it was adapted to the field: what was learned is merged into it."""
        return self.name.endswith(ADAPTED)


@dataclass(frozen=True, eq=False)
class EncodedText:
    """One text encoded; ``n`` is its number of tokens, prompt and special tokens included."""

    sentence: NDArray[np.float32]
    """Unit vector, shape (dimension,)."""
    tokens: NDArray[np.float32]
    """Unit vectors, shape (n, dimension)."""
    token_ids: NDArray[np.int64]
    """Shape (n,)."""
    ends: NDArray[np.int32]
    """Shape (n,): where each token ends in the normalised text, prompt not counted."""
    content: slice
    """The rows of ``tokens`` that come from the text itself: no prompt, no special token."""


class Encoder(Protocol):
    """Turns texts into vectors; safe to share between threads.

    Any string is accepted: it is normalised and bounded first, and cut at ``max_tokens`` tokens.
    The result depends on the text alone, never on what was encoded before or beside it.
    """

    @property
    def description(self) -> ModelDescription:
        """Which model this is."""
        ...

    def encode_query(self, text: str) -> EncodedText:
        """Encode what someone asks."""
        ...

    def encode_passage(self, text: str) -> EncodedText:
        """Encode a passage to be found."""
        ...


def unit_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """``rows`` (n, d) scaled to length one; a null row stays null."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, np.float32(1e-12)), dtype=np.float32)
