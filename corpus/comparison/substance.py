"""What makes a rule in a sentence: figures, dates, negations, what must and what may, limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from pydantic import BaseModel

from corpus.models import FROZEN

Genre = Literal["montant", "part", "date", "nombre", "negation", "modalite", "restriction"]

_SPACE = r"[^\S\n]{0,3}"
_DIGITS = r"\d+(?:[^\S\n]\d{3}(?!\d))*(?:[.,]\d+)?"
_MONTH = r"(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
_IN_LETTERS = (
    r"deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?"
    r"|trente|quarante|cinquante|soixante|cents?|mille|moitié|tiers|quart|double|triple"
    r"|premiere?s?|première?s?|seconde?s?|deuxième|troisième|quatrième"
)
_MUST_OR_MAY = (
    r"d(?:oit|oivent|evra|evront|evrait|evraient)|(?:est|sont|sera|seront) (?:tenue?s?|requise?s?)"
    r"|obligat\w+|impérati\w+|exig\w+|interdi\w+|prohib\w+|exclu\w*|proscri\w+|autoris\w+"
    r"|p(?:eut|euvent|ourra|ourront|ourrait|ourraient)|faculta\w+|possib\w+|éventuel\w*"
    r"|recommand\w+|conseill\w+|souhait\w+|encourag\w+|préconis\w+|dispens\w+|nécessai\w+|il faut"
)
_LIMITS = (
    r"maxim\w+|minim\w+|au (?:plus|moins)|plus de|moins de|jusqu['’](?:à|au|aux)|à partir d\w*"
    r"|uniquement|seule?s?|seulement|exclusi\w+|strict\w*|sauf|hors|hormis|excepté\w*"
    r"|à l['’]exception|à condition|sous réserve|dans la limite|limit\w+|plafon\w+|avant|après"
    r"|chaque|tou(?:s|te|tes)|cumul\w+|dérog\w+|inférieur\w*|supérieur\w*|compris\w*"
)
_MARK: Final = re.compile(
    rf"""
      (?P<montant>{_DIGITS}{_SPACE}(?:€|[kM]€|euros?\b|EUR\b))
    | (?P<part>{_DIGITS}{_SPACE}(?:%|‰|pour[ ]cent\b))
    | (?P<date>\b\d{{1,2}}(?:er)?{_SPACE}{_MONTH}\b(?:{_SPACE}\d{{4}})?
        |\b\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?
        |\b(?:19|20)\d{{2}}(?:{_SPACE}[-–/]{_SPACE}(?:19|20)?\d{{2}})?\b|\b{_MONTH}\b)
    | (?P<nombre>{_DIGITS}|\b(?:{_IN_LETTERS})\b)
    | (?P<negation>\bn['’]|\b(?:ne|non|pas|ni|sans|jamais|aucune?|nul(?:le)?)\b)
    | (?P<modalite>\b(?:{_MUST_OR_MAY})\b)
    | (?P<restriction>\b(?:{_LIMITS})(?:\b|(?<=['’])))
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BLANKS = re.compile(r"\s+")


class Marque(BaseModel):
    """A word or figure that a rule hangs on, as it is written."""

    model_config = FROZEN

    genre: Genre
    ecrit: str
    debut: int
    """Place in the text that was read."""

    @property
    def cle(self) -> str:
        """What it is compared by: « 7 885 € » and « 7885€ » are the same amount."""
        bare = _BLANKS.sub("", self.ecrit).casefold().replace("’", "'")
        return bare.replace("euros", "€").replace("euro", "€")


def read_marks(texte: str) -> tuple[Marque, ...]:
    """Everything in a text that a rule may hang on, in order."""
    return tuple(_marks(texte))


def _marks(texte: str) -> Iterator[Marque]:
    for match in _MARK.finditer(texte):
        genre = match.lastgroup
        if genre is not None:
            yield Marque.model_validate({"genre": genre, "ecrit": match[0], "debut": match.start()})


def changed_marks(ancien: str, nouveau: str) -> tuple[tuple[Marque, ...], tuple[Marque, ...]]:
    """Marks that one text has and the other has not: lost from the old one, come with the new.

    A figure written with another spacing is the same. The same figures in another order are all
    told: « de 8 à 12 » is not « de 12 à 8 ».
    """
    before, after = read_marks(ancien), read_marks(nouveau)
    lost, come = _missing(before, after), _missing(after, before)
    if lost or come or [m.cle for m in before] == [m.cle for m in after]:
        return lost, come
    return before, after


def _missing(here: tuple[Marque, ...], there: tuple[Marque, ...]) -> tuple[Marque, ...]:
    left = [mark.cle for mark in there]
    missing: list[Marque] = []
    for mark in here:
        if mark.cle in left:
            left.remove(mark.cle)
        else:
            missing.append(mark)
    return tuple(missing)
