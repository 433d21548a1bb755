"""What a page holds once drawn, as places: glyphs, words, rules.

A page is read in the frame of its text: ``x`` runs along the lines and ``y`` down the page, in
points, whichever way the sheet is turned. ``to_page`` gives the places back on the page as shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from corpus.models import Boite


class Box(NamedTuple):
    """A rectangle, in points, ``top`` above ``bottom``."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2

    def holds(self, point: tuple[float, float], margin: float = 0.0) -> bool:
        """Whether a point is inside, or within ``margin`` of it."""
        x, y = point
        return (
            self.x0 - margin <= x <= self.x1 + margin
            and self.top - margin <= y <= self.bottom + margin
        )

    @property
    def area(self) -> float:
        """Its area, none where it is turned inside out."""
        return max(0.0, self.x1 - self.x0) * max(0.0, self.bottom - self.top)

    def common(self, other: Box) -> Box:
        """Give the part shared with another; its area is none where they are apart."""
        return Box(
            max(self.x0, other.x0),
            max(self.top, other.top),
            min(self.x1, other.x1),
            min(self.bottom, other.bottom),
        )


def around(boxes: list[Box]) -> Box:
    """Give the smallest rectangle that holds them all."""
    return Box(
        min(box.x0 for box in boxes),
        min(box.top for box in boxes),
        max(box.x1 for box in boxes),
        max(box.bottom for box in boxes),
    )


class Style(NamedTuple):
    """How words look, apart from their size."""

    bold: bool
    italic: bool
    color: str
    family: str


class Glyph(NamedTuple):
    """A character as drawn, in the frame of its direction; ``base`` is its baseline."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    style: Style
    artifact: bool


@dataclass(frozen=True, slots=True)
class Word:
    """Characters without space between them. ``glued``: no space parts it from the one before."""

    text: str
    box: Box
    base: float
    size: float
    style: Style
    glued: bool
    raised: bool
    artifact: bool


@dataclass(slots=True)
class Line:
    """Words side by side on a baseline, in reading order."""

    words: list[Word]
    page: int
    box: Box
    base: float
    size: float
    style: Style
    bold: bool
    left: float = 0.0
    """Left and right edges of the column it stands in."""
    right: float = 0.0
    apart: bool = False
    """Nothing before it is of the same paragraph (a new band, a frame)."""
    frame: int | None = None
    """Number of the drawn frame that it stands in."""
    mark: str | None = None
    notes: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its words, with the spaces between them."""
        return spaced(self.words)

    @property
    def plain(self) -> str:
        """Its text without what is raised: calls of notes hide how a sentence ends."""
        return spaced([word for word in self.words if not word.raised])


class Rules(NamedTuple):
    """Straight lines and areas drawn on a page."""

    horizontal: list[Box]
    vertical: list[Box]
    filled: list[Box]


@dataclass(slots=True)
class Sheet:
    """One page in one direction of reading: its words as segments, in the order drawn."""

    number: int
    width: float
    height: float
    angle: int
    """Quarter turns counter-clockwise of its text on the page as shown."""
    segments: list[list[Word]]
    rules: Rules

    def to_page(self, box: Box) -> Box:
        """Give a place in this frame as a place on the page as shown."""
        match self.angle:
            case 1:
                return Box(box.top, self.width - box.x1, box.bottom, self.width - box.x0)
            case 2:
                return Box(
                    self.width - box.x1,
                    self.height - box.bottom,
                    self.width - box.x0,
                    self.height - box.top,
                )
            case 3:
                return Box(self.height - box.bottom, box.x0, self.height - box.top, box.x1)
            case _:
                return box


def spaced(words: list[Word]) -> str:
    """Give the words as a text, a space between those that are apart."""
    return "".join(
        word.text if word.glued or not number else f" {word.text}"
        for number, word in enumerate(words)
    )


def line_of(words: list[Word], page: int) -> Line:
    """Make a line of words side by side; its look is that of most of its letters."""
    weights: dict[tuple[float, float, Style], int] = {}
    for word in words:
        key = (round(word.size, 1), word.base, word.style)
        weights[key] = weights.get(key, 0) + len(word.text) * (1 if word.raised else 4)
    size, base, style = max(weights, key=lambda key: weights[key])
    return Line(
        words=words,
        page=page,
        box=around([word.box for word in words]),
        base=base,
        size=size,
        style=style,
        bold=all(word.style.bold for word in words if any(map(str.isalnum, word.text))),
    )


__all__ = ["Boite", "Box", "Glyph", "Line", "Rules", "Sheet", "Style", "Word"]
