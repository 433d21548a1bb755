"""Which sentences of a text are normative: found by marks that are data, erring on taking too much.

A unit is a sentence, a list item's sentence, a heading or a table row of a canonical text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib import resources
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from corpus.lecture_yaml import read_yaml
from corpus.models import Bloc, DocumentCanonique
from corpus.sentences import split_sentences

FERME: Final = ConfigDict(frozen=True, extra="forbid")
MARQUES: Final = "marques.yaml"
ENUMERATION: Final = "énumération ou tableau"
"""Mark of every list item and table row: the texts list what they require, often with no verb."""
_ENUMERES: Final = frozenset({"element", "ligne_tableau"})
_SANS_PHRASE: Final = frozenset({"lien"})
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("’‘‛ʼ", "'"))
_TETE: Final = re.compile(r"^[\W_]*(?:\d+[.)]\s*)?")


class Marque(BaseModel):
    """A family of marks: whole words, beginnings of words, regular expressions."""

    model_config = FERME

    nom: str
    mots: tuple[str, ...] = ()
    debuts: tuple[str, ...] = ()
    formes: tuple[str, ...] = ()

    @field_validator("formes")
    @classmethod
    def _formes_lisibles(cls, formes: tuple[str, ...]) -> tuple[str, ...]:
        for forme in formes:
            try:
                re.compile(forme)
            except re.error as error:
                raise ValueError(f"expression régulière illisible « {forme} » : {error}") from error
        return formes

    def motif(self) -> re.Pattern[str]:
        """Return one expression for the whole family."""
        entiers = [rf"\b{re.escape(mot)}(?!\w)" for mot in self.mots]
        ouverts = [rf"\b{re.escape(debut)}" for debut in self.debuts]
        return re.compile("|".join(f"(?:{m})" for m in (*entiers, *ouverts, *self.formes)))


class Marques(BaseModel):
    """All the families, in the order of the file."""

    model_config = FERME

    marques: tuple[Marque, ...] = Field(min_length=1)


class UniteNormative(BaseModel):
    """A sentence that the ledger must account for: exactly ``texte`` at ``debut:fin``."""

    model_config = FERME

    document: str
    debut: int
    fin: int
    texte: str
    section: tuple[str, ...]
    marques: tuple[str, ...]
    """Names of the families that it was taken for."""


def lire_marques(contenu: str) -> Marques:
    """Read the marks from YAML."""
    return Marques.model_validate(read_yaml(contenu))


@cache
def _familles() -> tuple[tuple[str, re.Pattern[str]], ...]:
    livrees = resources.files(__package__).joinpath(MARQUES).read_text(encoding="utf-8")
    return tuple((marque.nom, marque.motif()) for marque in lire_marques(livrees).marques)


def marques_de(phrase: str, *, enumere: bool = False) -> tuple[str, ...]:
    """Names of the families of marks that a sentence holds, none for one without letters.

    Args:
        phrase: the sentence, as the text writes it.
        enumere: whether it is a list item or a table row, which is a mark of its own.
    """
    plie = _plier(phrase)
    if not any(map(str.isalpha, plie)):
        return ()
    trouvees = tuple(nom for nom, motif in _familles() if motif.search(plie))
    return (*trouvees, ENUMERATION) if enumere else trouvees


def decouper_unites(document: DocumentCanonique) -> tuple[tuple[Bloc, int, int], ...]:
    """Every unit of a document, normative or not: its block, its start and its end."""
    return tuple(
        (bloc, debut, fin)
        for bloc in document.blocs
        if bloc.nature not in _SANS_PHRASE
        for debut, fin in split_sentences(document.texte, bloc.debut, bloc.fin)
    )


def unites_normatives(document: DocumentCanonique) -> tuple[UniteNormative, ...]:
    """Return the normative units of a document, in reading order."""
    return tuple(
        UniteNormative(
            document=document.fiche.id,
            debut=debut,
            fin=fin,
            texte=document.texte[debut:fin],
            section=bloc.section,
            marques=marques,
        )
        for bloc, debut, fin in decouper_unites(document)
        if (marques := marques_de(document.texte[debut:fin], enumere=bloc.nature in _ENUMERES))
    )


def _plier(phrase: str) -> str:
    """Lower the case, straighten apostrophes, make white space single, drop bullet and number."""
    plat = unicodedata.normalize("NFC", phrase).translate(_APOSTROPHES).casefold()
    return _TETE.sub("", " ".join(plat.split()))
