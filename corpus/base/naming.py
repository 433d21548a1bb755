"""What a file that was read may be called: its title, a short one, and an id that is free."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from corpus.base import clues
from corpus.base.clues import Indice, Ligne
from corpus.loading.models import DocumentCharge, TexteBrut
from corpus.models import NATIONALE, Nature

_LABELS: Final[Mapping[Nature, str]] = {
    "circulaire": "Circulaire",
    "referentiel": "Référentiel",
    "page_web": "Page",
    "note_de_cadrage": "Note de cadrage",
    "cahier_des_charges": "Cahier des charges",
    "autre": "Texte",
}
_NAMES: Final[Mapping[Nature, str]] = {
    "circulaire": "circulaire",
    "referentiel": "referentiel",
    "page_web": "page",
    "note_de_cadrage": "note",
    "cahier_des_charges": "cahier",
    "autre": "texte",
}
_OBJECT: Final = re.compile(r"^\s*objet\s*:\s*", re.IGNORECASE)
_NO_TITLE: Final = re.compile(
    r"^(?:paris|fait à|date|objet|sommaire|introduction|pr[ée]ambule|mesdames|madame|direction"
    r"|destinataires?|synth[èe]se|(?:\d+|[ivx]+)[./-]|[➢➤•·▪-]|circulaire\s+n|https?:"
    r"|en quelques mots|retour\b)",
    re.IGNORECASE,
)
_OUTLINE: Final = 8
"""Blocks among which a heading may be the text's title, for want of a better one."""
_MADE_UP: Final = re.compile(
    r"^(?:microsoft word|document\s?\d*$|sans titre|untitled|rendu\b|présentation)",
    re.IGNORECASE,
)
_LONGEST_TITLE: Final = 200
_LONGEST_SHORT: Final = 60
_LONGEST_ID: Final = 40


def title_of(
    head: tuple[Ligne, ...],
    charge: DocumentCharge | TexteBrut,
    bare: str,
    nature: Nature,
    number: Indice | None,
) -> Indice:
    """The title that a text says, or its file, or its nature and its number."""
    label = f"{_LABELS[nature]} n° {number.valeur}" if number else ""
    for ligne in head:
        if _OBJECT.match(ligne.texte):
            said = _clean(_OBJECT.sub("", ligne.texte))
            return Indice(f"{label}, {said}" if label else said, clues.read_in(ligne))
    announced = own_title(charge)
    if head and _is_title(head[0]):
        return Indice(_with(label, _clean(head[0].texte)), clues.read_in(head[0]))
    if announced:
        return Indice(_with(label, _clean(announced)), "propriétés du fichier")
    for ligne in head[:_OUTLINE]:
        if ligne.titre and _is_title(ligne) and not label:
            return Indice(_clean(ligne.texte), clues.read_in(ligne))
    if label:
        return Indice(label, number.lu if number else "")
    said = _clean(re.sub(r"[_\W]+", " ", bare)).strip()
    return Indice(said or _LABELS[nature], "nom du fichier")


def _is_title(ligne: Ligne) -> bool:
    texte = ligne.texte.rstrip()
    short = len(texte) <= _LONGEST_TITLE and not texte.endswith((";", ",", "."))
    return short and len(texte.split()) > 1 and not _NO_TITLE.match(texte)


def own_title(charge: DocumentCharge | TexteBrut) -> str:
    """The title that a file gives itself, unless its program made it up."""
    told = charge.proprietes.get("titre", "") if isinstance(charge, DocumentCharge) else ""
    one_word = len(told.split()) <= 1
    return "" if _MADE_UP.match(told) or one_word else told


def _with(label: str, said: str) -> str:
    return said if not label or clues.number_in(said) else f"{label}, {said}"


def _clean(texte: str) -> str:
    return _cut(" ".join(texte.split()).strip(" :*#"), _LONGEST_TITLE)


def _cut(said: str, most: int) -> str:
    return said if len(said) <= most else said[: most - 1].rsplit(" ", 1)[0] + "…"


def short_title(nature: Nature, publisher: str, number: str | None, portee: str, title: str) -> str:
    """A title short enough for a list."""
    if number:
        who = f" {publisher}" if publisher == "Cnaf" else ""
        return f"{_LABELS[nature]}{who} n° {number}"
    if portee != NATIONALE:
        return f"{_LABELS[nature]} {clues.departements()[portee].de}"
    return _cut(title, _LONGEST_SHORT)


def id_of(nature: Nature, number: str | None, portee: str, year: str | None, day: str) -> str:
    """The id that a text asks for, free or not; ``day`` for want of a year."""
    parts = [_NAMES[nature]]
    if number:
        parts.append(number)
    else:
        parts += [portee.lower()] if portee != NATIONALE else []
        parts.append((year or day)[:4])
    return "-".join(parts)[:_LONGEST_ID]


def free(wanted: str, taken: Collection[str]) -> str:
    """An id that nobody has, as near as may be to the one asked for."""
    if wanted not in taken:
        return wanted
    return next(name for rank in range(2, 10_000) if (name := f"{wanted[:34]}-{rank}") not in taken)
