"""Words and signs of a text, each with its place."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.wording.flux import Ecart, Flux


@dataclass(frozen=True, slots=True)
class Mot:
    """A word or a sign: the key it is compared by, and its place in the text (code points)."""

    cle: str
    debut: int
    fin: int


def decouper(flux: Flux) -> tuple[Mot, ...]:
    """Return the words and signs of a text, in order."""
    mots: list[Mot] = []
    lettres: list[str] = []
    debut = fin = 0
    for glyphe, ecart, ici, la in zip(
        flux.glyphes, flux.ecarts, flux.debuts, flux.fins, strict=True
    ):
        colle = ecart in {Ecart.JOINT, Ecart.TRAIT, Ecart.CESURE}
        if lettres and colle and glyphe.isalnum() and lettres[-1].isalnum():
            if ecart == Ecart.TRAIT:
                lettres.append("-")
        elif lettres:
            mots.append(Mot("".join(lettres), debut, fin))
            lettres = []
        if not lettres:
            debut = ici
        lettres.append(glyphe)
        fin = la
    if lettres:
        mots.append(Mot("".join(lettres), debut, fin))
    return tuple(mots)
