"""Reference vectors shipped with the program: what a sound build gives on a few sentences.

They come from the original vocabulary whole, in float32 (see `make_references`), so they also
prove that trimming, rounding to float16, exporting and quantising changed nothing that matters.
"""

from __future__ import annotations

import base64
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict, TypeAdapter

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

SHIPPED = "references.json"
FP32_COSINE = 0.9998
INT8_COSINE = 0.99
ADAPTED_INT8_COSINE = 0.97
"""The same for the adapted model: it sets texts further apart, and the rounding with them."""


class Reference(BaseModel):
    """A text, prompt included, and its sentence vector as base64 of little-endian float16."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    texte: str
    vecteur: str

    def vector(self) -> NDArray[np.float32]:
        """The vector, shape (dimension,)."""
        return np.frombuffer(base64.b64decode(self.vecteur), dtype="<f2").astype(np.float32)


REFERENCES = TypeAdapter(tuple[Reference, ...])


def shipped_references() -> tuple[Reference, ...]:
    """The references that come with the program."""
    packed = resources.files("index.embedding").joinpath(SHIPPED).read_bytes()
    return REFERENCES.validate_json(packed)


def reference(text: str, vector: NDArray[np.float32]) -> Reference:
    """Record the ``vector`` (dimension,) of a ``text`` that holds its prompt."""
    packed = base64.b64encode(vector.astype("<f2").tobytes()).decode("ascii")
    return Reference(texte=text, vecteur=packed)


def worst_cosine(
    encode: Callable[[str], NDArray[np.float32]], references: tuple[Reference, ...]
) -> float:
    """The lowest cosine between what ``encode`` gives for a text and its reference."""
    return min(_cosine(encode(entry.texte), entry.vector()) for entry in references)


def _cosine(left: NDArray[np.float32], right: NDArray[np.float32]) -> float:
    return float(left @ right / (np.linalg.norm(left) * np.linalg.norm(right)))
