"""An answer cut into tokens and sentences, for two of them to be compared.

Quotations, bold labels and marks are whole tokens, byte for byte. White space separates and no
more; any character that is not known is a token of its own, so that nothing is ever skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from assistant.dialogue.facts.nombres import lire_nombre
from index.french import fold

Genre = Literal["citation", "gras", "appel", "alinea", "ligne", "nombre", "mot", "signe"]

_BLANC: Final = " \u00a0\u202f"
_LETTRE: Final = "A-Za-zÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆàâäçéèêëîïôöùûüÿœæ"
"""Letters of French alone: one of another script that looks the same makes no word."""
_JETON: Final = re.compile(
    rf"""
      (?P<citation>«[^«»]*»)
    | (?P<gras>\*\*[^*\n]+\*\*)
    | (?P<appel>\[[0-9]{{1,3}}\])
    | (?P<alinea>[{_BLANC}]*\n[{_BLANC}]*\n[\n{_BLANC}]*)
    | (?P<ligne>[{_BLANC}]*\n[{_BLANC}]*)
    | (?P<espace>[{_BLANC}]+)
    | (?P<nombre>(?<![0-9])[0-9]{{1,3}}(?:[{_BLANC}][0-9]{{3}})+(?![0-9])(?:,[0-9]+)?
        |[0-9]+(?:[.,/][0-9]+)*)
    | (?P<mot>[{_LETTRE}]+(?:['’](?=[{_LETTRE}])|(?:-[{_LETTRE}]+)+)?)
    | (?P<signe>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_MOTS: Final = ("mot", "nombre")
_JOINT: Final = "\u2040"
"""Token between two words that nothing parts."""
_FINS: Final = frozenset(".!?…;")
_ABREGES: Final = frozenset({"art", "cf", "ex", "p", "pp", "env", "tél", "m", "mme", "al"})
"""Words whose full stop ends no sentence."""
_PAS_DES_NOMBRES: Final = frozenset({"un", "une", "neuf", "cent", "cents", "mil"})
"""Words that are not read as a number: « un » is an article as well, « neuf » an adjective,
« cent » half of « pour cent » or of « deux cents »."""


@dataclass(frozen=True, slots=True)
class Jeton:
    """A token: what it is, and what it is compared by."""

    genre: Genre
    cle: str
    colle: bool = False
    """No white space stands between it and the token before."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence: its tokens, the marks at its end, the sign that ends it (« » where none does)."""

    jetons: tuple[Jeton, ...]
    appels: tuple[str, ...]
    fin: str
    alinea: bool
    """A paragraph ends with it."""

    @property
    def cles(self) -> tuple[str, ...]:
        """What its tokens are compared by."""
        return tuple(jeton.cle for jeton in self.jetons)


def lire_phrases(texte: str) -> tuple[Phrase, ...]:
    """Cut an answer into sentences."""
    return tuple(_phrases(list(_avec_nombres(lire_jetons(texte.strip())))))


def lire_jetons(texte: str) -> Iterator[Jeton]:
    """Tokens of a text, in order, white space left out."""
    colle = False
    avant: str | None = None
    for trouve in _JETON.finditer(texte):
        genre = trouve.lastgroup
        if genre == "espace":
            colle = False
            continue
        if colle and genre in _MOTS and avant in _MOTS:
            # « 2de » is not « 2 de ».
            yield Jeton("signe", _JOINT, colle)
        yield _jeton(genre, trouve[0], colle=colle)
        colle = genre not in ("alinea", "ligne")
        avant = None if trouve[0].endswith(("'", "’")) else genre


def _jeton(genre: str | None, ecrit: str, *, colle: bool) -> Jeton:
    match genre:
        case "nombre":
            return Jeton("nombre", "".join(ecrit.split()), colle)
        case "mot":
            return Jeton("mot", ecrit.replace("’", "'"), colle)
        case "alinea":
            return Jeton("alinea", "\n\n", colle)
        case "ligne":
            return Jeton("ligne", "\n", colle)
        case "citation":
            return Jeton("citation", ecrit, colle)
        case "gras":
            return Jeton("gras", ecrit, colle)
        case "appel":
            return Jeton("appel", ecrit, colle)
        case _:
            return Jeton("signe", "'" if ecrit == "’" else ecrit, colle)


def _avec_nombres(jetons: Iterable[Jeton]) -> Iterator[Jeton]:
    """The same tokens, numbers in letters put in figures: « quatre-vingt-dix » is 90.

    A number in several words is left as it is: « une heure trente deux fois » is not 32 times.
    """
    for jeton in jetons:
        ecrit = jeton.cle if jeton.genre == "mot" and jeton.cle[1:].islower() else ""
        mots = fold(ecrit).split("-") if ecrit else []
        lu = lire_nombre(mots)
        if lu is None or lu.taille < len(mots) or mots[0] in _PAS_DES_NOMBRES:
            yield jeton
        else:
            yield Jeton("nombre", str(lu.valeur), jeton.colle)


def _phrases(jetons: Sequence[Jeton]) -> Iterator[Phrase]:
    """Sentences of some tokens; the marks that follow a full stop are those of its sentence."""
    place = 0
    while place < len(jetons):
        debut = place
        while place < len(jetons) and not _termine(jetons, place):
            place += 1
        corps = list(jetons[debut:place])
        fin = ""
        if place < len(jetons) and jetons[place].genre == "signe":
            fin = jetons[place].cle
            place += 1
        apres: list[str] = []
        while place < len(jetons) and jetons[place].genre == "appel" and fin != ";":
            apres.append(jetons[place].cle)
            place += 1
        avant: list[str] = []
        while corps and corps[-1].genre == "appel":
            avant.insert(0, corps.pop().cle)
        alinea = place >= len(jetons) or jetons[place].genre == "alinea"
        if place < len(jetons) and alinea:
            place += 1
        yield Phrase(tuple(corps), (*avant, *apres), fin, alinea)


def _termine(jetons: Sequence[Jeton], place: int) -> bool:
    """Whether a sentence ends at a token: a paragraph does, or a sign that white space follows."""
    jeton = jetons[place]
    if jeton.genre == "alinea":
        return True
    if jeton.genre != "signe" or jeton.cle not in _FINS:
        return False
    avant = jetons[place - 1] if place else None
    if jeton.cle == "." and avant is not None and avant.cle.lower() in _ABREGES:
        return False
    suite = place + 1
    while suite < len(jetons) and jetons[suite].genre == "appel":
        suite += 1
    return suite == len(jetons) or not jetons[suite].colle or jetons[suite].genre == "alinea"
