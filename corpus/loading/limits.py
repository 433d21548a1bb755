"""Bounds on what a loader may read and spend, the same for every format."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import BaseModel, Field

from corpus.models import FROZEN

MIB = 1024 * 1024

Advance = Callable[[int, int], None]
"""Told (pages or parts read, how many there are) as a loader goes on."""


class Limites(BaseModel):
    """Bounds; a file beyond one of them is refused, and the message names the bound."""

    model_config = FROZEN

    octets: int = Field(default=50 * MIB, gt=0)
    """Size of the file."""
    octets_decompresses: int = Field(default=200 * MIB, gt=0)
    """Size of everything that it unpacks to."""
    membres: int = Field(default=2_000, gt=0)
    """Files inside an archive (DOCX and ODT are archives)."""
    pages: int = Field(default=600, gt=0)
    caracteres: int = Field(default=5_000_000, gt=0)
    """Characters of text."""
    imbrication: int = Field(default=200, gt=0)
    """Depth of nested elements."""
    secondes: float = Field(default=10.0, gt=0)
    """Time without one page more being read."""
    secondes_en_tout: float = Field(default=300.0, gt=0)
    memoire: int = Field(default=512 * MIB, gt=0)
    """Address space of the process that reads."""


LIMITES = Limites()
