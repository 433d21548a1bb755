"""The curve of risk against coverage: a drawing, and the same in a table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from xml.etree.ElementTree import SubElement

from assistant.evaluation.charts import cadre, graduation, place, toile
from assistant.evaluation.table import percent

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from assistant.evaluation.report import PointRisque, RisqueCouverture

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
    svg = toile("courbe", "Risque selon la couverture", description(courbe))
    for step in range(6):
        graduation(svg, step / 5, top)
    cadre(svg, "Part des questions répondues", "Part des réponses fausses")
    places = [place(point.couverture, point.risque / top) for point in courbe.points]
    if places:
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        SubElement(svg, "polyline", {"class": "courbe", "points": line})
        x, y = places[-1]
        SubElement(svg, "circle", {"class": "point", "cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": "5"})
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
