"""Texts made harmless: nothing invisible may change what a reader sees around it."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

_MARQUES_ADMISES: Final = frozenset("\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
"""Format characters kept: they break or join words, and reorder nothing beyond their neighbours."""
_REFUSES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_FINS_DE_LIGNE: Final = {"\u2028": "\n", "\u2029": "\n", "\x85": "\n", "\x0b": "\n", "\x0c": "\n"}


def lisible(texte: str) -> str:
    r"""Replace control characters, lone surrogates and overrides of direction by their code.

    Words, punctuation, emoji and the marks of right-to-left writing stay as they are.

    Example:
        >>> lisible("Les amis\u202e du Clas")
        'Les amis[U+202E] du Clas'
    """
    if texte.isascii() and texte.isprintable():
        return texte
    return "".join(map(_montrer, texte.replace("\r\n", "\n").replace("\r", "\n")))


def code(caractere: str) -> str:
    """Write a character that cannot be shown: « [U+1F389] »."""
    return f"[U+{ord(caractere):04X}]"


@lru_cache(maxsize=4096)
def _montrer(caractere: str) -> str:
    if caractere in "\n\t" or caractere in _MARQUES_ADMISES:
        return caractere
    if caractere in _FINS_DE_LIGNE:
        return _FINS_DE_LIGNE[caractere]
    return code(caractere) if unicodedata.category(caractere) in _REFUSES else caractere
