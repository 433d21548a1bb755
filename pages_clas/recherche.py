"""Search within one text: without case or accents, words apart by any white space."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.understanding.texte import TextePlie, fin_typee, plier, plier_avec_positions

LETTRES = 2
"""Letters below which a search would find too much to be of use."""


@lru_cache(maxsize=16)
def _plie(texte: str) -> TextePlie:
    return plier_avec_positions(texte)


def trouver(texte: str, cherche: str) -> list[tuple[int, int]]:
    """Find the places of ``cherche`` in ``texte``, in order, as code point spans."""
    mots = plier(cherche).split()
    if sum(map(len, mots)) < LETTRES:
        return []
    plie = _plie(texte)
    motif = re.compile(r"\s+".join(map(re.escape, mots)))
    return [
        (plie.positions[m.start()], fin_typee(texte, plie.positions[m.end() - 1]))
        for m in motif.finditer(plie.texte)
    ]
