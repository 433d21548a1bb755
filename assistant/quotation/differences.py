"""Nearest place of a quotation that was refused, and what differs there, in plain French."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rapidfuzz.distance import Levenshtein

from assistant.quotation.unites import MOTS_ET_NOMBRES, elargir
from corpus.wording.mots import Mot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOTS_COMPARES: Final = 300
"""Words of a quotation that are compared: the alignment costs at most the square of it."""
_JEU: Final = 12
"""Words looked at beyond the quotation's own length, at either end."""
_FREQUENT: Final = 60
"""A word met more often tells nothing of the place."""
_RESSEMBLANCE: Final = 0.5
_MOTS_COMMUNS: Final = 3
_DIFFERENCES_DITES: Final = 3
_LONGUEUR_DITE: Final = 90
_EGARES: Final = 2
"""Up to so many equal words, far from the others, are there by chance."""
_SAUT: Final = 4


@dataclass(frozen=True, slots=True)
class Rapprochement:
    """The place that looks most like a quotation."""

    ressemblance: float
    """Share of the quotation's words that stand there in order, 0 to 1."""
    debut: int
    fin: int
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Pas:
    """One step of an alignment: words ``a:b`` of the text become words ``c:d`` of the quotation."""

    egal: bool
    a: int
    b: int
    c: int
    d: int


def places_des_mots(mots: Sequence[Mot]) -> dict[str, tuple[int, ...]]:
    """Return the ranks at which each word stands, signs left out."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for rang, mot in enumerate(mots):
        if mot.cle[0].isalnum():
            places[mot.cle].append(rang)
    return {cle: tuple(rangs) for cle, rangs in places.items()}


def rapprocher(
    cite: str,
    mots_cites: Sequence[Mot],
    texte: str,
    mots: Sequence[Mot],
    places: Mapping[str, tuple[int, ...]],
) -> Rapprochement | None:
    """Find where a text comes nearest to a quotation; None when nowhere near enough.

    Work is bounded by ``MOTS_COMPARES``, whatever the lengths.
    """
    mots_cites = mots_cites[:MOTS_COMPARES]
    diagonale = _diagonale(mots_cites, places)
    if diagonale is None:
        return None
    premier = max(0, diagonale - _JEU)
    fenetre = mots[premier : diagonale + len(mots_cites) + _JEU]
    pas = _aligner(fenetre, mots_cites)
    communs = sum(mot.cle[0].isalnum() for p in pas if p.egal for mot in mots_cites[p.c : p.d])
    attendus = sum(mot.cle[0].isalnum() for mot in mots_cites)
    if not pas or communs < max(_MOTS_COMMUNS, _RESSEMBLANCE * attendus):
        return None
    debut, fin = elargir(texte, fenetre[pas[0].a].debut, fenetre[pas[-1].b - 1].fin)
    return Rapprochement(
        ressemblance=communs / attendus,
        debut=debut,
        fin=fin,
        differences=tuple(
            _dire(_tranche(texte, fenetre[p.a : p.b]), _tranche(cite, mots_cites[p.c : p.d]))
            for p in pas
            if not p.egal
        ),
    )


def enoncer(differences: Sequence[str]) -> str:
    """Join the first differences into one sentence without its full stop."""
    autres = len(differences) - _DIFFERENCES_DITES
    dites = list(differences[:_DIFFERENCES_DITES])
    if autres == 1:
        dites.append("et une autre différence")
    elif autres > 1:
        dites.append(f"et {autres} autres différences")
    return " ; ".join(dites)


def montrer(texte: str) -> str:
    """Shorten a text for a message, without what no terminal can print."""
    propre = " ".join(texte.encode("utf-8", "replace").decode("utf-8").split())
    propre = "".join(c if c.isprintable() else "?" for c in propre)
    if len(propre) <= _LONGUEUR_DITE:
        return propre
    moitie = _LONGUEUR_DITE // 2 - 2
    return f"{propre[:moitie]} … {propre[-moitie:]}"


def _diagonale(cites: Sequence[Mot], places: Mapping[str, tuple[int, ...]]) -> int | None:
    """Rank in the text where most rare words of the quotation would have it begin."""
    votes: Counter[int] = Counter()
    for rang, mot in enumerate(cites):
        rangs = places.get(mot.cle, ())
        if 0 < len(rangs) <= _FREQUENT:
            for place in rangs:
                votes[(place - rang) // _JEU] += 60 // len(rangs)
    if not votes:
        return None
    # Words missing or added shift the rest: neighbours add up.
    bandes = {bande + decalage for bande in votes for decalage in (-1, 0)}
    meilleure = max(sorted(bandes), key=lambda bande: votes[bande] + votes[bande + 1])
    return max(0, (meilleure + 1) * _JEU)


def _aligner(fenetre: Sequence[Mot], cites: Sequence[Mot]) -> list[_Pas]:
    """Align the words, leaving out those of the window that stand before or after."""
    operations = Levenshtein.opcodes([m.cle for m in fenetre], [m.cle for m in cites])
    pas = [
        _Pas(egal=o.tag == "equal", a=o.src_start, b=o.src_end, c=o.dest_start, d=o.dest_end)
        for o in operations
    ]
    egaux = [rang for rang, p in enumerate(pas) if p.egal]
    if len(egaux) > 1 and _egare(pas[egaux[0]], pas[egaux[1]]):
        egaux = egaux[1:]
    if len(egaux) > 1 and _egare(pas[egaux[-1]], pas[egaux[-2]]):
        egaux = egaux[:-1]
    if not egaux:
        return []
    coeur = pas[egaux[0] : egaux[-1] + 1]
    # At either end, words of the quotation that are not in the text stand against as many of it.
    premier, dernier = coeur[0], coeur[-1]
    if premier.c:
        a = max(0, premier.a - premier.c)
        coeur = [_Pas(egal=False, a=a, b=premier.a, c=0, d=premier.c), *coeur]
    if reste := len(cites) - dernier.d:
        b = min(len(fenetre), dernier.b + reste)
        coeur = [*coeur, _Pas(egal=False, a=dernier.b, b=b, c=dernier.d, d=len(cites))]
    return coeur


def _egare(bout: _Pas, voisin: _Pas) -> bool:
    """True for a few equal words at one end, met by chance far from the next ones."""
    saut = max(voisin.a - bout.b, bout.a - voisin.b)
    return bout.d - bout.c <= _EGARES and saut > _SAUT


def _tranche(texte: str, mots: Sequence[Mot]) -> str:
    if not mots:
        return ""
    return texte[slice(*elargir(texte, mots[0].debut, mots[-1].fin, MOTS_ET_NOMBRES))]


def _dire(dit: str, cite: str) -> str:
    if not dit:
        return f"la citation ajoute « {montrer(cite)} »"
    if not cite:
        return f"la citation omet « {montrer(dit)} »"
    return f"le texte dit « {montrer(dit)} », la citation dit « {montrer(cite)} »"
