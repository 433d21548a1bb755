"""The content of an office document before it is blocks: paragraphs, tables and boxes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from textwrap import shorten
from typing import TypeAlias

from corpus.loading.html.words import clean

PUCE = "•"
"""Mark of every bulleted item, whatever the bullet's drawing."""


@dataclass(frozen=True, slots=True)
class Paragraphe:
    """A paragraph; its text is clean."""

    texte: str
    marque: str = ""
    """Bullet or number, as shown before the text."""
    plan: int = 0
    """Outline level from 1; 0: body text."""
    titre: bool = False
    """Title of the whole document: a heading, though it takes no part in the outline."""
    liste: int = 0
    """Depth of a list item from 1; 0: none."""
    gras: bool = False
    """All of it is bold."""
    notes: tuple[str, ...] = ()
    trous: tuple[str, ...] = ()
    """Images and the like, in plain French."""


@dataclass(slots=True)
class Cellule:
    """A cell of a table, at its column from 0."""

    colonne: int
    contenu: tuple[Contenu, ...]
    rangs: int = 1
    """Rows that it spans."""


@dataclass(frozen=True, slots=True)
class Tableau:
    """Rows of cells; the places that a cell of another row covers are left out."""

    rangs: tuple[tuple[Cellule, ...], ...]
    entetes: int = 0
    """How many of the first rows are headers."""


@dataclass(frozen=True, slots=True)
class Cadre:
    """A text box."""

    contenu: tuple[Contenu, ...]


_PAGES = re.compile(r"(?:pages?|p\.|sur|de|\d+|[^\w\s]|\s)*", re.IGNORECASE)
"""What a footer that numbers pages says."""
_LONGEST_TOLD = 80
_MOST_TOLD = 3

Contenu: TypeAlias = Paragraphe | Tableau | Cadre


@dataclass(slots=True)
class Coulee:
    """A paragraph being read: pieces of text as they come."""

    morceaux: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    trous: list[str] = field(default_factory=list)
    cadres: list[Cadre] = field(default_factory=list)
    """Boxes anchored in it: they come after it."""
    maigre: bool = False
    """Some of its words are not bold."""

    def ecrire(self, text: str, *, gras: bool) -> None:
        """Add text."""
        self.morceaux.append(text)
        self.maigre |= not gras and not text.isspace() and bool(text)

    def paragraphe(
        self, *, marque: str = "", plan: int = 0, titre: bool = False, liste: int = 0
    ) -> Paragraphe:
        """What was read, cleaned."""
        text = clean("".join(self.morceaux))
        return Paragraphe(
            texte=text,
            marque=clean(marque),
            plan=plan,
            titre=titre,
            liste=liste,
            gras=bool(text) and not self.maigre,
            notes=tuple(self.notes),
            trous=tuple(self.trous),
        )


@dataclass(slots=True)
class Releve:
    """What a reader notes along the way for whoever adds the file."""

    ajouts: int = 0
    suppressions: int = 0
    deplacements: int = 0
    mots_ajoutes: int = 0
    mots_supprimes: int = 0
    mots_masques: int = 0
    importes: int = 0
    """Contents of other formats, or of other files, that are not read."""
    macros: bool = False
    commentaires: int = 0
    entetes: list[str] = field(default_factory=list)
    pieds: list[str] = field(default_factory=list)
    """Words of the headers and of the footers, which are left out."""

    def remarques(self) -> list[str]:
        """In French, each one sentence."""
        said: list[str] = []
        changes = self.ajouts + self.suppressions + self.deplacements
        if changes:
            parts = [
                f"{_count(number, name)} ({_count(words, 'mot')})"
                if words
                else _count(number, name)
                for number, name, words in (
                    (self.ajouts, "ajout", self.mots_ajoutes),
                    (self.suppressions, "suppression", self.mots_supprimes),
                    (self.deplacements, "déplacement", 0),
                )
                if number
            ]
            said.append(
                f"{_count(changes, 'modification')} {'suivie' + 's' * (changes > 1)} en attente : "
                f"{', '.join(parts)} ; le texte est lu comme si tout était accepté"
            )
        if self.mots_masques:
            hidden = f"{_count(self.mots_masques, 'mot')} masqué{'s' * (self.mots_masques > 1)}"
            said.append(
                f"{hidden} : laissés de côté"
                if self.mots_masques > 1
                else f"{hidden} : laissé de côté"
            )
        if self.importes:
            said.append(f"{_count(self.importes, 'contenu')} d'un autre fichier : non lu")
        if self.commentaires:
            left = f"laissé{'s' * (self.commentaires > 1)} de côté"
            said.append(f"{_count(self.commentaires, 'commentaire')} {left}")
        said.extend(_margins(self.entetes, self.pieds))
        if self.macros:
            said.append("le fichier contient des macros, qui ne sont ni lues ni exécutées")
        return said


def _margins(headers: list[str], footers: list[str]) -> list[str]:
    """What is said of headers and footers; nothing of those that only number pages."""
    kept = [
        list(dict.fromkeys(text for text in texts if text and not _PAGES.fullmatch(text)))
        for texts in (headers, footers)
    ]
    names = [
        name for name, texts in zip(("l'en-tête", "le pied de page"), kept, strict=True) if texts
    ]
    if not names:
        return []
    texts = list(dict.fromkeys(kept[0] + kept[1]))
    shown = [f"« {shorten(text, _LONGEST_TOLD, placeholder='…')} »" for text in texts[:_MOST_TOLD]]
    more = ["…"] * (len(texts) > _MOST_TOLD)
    left = f"laissé{'s' * (len(names) > 1)} de côté"
    return [f"{' et '.join(names)} {left} : {' ; '.join(shown + more)}"]


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'s' * (number > 1)}"
