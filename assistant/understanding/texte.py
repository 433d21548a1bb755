"""Folded text and its words, each with its place in the text as typed.

Everything that reads a question (places, years, greetings…) compares words without case,
accents or invisible characters, yet must point at what the person typed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

MOT = re.compile(r"[a-z0-9]+")
SEPARATEUR_DE_PHRASE = re.compile(r"[.!?:;\n…«\"“]")


class Jeton(NamedTuple):
    """A word of letters and digits, folded to ``a-z0-9``.

    ``debut:fin`` are its code points in the text as typed (end excluded); ``avant`` and ``apres``
    are the folded characters between it and its neighbours.
    """

    forme: str
    debut: int
    fin: int
    avant: str
    apres: str
    majuscule: bool
    """It was typed with a capital first letter."""


class TextePlie(NamedTuple):
    """A text without case, accents or invisible characters, and where each character came from."""

    texte: str
    positions: tuple[int, ...]
    """For each folded character, the index of the typed character that gave it."""


@lru_cache(maxsize=8192)
def _plier_caractere(caractere: str) -> str:
    categorie = unicodedata.category(caractere)
    if categorie in {"Mn", "Me", "Cf", "Cs"}:
        return ""
    if caractere in "œŒ":
        return "oe"
    if caractere in "æÆ":
        return "ae"
    if caractere in "’ʼ‘´`":
        return "'"
    decompose = unicodedata.normalize("NFKD", caractere.casefold())
    return "".join(c for c in decompose if unicodedata.category(c) not in {"Mn", "Me", "Cf"})


def plier_avec_positions(texte: str) -> TextePlie:
    """Fold ``texte``, keeping for each folded character the index that it came from. Linear."""
    morceaux: list[str] = []
    positions: list[int] = []
    for index, caractere in enumerate(texte):
        plie = _plier_caractere(caractere)
        morceaux.append(plie)
        positions.extend([index] * len(plie))
    return TextePlie("".join(morceaux), tuple(positions))


def plier(texte: str) -> str:
    """Fold ``texte``: lower case, no accents, no invisible characters, straight apostrophes."""
    return plier_avec_positions(texte).texte


def fin_typee(texte: str, dernier: int) -> int:
    """End (excluded) of the typed character at ``dernier``, its combining marks included."""
    fin = dernier + 1
    while fin < len(texte) and unicodedata.category(texte[fin]) in {"Mn", "Me"}:
        fin += 1
    return fin


def decouper(texte: str) -> tuple[Jeton, ...]:
    """Cut ``texte`` into its words, in order."""
    plie = plier_avec_positions(texte)
    mots = list(MOT.finditer(plie.texte))
    jetons = []
    for rang, mot in enumerate(mots):
        precedent = mots[rang - 1].end() if rang else 0
        suivant = mots[rang + 1].start() if rang + 1 < len(mots) else len(plie.texte)
        debut = plie.positions[mot.start()]
        jetons.append(
            Jeton(
                forme=mot.group(),
                debut=debut,
                fin=fin_typee(texte, plie.positions[mot.end() - 1]),
                avant=plie.texte[precedent : mot.start()],
                apres=plie.texte[mot.end() : suivant],
                majuscule=texte[debut].isupper(),
            )
        )
    return tuple(jetons)


def mots(texte: str) -> tuple[str, ...]:
    """The folded words of ``texte``, without their places."""
    return tuple(MOT.findall(plier(texte)))
