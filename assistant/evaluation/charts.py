"""Charts as SVG elements: each has a title and a description, and no meaning held by colour alone.

Sizes are in the units of the drawing; colours and strokes are in ``evaluation.css``. Every value
drawn is also in a table of the page.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple
from xml.etree.ElementTree import Element, SubElement

from assistant.evaluation.markup import lisible
from assistant.evaluation.table import number, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.evaluation.latency import ClasseLatence
    from assistant.evaluation.report import Fiabilite, Part

LARGEUR = 640
NOMS, VALEURS = 190, 120
"""Widths of the names to the left and of the values to the right of horizontal bars."""
LIGNE = 30
"""Height of a horizontal bar with the space around it."""
PIED = 46
"""Height under the lines: graduations, and what they are."""
_NOM_LE_PLUS_LONG = 25
_TABLEAU = (70, 20, 20, 56)
"""Margins of a chart with two axes: left, right, top, bottom."""
HAUTEUR = 340


class Barre(NamedTuple):
    """A share with a name."""

    nom: str
    part: Part


class Ecart(NamedTuple):
    """A difference of shares, from -1 to 1, with its interval."""

    nom: str
    valeur: float
    intervalle: tuple[float, float]


def toile(ident: str, titre: str, description: str, hauteur: float = HAUTEUR) -> Element:
    """Return an empty drawing, named and described for who does not see it."""
    svg = Element(
        "svg",
        {
            "viewBox": f"0 0 {LARGEUR} {hauteur:g}",
            "role": "img",
            "aria-labelledby": f"{ident}-titre {ident}-description",
        },
    )
    SubElement(svg, "title", {"id": f"{ident}-titre"}).text = titre
    SubElement(svg, "desc", {"id": f"{ident}-description"}).text = description
    return svg


def texte(svg: Element, x: float, y: float, words: str, anchor: str = "middle") -> Element:
    """Write words, placed by their baseline."""
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor}
    element = SubElement(svg, "text", place)
    element.text = lisible(words)
    return element


def trait(svg: Element, classe: str, chemin: str) -> None:
    """Draw a line of one of the kinds of the style sheet."""
    SubElement(svg, "path", {"class": classe, "d": chemin})


def barres(ident: str, titre: str, description: str, lignes: Sequence[Barre]) -> Element:
    """Draw shares as horizontal bars, each with its interval, its value and its count."""
    svg = toile(ident, titre, description, LIGNE * len(lignes) + PIED)
    _echelle(svg, len(lignes), 0, 1)
    for rang, (nom, part) in enumerate(lignes):
        milieu = LIGNE * (rang + 0.5)
        _nom(svg, nom, milieu)
        if part.part is None or part.intervalle is None:
            texte(svg, LARGEUR - VALEURS + 8, milieu + 4, "rien à compter", "start")
            continue
        bout = _abscisse(part.part, 0, 1)
        SubElement(
            svg,
            "rect",
            {
                "class": "barre",
                "x": f"{NOMS}",
                "y": f"{milieu - 9:.1f}",
                "width": f"{bout - NOMS:.1f}",
                "height": "18",
            },
        )
        _moustache(svg, milieu, *(_abscisse(borne, 0, 1) for borne in part.intervalle))
        valeur = f"{percent(part.part)} ({part.reussites}/{part.total})"
        texte(svg, LARGEUR - VALEURS + 8, milieu + 4, valeur, "start")
    return svg


def ecarts(ident: str, titre: str, description: str, lignes: Sequence[Ecart]) -> Element:
    """Draw differences of shares as points with their intervals, on both sides of zero."""
    portee = max(
        [0.1, *(abs(borne) for ligne in lignes for borne in (ligne.valeur, *ligne.intervalle))]
    )
    haut = math.ceil(portee * 10 - 1e-9) / 10
    svg = toile(ident, titre, description, LIGNE * len(lignes) + PIED)
    _echelle(svg, len(lignes), -haut, haut)
    zero = _abscisse(0, -haut, haut)
    trait(svg, "axe", f"M{zero:.1f},0 V{LIGNE * len(lignes)}")
    for rang, (nom, valeur, intervalle) in enumerate(lignes):
        milieu = LIGNE * (rang + 0.5)
        _nom(svg, nom, milieu)
        _moustache(svg, milieu, *(_abscisse(borne, -haut, haut) for borne in intervalle))
        _point(svg, _abscisse(valeur, -haut, haut), milieu)
        texte(svg, LARGEUR - VALEURS + 8, milieu + 4, points(valeur), "start")
    return svg


def fiabilite(ident: str, titre: str, description: str, mesure: Fiabilite) -> Element:
    """Draw what happened against what was announced, one point with its interval by class."""
    svg = toile(ident, titre, description)
    for pas in range(6):
        graduation(svg, pas / 5, 1)
    cadre(svg, "Confiance annoncée (moyenne de la classe)", "Part des réponses prouvées")
    x0, y0 = place(0, 0)
    x1, y1 = place(1, 1)
    trait(svg, "repere", f"M{x0:.1f},{y0:.1f} L{x1:.1f},{y1:.1f}")
    for classe in mesure.classes:
        part = classe.prouvees
        if classe.confiance_moyenne is None or part.part is None or part.intervalle is None:
            continue
        x, y = place(classe.confiance_moyenne, part.part)
        bas, haut = (place(0, borne)[1] for borne in part.intervalle)
        trait(svg, "moustache", f"M{x:.1f},{bas:.1f} V{haut:.1f} M{x - 4:.1f},{bas:.1f} h8 "
              f"M{x - 4:.1f},{haut:.1f} h8")  # fmt: skip
        _point(svg, x, y)
        texte(svg, x + 7, y - 7, str(part.total), "start")
    return svg


def histogramme(
    ident: str,
    titre: str,
    description: str,
    classes: Sequence[ClasseLatence],
    reperes: Sequence[tuple[str, float]],
) -> Element:
    """Draw how many answers took how long, in classes of equal width, the last one open.

    Args:
        ident: what the ids of the drawing begin with.
        titre: its title.
        description: what it shows, in a sentence.
        classes: of time, in milliseconds.
        reperes: times to mark, in milliseconds, each with its name.

    """
    svg = toile(ident, titre, description)
    # A tenth more leaves room for what is written above the highest bar.
    plafond = _graduation_ronde(math.ceil(1.1 * max(classe.reponses for classe in classes)))
    for pas in range(6):
        graduation(svg, pas / 5, 1, en_x=False, marque=number(plafond * pas / 5, 0))
    cadre(svg, "Temps d'une réponse, en millisecondes", "Réponses")
    largeur = 1 / len(classes)
    for rang, classe in enumerate(classes):
        x, y = place(rang * largeur, classe.reponses / plafond)
        x_fin, y_bas = place((rang + 1) * largeur, 0)
        SubElement(
            svg,
            "rect",
            {
                "class": "barre",
                "x": f"{x + 1:.1f}",
                "y": f"{y:.1f}",
                "width": f"{x_fin - x - 2:.1f}",
                "height": f"{y_bas - y:.1f}",
            },
        )
        texte(svg, x, y_bas + 18, number(classe.de, classe.decimales))
        if classe.reponses:
            texte(svg, (x + x_fin) / 2, y - 4, str(classe.reponses))
    pas_ms = classes[0].a or 1
    for rang, (nom, valeur) in enumerate(reperes):
        x, _ = place(min(valeur / pas_ms * largeur, 1), 0)
        haut = 14 + 14 * rang
        trait(svg, "repere", f"M{x:.1f},{haut + 2} V{HAUTEUR - _TABLEAU[3]}")
        droite = x > LARGEUR / 2
        texte(svg, x - 4 if droite else x + 4, haut, nom, "end" if droite else "start")
    return svg


def points(valeur: float) -> str:
    """Write a difference of shares in points, with its sign."""
    ecrit = number(abs(100 * valeur), 1)
    signe = "" if ecrit == "0,0" else "+" if valeur > 0 else "−"
    return f"{signe}{ecrit} pt"


def place(x: float, y: float) -> tuple[float, float]:
    """Return where a point of a chart with two axes is drawn; both go from 0 to 1."""
    gauche, droite, haut, bas = _TABLEAU
    return gauche + x * (LARGEUR - gauche - droite), HAUTEUR - bas - y * (HAUTEUR - haut - bas)


def cadre(svg: Element, en_bas: str, de_cote: str) -> None:
    """Draw the axes of a chart with two axes, and write what they are."""
    gauche, droite, haut, bas = _TABLEAU
    trait(svg, "axe", f"M{gauche},{haut} V{HAUTEUR - bas} H{LARGEUR - droite}")
    texte(svg, (gauche + LARGEUR - droite) / 2, HAUTEUR - 12, en_bas)
    milieu = (haut + HAUTEUR - bas) / 2
    texte(svg, 16, milieu, de_cote).set("transform", f"rotate(-90 16 {milieu:g})")


def graduation(
    svg: Element, part: float, sommet: float, *, en_x: bool = True, marque: str | None = None
) -> None:
    """Draw and write the same share of both axes; upwards the axis goes to ``sommet``.

    ``marque`` replaces the percentage of the axis upwards.
    """
    gauche, droite, haut, bas = _TABLEAU
    x, y = place(part, part)
    trait(svg, "grille", f"M{gauche},{y:.1f} H{LARGEUR - droite}")
    if en_x:
        trait(svg, "grille", f"M{x:.1f},{haut} V{HAUTEUR - bas}")
        texte(svg, x, HAUTEUR - bas + 18, f"{part * 100:.0f} %")
    texte(svg, gauche - 8, y + 4, marque or f"{part * sommet * 100:.0f} %", "end")


def _abscisse(valeur: float, gauche: float, droite: float) -> float:
    return NOMS + (valeur - gauche) / (droite - gauche) * (LARGEUR - NOMS - VALEURS)


def _echelle(svg: Element, lignes: int, gauche: float, droite: float) -> None:
    """Draw the graduations under horizontal lines, from ``gauche`` to ``droite``."""
    bas = LIGNE * lignes
    for pas in range(5):
        valeur = gauche + (droite - gauche) * pas / 4
        x = _abscisse(valeur, gauche, droite)
        trait(svg, "grille", f"M{x:.1f},0 V{bas}")
        texte(svg, x, bas + 18, points(valeur) if gauche < 0 else f"{valeur * 100:.0f} %")
    milieu = (_abscisse(gauche, gauche, droite) + _abscisse(droite, gauche, droite)) / 2
    texte(svg, milieu, bas + 38, "Trait fin : intervalle à 95 %")


def _nom(svg: Element, nom: str, milieu: float) -> None:
    court = nom if len(nom) <= _NOM_LE_PLUS_LONG else nom[: _NOM_LE_PLUS_LONG - 1] + "…"
    texte(svg, NOMS - 8, milieu + 4, court, "end")


def _moustache(svg: Element, y: float, gauche: float, droite: float) -> None:
    trait(svg, "moustache", f"M{gauche:.1f},{y:.1f} H{droite:.1f} M{gauche:.1f},{y - 5:.1f} v10 "
          f"M{droite:.1f},{y - 5:.1f} v10")  # fmt: skip


def _point(svg: Element, x: float, y: float) -> None:
    SubElement(svg, "circle", {"class": "point", "cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": "5"})


def _graduation_ronde(plus_grand: int) -> int:
    """Return a count at or above ``plus_grand`` that divides well in five."""
    dizaine = int(f"1{'0' * (len(str(plus_grand)) - 2)}")
    return max(5, math.ceil(plus_grand / (5 * dizaine)) * 5 * dizaine)
