"""The order in which the lines, frames and tables of a page are read."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from corpus.loading.pdf.geometry import Box, Line
from corpus.loading.pdf.tables import Grid

_LEAST_SIDE = 3
"""Lines that each column has at least."""
_LEAST_GUTTER = 7.0
_ROWS_DRAWN = 2
_JUMPS_BACK = 3
_DEEPEST = 6
_CLEARLY_ABOVE = 3.0
"""Of the size: how far above the left column a text at the right must end to come first."""


@dataclass(slots=True)
class Item:
    """What is read as one: a line, a table, or a frame with its lines."""

    rank: int
    box: Box
    line: Line | None = None
    grid: Grid | None = None
    inside: list[Line] | None = None
    beside: bool = False
    """A frame that the text runs beside."""
    column: str = ""
    """Path of the column that holds it: « G » left, « D » right."""

    @property
    def size(self) -> float:
        """Size of its text."""
        if self.line:
            return self.line.size
        return self.inside[0].size if self.inside else 10.0


def in_order(items: list[Item]) -> list[Item]:
    """Put the items of a page in reading order, and tell each its column."""
    drawn = sorted(items, key=lambda item: item.rank)
    placed = _by_columns(items, "", 0)
    for item in placed:
        if item.inside is not None:
            item.beside = _runs_beside(item, items)
    if _is_coherent(drawn):
        return drawn
    return placed


def _runs_beside(frame: Item, items: list[Item]) -> bool:
    """Whether lines stand at its height, in its column or beside a frame alone in its own."""
    lines = [item for item in items if item.line is not None]
    own = [item for item in lines if item.column == frame.column] or lines
    return any(
        min(other.box.bottom, frame.box.bottom) - max(other.box.top, frame.box.top) > 0
        for other in own
    )


def _is_coherent(drawn: list[Item]) -> bool:
    """Whether the order drawn goes down each column, then to the next, as a reader does."""
    rows = back = 0
    for before, after in itertools.pairwise(drawn):
        one, other = before.box, after.box
        overlap = min(one.x1, other.x1) - max(one.x0, other.x0)
        level = abs(other.bottom - one.bottom) < before.size * 0.5
        if level:
            if other.x0 < one.x1 - before.size:
                return False
            rows += 1
        elif other.top > one.top:
            back += overlap <= 0 and other.x1 < one.x0
        elif overlap > 0 or other.x0 < one.x0:
            return False
    return rows <= _ROWS_DRAWN and back <= _JUMPS_BACK


def _by_columns(items: list[Item], path: str, depth: int) -> list[Item]:
    for item in items:
        item.column = path
    gutter = gutter_of(items) if depth < _DEEPEST else None
    if gutter is None:
        return _from_the_top(items)
    # A frame beside lines of all lengths makes no columns of the rest of the page.
    columns = all(
        any(item.inside is None for item in side)
        for side in (
            [item for item in items if item.box.x1 <= gutter],
            [item for item in items if item.box.x0 >= gutter],
        )
    )
    ordered: list[Item] = []
    band: list[Item] = []
    for item in sorted(items, key=lambda item: (item.box.top, item.box.x0)):
        if item.box.x0 < gutter < item.box.x1:
            ordered.extend(_band(band, gutter, path, depth, columns=columns))
            ordered.append(item)
            band = []
        else:
            band.append(item)
    ordered.extend(_band(band, gutter, path, depth, columns=columns))
    return ordered


def _band(band: list[Item], gutter: float, path: str, depth: int, *, columns: bool) -> list[Item]:
    """Order what stands between two items as wide as the columns together."""
    left = [item for item in band if item.box.x1 <= gutter]
    right = [item for item in band if item.box.x0 >= gutter]
    if not columns:
        return _beside_frames(band, path)
    first: list[Item] = []
    if left and right:
        start = min(item.box.top for item in left)
        high = [item for item in right if item.box.bottom < start - _CLEARLY_ABOVE * item.size]
        if high:
            low = [item for item in right if item not in high]
            first = _by_columns(high, f"{path}D", depth + 1)
            right = low
    return [
        *first,
        *_by_columns(left, f"{path}G", depth + 1),
        *_by_columns(right, f"{path}D", depth + 1),
    ]


def _beside_frames(band: list[Item], path: str) -> list[Item]:
    """Order lines some of which run beside frames: those alone are set in a narrower column."""
    frames = [item for item in band if item.inside is not None]
    others = [item for item in band if item.inside is None]
    if not frames or not others:
        return _by_columns(band, path, _DEEPEST)
    start = min(frame.box.top for frame in frames)
    above = [item for item in others if item.box.middle[1] < start]
    narrow = [item for item in others if item not in above]
    return [
        *_by_columns(above, path, _DEEPEST),
        *_by_columns(narrow, f"{path}C", _DEEPEST),
        *_by_columns(frames, f"{path}F", _DEEPEST),
    ]


def _from_the_top(items: list[Item]) -> list[Item]:
    """Order by rows: what shares a baseline is read from the left."""
    rows: list[list[Item]] = []
    for item in sorted(items, key=lambda item: item.line.base if item.line else item.box.top):
        level = item.line.base if item.line else None
        last = rows[-1][0].line if rows else None
        if level is not None and last and abs(level - last.base) < 0.4 * last.size:
            rows[-1].append(item)
        else:
            rows.append([item])
    return [item for row in rows for item in sorted(row, key=lambda item: item.box.x0)]


def gutter_of(items: list[Item]) -> float | None:
    """Find the blank strip that parts the most lines standing side by side."""
    lines = [box for item in items for box in _boxes(item)]
    if len(lines) < 2 * _LEAST_SIDE:
        return None
    best: tuple[int, float, float] | None = None
    for start, end in _strips(lines):
        middle = (start + end) / 2
        left = [box for box in lines if box.x1 <= middle]
        right = [box for box in lines if box.x0 >= middle]
        beside = min(_beside(left, right), _beside(right, left))
        enough = beside >= _LEAST_SIDE and beside * 2 >= min(len(left), len(right))
        if enough and (best is None or (beside, end - start) > best[:2]):
            best = beside, end - start, middle
            found = left, right
    return best[2] if best is not None and _is_text(*found, best[2]) else None


def _boxes(item: Item) -> list[Box]:
    """Give the places that fill a column: lines, or the rows of a table as wide as it."""
    if item.inside is not None:
        return [item.box._replace(top=line.box.top, bottom=line.box.bottom) for line in item.inside]
    if item.grid is None:
        return [item.box]
    rows = len(item.grid.rows)
    height = (item.box.bottom - item.box.top) / rows
    return [
        item.box._replace(top=item.box.top + row * height, bottom=item.box.top + (row + 1) * height)
        for row in range(rows)
    ]


def _strips(lines: list[Box]) -> list[tuple[float, float]]:
    """List the strips between which no line begins nor ends, with enough lines on both sides."""
    begins = sorted(box.x0 for box in lines)
    ends = sorted(box.x1 for box in lines)
    strips = []
    for end in ends[_LEAST_SIDE - 1 :]:
        after = [x for x in begins if x >= end + _LEAST_GUTTER]
        if len(after) < _LEAST_SIDE:
            break
        if not any(end < other < after[0] for other in ends):
            strips.append((end, after[0]))
    return strips


def _beside(ones: list[Box], others: list[Box]) -> int:
    """How many of the ones have another at their height."""
    return sum(
        any(
            min(one.bottom, other.bottom) - max(one.top, other.top) > 0.3 * (one.bottom - one.top)
            for other in others
        )
        for one in ones
    )


def _is_text(left: list[Box], right: list[Box], gutter: float) -> bool:
    """Whether lines fill their column, as those of a text do and the cells of a table do not."""
    start = min(box.x0 for box in left)
    end = max(box.x1 for box in right)
    close = max(box.x1 for box in left)
    opened = min(box.x0 for box in right)
    if opened - close < _LEAST_GUTTER:
        return False
    full_left = sum(box.x1 - start > 0.7 * (gutter - start) for box in left)
    full_right = sum(box.x1 - opened > 0.7 * (end - opened) for box in right)
    return full_left >= 0.4 * len(left) or (
        full_right >= 0.4 * len(right) and full_left >= 0.25 * len(left)
    )
