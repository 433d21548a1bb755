"""Work counted instead of timed: calls made and text read, the same on any machine and any load."""

from __future__ import annotations

import itertools
import sys
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from types import FrameType
from typing import Any


@dataclass(frozen=True, slots=True)
class Travail:
    """What an act did, in the thread that did it."""

    noms: Counter[str] = field(default_factory=Counter)
    """How many times each function was called, of Python or of C, by its qualified name; a
    generator counts each time it is resumed."""
    lus: Counter[str] = field(default_factory=Counter)
    """Characters of the longest text that each function that was followed was given."""

    @property
    def appels(self) -> int:
        """Calls in all."""
        return self.noms.total()


def travail(acte: Callable[[], object], suivies: Collection[str] = ()) -> Travail:
    """Count what ``acte`` does; what a library does within one call of C is one call.

    Args:
        acte: what is counted.
        suivies: names of functions of Python whose texts are measured.
    """
    fait = Travail()
    noms, lus = fait.noms, fait.lus

    def suivre(cadre: FrameType, evenement: str, appelee: Any) -> None:
        if evenement == "call":
            nom = cadre.f_code.co_qualname
            if cadre.f_code.co_name in suivies:
                textes = (v for v in cadre.f_locals.values() if isinstance(v, str))
                lus[nom] = max(lus[nom], *map(len, textes), 0)
        elif evenement == "c_call":
            nom = getattr(appelee, "__qualname__", "?")
        else:
            return
        noms[nom] = noms.get(nom, 0) + 1

    avant = sys.getprofile()
    sys.setprofile(suivre)
    try:
        acte()
    finally:
        sys.setprofile(avant)
    return fait


def croissance(acte: Callable[[str], object], motif: str, longueur: int) -> float:
    """How many times the calls are multiplied when the text that ``acte`` reads is doubled.

    About 2 where work is in proportion to the text, about 4 where it grows as its square.

    Args:
        acte: reads a text.
        motif: what the text repeats.
        longueur: characters of the shorter text; ``acte`` must read the longer one whole.
    """
    appels = []
    for n in (longueur, 2 * longueur):
        # What is made once for good (word lists, patterns) is made before.
        acte(jamais_lu(motif, n))
        appels.append(travail(partial(acte, jamais_lu(motif, n))).appels)
    court, long = appels
    return long / court


def repete(motif: str, longueur: int) -> str:
    """A text of this many characters."""
    return (motif * (longueur // len(motif) + 1))[:longueur]


_NUMEROS = itertools.count()


def jamais_lu(motif: str, longueur: int) -> str:
    """Another text each time: what is remembered of one says nothing of the next."""
    numero = "".join("abcdefghij"[int(chiffre)] for chiffre in str(next(_NUMEROS)))
    return f"zz{numero} {repete(motif, longueur)}"
