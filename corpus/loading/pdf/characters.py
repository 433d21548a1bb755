"""The characters, rules and images that a page draws, in the order of its content stream."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFTextDevice, PDFTextSeq
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFGraphicState, PDFResourceManager, PDFTextState
from pdfminer.pdfpage import PDFPage
from pdfminer.psparser import PSLiteral
from pdfminer.utils import Matrix, apply_matrix_pt, apply_matrix_rect, mult_matrix

from corpus.loading.errors import FichierRefuse
from corpus.loading.pdf.geometry import Box, Glyph, Rules, Style

_INVISIBLE = (3, 7)
"""Text rendering modes that draw nothing."""
_SMALLEST = 1.0
"""Points: letters below this height are not there to be read."""
_THIN = 3.0
"""Points: a filled area thinner than this is a rule."""
_SLANT = math.radians(20)
"""A text further than this from a right angle is a watermark."""
_MOST_RULES = 20_000
_BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique|slanted|-it\b|kursiv", re.IGNORECASE)
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_FAMILY = re.compile(r"[-,].*$")
_BOLD_WEIGHT = 600
_FORCE_BOLD = 1 << 18
_ITALIC_FLAG = 1 << 6
_WHITE = 0.97
_NO_INK = 0.03
_CMYK = 4
_SOFT_HYPHEN = "\u00ad"
_UNKNOWN = "\ufffd"
_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}
_SYMBOLS = {0xF0B7: "•", 0xF0A7: "▪", 0xF0D8: "➢", 0xF0FC: "✓", 0xF0A8: "☐", 0xF06F: "☐"}
"""Bullets of the fonts Symbol and Wingdings, that word processors write as private characters."""
_UNSEEN = dict.fromkeys([*range(0x09), *range(0x0E, 0x20), 0x7F, 0x200B, 0x2060, 0xFEFF], "")
"""Control characters and zero-width ones: nothing is drawn."""
_PLAIN = {**_LIGATURES, **_SYMBOLS, **_UNSEEN}


@dataclass(slots=True)
class Drawn:
    """All that a page draws; places are on the page as shown, from the top left corner."""

    width: float
    height: float
    glyphs: dict[int, list[Glyph]] = field(default_factory=dict)
    """By quarter turns of their direction, each in its own frame."""
    horizontal: list[Box] = field(default_factory=list)
    vertical: list[Box] = field(default_factory=list)
    filled: list[Box] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)
    invisible: int = 0
    """Characters drawn with no ink, over an image or not."""
    letters: int = 0
    """Letters and digits drawn anywhere, shown or not."""
    white: int = 0
    slanted: int = 0
    unknown: int = 0

    def rules(self, angle: int) -> Rules:
        """Give the rules and areas in the frame of a direction."""
        turned = [
            [into_frame(box, angle, self.width, self.height) for box in boxes]
            for boxes in (self.horizontal, self.vertical, self.filled)
        ]
        if angle % 2:
            turned[0], turned[1] = turned[1], turned[0]
        return Rules(*turned)


def into_frame(box: Box, angle: int, width: float, height: float) -> Box:
    """Give a place on the page in the frame of a text direction (quarter turns)."""
    match angle:
        case 1:
            return Box(height - box.bottom, box.x0, height - box.top, box.x1)
        case 2:
            return Box(width - box.x1, height - box.bottom, width - box.x0, height - box.top)
        case 3:
            return Box(box.top, width - box.x1, box.bottom, width - box.x0)
        case _:
            return box


class Collector(PDFTextDevice):
    """Keeps what an interpreter draws on one page after another."""

    def __init__(self, resources: PDFResourceManager, most: int, depth: int) -> None:
        super().__init__(resources)
        self._most = most
        self._depth = depth
        self._nested = 0
        self._count = 0
        self._styles: dict[tuple[int, str], Style] = {}
        self._tags: list[bool] = []
        self._invisible = False
        self._hidden: list[tuple[int, Glyph]] = []
        self._crop = Box(0, 0, 0, 0)
        self.drawn = Drawn(0, 0)

    def begin_page(self, page: PDFPage, ctm: Matrix) -> None:
        """Start a page: find what of it shows."""
        media = apply_matrix_rect(ctm, page.mediabox)
        crop = apply_matrix_rect(ctm, page.cropbox)
        x0, y0 = max(media[0], crop[0]), max(media[1], crop[1])
        x1, y1 = min(media[2], crop[2]), min(media[3], crop[3])
        if x1 <= x0 or y1 <= y0:
            x0, y0, x1, y1 = media
        self._crop = Box(x0, y0, x1, y1)
        self._tags = []
        self._hidden = []
        self._nested = 0
        self.drawn = Drawn(x1 - x0, y1 - y0)

    def end_page(self, page: PDFPage) -> None:  # noqa: ARG002 (the library's signature)
        """Keep the unseen text where it is that of a scan."""
        drawn = self.drawn
        covered = sum(
            image.common(Box(0, 0, drawn.width, drawn.height)).area for image in drawn.images
        )
        if self._hidden and covered > drawn.width * drawn.height / 2:
            drawn.invisible = len(self._hidden)
            for angle, glyph in self._hidden:
                drawn.glyphs.setdefault(angle, []).append(glyph)

    def begin_figure(self, name: str, bbox: object, matrix: Matrix) -> None:  # noqa: ARG002
        """Go into a drawing placed in the page."""
        self._nested += 1
        if self._nested > self._depth:
            raise FichierRefuse(
                "trop_imbrique",
                f"des dessins imbriqués sur plus de {self._depth} niveaux ;"
                f" {self._depth} niveaux au plus sont acceptés",
            )

    def end_figure(self, name: str) -> None:  # noqa: ARG002
        """Come out of it."""
        self._nested -= 1

    def begin_tag(self, tag: PSLiteral, props: object = None) -> None:
        """Keep the unseen text where it is that of a scan."""
        kind = props.get("Type") if isinstance(props, dict) else None
        paging = getattr(kind, "name", None) == "Pagination"
        self._tags.append(paging and tag.name == "Artifact")

    def end_tag(self) -> None:
        """Forget it."""
        if self._tags:
            self._tags.pop()

    def render_image(self, name: str, stream: object) -> None:  # noqa: ARG002
        """Keep the place of a picture."""
        if self.ctm is not None:
            self.drawn.images.append(self._place(apply_matrix_rect(self.ctm, (0, 0, 1, 1))))

    def paint_path(
        self,
        graphicstate: PDFGraphicState,
        stroke: bool,
        fill: bool,
        evenodd: bool,  # noqa: ARG002
        path: Sequence[Any],
    ) -> None:
        """Keep the place of a picture."""
        if self.ctm is None or not (stroke or fill) or len(path) > _MOST_RULES:
            return
        drawn = self.drawn
        if len(drawn.horizontal) + len(drawn.vertical) + len(drawn.filled) > _MOST_RULES:
            return
        white = _is_white(graphicstate.ncolor)
        for points in _subpaths(path):
            placed = [self._point(apply_matrix_pt(self.ctm, point)) for point in points]
            if fill:
                self._fill(placed, white=white)
            if stroke and not (_is_white(graphicstate.scolor) and not fill):
                for (xa, ya), (xb, yb) in itertools.pairwise(placed):
                    self._rule(Box(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)))

    def _fill(self, points: list[tuple[float, float]], *, white: bool) -> None:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = Box(min(xs), min(ys), max(xs), max(ys))
        if box.x1 - box.x0 < _THIN or box.bottom - box.top < _THIN:
            if not white:
                self._rule(box)
        elif not white:
            self.drawn.filled.append(box)

    def _rule(self, box: Box) -> None:
        wide, high = box.x1 - box.x0, box.bottom - box.top
        if high < _THIN < wide:
            middle = (box.top + box.bottom) / 2
            self.drawn.horizontal.append(Box(box.x0, middle, box.x1, middle))
        elif wide < _THIN < high:
            middle = (box.x0 + box.x1) / 2
            self.drawn.vertical.append(Box(middle, box.top, middle, box.bottom))

    def _point(self, point: tuple[float, float]) -> tuple[float, float]:
        return point[0] - self._crop.x0, self._crop.bottom - point[1]

    def _place(self, rect: tuple[float, float, float, float]) -> Box:
        x0, y0, x1, y1 = rect
        (xa, ya), (xb, yb) = self._point((x0, y1)), self._point((x1, y0))
        return Box(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))

    def render_string(
        self,
        textstate: PDFTextState,
        seq: PDFTextSeq,
        ncs: PDFColorSpace,
        graphicstate: PDFGraphicState,
    ) -> None:
        """Draw some text."""
        self._invisible = textstate.render in _INVISIBLE
        super().render_string(textstate, seq, ncs, graphicstate)

    def render_char(  # noqa: PLR0917 (the library's signature)
        self,
        matrix: Matrix,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: object,  # noqa: ARG002
        graphicstate: PDFGraphicState,
    ) -> float:
        """Draw a character, and give how far the next one is."""
        self._count += 1
        if self._count > self._most:
            raise FichierRefuse(
                "trop_gros",
                f"plus de {self._most} caractères ; {self._most} au plus sont acceptés",
            )
        advance = font.char_width(cid) * fontsize * scaling
        try:
            text = font.to_unichr(cid).translate(_PLAIN)
            if text == _SOFT_HYPHEN and not advance:
                text = ""
        except PDFUnicodeNotDefined:
            text = _UNKNOWN
        if text:
            self.drawn.letters += sum(map(str.isalnum, text))
            matrix = mult_matrix((1, 0, 0, 1, 0, rise), matrix)
            self._keep(text, matrix, font, graphicstate, size=fontsize, advance=advance)
        return advance

    def _keep(
        self,
        text: str,
        matrix: Matrix,
        font: PDFFont,
        graphicstate: PDFGraphicState,
        *,
        size: float,
        advance: float,
    ) -> None:
        a, b, c, d, e, f = matrix
        size = abs(size) * math.hypot(c, d)
        if not _SMALLEST <= size < max(self.drawn.width, self.drawn.height):
            return
        turn = math.atan2(b, a) / (math.pi / 2)
        angle = round(turn) % 4
        if abs(turn - round(turn)) * math.pi / 2 > _SLANT:
            self.drawn.slanted += not text.isspace()
            return
        start = self._point((e, f))
        end = self._point((e + a * advance, f + b * advance))
        middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
        if not Box(0, 0, self.drawn.width, self.drawn.height).holds(middle, 1.0):
            return
        x0, base = _turned(start, angle, self.drawn)
        x1, _ = _turned(end, angle, self.drawn)
        glyph = Glyph(
            text,
            min(x0, x1),
            max(x0, x1),
            base,
            size,
            self._style(font, graphicstate.ncolor),
            any(self._tags),
        )
        if self._invisible:
            self._hidden.append((angle, glyph))
        elif _is_white(graphicstate.ncolor) and not self._on_ink(middle):
            self.drawn.white += not text.isspace()
        else:
            self.drawn.unknown += text == _UNKNOWN
            self.drawn.glyphs.setdefault(angle, []).append(glyph)

    def _on_ink(self, point: tuple[float, float]) -> bool:
        return any(area.holds(point, 2.0) for area in (*self.drawn.filled, *self.drawn.images))

    def _style(self, font: PDFFont, color: object) -> Style:
        key = (id(font), str(color))
        style = self._styles.get(key)
        if style is None:
            name = _SUBSET.sub("", str(getattr(font, "basefont", None) or font.fontname))
            flags = font.flags
            weight = font.descriptor.get("FontWeight", 0)
            heavy = isinstance(weight, (int, float)) and weight >= _BOLD_WEIGHT
            style = Style(
                bold=bool(_BOLD.search(name)) or bool(flags & _FORCE_BOLD) or heavy,
                italic=bool(_ITALIC.search(name)) or bool(flags & _ITALIC_FLAG),
                color=_color_name(color),
                family=_FAMILY.sub("", name),
            )
            self._styles[key] = style
        return style


def _turned(point: tuple[float, float], angle: int, drawn: Drawn) -> tuple[float, float]:
    x, y = point
    box = into_frame(Box(x, y, x, y), angle, drawn.width, drawn.height)
    return box.x0, box.top


def _subpaths(path: Sequence[Any]) -> list[list[tuple[float, float]]]:
    """Cut a path at its moves; a closed one comes back to its first point."""
    parts: list[list[tuple[float, float]]] = []
    for step in path:
        if step[0] == "m":
            parts.append([(step[1], step[2])])
        elif parts and step[0] == "h":
            parts[-1].append(parts[-1][0])
        elif parts and step[0] in "lcvy":
            parts[-1].append((step[-2], step[-1]))
    return parts


def _components(color: object) -> tuple[float, ...] | None:
    values = color if isinstance(color, (tuple, list)) else (color,)
    if values and all(isinstance(value, (int, float)) for value in values):
        return tuple(float(value) for value in values)
    return None


def _is_white(color: object) -> bool:
    values = _components(color)
    if values is None:
        return False
    if len(values) == _CMYK:
        return all(value <= _NO_INK for value in values)
    return all(value >= _WHITE for value in values)


def _color_name(color: object) -> str:
    """Name a colour, all the near blacks and greys alike."""
    values = _components(color)
    if values is None:
        return "motif"
    if len(values) == _CMYK:
        cyan, magenta, yellow, black = values
        values = tuple((1 - ink) * (1 - black) for ink in (cyan, magenta, yellow))
    if max(values) - min(values) < 0.1:  # noqa: PLR2004 (a grey)
        return "gris"
    return "-".join(f"{value:.1f}" for value in values)
