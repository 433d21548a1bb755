"""The report as content alone: what it says, in order, before any format lays it out.

Every text is made harmless on its way in (see ``text.lisible``), so that no format has to wonder
what a name may hold.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from assistant.eligibility.models import Verdict
from assistant.eligibility.report.text import lisible
from assistant.eligibility.schema import Statut

_FERME = ConfigDict(frozen=True, extra="forbid")

Texte: TypeAlias = Annotated[str, AfterValidator(lisible)]


class CitationMontree(BaseModel):
    """Words of a text, exactly, and where they stand."""

    model_config = _FERME

    extrait: Texte
    source: Texte
    """Document, section, page, scope and year, in one line."""


class Paragraphe(BaseModel):
    """A paragraph; a note is set smaller."""

    model_config = _FERME

    genre: Literal["paragraphe"] = "paragraphe"
    texte: Texte
    note: bool = False


class Definitions(BaseModel):
    """Names and their values, two by two."""

    model_config = _FERME

    genre: Literal["definitions"] = "definitions"
    lignes: tuple[tuple[Texte, Texte], ...]


class Tableau(BaseModel):
    """A table whose first row names the columns; ``chiffres``: columns of amounts, from 0."""

    model_config = _FERME

    genre: Literal["tableau"] = "tableau"
    legende: Texte
    entetes: tuple[Texte, ...]
    lignes: tuple[tuple[Texte, ...], ...]
    chiffres: tuple[int, ...] = ()
    totaux: tuple[int, ...] = ()
    """Rows to set in bold, from 0."""


class Liste(BaseModel):
    """Sentences in a list."""

    model_config = _FERME

    genre: Literal["liste"] = "liste"
    elements: tuple[Texte, ...]


class Calcul(BaseModel):
    """Lines of arithmetic."""

    model_config = _FERME

    genre: Literal["calcul"] = "calcul"
    lignes: tuple[Texte, ...]


class Citations(BaseModel):
    """Quotations, one after the other."""

    model_config = _FERME

    genre: Literal["citations"] = "citations"
    citations: tuple[CitationMontree, ...]


class Encadre(BaseModel):
    """The verdict in words, what it means, and that it is no decision."""

    model_config = _FERME

    genre: Literal["encadre"] = "encadre"
    verdict: Verdict
    mot: Texte
    sens: Texte
    avertissement: Texte


class Fiche(BaseModel):
    """A criterion: its status in words, then what grounds it."""

    model_config = _FERME

    genre: Literal["fiche"] = "fiche"
    titre: Texte
    statut: Statut
    mot: Texte
    signe: Texte
    blocs: tuple[Definitions | Tableau | Paragraphe | Citations, ...]


class Barre(BaseModel):
    """A step of the payment calendar; ``longueur``: 1 for the greatest amount, 0 when unknown."""

    model_config = _FERME

    quand: Texte
    montant: Texte
    longueur: Annotated[float, Field(ge=0, le=1)]


class Barres(BaseModel):
    """The drawing of the payment calendar, and the same in one sentence."""

    model_config = _FERME

    genre: Literal["barres"] = "barres"
    titre: Texte
    description: Texte
    barres: tuple[Barre, ...]


class SousTitre(BaseModel):
    """A heading inside a section."""

    model_config = _FERME

    genre: Literal["sous_titre"] = "sous_titre"
    texte: Texte


Bloc: TypeAlias = Annotated[
    Paragraphe
    | Definitions
    | Tableau
    | Liste
    | Calcul
    | Citations
    | Encadre
    | Fiche
    | Barres
    | SousTitre,
    Field(discriminator="genre"),
]


class Section(BaseModel):
    """A numbered part of the report."""

    model_config = _FERME

    numero: int
    titre: Texte
    blocs: tuple[Bloc, ...]

    @property
    def intitule(self) -> str:
        """Number and title."""
        return f"{self.numero}. {self.titre}"


class Rapport(BaseModel):
    """The whole report."""

    model_config = _FERME

    titre: Texte
    sous_titre: Texte
    porteur: Texte
    jour: dt.date
    identite: Definitions
    sections: tuple[Section, ...]
    pied: Texte
    """Date and versions, at the foot of each page."""
