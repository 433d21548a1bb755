"""A text made plain for the patterns: one blank between words, figures, marks for dates.

« g 6 gamins à la campagne, et une anim » becomes « j ai 6 gamins a la campagne , et 1~ animateur »
(``1~``: « un », « une »). ``8..12`` is a range, ``@2025-07-15`` a date or a year, ``&34`` a
département, ``%`` follows a percentage. Each word knows its place in the text as typed.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from functools import cache, lru_cache
from typing import Final, NamedTuple

from rapidfuzz.distance import OSA

from assistant.dialogue.facts.donnees import lire_mots
from assistant.dialogue.facts.motifs import mots_connus
from assistant.dialogue.facts.nombres import MOTS_MAX, lire_nombre
from assistant.understanding.annees import reperer_annees
from assistant.understanding.ecriture import Condition, lire_table
from assistant.understanding.entree import LONGUEUR_MAX
from assistant.understanding.territoires import reperer_departements
from assistant.understanding.texte import fin_typee, mots, plier_avec_positions

LONGUEUR_LUE: Final = LONGUEUR_MAX
"""Characters read; what comes after is ignored (a cleaned input is no longer)."""

_CHIFFRES_MAX: Final = 9
_FAUTE_MIN: Final = 6
_JOUR_QUELCONQUE: Final = dt.date(2000, 1, 1)
_NIVEAUX: Final = r"c[em][12]"
_SCAN: Final = re.compile(
    rf"""(?P<niveau>(?<![a-z0-9]){_NIVEAUX}(?![a-z0-9]))
      | (?P<nombre>[0-9]{{1,3}}(?:[ .][0-9]{{3}})+(?![0-9])|[0-9]+)
          (?P<decimales>[.,][0-9]{{1,2}}(?![0-9]))?
      | (?P<mot>[a-z]+)
      | (?P<signe>[€%+/×=~,;:.?!()\n]|-(?=\s?[0-9]))""",
    re.VERBOSE | re.ASCII,
)
_SIGNES: Final = {"×": "x", "(": ",", ")": ",", "\n": ".", "+": "et", "~": "environ", "=": ":"}
_LIAISONS: Final = frozenset({"a", "-", "ou", "/"})
_MONNAIE: Final = frozenset({"€", "euro", "euros", "e"})
_ECART_DE_PRIX: Final = 20
"""Amounts of one range are never this many times one another."""
_PAR: Final = frozenset(
    [
        "semaine",
        "sem",
        "groupe",
        "collectif",
        "an",
        "mois",
        "famille",
        "enfant",
        "seance",
        "semaines",
    ]
)


class Element(NamedTuple):
    """A word of the plain text and its place ``debut:fin`` in the text as typed."""

    forme: str
    debut: int
    fin: int
    elide: bool = False
    """An apostrophe follows: « c'est »."""


class Flux(NamedTuple):
    """The plain text, its words, and where each begins in it."""

    source: str
    texte: str
    elements: tuple[Element, ...]
    departs: tuple[int, ...]

    def etendue(self, debut: int, fin: int) -> tuple[int, int]:
        """Return the place of ``texte[debut:fin]`` in the text as typed, the last blank aside."""
        premier = max(bisect_right(self.departs, debut) - 1, 0)
        dernier = max(bisect_right(self.departs, max(debut, fin - 2)) - 1, premier)
        return self.elements[premier].debut, self.elements[dernier].fin


@lru_cache(maxsize=64)
def lire_flux(texte: str) -> Flux:
    """Make ``texte`` plain. Linear; never raises."""
    lu = texte[:LONGUEUR_LUE]
    elements = _masquer(lu, _scanner(lu))
    for passe in (_abreger, _corriger, _compter, _encadrer):
        elements = passe(elements)
    departs, morceaux, place = [], [" "], 1
    for element in elements:
        departs.append(place)
        morceaux.append(f"{element.forme} ")
        place += len(element.forme) + 1
    return Flux(texte, "".join(morceaux), tuple(elements), tuple(departs))


def _scanner(texte: str) -> list[Element]:
    plie = plier_avec_positions(texte)
    elements = []
    for trouve in _SCAN.finditer(plie.texte):
        debut = plie.positions[trouve.start()]
        fin = fin_typee(texte, plie.positions[trouve.end() - 1])
        elide = plie.texte.startswith("'", trouve.end())
        elements.append(Element(_forme(trouve), debut, fin, elide))
    return _sans_points_d_abreviation(elements)


