"""The curve of risk against coverage: a drawing, and the same in a table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from assistant.evaluation.table import percent

if TYPE_CHECKING:
    from assistant.evaluation.report import PointRisque, RisqueCouverture

LARGEUR, HAUTEUR = 640, 340
GAUCHE, DROITE, HAUT, BAS = 70, 20, 20, 56
"""Size of the drawing and its margins, in its own units."""
PALIERS = tuple(n / 10 for n in range(1, 11))
"""Coverages at which the table gives the risk."""


def paliers(courbe: RisqueCouverture) -> tuple[PointRisque, ...]:
    """Return the first point of the curve at or after each tenth of coverage, and its end."""
    chosen = [
        next((point for point in courbe.points if point.couverture >= level), None)
        for level in PALIERS
    ]
    kept = [point for point in (*chosen, *courbe.points[-1:]) if point is not None]
    return tuple(dict.fromkeys(kept))


def dessin(courbe: RisqueCouverture) -> Element:
    """Draw the curve: coverage to the right, risk upwards; described for who does not see it."""
    top = _plafond(courbe)
    svg = Element(
        "svg",
        {
            "viewBox": f"0 0 {LARGEUR} {HAUTEUR}",
            "role": "img",
            "aria-labelledby": "courbe-titre courbe-description",
        },
    )
    SubElement(svg, "title", {"id": "courbe-titre"}).text = "Risque selon la couverture"
    SubElement(svg, "desc", {"id": "courbe-description"}).text = description(courbe)
    for step in range(6):
        _graduation(svg, step / 5, top)
    plan = f"M{GAUCHE},{HAUT} V{HAUTEUR - BAS} H{LARGEUR - DROITE}"
    SubElement(svg, "path", {"class": "axe", "d": plan})
    places = [_place(point.couverture, point.risque, top) for point in courbe.points]
    if places:
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        SubElement(svg, "polyline", {"class": "courbe", "points": line})
        x, y = places[-1]
        SubElement(svg, "circle", {"class": "point", "cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": "5"})
    _texte(svg, (GAUCHE + LARGEUR - DROITE) / 2, HAUTEUR - 12, "Part des questions répondues")
    middle = (HAUT + HAUTEUR - BAS) / 2
    side = _texte(svg, 16, middle, "Part des réponses fausses")
    side.set("transform", f"rotate(-90 16 {middle:g})")
    return svg


def description(courbe: RisqueCouverture) -> str:
    """Say in a sentence what the curve shows."""
    if not courbe.points:
        return "Aucune réponse à juger."
    first, last = courbe.points[0], courbe.points[-1]
    return (
        f"En ne donnant que les réponses les plus sûres ({percent(first.couverture)} des "
        f"questions), {percent(first.risque)} sont fausses ; en donnant toutes celles que le "
        f"programme donne ({percent(last.couverture)}), {percent(last.risque)} le sont."
    )


def _plafond(courbe: RisqueCouverture) -> float:
    """Top of the scale of risk: a whole number of tenths, one at least."""
    highest = max((point.risque for point in courbe.points), default=0.0)
    return max(1, math.ceil(highest * 10 - 1e-9)) / 10


def _place(coverage: float, risk: float, top: float) -> tuple[float, float]:
    x = GAUCHE + coverage * (LARGEUR - GAUCHE - DROITE)
    y = HAUTEUR - BAS - risk / top * (HAUTEUR - HAUT - BAS)
    return x, y


def _graduation(svg: Element, share: float, top: float) -> None:
    x, y = _place(share, share * top, top)
    grid = f"M{GAUCHE},{y:.1f} H{LARGEUR - DROITE} M{x:.1f},{HAUT} V{HAUTEUR - BAS}"
    SubElement(svg, "path", {"class": "grille", "d": grid})
    _texte(svg, x, HAUTEUR - BAS + 18, f"{share * 100:.0f} %")
    _texte(svg, GAUCHE - 8, y + 4, f"{share * top * 100:.0f} %", "end")


def _texte(svg: Element, x: float, y: float, words: str, anchor: str = "middle") -> Element:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor}
    element = SubElement(svg, "text", place)
    element.text = words
    return element
