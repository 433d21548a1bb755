"""The patterns of the data files, made regular expressions on the plain text of a ``Flux``.

A pattern is words with one blank between them, accents and capitals aside:
``mot`` (its plural too), ``un/deux`` (either), ``(mot)`` (optional), ``{classe}`` (any expression
of the class), ``…`` (up to four words, no stop between them), ``{n}`` a whole number, ``{n1}`` the
same, « un » and « une » included. Repetitions are bounded, so that a search is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from assistant.dialogue.facts.donnees import lire_mots
from assistant.understanding.texte import plier

_ECART = r"(?:[^ .?!;:]+ ){0,4}?"
_PLURIEL_MIN = 3
_JETON = re.compile(r"\([^()]*\)|[^ ]+")
_MOT = re.compile(r"[a-z]+")
NOMBRE = r"(?:[0-9]+)"
NOMBRE_OU_UN = r"(?:[0-9]+~?)"


def compiler(motifs: Iterable[str]) -> re.Pattern[str]:
    """Return one expression that finds any of ``motifs``; none: it never matches."""
    return _compiler(tuple(motifs))


@cache
def _compiler(motifs: tuple[str, ...]) -> re.Pattern[str]:
    if not motifs:
        return re.compile(r"(?!)")
    return re.compile(rf"(?<= )(?:{'|'.join(source(motif) for motif in motifs)})")


@cache
def source(motif: str) -> str:
    """Return the source of the expression of one pattern; it takes the blank that follows."""
    return "".join(_jeton(jeton) for jeton in _JETON.findall(plier(motif).replace("...", "…")))


def _jeton(jeton: str) -> str:
    if jeton == "…":
        return _ECART
    if jeton.startswith("("):
        interieur = "".join(_jeton(partie) for partie in jeton[1:-1].split())
        return f"(?:{interieur})?"
    return f"(?:{'|'.join(_alternative(partie) for partie in jeton.split('/'))}) "


def _alternative(partie: str) -> str:
    if partie == "{n}":
        return NOMBRE
    if partie == "{n1}":
        return NOMBRE_OU_UN
    if partie.startswith("{"):
        return classe(partie[1:-1])
    if _MOT.fullmatch(partie) and len(partie) >= _PLURIEL_MIN:
        return f"{partie}s?"
    return re.escape(partie)


@cache
def classe(nom: str) -> str:
    """Return the source of any expression of a class, without the blank that follows."""
    expressions = sorted(lire_mots().classes[nom], key=len, reverse=True)
    return f"(?:{'|'.join(source(e).removesuffix(' ') for e in expressions)})"


@cache
def mots_connus() -> frozenset[str]:
    """Return the words of the classes: they are never taken for another one misspelt."""
    return frozenset(
        mot
        for expressions in lire_mots().classes.values()
        for expression in expressions
        for mot in _MOT.findall(plier(expression))
    )
