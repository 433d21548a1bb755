"""Numbers of the index as the shared store keeps them: the very bits that were computed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

_HEAD = 4
"""Octets of a vector before its components: their number, and nothing."""


def vector_out(vector: NDArray[np.float32]) -> bytes:
    """A vector as pgvector sends and receives it."""
    return len(vector).to_bytes(2, "big") + b"\0\0" + vector.astype(">f4").tobytes()


def vectors_in(sent: Iterable[bytes], dimension: int) -> NDArray[np.float32]:
    """Vectors as pgvector sent them, one a row."""
    found = b"".join(one[_HEAD:] for one in sent)
    return np.frombuffer(found, dtype=">f4").astype(np.float32).reshape(-1, dimension)


def digest(*contents: bytes) -> str:
    """Checksum of some octets, end to end."""
    found = hashlib.sha256()
    for content in contents:
        found.update(content)
    return found.hexdigest()