def _forme(trouve: re.Match[str]) -> str:
    if trouve["nombre"] is None:
        return _SIGNES.get(trouve[0], trouve[0])
    chiffres = re.sub(r"[ .]", "", trouve["nombre"])
    if len(chiffres) > _CHIFFRES_MAX:
        return "#"
    entier = str(int(chiffres))
    decimales = (trouve["decimales"] or "")[1:].rstrip("0")
    return f"{entier}.{decimales}" if decimales else entier


def _sans_points_d_abreviation(elements: list[Element]) -> list[Element]:
    """« 2 séances/sem. », « nb. d'enfants »: this full stop ends no sentence."""
    abreviations = lire_mots().abreviations
    gardes = [
        element
        for rang, element in enumerate(elements)
        if not (element.forme == "." and rang and elements[rang - 1].forme in abreviations)
    ]
    return [
        element._replace(forme=_sens_de_la_barre(gardes, rang)) if element.forme == "/" else element
        for rang, element in enumerate(gardes)
    ]


def _sens_de_la_barre(elements: list[Element], rang: int) -> str:
    suivant = elements[rang + 1].forme if rang + 1 < len(elements) else ""
    if suivant in _PAR:
        return "par"
    return "/" if suivant[:1].isdigit() else ","


def _masquer(texte: str, elements: list[Element]) -> list[Element]:
    """Put a mark in place of years, dates and départements."""
    marques = [
        (m.debut, m.fin, f"@{m.valeur}")
        for m in reperer_annees(texte, _JOUR_QUELCONQUE)
        # « cette année » counts from a day that the words alone do not tell.
        if any(c.isdigit() for c in m.forme)
    ]
    lieux: dict[tuple[int, int], str] = {}
    for d in reperer_departements(texte):
        lieux[d.debut, d.fin] = f"{lieux.get((d.debut, d.fin), '')}&{d.code}"
    marques = sorted([*marques, *((debut, fin, forme) for (debut, fin), forme in lieux.items())])
    resultat: list[Element] = []
    rang = 0
    for element in elements:
        while rang < len(marques) and marques[rang][1] <= element.debut:
            rang += 1
        if rang == len(marques) or element.fin <= marques[rang][0]:
            resultat.append(element)
            continue
        debut, fin, forme = marques[rang]
        if not resultat or resultat[-1].debut != debut:
            resultat.append(Element(forme, debut, fin))
    return resultat


@cache
def _remplacements() -> tuple[dict[tuple[str, ...], tuple[str, ...]], int]:
    """Return the sure abbreviations, the shared ones and this package's, and their longest."""
    table = {**lire_table().remplacements, **lire_mots().ecriture}
    lus = {mots(forme): mots(plein) for forme, plein in table.items()}
    return lus, max(len(forme) for forme in lus)


def _abreger(elements: list[Element]) -> list[Element]:
    """Write abbreviations in full, as the search does, each new word keeping the place."""
    remplacements, longueur = _remplacements()
    resultat: list[Element] = []
    rang = 0
    while rang < len(elements):
        for taille in range(min(longueur, len(elements) - rang), 0, -1):
            suite = elements[rang : rang + taille]
            plein = remplacements.get(tuple(e.forme for e in suite))
            if plein is not None and not suite[-1].elide:
                break
        else:
            suite, plein = elements[rang : rang + 1], _sous_condition(elements, rang)
        if plein is None:
            resultat += suite
        else:
            debut, fin = suite[0].debut, suite[-1].fin
            resultat += [Element(mot, debut, fin, suite[-1].elide) for mot in plein]
        rang += len(suite)
    return resultat


def _sous_condition(elements: list[Element], rang: int) -> tuple[str, ...] | None:
    condition: Condition | None = lire_table().conditions.get(elements[rang].forme)
    if condition is None or elements[rang].elide:
        return None
    avant = elements[rang - 1].forme if rang else ""
    apres = elements[rang + 1].forme if rang + 1 < len(elements) else ""
    if _interdit(avant, condition.sauf_apres) or _interdit(apres, condition.sauf_avant):
        return None
    return mots(condition.devient)


def _interdit(mot: str, voisins: frozenset[str]) -> bool:
    return mot in voisins or ("#" in voisins and mot[:1].isdigit())


def _corriger(elements: list[Element]) -> list[Element]:
    return [
        e._replace(forme=_mot_juste(e.forme)) if len(e.forme) >= _FAUTE_MIN else e for e in elements
    ]


