"""Running headers, footers and page numbers: what comes back at one place over the pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from corpus.loading.pdf.geometry import Sheet, Style, Word, spaced

_MARGIN = 0.16
"""Of the page: how far from its edge furniture may stand."""
_TAGGED_MARGIN = 0.22
_SAME_PLACE = 4.0
_SAME_BASELINE = 1.5
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.|f°|folio)?\s*[-–—|•(]?\s*(?P<number>\d{1,4}|[ivxlc]{1,7})\s*"
    r"(?:(?:/|sur|de|of)\s*\d{1,4})?\s*[-–—|•)]?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_LARGER = 1.08
_SMALLER = 0.95
_OFTEN = 0.6
_MANY_PAGES = 4
_TIGHT = 1.6
"""Of the size: lines of one text are closer than this."""
_SAME_SIZE = 0.3
_MOST_ROWS = 6
_CLEAR = 1.3
"""Of the size: blank that parts furniture from the text."""


@dataclass(slots=True)
class _Edge:
    """A segment near the top or the bottom of a page."""

    sheet: int
    rank: int
    words: list[Word]
    top: bool
    distance: float
    """From the baseline to that edge of the page."""

    @property
    def text(self) -> str:
        return spaced(self.words)


def furniture_of(sheets: list[Sheet], size: float, style: Style) -> list[set[int]]:
    """Give, for each page, the ranks of the segments that are furniture.

    ``size`` and ``style`` are those of the body of the text.
    """
    edges = [edge for number, sheet in enumerate(sheets) for edge in _edges(number, sheet)]
    near = [edge for edge in edges if edge.distance <= _MARGIN * sheets[edge.sheet].height]
    suspects = {
        (edge.sheet, edge.rank)
        for edge in (*_repeated(near, size), *_numbers(near, sheets), *_tagged(edges))
    } | {(edge.sheet, edge.rank) for edge in _changing(near, sheets, size, style)}
    found: list[set[int]] = [set() for _ in sheets]
    for number, sheet in enumerate(sheets):
        for top in (True, False):
            own = sorted(
                (edge for edge in edges if edge.sheet == number and edge.top == top),
                key=lambda edge: edge.distance,
            )
            found[number] |= _outermost(own, suspects, sheet)
    return found


def _edges(number: int, sheet: Sheet) -> list[_Edge]:
    found = []
    for rank, words in enumerate(sheet.segments):
        if words[0].raised:
            # A footnote: its words may come back, its number may only change.
            continue
        base = words[0].base
        for top, distance in ((True, base), (False, sheet.height - base)):
            if distance <= _TAGGED_MARGIN * sheet.height:
                found.append(_Edge(number, rank, words, top, distance))
    return found


def _outermost(own: list[_Edge], suspects: set[tuple[int, int]], sheet: Sheet) -> set[int]:
    """Keep the suspects that no other text parts from the edge of the page."""
    found: set[int] = set()
    for edge in own:
        if (edge.sheet, edge.rank) in suspects:
            found.add(edge.rank)
        elif edge.distance > _MARGIN * sheet.height or not any(
            (other.sheet, other.rank) in suspects
            and abs(other.distance - edge.distance) < _SAME_PLACE
            for other in own
        ):
            break
    if len({round(edge.distance) for edge in own if edge.rank in found}) > _MOST_ROWS:
        # Pages that begin with the same lines: a form, a letter, not furniture.
        return set()
    while found and _runs_into_text(own, found, sheet):
        # The head of a table comes back on its pages too: what stands beyond it may be furniture.
        innermost = [edge for edge in own if edge.rank in found][-1]
        found -= {
            edge.rank for edge in own if abs(edge.distance - innermost.distance) < _SAME_PLACE
        }
    return found


def _runs_into_text(own: list[_Edge], found: set[int], sheet: Sheet) -> bool:
    """Whether the innermost of them is set like the next line and as close to it as in a text."""
    inner = [edge for edge in own if edge.rank in found]
    if not inner or all(word.artifact for edge in inner for word in edge.words):
        return False
    last = inner[-1]
    first = last.words[0]
    return any(
        0 < (words[0].base - first.base) * (1 if last.top else -1) < _TIGHT * first.size
        and words[0].style == first.style
        and abs(words[0].size - first.size) < _SAME_SIZE
        for rank, words in enumerate(sheet.segments)
        if rank not in found
    )


def _repeated(edges: list[_Edge], size: float) -> list[_Edge]:
    """Find the same words (digits aside) at the same place on several pages."""
    alike: dict[tuple[bool, str], list[_Edge]] = defaultdict(list)
    for edge in edges:
        text = edge.text.casefold()
        if not any(map(str.isalnum, text)):
            # The mark of a list's item, which begins several pages at the same height.
            continue
        # Large words with a number that goes on are headings: « Fiche 1 », « Fiche 2 ».
        plain = edge.words[0].size <= _LARGER * size and not edge.words[0].style.bold
        alike[edge.top, _DIGITS.sub("#", text) if plain else text].append(edge)
    return [
        edge
        for same in alike.values()
        for edge in same
        if len({o.sheet for o in same if abs(o.distance - edge.distance) < _SAME_PLACE}) > 1
    ]


def _numbers(edges: list[_Edge], sheets: list[Sheet]) -> list[_Edge]:
    """Find the page numbers: they grow with the pages; a lone page has one if it stands apart."""
    read: list[tuple[_Edge, int]] = []
    for edge in edges:
        match = _PAGE_NUMBER.fullmatch(edge.text)
        if match:
            read.append((edge, _value(match["number"])))
    if len(sheets) == 1:
        return [edge for edge, _ in read if _stands_clear(edge, sheets[0])]
    shifts = Counter(value - sheets[edge.sheet].number for edge, value in read)
    return [
        edge
        for edge, value in read
        if shifts[value - sheets[edge.sheet].number] >= max(2, len(sheets) // 4)
    ]


def _value(number: str) -> int:
    if number.isdigit():
        return int(number)
    values = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
    digits = [values[letter] for letter in number.casefold()]
    following = [*digits[1:], 0]
    return sum(-one if one < next_ else one for one, next_ in zip(digits, following, strict=True))


def _tagged(edges: list[_Edge]) -> list[_Edge]:
    """Find what the file itself says to be of the page and not of the text."""
    return [edge for edge in edges if all(word.artifact for word in edge.words)]


def _changing(edges: list[_Edge], sheets: list[Sheet], size: float, style: Style) -> list[_Edge]:
    """Find headers whose words change (the title of the section) but never their place."""
    if len(sheets) < _MANY_PAGES:
        return []
    unlike = [
        edge
        for edge in edges
        if edge.words[0].size < _SMALLER * size
        or (edge.words[0].style.italic and not style.italic)
        or edge.words[0].style.family != style.family
    ]
    unlike = [
        edge
        for edge in unlike
        if edge.words[0].size <= _LARGER * size and _stands_clear(edge, sheets[edge.sheet])
    ]
    places: dict[tuple[bool, int], set[int]] = defaultdict(set)
    for edge in unlike:
        for place in (-1, 0, 1):
            places[edge.top, round(edge.distance / _SAME_BASELINE) + place].add(edge.sheet)
    return [
        edge
        for edge in unlike
        if len(places[edge.top, round(edge.distance / _SAME_BASELINE)]) >= _OFTEN * len(sheets)
    ]


def _stands_clear(edge: _Edge, sheet: Sheet) -> bool:
    """Whether a blank parts it from the text, and nothing stands between it and the edge."""
    base, size = edge.words[0].base, edge.words[0].size
    others = [words[0].base for words in sheet.segments if abs(words[0].base - base) > _SAME_PLACE]
    inner = [other - base if edge.top else base - other for other in others]
    return all(gap > size * (1 + _CLEAR) / 2 + size / 2 for gap in inner)
