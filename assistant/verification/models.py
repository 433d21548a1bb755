"""What checking a quotation tells: where it stands, what differs, what else says it or not."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from corpus.comparison.changes import Fragment
from corpus.comparison.substance import Marque
from corpus.models import FROZEN

Statut = Literal["mot_pour_mot", "mise_en_page", "altere", "trop_court", "introuvable"]
"""``mise_en_page``: the same words but for layout; ``trop_court``: too short to be of one place."""

Fin = Literal["remplace", "retire", "abandonne"]
"""How a text left service; ``abandonne``: the version that held it was gone back from."""

SorteAilleurs = Literal["identique", "proche", "differe"]
"""``differe``: nearly the same sentence, with another figure, negation, duty or limit."""


class TexteInutilisable(ValueError):
    """What was pasted cannot be checked; the message says what was found and is accepted."""


class Lien(BaseModel):
    """A place that a link names."""

    model_config = FROZEN

    document: str
    version: str | None
    debut: int = Field(ge=0)
    fin: int = Field(ge=0)


class Extrait(BaseModel):
    """One quotation of what was pasted; ``texte`` is empty for a link that came alone."""

    model_config = FROZEN

    texte: str
    lien: Lien | None = None
    citee: bool = True
    """False for a sentence beside quotations: told only if a text says it, or says otherwise."""


class Decoupage(BaseModel):
    """The quotations of what was pasted, in order."""

    model_config = FROZEN

    extraits: tuple[Extrait, ...]
    laisses: int = 0
    """How many were beyond the number that is checked at once."""


class Remplacement(BaseModel):
    """Why a text is no longer the one in service."""

    model_config = FROZEN

    sorte: Fin
    date: datetime | None
    document: str | None = None
    """Id of the document that came in its place: its own, for a new version of it."""
    titre: str | None = None
    """Title of the text that came in its place."""
    version: str | None = None
    """Version of the text that came in its place."""
    auteur: str | None = None
    motif: str | None = None


class Place(BaseModel):
    """Where words stand: ``extrait`` is exactly ``debut:fin`` of that version of the document."""

    model_config = FROZEN

    document: str
    version: str
    titre: str
    titre_court: str
    portee: str
    annee: str | None
    section: str | None
    page: int | None
    debut: int
    fin: int
    avant: str
    """Words of the text just before, cut at a word."""
    extrait: str
    apres: str
    remplacement: Remplacement | None = None
    """None: this text is in service."""


class Ecarts(BaseModel):
    """What differs between a text and a quotation, both cut where they differ."""

    model_config = FROZEN

    texte: tuple[Fragment, ...]
    citation: tuple[Fragment, ...]
    perdues: tuple[Marque, ...]
    """Figures, negations, duties, limits of the text that the quotation has not."""
    venues: tuple[Marque, ...]
    """Those of the quotation that the text has not."""

    @property
    def de_fond(self) -> bool:
        """Whether more than wording differs."""
        return bool(self.perdues or self.venues)


class Ailleurs(BaseModel):
    """Another place that says the same, nearly, or something else."""

    model_config = FROZEN

    sorte: SorteAilleurs
    place: Place
    ecarts: Ecarts | None = None


class AppuiTrouve(BaseModel):
    """Something that rests on the passage: a rule, a parameter, a card, an answer just given."""

    model_config = FROZEN

    genre: Literal["regle", "parametre", "fiche", "registre", "reponse"]
    nom: str
    document: str
    version: str
    debut: int
    fin: int


class Actuel(BaseModel):
    """What became, in the text in service, of words of a text that is no longer."""

    model_config = FROZEN

    sort: Literal["inchange", "deplace", "change", "disparu"]
    place: Place | None
    ecarts: Ecarts | None = None


class Constat(BaseModel):
    """What was found of one quotation."""

    model_config = FROZEN

    cite: str
    statut: Statut
    explication: str
    place: Place | None = None
    ecarts: Ecarts | None = None
    lien: str | None = None
    """What there is to say of the link that came with it, if it does not lead there."""
    ailleurs: tuple[Ailleurs, ...] = ()
    actuel: Actuel | None = None
    appuis: tuple[AppuiTrouve, ...] = ()


class Verification(BaseModel):
    """Everything that was pasted, checked."""

    model_config = FROZEN

    constats: tuple[Constat, ...]
    laisses: int = 0
