"""The pieces of the original vocabulary that the French model keeps.

They are shipped as one bit for each of the original pieces, in order, gzipped.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from index.embedding import recipe
from index.embedding.errors import FichierModeleInvalide

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHIPPED = "pieces_fr.bin.gz"
PIECES_SHA256 = "a52f5a96bc21b0306da109d2d88c653049c73df37a5b796dd5fbbe93ab9fe4e5"
"""Of the bits, unzipped."""


def shipped_pieces() -> NDArray[np.int64]:
    """Kept piece numbers, ascending, the special ones first.

    Raises `FichierModeleInvalide` when the shipped list is not the expected one.
    """
    packed = resources.files("index.embedding").joinpath(SHIPPED).read_bytes()
    try:
        bits = gzip.decompress(packed)
    except (OSError, EOFError, zlib.error) as problem:
        raise FichierModeleInvalide(f"La liste {SHIPPED} est illisible : {problem}.") from problem
    if hashlib.sha256(bits).hexdigest() != PIECES_SHA256:
        raise FichierModeleInvalide(
            f"La liste {SHIPPED} n'est pas celle que ce programme attend : réinstallez-le."
        )
    return unpack(bits)


def pack(kept: NDArray[np.int64], vocabulary: int) -> bytes:
    """One bit for each of ``vocabulary`` pieces, set for those in ``kept``."""
    present = np.zeros(vocabulary, dtype=bool)
    present[kept] = True
    return np.packbits(present).tobytes()


def unpack(bits: bytes) -> NDArray[np.int64]:
    """Inverse of `pack`: the numbers of the set bits, ascending."""
    numbers = np.flatnonzero(np.unpackbits(np.frombuffer(bits, dtype=np.uint8)))
    if tuple(numbers[: len(recipe.SPECIAL_TOKENS)]) != tuple(range(len(recipe.SPECIAL_TOKENS))):
        raise FichierModeleInvalide("La liste des morceaux n'a pas les quatre morceaux spéciaux.")
    return numbers.astype(np.int64)