@lru_cache(maxsize=4096)
def _mot_juste(mot: str) -> str:
    """Return the word of the vocabulary that ``mot`` misspells by one letter, or ``mot``."""
    donnees = lire_mots()
    connus = mots_connus() | donnees.fautes_tolerees | donnees.mots_proches
    if not mot.isalpha() or mot in connus or (mot[-1] in "sx" and mot[:-1] in connus):
        return mot
    for candidat in sorted(donnees.fautes_tolerees):
        for forme in (candidat, f"{candidat}s"):
            if forme[0] == mot[0] and OSA.distance(forme, mot, score_cutoff=1) <= 1:
                return forme
    return mot


def _compter(elements: list[Element]) -> list[Element]:
    """Write the numbers in letters in figures; « un » keeps a mark, since it is an article too."""
    resultat: list[Element] = []
    rang = 0
    while rang < len(elements):
        lu = lire_nombre([e.forme for e in elements[rang : rang + MOTS_MAX]])
        element = elements[rang]
        if lu is None:
            element = _en_milliers(resultat, element)
            resultat.append(element)
            rang += 1
            continue
        dernier = elements[rang + lu.taille - 1]
        seul = lu.taille == 1
        forme = f"{lu.valeur}~" if seul and element.forme in {"un", "une"} else str(lu.valeur)
        if seul and element.forme == "sept" and resultat and resultat[-1].forme.isdigit():
            forme = "septembre"
        if element.forme == "mille" and resultat and resultat[-1].forme.isdigit():
            element = _en_milliers(resultat, element)
            forme = element.forme
        resultat.append(Element(forme, element.debut, dernier.fin))
        rang += lu.taille
    return resultat


def _en_milliers(precedents: list[Element], element: Element) -> Element:
    """« 3 mille » and « 9k »: the figures before are thousands."""
    if element.forme not in {"mille", "k", "ke"} or not precedents:
        return element
    avant = precedents[-1]
    if not re.fullmatch(r"[0-9]{1,4}(?:\.[0-9]+)?", avant.forme):
        return element
    precedents.pop()
    return Element(f"{float(avant.forme) * 1000:.0f}", avant.debut, element.fin)


def _encadrer(elements: list[Element]) -> list[Element]:
    """Join the two ends of a range: « 8 à 12 », « 10-12 », « deux ou trois », « deux trois »."""
    resultat: list[Element] = []
    rang = 0
    while rang < len(elements):
        element = elements[rang]
        if _est_repete(elements, rang):
            rang += 2  # « douze (12) enfants » : the second time is dropped with its brackets
            resultat.append(element._replace(fin=elements[rang].fin))
            rang += 2
            continue
        for saut in (2, 1):
            fin = elements[rang + saut] if rang + saut < len(elements) else None
            liaison = elements[rang + 1].forme if fin and saut > 1 else ""
            apres = elements[rang + saut + 1].forme if rang + saut + 1 < len(elements) else ""
            if fin and _est_plage(element, fin, liaison, resultat, apres):
                debut = f"{element.forme.rstrip('~')}..{fin.forme}"
                resultat.append(Element(debut, element.debut, fin.fin))
                rang += saut + 1
                break
        else:
            resultat.append(element)
            rang += 1
    return resultat


def _est_repete(elements: list[Element], rang: int) -> bool:
    formes = [element.forme for element in elements[rang : rang + 4]]
    return (
        len(formes) > 3  # noqa: PLR2004 - a number, a bracket, the number, a bracket
        and formes[0].isdigit()
        and formes[0] == formes[2]
        and formes[1] == formes[3] == ","
    )


def _est_plage(
    debut: Element, fin: Element, liaison: str, avant: list[Element], apres: str
) -> bool:
    bas, haut = debut.forme.rstrip("~"), fin.forme
    if not (bas.isdigit() and haut.isdigit() and int(bas) < int(haut)):
        return False
    if avant and avant[-1].forme in {"h", "heure", "heures"}:
        return False  # the minutes of « 16h30 à 45 »
    if liaison == "a" and avant and avant[-1].forme in {"groupe", "collectif", "numero", "n"}:
        return False  # « le groupe 1 a 9 enfants »
    if apres in _MONNAIE and int(haut) > _ECART_DE_PRIX * int(bas):
        return False  # « 3 groupes de 9 à 4 000 € »
    if not liaison:
        return int(haut) == int(bas) + 1 and not debut.forme.endswith("~")
    return liaison in _LIAISONS or (liaison == "et" and bool(avant) and avant[-1].forme == "entre")
