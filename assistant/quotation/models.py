"""What a search for a quotation answers: a place in a stored text, or a refusal with its reason."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FROZEN = ConfigDict(frozen=True, extra="forbid")

Motif = Literal["introuvable", "trop_court", "ambigu", "altere"]


class Localisation(BaseModel):
    """Place of a quotation: ``extrait`` is exactly ``debut:fin`` of the stored text."""

    model_config = FROZEN

    document: str
    version: str
    debut: int = Field(ge=0)
    fin: int = Field(gt=0)
    extrait: str = Field(min_length=1)
    """Re-sliced from the stored text, never the words that were handed in."""
    exact: bool
    """True: equal code point for code point; False: equal but for layout."""


class Refus(BaseModel):
    """Why a quotation was not accepted."""

    model_config = FROZEN

    motif: Motif
    explication: str
    """One or two French sentences: what was found and what would be accepted."""
    proche: Localisation | None = None
    """Nearest place: what the text really says, or the quotation once widened."""
