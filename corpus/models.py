"""Records of the corpus: what a document, its canonical text and its passages are.

Offsets are code points, 0-based, end excluded, and always point into a canonical text.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

FROZEN = ConfigDict(frozen=True, extra="forbid")

NATIONALE = "nationale"

Nature = Literal[
    "circulaire", "referentiel", "page_web", "note_de_cadrage", "cahier_des_charges", "autre"
]
MiseEnPage = Literal["docx", "pdf", "markdown", "web"]
Format = Literal["texte", "pdf", "docx", "odt", "html", "markdown"]
NatureBloc = Literal[
    "titre", "paragraphe", "element", "ligne_tableau", "question", "encadre", "note", "lien"
]


class Boite(NamedTuple):
    """Place of some words (``texte[debut:fin]``) on a page, in points from its top left corner."""

    debut: int
    fin: int
    page: int
    x0: float
    haut: float
    x1: float
    bas: float


class Lacune(BaseModel):
    """Content that the source file lost (an image, a table), known by the words before it."""

    model_config = FROZEN

    apres: str = Field(min_length=1)
    """Words that stand just before the hole, verbatim."""
    objet: str = Field(min_length=1)
    """What is missing, in plain French: « le tableau des critères… »."""


class TitreRestitue(BaseModel):
    """A heading that extraction lost: it guides readers and search, and is never quoted."""

    model_config = FROZEN

    avant: str = Field(min_length=1)
    """First words of the block that it stood above, verbatim."""
    titre: str = Field(min_length=1)
    niveau: int = Field(ge=1, le=6)


class FicheDocument(BaseModel):
    """One entry of the manifest: all that a new document needs."""

    model_config = FROZEN

    id: str = Field(pattern=r"^[0-9a-z][0-9a-z-]{0,39}$")
    titre: str
    titre_court: str
    editeur: str
    nature: Nature
    portee: str = Field(pattern=r"^(nationale|\d{2,3}|2[AB])$")
    """``nationale``, or the code of the département that it applies to."""
    rang: int = Field(ge=1, le=9)
    """1 is the strongest: a smaller rank prevails where texts disagree."""
    annee: str | None = Field(default=None, pattern=r"^\d{4}-\d{4}$")
    """School year written on the text, shown with its citations."""
    premiere_annee: str | None = Field(default=None, pattern=r"^\d{4}-\d{4}$")
    derniere_annee: str | None = Field(default=None, pattern=r"^\d{4}-\d{4}$")
    """School years it applies to; no last one: still in force."""
    date_publication: date
    date_precise: bool = True
    """False when the text itself gives only a year."""
    fichier: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    format: Format = "texte"
    """``texte``: extracted beforehand, read with the habits that ``mise_en_page`` names."""
    mise_en_page: MiseEnPage | None = None
    adresse: str | None = None
    lacunes: tuple[Lacune, ...] = ()
    titres_restitues: tuple[TitreRestitue, ...] = ()
    mobilier: tuple[str, ...] = ()
    """Lines that are navigation or furniture, not text, verbatim."""

    @model_validator(mode="after")
    def _layout_of_plain_text_is_known(self) -> Self:
        if (self.format == "texte") != (self.mise_en_page is not None):
            raise ValueError(
                "mise_en_page est obligatoire pour le format texte, et pour lui seul"
                f" (format {self.format}, mise_en_page {self.mise_en_page})"
            )
        return self


class Bloc(BaseModel):
    """A structural unit of a canonical text: heading, paragraph, list item or table row."""

    model_config = FROZEN

    numero: int
    nature: NatureBloc
    debut: int
    fin: int
    section: tuple[str, ...]
    """Titles from the outermost heading down to this block."""
    niveau: int = 0
    """Depth of a heading (1 is outermost) or of a list item."""
    page: int | None = None
    introduit_par: int | None = None
    """Number of the block whose sentence introduces this list item or table row."""


class Trou(BaseModel):
    """Place in a canonical text where the source lost content."""

    model_config = FROZEN

    position: int
    objet: str


class DocumentCanonique(BaseModel):
    """The text that citations point into, with its structure and the way back to the source."""

    model_config = FROZEN

    fiche: FicheDocument
    texte: str
    version: str
    """First 12 hex digits of the sha256 of the text, encoded in UTF-8."""
    blocs: tuple[Bloc, ...]
    trous: tuple[Trou, ...] = ()
    carte: tuple[tuple[int, int, int], ...]
    """Runs ``(canonical start, source start, length)``: the offset map to a plain text source;
    empty for a file that is no plain text."""
    boites: tuple[Boite, ...] = ()
    """Places of the words on the pages of the source, in order; empty where it has no pages."""


class Passage(BaseModel):
    """A unit of retrieval, cut at structural boundaries: exactly ``texte[debut:fin]``."""

    model_config = FROZEN

    id: str
    """``document@version:debut-fin``."""
    document: str
    version: str
    debut: int
    fin: int
    texte: str
    section: tuple[str, ...]
    page: int | None
