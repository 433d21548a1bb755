"""What a quotation may not cut: a number, a date, a range, a negation and what it denies.

A slice can be verbatim and still lie: « 7 88 » out of « 7 885 € », « peut excéder » out of « ne
peut excéder », « 8 à 12 enfants » out of « 8 à 12 enfants maximum ». Such a cut is refused, with
the words that must be taken along.
"""

from __future__ import annotations

import re
from typing import Final, TypeAlias

Unites: TypeAlias = tuple[re.Pattern[str], ...]

_BLANC = r"[^\S\n]{1,3}"
"""White space within a line: a new line starts another block of a canonical text."""
_MOIS = r"(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
_CHIFFRES = rf"\d+(?:{_BLANC}\d{{3}}(?!\d))*(?:[.,]\d+)?"
_EN_LETTRES = (
    r"(?:une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize"
    r"|vingt|trente|quarante|cinquante|soixante|cent|mille)(?:-(?:et-)?\w+)*"
)
_NOMBRE = rf"(?:{_CHIFFRES}|\b{_EN_LETTRES})\b"
_MOT = r"[^\W_]+"
_AVANT = (
    r"ne|non|ni|sans|pas|jamais|aucune?|sauf|hors|excepté|au plus|au moins|plus de|moins de"
    r"|jusqu['’]à|jusqu['’]au"
)
"""What bears on the word after it."""
_APRES = r"minimum|maximum|minimale?|maximale?|au plus|au moins|exclusivement|uniquement|seulement"
"""What bears on the word before it."""
_LIANT = r"[-‐‑/+°@_(&]"

MOTS_ET_NOMBRES: Final = tuple(
    re.compile(motif, re.IGNORECASE)
    for motif in (
        # a word with what is glued to it: « peut-être », « et/ou », « N+1 », « n°4 », « 1/4/2025 »
        rf"{_MOT}(?:(?:{_LIANT}|(?<=\d)[.,:–](?=\d))(?:{_MOT}))*",
        # a signed number, its groups of digits, its unit: « 2 563 € », « 32,5 % », « 8,1 M€ »
        rf"(?:(?<![^\s(«])[-−+])?{_CHIFFRES}(?:[^\S\n]{{0,3}}(?:%|‰|[kM]?€))?",
        rf"\b\d{{1,2}}(?:er)?{_BLANC}{_MOIS}(?:{_BLANC}\d{{4}})?\b",
        rf"{_NOMBRE}{_BLANC}heures?{_BLANC}(?:et{_BLANC})?(?:{_NOMBRE}|demie)",
        rf"{_NOMBRE}{_BLANC}(?:à|ou){_BLANC}{_NOMBRE}",
    )
)
"""Words, and figures with what they count in."""

INDIVISIBLES: Final = MOTS_ET_NOMBRES + tuple(
    re.compile(motif, re.IGNORECASE)
    for motif in (
        rf"\bn['’‘][^\S\n]?{_MOT}",
        rf"\b(?:{_AVANT}){_BLANC}{_MOT}",
        rf"{_MOT}{_BLANC}(?:{_APRES})\b",
    )
)
"""Besides: a negation or a restriction with the word that it bears on."""

_FINS: Final = ".;:!?"
_FRONTIERE: Final = re.compile(rf"\n\Z|[{_FINS}] \Z")
"""No unit crosses the end of a line or of a sentence: most cuts are told at once."""
_PORTEE_LOCALE: Final = 120
"""Code points looked at on either side: no unit is longer."""


def unite_coupee(
    texte: str, position: int, unites: Unites = INDIVISIBLES
) -> tuple[int, int] | None:
    """Return the bounds of an indivisible unit that ``position`` falls inside, or None.

    Where several do, the widest bounds. The cost does not depend on the length of the text.
    """
    if not 0 < position < len(texte) or _FRONTIERE.search(texte[max(0, position - 2) : position]):
        return None
    if texte[position] == "\n" or (texte[position - 1] in _FINS and texte[position] == " "):
        return None
    debut, fin = max(0, position - _PORTEE_LOCALE), position + _PORTEE_LOCALE
    coupees = [
        trouve.span()
        for unite in unites
        for trouve in unite.finditer(texte, debut, fin)
        if trouve.start() < position < trouve.end()
    ]
    if not coupees:
        return None
    return min(a for a, _ in coupees), max(b for _, b in coupees)


def elargir(texte: str, debut: int, fin: int, unites: Unites = INDIVISIBLES) -> tuple[int, int]:
    """Widen a slice until it cuts no unit."""
    while coupe := unite_coupee(texte, debut, unites):
        debut = coupe[0]
    while coupe := unite_coupee(texte, fin, unites):
        fin = coupe[1]
    return debut, fin
