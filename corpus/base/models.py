"""Records of the document base.

A version of the base says which documents it holds, in which text, and what was withdrawn with
them. It is never changed: its name is the digest of what it says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from corpus.models import FROZEN, FicheDocument

Origine = Literal["livre", "apporte"]
GenreRetire = Literal["regle", "parametre", "fiche"]


def _empty(value: object) -> bool:
    return not value


class EntreeBase(BaseModel):
    """A document of a version of the base."""

    model_config = FROZEN

    fiche: FicheDocument
    texte: str = Field(pattern=r"^[0-9a-f]{12}$")
    """Version of its canonical text."""
    origine: Origine
    """``livre``: it came with the program; ``apporte``: whoever keeps the corpus added it."""
    retire: bool = False
    """Withdrawn: still readable from old citations, never searched."""
    remplace: str | None = Field(default=None, exclude_if=lambda value: value is None)
    """Id of the document that it comes after; left out of the record where there is none, so that
    versions written before this was told keep their identity."""


class Retrait(BaseModel):
    """A rule, parameter or card that may not be used while its words are not what they were."""

    model_config = FROZEN

    genre: GenreRetire
    nom: str = Field(min_length=1)
    raison: str = Field(min_length=1, max_length=300)
    textes: tuple[str, ...] = Field(default=(), exclude_if=_empty)
    """Documents whose withdrawal alone put it aside: it is used again when they are back."""


class Archive(BaseModel):
    """Where quoted words stand in a text that was withdrawn."""

    model_config = FROZEN

    texte: str = Field(pattern=r"^[0-9a-f]{12}$")
    """Version of the text, kept for ever."""
    debut: int = Field(ge=0)
    fin: int = Field(gt=0)
    section: str | None
    page: int | None


class Reparation(BaseModel):
    """New words of a quotation: those that say the same, or those shown for what is put aside.

    What a record does not hold is left out of it, so that versions written before it was told
    keep their identity.
    """

    model_config = FROZEN

    document: str
    ancien: str = Field(min_length=1)
    nouveau: str = Field(min_length=1)
    pour: tuple[str, ...] = Field(default=(), exclude_if=_empty)
    """What quoted the words when this was decided, each as « genre name »; not told before."""
    montre: bool = Field(default=False, exclude_if=_empty)
    """Shown for ``pour`` while it is put aside, in place of words that went: this mends nothing,
    for it nor for anything else that quotes them."""
    archive: Archive | None = Field(default=None, exclude_if=_empty)
    """The words shown are those of before, in a text that was withdrawn."""


class VersionBase(BaseModel):
    """A state of the base, as it was published."""

    model_config = FROZEN

    numero: int = Field(ge=1)
    parent: str | None
    """Identity of the version that it was prepared upon; None for the one that ships."""
    auteur: str = Field(min_length=1, max_length=100)
    date: datetime | None
    """When it was published; None for the one that ships, the same on every machine."""
    motif: str = Field(min_length=1, max_length=500)
    documents: tuple[EntreeBase, ...] = Field(min_length=1)
    retraits: tuple[Retrait, ...] = ()
    reparations: tuple[Reparation, ...] = ()

    @property
    def identite(self) -> str:
        """First 12 hex digits of the sha256 of the record."""
        return hashlib.sha256(self.model_dump_json().encode("utf-8")).hexdigest()[:12]

    @property
    def en_service(self) -> Mapping[str, EntreeBase]:
        """Documents that are searched, by id."""
        return {e.fiche.id: e for e in self.documents if not e.retire}


class Brouillon(BaseModel):
    """What is being prepared: changes upon a version, not yet published."""

    model_config = FROZEN

    parent: str
    documents: tuple[EntreeBase, ...]
    retraits: tuple[Retrait, ...] = ()
    reparations: tuple[Reparation, ...] = ()


class Evenement(BaseModel):
    """A line of the journal: who did what, when."""

    model_config = FROZEN

    date: datetime
    auteur: str
    action: Literal[
        "ajouter",
        "modifier",
        "retirer",
        "reparer",
        "ecarter",
        "reprendre",
        "abandonner",
        "publier",
        "revenir",
        "verifier",
    ]
    objet: str
    """What it bears on: a document, a version."""
    detail: str = ""
