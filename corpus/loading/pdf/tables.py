"""Ruled tables and frames: the cells that drawn lines make, and the words in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pdfplumber.table import (
    cells_to_tables,
    edges_to_intersections,
    intersections_to_cells,
    merge_edges,
)

from corpus.loading.pdf.geometry import Box, Sheet, Word, around

_SNAP = 3.0
_MOST_EDGES = 3_000
"""Rules of a page beyond which they are a drawing, not tables."""
_MOST_CROSSINGS = 4_000
_FRAME_WIDTH, _FRAME_HEIGHT = 60.0, 16.0
_WHOLE_PAGE = 0.7
_SAME_LINE = 0.5


@dataclass(slots=True)
class Cell:
    """Words of a cell, line after line, and how many rows it spans."""

    lines: list[tuple[int, list[Word]]]
    """Each with the rank of its sheet: a row may go on over a page."""
    rows: int
    column: int

    @property
    def words(self) -> list[Word]:
        """All its words, in order."""
        return [word for _, line in self.lines for word in line]


@dataclass(slots=True)
class Grid:
    """A table: its rows of cells, in order, empty cells included."""

    page: int
    """Rank of its sheet."""
    box: Box
    rows: list[list[Cell]]
    edges: tuple[float, ...]
    """Left edges of its columns."""

    @property
    def columns(self) -> int:
        """How many columns it has."""
        return len(self.edges)


@dataclass(slots=True)
class Found:
    """What rules part a page into: tables, frames, and the segments outside tables."""

    grids: list[Grid]
    orders: list[int]
    """For each table, the rank of its first segment in the order drawn."""
    frames: list[Box]
    segments: list[tuple[int, list[Word]]]
    """The other segments, with their rank in the order drawn."""


def find_tables(
    sheet: Sheet, rank: int, ranked: list[tuple[int, list[Word]]], before: Grid | None
) -> Found:
    """Find the ruled tables and the frames of a page, and take out the words of the tables.

    ``rank`` is that of the sheet in the document; ``ranked`` are its segments to be read;
    ``before`` is the last table found on the pages before.
    """
    cells = _cells(sheet)
    tables = [[Box(*map(float, cell)) for cell in table] for table in cells_to_tables(cells)]
    in_tables = {cell for table in tables for cell in table}
    lone = [Box(*map(float, cell)) for cell in cells if Box(*map(float, cell)) not in in_tables]
    grids: list[Grid] = []
    orders: list[int] = []
    for table in tables:
        grid, order, rest = _fill(table, rank, ranked)
        lone_cell = grid is not None and sum(bool(c.words) for row in grid.rows for c in row) == 1
        # One cell alone is the rest of a table begun before, or no table.
        if grid is None or (lone_cell and not (before and same_columns(before, grid))):
            lone.extend(table)
        else:
            grids.append(grid)
            orders.append(order)
            ranked = rest
            before = grid
    areas = [box for box in sheet.rules.filled if not any(g.box.holds(box.middle) for g in grids)]
    frames = [box for box in (*lone, *areas) if _is_frame(box, sheet, ranked)]
    return Found(grids, orders, _outermost(frames), ranked)


def _cells(sheet: Sheet) -> list[tuple[float, float, float, float]]:
    rules = sheet.rules
    if not rules.horizontal or not rules.vertical:
        return []
    if len(rules.horizontal) + len(rules.vertical) > _MOST_EDGES:
        return []
    edges = [
        *(_edge(box, "h") for box in rules.horizontal),
        *(_edge(box, "v") for box in rules.vertical),
    ]
    merged = merge_edges(edges, _SNAP, _SNAP, _SNAP, _SNAP)
    crossings = edges_to_intersections(merged, _SNAP, _SNAP)
    if len(crossings) > _MOST_CROSSINGS:
        return []
    return list(intersections_to_cells(crossings))


def _edge(box: Box, orientation: str) -> dict[str, Any]:
    return {
        "object_type": "line",
        "orientation": orientation,
        "x0": box.x0,
        "x1": box.x1,
        "top": box.top,
        "bottom": box.bottom,
        "doctop": box.top,
        "y0": -box.bottom,
        "y1": -box.top,
        "width": box.x1 - box.x0,
        "height": box.bottom - box.top,
    }


def _fill(
    table: list[Box], page: int, ranked: list[tuple[int, list[Word]]]
) -> tuple[Grid | None, int, list[tuple[int, list[Word]]]]:
    """Give the cells their words; None where that makes no table (one column, one cell)."""
    tops = sorted({cell.top for cell in table})
    edges = sorted({cell.x0 for cell in table})
    whole = around(table)
    held: dict[Box, list[Word]] = {cell: [] for cell in table}
    rest: list[tuple[int, list[Word]]] = []
    first = -1
    for rank, segment in ranked:
        outside: list[Word] = []
        for word in segment:
            cell = _cell_of(word, table) if whole.holds(word.box.middle) else None
            if cell is None:
                outside.append(word)
            else:
                held[cell].append(word)
                first = rank if first < 0 else first
        if outside:
            rest.append((rank, outside))
    filled = [cell for cell, words in held.items() if words]
    if len(edges) == 1 or not filled:
        return None, -1, ranked
    rows = [
        [
            Cell(
                lines=[(page, line) for line in _lines(held[cell])],
                rows=sum(cell.top <= other < cell.bottom - _SNAP for other in tops),
                column=edges.index(cell.x0),
            )
            for cell in sorted(table)
            if cell.top == top
        ]
        for top in tops
    ]
    return Grid(page, whole, rows, tuple(edges)), first, rest


def _cell_of(word: Word, table: list[Box]) -> Box | None:
    return next((cell for cell in table if cell.holds(word.box.middle)), None)


def _lines(words: list[Word]) -> list[list[Word]]:
    """Group the words of a cell into lines, from top to bottom."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.base):
        before = lines[-1][0] if lines else None
        if before and abs(word.base - before.base) < _SAME_LINE * max(word.size, before.size):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.box.x0) for line in lines]


def _is_frame(box: Box, sheet: Sheet, ranked: Iterable[tuple[int, list[Word]]]) -> bool:
    if box.x1 - box.x0 < _FRAME_WIDTH or box.bottom - box.top < _FRAME_HEIGHT:
        return False
    if box.area > _WHOLE_PAGE * sheet.width * sheet.height:
        return False
    inside = {
        round(segment[0].base)
        for _, segment in ranked
        if all(box.holds(word.box.middle) for word in segment)
    }
    # A shaded line is a heading or a row; a frame holds a text.
    return len(inside) > 1


def _outermost(frames: list[Box]) -> list[Box]:
    """Leave out frames inside another: the outer one is what stands apart."""
    kept: list[Box] = []
    for box in sorted(frames, key=lambda box: -box.area):
        if not any(other.holds(box.middle) for other in kept):
            kept.append(box)
    return kept


def same_columns(before: Grid, after: Grid) -> bool:
    """Whether a table goes on with the columns of another (its place may be another column)."""
    if before.columns != after.columns:
        return False
    widths = zip(_widths(before), _widths(after), strict=True)
    return all(abs(one - other) <= _SNAP for one, other in widths)


def _widths(grid: Grid) -> list[float]:
    return [after - before for before, after in pairwise((*grid.edges, grid.box.x1))]
