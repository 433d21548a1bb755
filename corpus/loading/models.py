"""What a loader gives: blocks in reading order, each with its words' places where it knows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, Field, field_validator

from corpus.models import FROZEN, Boite, NatureBloc

_UNCLEAN = re.compile(r"^\s|\s$|[^\S\t ]|[ \t]{2}")


class TexteSitue(BaseModel):
    """Words of a file, clean: single spaces, no line break; a tab parts the cells of a row."""

    model_config = FROZEN

    texte: str
    boites: tuple[Boite, ...] = ()
    """Places of its words on their pages, in order; empty where the format has no pages."""

    @field_validator("texte")
    @classmethod
    def _is_clean(cls, texte: str) -> str:
        found = _UNCLEAN.search(texte)
        if found:
            around = texte[max(0, found.start() - 20) : found.end() + 20]
            raise ValueError(f"espaces à nettoyer : {around!r}")
        return texte


class BlocCharge(BaseModel):
    """A structural unit of a file, before it has a place in a canonical text."""

    model_config = FROZEN

    nature: NatureBloc
    contenu: TexteSitue
    niveau: int = Field(default=0, ge=0, le=9)
    """Depth of a heading (1 is outermost) or of a list item."""
    page: int | None = None
    """Page on which it begins, from 1; None where the format has no pages."""
    notes: tuple[TexteSitue, ...] = ()
    """Footnotes that it calls, in order, without their number."""
    a_part: bool = False
    """Set apart from what precedes (a wide blank, the end of a box)."""
    trou: str | None = None
    """What the file holds just after it that is no text, in plain French: « une image »."""


class DocumentCharge(BaseModel):
    """A structured file: what its loader read."""

    model_config = FROZEN

    format: Literal["pdf", "docx", "odt", "html", "markdown"]
    blocs: tuple[BlocCharge, ...] = Field(min_length=1)
    pages: int | None = None
    proprietes: Mapping[str, str] = {}
    """What the file says of itself, where it does: ``titre``, ``auteur``, ``date`` (ISO 8601)."""
    remarques: tuple[str, ...] = ()
    """What whoever adds the file should know, in French: « page 3 : aucun texte, une image »."""


class TexteBrut(BaseModel):
    """A plain text file: its layout is read later, with the habits that its manifest entry says."""

    model_config = FROZEN

    format: Literal["texte"]
    texte: str
    encodage: str
    remarques: tuple[str, ...] = ()


Charge = Annotated[DocumentCharge | TexteBrut, Field(discriminator="format")]
