"""When two separations of the same two glyphs are the same but for layout."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from corpus.wording.flux import Ecart

if TYPE_CHECKING:
    from corpus.wording.flux import Flux

_DANS_UN_NOMBRE = frozenset(".,:/+x×*=<>")
_GROUPE = 3
_TYPOGRAPHIQUES = frozenset({Ecart.CESURE, Ecart.JOINT, Ecart.TRAIT})
_PUCES = frozenset({Ecart.PUCE, Ecart.INCISE, Ecart.ESPACE})


def meme_texte(cite: Flux, texte: Flux, rang: int) -> bool:
    """True when ``cite``, whose glyphs stand at ``rang`` in ``texte``, differs by layout alone."""
    longueur = len(cite.glyphes)
    if cite.ecarts[0] == Ecart.SIGNE != texte.ecarts[rang]:
        return False  # a minus sign that the text has not
    attendus = texte.ecarts[rang : rang + longueur]
    if cite.ecarts[1:] == attendus[1:]:
        return True
    return all(
        ici == la or _memes_ecarts(cite, place, texte, rang + place)
        for place, (ici, la) in enumerate(zip(cite.ecarts, attendus, strict=True))
        if place
    )


def _memes_ecarts(cite: Flux, ici: int, texte: Flux, la: int) -> bool:
    """Compare two different codes: glyph ``ici`` of the quotation is glyph ``la`` of the text."""
    codes = {cite.ecarts[ici], texte.ecarts[la]}
    if Ecart.CESURE in codes:
        return codes <= _TYPOGRAPHIQUES
    if Ecart.PUCE in codes:
        if codes <= _PUCES:
            return True
        codes = (codes - {Ecart.PUCE}) | {Ecart.ESPACE}
    if codes != {Ecart.JOINT, Ecart.ESPACE}:
        return False
    gauche, droite = texte.glyphes[la - 1], texte.glyphes[la]
    if gauche.isalnum() and droite.isalnum():
        return _meme_nombre(cite, ici, texte, la)
    # White space beside punctuation is typography (« 80 % », « objectifs : »), except inside
    # what may be one number or two: « 32,5 » is not « 32, 5 ».
    return not (
        _separe_des_chiffres(texte.glyphes, la - 1) or _separe_des_chiffres(texte.glyphes, la)
    )


def _separe_des_chiffres(glyphes: str, rang: int) -> bool:
    return (
        glyphes[rang] in _DANS_UN_NOMBRE
        and glyphes[max(rang - 1, 0)].isdecimal()
        and glyphes[rang + 1 : rang + 2].isdecimal()
    )


def _meme_nombre(cite: Flux, ici: int, texte: Flux, la: int) -> bool:
    """« 7 885 » and « 7885 »: one number written whole, the other in groups of three digits."""
    a, b = _groupes(cite, ici), _groupes(texte, la)
    entier, groupe = (a, b) if len(a) == 1 else (b, a)
    return (
        len(entier) == 1
        and len(groupe) > 1
        and sum(entier) == sum(groupe)
        and groupe[0] <= _GROUPE
        and all(chiffres == _GROUPE for chiffres in groupe[1:])
    )


def _groupes(flux: Flux, rang: int) -> list[int]:
    """Lengths of the groups of digits, separated by white space alone, around a glyph.

    Empty when one of the two glyphs around the separation is no digit.
    """
    debut = fin = rang
    while debut > 0 and flux.glyphes[debut - 1].isdecimal() and _continue(flux, debut):
        debut -= 1
    while fin < len(flux.glyphes) and flux.glyphes[fin].isdecimal() and _continue(flux, fin):
        fin += 1
    if not debut < rang < fin:
        return []
    if _colle(flux, debut) or (fin < len(flux.glyphes) and _colle(flux, fin)):
        return []
    bornes = [debut, *(i for i in range(debut + 1, fin) if flux.ecarts[i] == Ecart.ESPACE), fin]
    return [apres - avant for avant, apres in pairwise(bornes)]


def _continue(flux: Flux, rang: int) -> bool:
    return flux.ecarts[rang] in {Ecart.JOINT, Ecart.ESPACE}


def _colle(flux: Flux, rang: int) -> bool:
    """True when a letter and a digit touch: « B2 100 » is no number to be regrouped."""
    if rang == 0 or flux.ecarts[rang] != Ecart.JOINT:
        return False
    return flux.glyphes[rang - 1].isalpha() and flux.glyphes[rang].isdecimal()
