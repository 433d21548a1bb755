"""French numbers in letters, from 0 to 9 999, read in a sequence of folded words.

« soixante et onze », « quatre-vingt-dix-sept », « deux mille cinq cents », « septante ». No library
of the environment reads numbers in letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

_UNITES: Final = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7,
    "huit": 8, "neuf": 9,
}  # fmt: skip
_DIX_A_SEIZE: Final = {
    "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
}  # fmt: skip
_DIZAINES: Final = {
    "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
    "septante": 70, "huitante": 80, "octante": 80, "nonante": 90,
}  # fmt: skip
_SOIXANTE: Final = 60
_SEPT: Final = 7
MOTS_MAX: Final = 11
"""Words of the longest number: « quatre mille quatre cent quatre-vingt-dix-sept »."""


class NombreLu(NamedTuple):
    """A number read: its value and how many words it took."""

    valeur: int
    taille: int


def lire_nombre(mots: Sequence[str]) -> NombreLu | None:
    """Read the longest number at the beginning of ``mots``; None if there is none.

    >>> lire_nombre(["deux", "mille", "cinq", "cents", "euros"])
    NombreLu(valeur=2500, taille=4)
    """
    if not mots:
        return None
    if mots[0] == "zero":
        return NombreLu(0, 1)
    milliers = _moins_de_mille(mots, 0)
    rang = milliers.taille if milliers else 0
    if rang < len(mots) and mots[rang] in {"mille", "mil"}:
        if milliers and milliers.valeur > 9:  # noqa: PLR2004 - beyond 9 999
            return milliers
        reste = _moins_de_mille(mots, rang + 1)
        total = (milliers.valeur if milliers else 1) * 1000
        if reste is None:
            return NombreLu(total, rang + 1)
        return NombreLu(total + reste.valeur, rang + 1 + reste.taille)
    return milliers


def _moins_de_mille(mots: Sequence[str], rang: int) -> NombreLu | None:
    """Read a number below 1 000 at ``rang``."""
    centaines = 0
    place = rang
    if place < len(mots) and mots[place] in {"cent", "cents"}:
        centaines, place = 100, place + 1
    elif (
        place + 1 < len(mots)
        and mots[place + 1] in {"cent", "cents"}
        and _UNITES.get(mots[place], 0) > 1
    ):
        centaines, place = _UNITES[mots[place]] * 100, place + 2
    reste = _moins_de_cent(mots, place)
    if reste is not None:
        return NombreLu(centaines + reste.valeur, place + reste.taille - rang)
    return NombreLu(centaines, place - rang) if centaines else None


def _moins_de_cent(mots: Sequence[str], rang: int) -> NombreLu | None:
    """Read a number below 100 at ``rang``."""
    mot = _mot(mots, rang)
    if mot == "quatre" and _mot(mots, rang + 1) in {"vingt", "vingts"}:
        return _ajouter(mots, rang + 2, NombreLu(80, 2), jusqu_a_dix_neuf=True)
    if mot in _DIZAINES:
        dizaine = _DIZAINES[mot]
        return _ajouter(mots, rang + 1, NombreLu(dizaine, 1), jusqu_a_dix_neuf=dizaine == _SOIXANTE)
    if mot == "dix":
        unite = _UNITES.get(_mot(mots, rang + 1), 0)
        return NombreLu(10 + unite, 2) if unite >= _SEPT else NombreLu(10, 1)
    valeur = _DIX_A_SEIZE.get(mot) or _UNITES.get(mot)
    return NombreLu(valeur, 1) if valeur else None


def _ajouter(
    mots: Sequence[str], rang: int, dizaine: NombreLu, *, jusqu_a_dix_neuf: bool
) -> NombreLu:
    """Add what follows a ten: « vingt-deux », « vingt et un », « soixante et onze »."""
    liaison = 1 if _mot(mots, rang) == "et" else 0
    suivant = _mot(mots, rang + liaison)
    if liaison and suivant not in {"un", "une", "onze"}:
        return dizaine
    if suivant in _UNITES:
        return NombreLu(dizaine.valeur + _UNITES[suivant], dizaine.taille + liaison + 1)
    if jusqu_a_dix_neuf and suivant in _DIX_A_SEIZE:
        suite = _moins_de_cent(mots, rang + liaison)
        if suite is not None:
            return NombreLu(dizaine.valeur + suite.valeur, dizaine.taille + liaison + suite.taille)
    return dizaine


def _mot(mots: Sequence[str], rang: int) -> str:
    return mots[rang] if rang < len(mots) else ""
