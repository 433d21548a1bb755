"""The shipped folder of what was learned: its record, and the checks before anything is used."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.files import sha256_of_file
from index.embedding import recipe
from index.embedding.references import Reference

SHIPPED: Final = Path(__file__).with_name("livre")
RECORD: Final = "appris.json"
ADAPTER: Final = "adaptateur.safetensors"
READER: Final = "lecteur.safetensors"
MERGE: Final = 1
"""To raise when the same adapter is merged in another way, so that vectors are made anew."""
FROZEN = ConfigDict(frozen=True, extra="forbid")


class Example(BaseModel):
    """A pair that the reader was put, and the strength that it gave in float32."""

    model_config = FROZEN

    question: str
    texte: str
    force: float


class Lora(BaseModel):
    """How a file of low-rank matrices is added to the weights: W + (alpha / rank) · B · A."""

    model_config = FROZEN

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    rank: int = Field(ge=1, le=256)
    alpha: float = Field(gt=0)


class ReaderRecord(BaseModel):
    """The reader: the first layers of the general network, low-rank matrices and a head."""

    model_config = FROZEN

    lora: Lora
    layers: int = Field(ge=1, le=24)
    max_tokens: int = Field(ge=32, le=512)
    examples: tuple[Example, ...] = Field(min_length=1)
    """What a sound installation gives, to compare with."""


class LearnedRecord(BaseModel):
    """What ``appris.json`` says of the files beside it."""

    model_config = FROZEN

    base: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Content hash of the model that it was learned on: with another, none of it is used."""
    donnees: str
    """First 12 hex digits of the sha256 of the training data."""
    graine: int
    adapter: Lora
    references: tuple[Reference, ...] = Field(min_length=1)
    """Vectors of the adapted encoder in float32, on a few texts."""
    reader: ReaderRecord | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned, whole and for this model."""

    folder: Path
    record: LearnedRecord

    @property
    def adapter(self) -> Path:
        """Low-rank matrices of the encoder."""
        return self.folder / ADAPTER

    @property
    def reader(self) -> Path | None:
        """Low-rank matrices and head of the reader; None when there is none."""
        return self.folder / READER if self.record.reader else None

    def references(self) -> tuple[Reference, ...]:
        """Vectors that the adapted encoder gives on a few texts, to compare with."""
        return self.record.references

    @property
    def content_hash(self) -> str:
        """Identity of the adapted encoder: what makes its vectors what they are."""
        said = f"{self.record.base} {self.record.adapter.model_dump_json()} {MERGE}"
        return hashlib.sha256(said.encode()).hexdigest()


class AppriInutilisable(ValueError):
    """What was learned cannot be used; the message says why, and the product does without."""


def read_learned(folder: Path = SHIPPED, base: str = recipe.CONTENT_HASH) -> Learned | None:
    """Read the folder of what was learned for the model ``base``; None when there is none.

    Raises:
        AppriInutilisable: it is of another model, unreadable, or one of its files is not the one
            that its record names.
    """
    path = folder / RECORD
    try:
        record = LearnedRecord.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as problem:
        raise AppriInutilisable(f"{RECORD} est illisible : {type(problem).__name__}") from problem
    if record.base != base:
        raise AppriInutilisable(
            f"appris sur un modèle d'empreinte {record.base[:12]}…, celui-ci est {base[:12]}…"
        )
    files = {ADAPTER: record.adapter.sha256}
    if record.reader is not None:
        files[READER] = record.reader.lora.sha256
    for name, expected in files.items():
        if not (folder / name).is_file():
            raise AppriInutilisable(f"{name} est absent")
        if sha256_of_file(folder / name) != expected:
            raise AppriInutilisable(f"{name} n'a pas l'empreinte que {RECORD} annonce")
    return Learned(folder, record)
