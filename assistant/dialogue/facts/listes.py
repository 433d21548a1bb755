"""Collectifs listed one by one: « trois groupes : un de 9, un de 14 et un de 5 »."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from assistant.dialogue.facts.contexte import GROUPES_MAX
from assistant.dialogue.facts.flux import Flux
from assistant.dialogue.facts.motifs import classe

TAILLE_MAX: Final = 200
"""Most children of one collectif that a size is read as."""

_LIAISON: Final = (
    r"(?:, |: )?(?:de|d|a|avec|en a|en compte|compte|en accueille|accueille|est de|est a|fait|:) "
)


class Liste(NamedTuple):
    """The groups listed at ``debut:fin``, in order, each with its size, None where not said."""

    tailles: tuple[int | None, ...]
    debut: int
    fin: int
    nue: bool = False
    """Only sizes, where nothing says that each is of one group: « 8 enfants et 12 enfants »."""
    comptes: tuple[int, ...] = ()
    """What is counted without a size: groups (« 1 au collège »), or children if they are many."""


@cache
def _precisions() -> str:
    """What a size is followed by: « en primaire », « le mardi » ; no other group."""
    autre = rf"(?:{classe('ordinal')}|dernier|derniere|{classe('groupe')}) "
    ages = r"(?:de )?[0-9]+\.\.[0-9]+ ans "
    return (
        rf"(?:{ages}|(?:, )?(?:au|en|de|du|pour les|pour le|les|des|le|a l) "
        rf"(?!{autre})[a-z][^ ]* ){{0,3}}"
    )


@cache
def _element() -> re.Pattern[str]:
    """« un de 9 enfants en primaire avec 2 animateurs », « le second 7 », « 2 au collège »."""
    groupe, enfant, adulte = classe("groupe"), classe("enfant"), classe("intervenant")
    qui = (
        rf"(?:(?P<n>[0-9]+)~? (?:autre |dernier )?(?:{groupe} )?"
        rf"|(?:l (?:1~|autre) |(?:les? |la |l )?(?:{classe('ordinal')}|dernier|derniere) "
        rf"(?:{groupe} )?|(?:le )?{groupe} (?:[a-h]|[0-9]) ))"
    )
    return re.compile(
        rf"(?P<nu>[0-9]+) {enfant} (?!{adulte} |{classe('unite')} )"
        rf"|{qui}(?:(?P<lien>{_precisions()}(?:{_LIAISON}|, (?=[0-9]+ {enfant} )))?"
        r"(?P<taille>[0-9]+) "
        rf"(?:(?:petit|jeune)s? )?(?:{enfant} )?(?!{classe('unite')} |{adulte} |{groupe} |bonus |~)"
        rf"|(?=(?:au|en|pour les|pour le|de niveau|les? {classe('jour')}) (?!tout |total )))"
        rf"{_precisions()}(?:chacun |chacune )?(?:(?:et |, )?(?:avec )?[0-9]+~? {adulte} )?"
    )


@cache
def _separateur() -> re.Pattern[str]:
    return re.compile(r"(?:[,;] )?(?:et |puis |plus |ou )?")


@cache
def _tete() -> re.Pattern[str]:
    return re.compile(r"(?:[,:;] )?(?:(?:dont|avec|soit|donc|c est a dire|a savoir) )?")


def lire_liste(flux: Flux, place: int) -> Liste | None:
    """Read the groups listed from ``place`` on; None if nothing is listed there."""
    tete = _tete().match(flux.texte, place)
    debut = tete.end() if tete else place
    tailles: list[int | None] = []
    comptes: list[int] = []
    suite, fin, nue = debut, debut, False
    while len(tailles) < GROUPES_MAX:
        trouve = _element().match(flux.texte, suite)
        lues = _tailles(trouve) if trouve else None
        if trouve is None or lues is None:
            break
        tailles += lues
        comptes += [int(trouve["n"])] if trouve["n"] and trouve["taille"] is None else []
        nue = nue or trouve["nu"] is not None
        fin = trouve.end()
        separateur = _separateur().match(flux.texte, fin)
        suite = separateur.end() if separateur else fin
    return Liste(tuple(tailles), debut, fin, nue, tuple(comptes)) if tailles else None


def chercher_liste(flux: Flux, nombre: int) -> Liste | None:
    """Find, anywhere in the text, sizes listed for all of the ``nombre`` groups."""
    place = 0
    for trouve in _debut().finditer(flux.texte):
        if trouve.start() < place:
            continue
        liste = lire_liste(flux, trouve.end())
        if liste is None:
            continue
        place = liste.fin
        if len(liste.tailles) == nombre and None not in liste.tailles:
            return liste
    return None


@cache
def _debut() -> re.Pattern[str]:
    """Where a list may begin: an item that names its group, or « un de »."""
    return re.compile(
        rf"(?<= )(?=l (?:1~|autre) |1~ (?:de|a|avec|d) |(?:les? |la )?{classe('ordinal')} )"
    )


def _tailles(trouve: re.Match[str]) -> list[int | None] | None:
    """Return the sizes that one item gives; None if it is no item."""
    if trouve["nu"]:
        return [int(trouve["nu"])] if int(trouve["nu"]) <= TAILLE_MAX else None
    compte = int(trouve["n"] or 1)
    if not 0 < compte <= GROUPES_MAX:
        return None
    if trouve["taille"] is None:
        return [None] * compte if trouve["n"] else None
    # « 10, 7 »: two numbers are an item only where a word binds them.
    if (trouve["n"] and not trouve["lien"]) or int(trouve["taille"]) > TAILLE_MAX:
        return None
    return [int(trouve["taille"])] * compte
