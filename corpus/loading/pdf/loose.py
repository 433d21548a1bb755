"""Tables without rules: cells that only their places line up."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from corpus.loading.pdf.geometry import Line, Word, around
from corpus.loading.pdf.order import Item, gutter_of
from corpus.loading.pdf.tables import Cell, Grid

_LEVEL = 2.0
_EDGE = 2.0
_PARTED = 1.1
"""Of the distance of lines: a wider one parts two rows."""
_SPARSE = 0.65
"""Of the lines at the right: the heads at the left are fewer."""
_SHORT, _NARROW = 6, 0.6
"""Lines of a lone head, and its width beside that of its rows."""
_LEAST_ROWS = 3
_LEAST_RIGHT = 2
_FULL, _LONG = 0.75, 28
"""A text fills its column; a cell does not, or is short."""


def with_loose_tables(items: list[Item], page: int) -> list[Item]:
    """Put the lines of tables without rules into grids. ``page`` is the rank of the sheet."""
    lines = sorted((item for item in items if item.line is not None), key=lambda item: item.box.top)
    others = [item for item in items if item.line is None]
    found: list[Item] = []
    for run in _aligned_runs(lines):
        grid = _grid_of_rows(run, page)
        if grid is not None:
            found.append(grid)
            taken = {id(item) for row in run for item in row}
            lines = [item for item in lines if id(item) not in taken]
    for edge in sorted({round(item.box.x0) for item in lines}):
        for left, right in _sides(lines, others, edge):
            grid = _grid_of_blocks(left, right, page)
            taken = {id(item) for item in (*left, *right)}
            rest = [item for item in lines if id(item) not in taken]
            if grid is None or (_has_one_head(grid) and gutter_of([*others, *rest]) is not None):
                # On a page of columns, a short end of column is no head of a table.
                continue
            found.append(grid)
            lines = rest
    return [*others, *lines, *found]


def _has_one_head(item: Item) -> bool:
    rows = item.grid.rows if item.grid else []
    return sum(cell.column == 0 for row in rows for cell in row) == 1


def _line(item: Item) -> Line:
    if item.line is None:
        raise TypeError("une ligne est attendue")
    return item.line


def _sides(
    lines: list[Item], others: list[Item], edge: float
) -> Iterator[tuple[list[Item], list[Item]]]:
    """Part the lines at a left edge, band after band between the lines that cross it."""
    at_edge = [item for item in lines if abs(item.box.x0 - edge) <= _EDGE]
    if len(at_edge) < _LEAST_RIGHT:
        return
    left: list[Item] = []
    right: list[Item] = []
    for item in sorted([*lines, *others], key=lambda item: item.box.top):
        if item.line is not None and item.box.x1 <= edge - _EDGE:
            left.append(item)
        elif item.line is not None and item.box.x0 >= edge - _EDGE:
            right.append(item)
        else:
            if left and right:
                yield _beside(left, right), right
            left, right = [], []
    if left and right:
        yield _beside(left, right), right


def _beside(left: list[Item], right: list[Item]) -> list[Item]:
    """Leave out what stands above the right side: the end of the text before the table."""
    top = min(item.box.top for item in right) - _LEVEL
    return [item for item in left if item.box.top >= top]


def _blocks(items: list[Item], pitch: float) -> list[list[Item]]:
    blocks: list[list[Item]] = []
    for item in sorted(items, key=lambda item: _line(item).base):
        base = _line(item).base
        if blocks and base - _line(blocks[-1][-1]).base <= _PARTED * pitch:
            blocks[-1].append(item)
        else:
            blocks.append([item])
    return blocks


def _grid_of_blocks(left: list[Item], right: list[Item], page: int) -> Item | None:
    """Make a table of heads at the left, each level with the first of its rows at the right."""
    if not left or not _are_heads(left, right):
        return None
    steps = [
        step
        for side in (left, right)
        for step in _steps([_line(item).base for item in side])
        if step > _LEVEL
    ]
    if not steps:
        return None
    pitch = min(steps)
    heads, rows = _blocks(left, pitch), _blocks(right, pitch)
    if len(rows) < len(heads) or (len(heads) > 1 and len(left) > _SPARSE * len(right)):
        return None
    starts = [_line(row[0]).base for row in rows]
    places: list[int] = []
    for head in heads:
        level = [
            number
            for number, base in enumerate(starts)
            if abs(base - _line(head[0]).base) <= _LEVEL
        ]
        if not level:
            return None
        places.append(level[0])
    if len(heads) == 1 and (len(left) > _SHORT or places != [0]):
        return None
    ends = [*places[1:], len(rows)]
    spans = {place: end - place for place, end in zip(places, ends, strict=True)}
    table: list[list[Cell]] = []
    for number, row in enumerate(rows):
        cells = [Cell(_written(row, page), 1, 1)]
        if number in spans:
            head = heads[places.index(number)]
            cells.insert(0, Cell(_written(head, page), spans[number], 0))
        table.append(cells)
    edges = min(item.box.x0 for item in left), min(item.box.x0 for item in right)
    return _item([*left, *right], table, edges, page)


def _are_heads(left: list[Item], right: list[Item]) -> bool:
    """Whether the left side is few lines, or much narrower than the right one."""
    narrow = around([item.box for item in left])
    wide = around([item.box for item in right])
    short = len(left) <= _SHORT and narrow.x1 - narrow.x0 < _NARROW * (wide.x1 - wide.x0)
    return short or len(left) <= _SPARSE * len(right)


def _steps(bases: list[float]) -> list[float]:
    ordered = sorted(bases)
    return [after - before for before, after in itertools.pairwise(ordered)]


def _written(items: list[Item], page: int) -> list[tuple[int, list[Word]]]:
    return [(page, _line(item).words) for item in items]


def _item(items: list[Item], table: list[list[Cell]], edges: tuple[float, ...], page: int) -> Item:
    box = around([item.box for item in items])
    return Item(min(item.rank for item in items), box, grid=Grid(page, box, table, edges))


def _aligned_runs(lines: list[Item]) -> Iterator[list[list[Item]]]:
    """Find rows of several cells, one after the other."""
    rows: list[list[Item]] = []
    for item in sorted(lines, key=lambda item: _line(item).base):
        if rows and abs(_line(rows[-1][0]).base - _line(item).base) <= _LEVEL:
            rows[-1].append(item)
        else:
            rows.append([item])
    run: list[list[Item]] = []
    for row in rows:
        far = run and row[0].box.top - run[-1][0].box.bottom > 3 * _line(row[0]).size
        if len(row) > 1 and not far:
            run.append(row)
            continue
        if len(run) >= _LEAST_ROWS:
            yield run
        run = [row] if len(row) > 1 else []
    if len(run) >= _LEAST_ROWS:
        yield run


def _grid_of_rows(run: list[list[Item]], page: int) -> Item | None:
    """Make a table of rows whose cells stand in the same columns; None for columns of text."""
    columns: list[tuple[float, float]] = []
    for item in sorted((item for row in run for item in row), key=lambda item: item.box.x0):
        if columns and item.box.x0 < columns[-1][1]:
            columns[-1] = columns[-1][0], max(columns[-1][1], item.box.x1)
        else:
            columns.append((item.box.x0, item.box.x1))
    if len(columns) < 2:  # noqa: PLR2004 (cells that overlap)
        return None
    cells = [item for row in run for item in row]
    texts = 0
    for x0, x1 in columns:
        inside = [item for item in cells if x0 <= item.box.x0 < x1]
        full = sum(item.box.x1 - item.box.x0 > _FULL * (x1 - x0) for item in inside)
        long = sum(len(_line(item).text) >= _LONG for item in inside)
        texts += full >= len(inside) / 2 and long >= len(inside) / 2
    if texts > len(columns) / 2 or (texts == len(columns) / 2 and len(columns) == 2):  # noqa: PLR2004
        return None
    table: list[list[Cell]] = []
    for row in run:
        placed = sorted(row, key=lambda item: item.box.x0)
        table.append(
            [
                Cell(
                    _written([item], page),
                    1,
                    next(n for n, (x0, x1) in enumerate(columns) if x0 <= item.box.x0 <= x1),
                )
                for item in placed
            ]
        )
    return _item(cells, table, tuple(x0 for x0, _ in columns), page)
