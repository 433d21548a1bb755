"""An encoder that counts what it embeds, texts written at random, and files of a version."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from corpus.models import FicheDocument
from index.embedding.encoder import EncodedText, ModelDescription
from index.embedding.normalise import normalise_input
from index.storage import (
    VERSIONS,
)

MakeFiche = Callable[..., FicheDocument]
Texts = Mapping[str, str]

DIMENSION = 8


class Counting:
    """An counting of nothing, at no cost: each word has the vector that its letters give."""

    description = ModelDescription(
        name="mots",
        content_hash="0" * 64,
        precision="fp32",
        dimension=DIMENSION,
        query_prompt="",
        passage_prompt="",
        max_tokens=512,
    )

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode_query(self, text: str) -> EncodedText:
        return self.encode_passage(f"? {text}")

    def encode_passage(self, text: str) -> EncodedText:
        self.encoded.append(text)
        whole = normalise_input(text)
        words = whole.split()
        ends = np.cumsum([len(word) + 1 for word in words], dtype=np.int32) - 1
        rows = np.array([_row(word) for word in words], dtype=np.float32)
        unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        sentence = unit.sum(axis=0) / np.linalg.norm(unit.sum(axis=0))
        return EncodedText(
            sentence, unit, np.zeros(len(words), np.int64), ends, slice(0, len(words))
        )


def _row(word: str) -> list[int]:
    return [1 + octet for octet in hashlib.sha256(word.encode()).digest()[:DIMENSION]]


WORDS = (
    "le",
    "clas",
    "accueille",
    "des",
    "enfants",
    "après",
    "la",
    "classe",
    "avec",
    "deux",
    "animateurs",
    "formés",
    "au",
    "pre",
)


def written(seed: int) -> str:
    """A text of some sections; few seeds, so that documents come back and share passages."""
    draw = random.Random(seed)
    lines: list[str] = []
    for section in range(1 + seed % 3):
        lines += [f"# Partie {section}", ""]
        for _ in range(1 + seed % 2):
            lines += [" ".join(draw.choices(WORDS, k=30)).capitalize() + ".", ""]
    return "\n".join(lines)


def files(folder: Path, version: str) -> dict[str, bytes]:
    path = folder / VERSIONS / version
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in path.rglob("*") if p.is_file()}


def inodes(folder: Path, version: str) -> dict[str, int]:
    """Which file on the disk each file of the parts of a version is."""
    path = folder / VERSIONS / version
    return {
        p.relative_to(path).as_posix(): p.stat().st_ino
        for p in path.rglob("*")
        if p.parent.name in ("documents", "tokens")
    }


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x01
    path.write_bytes(bytes(content))


UNCHANGED = ("documents/d0.json", "documents/d1.json", "tokens/d0.npy", "tokens/d1.npy")
