"""What became of some words of the old version: the same, moved, changed, or gone."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel

from corpus.comparison.alignment import Alignement
from corpus.comparison.reading import Rang
from corpus.comparison.substance import Marque, changed_marks
from corpus.models import FROZEN
from corpus.wording.equivalence import meme_texte
from corpus.wording.flux import lire

Sort = Literal["inchange", "deplace", "change", "disparu"]

_KEPT: Final = 0.4
"""Share of its words under which a quotation is gone rather than changed."""
_REACH: Final = 30
"""Words that may have come in place of those that a quotation lost at one end."""


class Devenir(BaseModel):
    """What became of ``texte[debut:fin]`` of the old version."""

    model_config = FROZEN

    sort: Sort
    debut: int | None = None
    fin: int | None = None
    """Its place in the new version; None when it is gone."""
    ancien: str
    nouveau: str = ""
    """The words that stand there now."""
    perdues: tuple[Marque, ...] = ()
    venues: tuple[Marque, ...] = ()
    """Figures, negations, limits… that it lost, and those that came."""

    @property
    def de_fond(self) -> bool:
        """Whether what changed is of substance, not of wording alone."""
        return self.sort == "disparu" or bool(self.perdues or self.venues)


def follow(alignement: Alignement, debut: int, fin: int) -> Devenir:
    """Say what became of the words ``debut:fin`` of the old version, whole words being taken.

    Raises:
        ValueError: no word stands there.
    """
    old = alignement.ancien
    first, after = old.mots_entre(debut, fin)
    texte = old.document.texte
    if first == after:
        raise ValueError(f"aucun mot entre {debut} et {fin} (texte de {len(texte)} caractères)")
    ancien = texte[slice(*old.etendue((first, after)))]
    run = _new_run(alignement, (first, after))
    if run is None:
        return Devenir(sort="disparu", ancien=ancien)
    start, end = alignement.nouveau.etendue(run)
    nouveau = alignement.nouveau.document.texte[start:end]
    whole = run[1] - run[0] == after - first and all(
        alignement.vers[first + shift] == run[0] + shift for shift in range(after - first)
    )
    if whole and _same_words(ancien, nouveau):
        moved = any(rank in alignement.deplaces for rank in range(first, after))
        return Devenir(
            sort="deplace" if moved else "inchange",
            debut=start, fin=end, ancien=ancien, nouveau=nouveau,
        )  # fmt: skip
    lost, come = changed_marks(ancien, nouveau)
    return Devenir(
        sort="change",
        debut=start, fin=end, ancien=ancien, nouveau=nouveau, perdues=lost, venues=come,
    )  # fmt: skip


def _same_words(ancien: str, nouveau: str) -> bool:
    if ancien == nouveau:
        # Most of what rests on a text that changes rests on what did not.
        return True
    here, there = lire(ancien), lire(nouveau)
    return here.glyphes == there.glyphes and bool(here.glyphes) and meme_texte(here, there, 0)


def _new_run(alignement: Alignement, rang: Rang) -> Rang | None:
    """New words that stand where the old ones stood; None when too few are left."""
    first, after = rang
    kept = [place for place in alignement.vers[first:after] if place is not None]
    if len(kept) < _KEPT * (after - first):
        return None
    low, high = min(kept), max(kept) + 1
    # Words changed at either end: what stands between the word kept beside and these.
    if alignement.vers[first] is None:
        low = _after_neighbour(alignement, first, low)
    if alignement.vers[after - 1] is None:
        high = _before_neighbour(alignement, after, high)
    return low, high


def _after_neighbour(alignement: Alignement, first: int, low: int) -> int:
    before = alignement.vers[first - 1] if first else -1
    return before + 1 if before is not None and before < low <= before + 1 + _REACH else low


def _before_neighbour(alignement: Alignement, after: int, high: int) -> int:
    end = len(alignement.nouveau.mots)
    place = alignement.vers[after] if after < len(alignement.vers) else end
    return place if place is not None and high <= place <= high + _REACH else high
