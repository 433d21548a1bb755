"""The pages of a document as one flow: furniture and notes out, paragraphs over the pages."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from corpus.loading.pdf.footnotes import Note, join_continued, may_go_on, take_notes
from corpus.loading.pdf.furniture import furniture_of
from corpus.loading.pdf.geometry import Box, Line, Sheet, Style, around
from corpus.loading.pdf.lines import lines_of
from corpus.loading.pdf.loose import with_loose_tables
from corpus.loading.pdf.order import Item, in_order
from corpus.loading.pdf.paragraphs import Builder, Paragraph, habits_of, mark_of
from corpus.loading.pdf.structure import Body, body_of
from corpus.loading.pdf.tables import Grid, find_tables

_SAME_EDGE = 3.0
_FEW = 5
_FLUSH = 0.3


@dataclass(slots=True)
class Flow:
    """Paragraphs and tables in reading order, and the footnotes."""

    items: list[Grid | None]
    """Tables; None stands for the next paragraph."""
    paragraphs: list[Paragraph]
    notes: list[Note]
    body: Body


def read_pages(sheets: list[Sheet], alive: Callable[[], None]) -> Flow:
    """Read the pages together; ``alive`` is called for each of them."""
    size, style = _usual(sheets)
    furniture = furniture_of(sheets, size, style)
    notes: list[Note] = []
    placed: list[list[Item]] = []
    frames = 0
    table: Grid | None = None
    for rank, sheet in enumerate(sheets):
        kept = [
            (number, words)
            for number, words in enumerate(sheet.segments)
            if number not in furniture[rank]
        ]
        found = find_tables(sheet, rank, kept, table)
        table = found.grids[-1] if found.grids else table
        lines, own = take_notes(
            sheet, lines_of(found.segments, rank), size, open_before=may_go_on(notes)
        )
        notes.extend(own)
        items = [
            Item(order, grid.box, grid=grid)
            for order, grid in zip(found.orders, found.grids, strict=True)
        ]
        framed, rest = _framed(found.frames, lines, frames)
        frames += len(framed)
        items.extend(framed)
        items.extend(Item(order, line.box, line=line) for order, line in rest)
        alive()
        placed.append(in_order(with_loose_tables(items, rank)))
    _set_edges(placed, sheets)
    return _joined([item for items in placed for item in items], join_continued(notes))


def _usual(sheets: list[Sheet]) -> tuple[float, Style]:
    """Give the size and the look of most letters."""
    sizes: Counter[float] = Counter()
    styles: Counter[Style] = Counter()
    for sheet in sheets:
        for segment in sheet.segments:
            for word in segment:
                sizes[round(word.size * 2) / 2] += len(word.text)
                styles[word.style] += len(word.text)
    return sizes.most_common(1)[0][0], styles.most_common(1)[0][0]


def _framed(
    frames: list[Box], lines: list[tuple[int, Line]], first: int
) -> tuple[list[Item], list[tuple[int, Line]]]:
    """Put the lines of each frame together."""
    items: list[Item] = []
    for number, frame in enumerate(frames, first):
        inside = [(rank, line) for rank, line in lines if frame.holds(line.box.middle)]
        if not inside:
            continue
        lines = [pair for pair in lines if pair not in inside]
        own = in_order([Item(rank, line.box, line=line) for rank, line in inside])
        ordered = [item.line for item in own if item.line]
        left = min(line.box.x0 for line in ordered)
        for line in ordered:
            line.frame = number
            line.left, line.right = left, frame.x1 - (left - frame.x0)
        items.append(Item(min(rank for rank, _ in inside), frame, inside=ordered))
    return items, lines


def _set_edges(placed: list[list[Item]], sheets: list[Sheet]) -> None:
    """Tell each line the edges of its column, measured over all the pages set alike."""
    columns: dict[tuple[str, int, int], list[Line]] = defaultdict(list)
    for sheet, items in zip(sheets, placed, strict=True):
        own: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            if item.line:
                own[item.column].append(item)
        for column, inside in own.items():
            left = _left_edge([item.box for item in inside])
            for item in inside:
                if item.line:
                    item.line.left = left
                    columns[column, round(left / _SAME_EDGE), round(sheet.width)].append(item.line)
    for lines in columns.values():
        ends = sorted((line.box.x1 for line in lines), reverse=True)
        right = ends[1] if len(ends) >= _FEW else ends[0]
        justified: dict[int, list[float]] = defaultdict(list)
        for line in lines:
            justified[line.page].append(line.box.x1)
        for line in lines:
            line.right = _page_edge(justified[line.page]) or right


def _page_edge(ends: list[float]) -> float | None:
    """Give the right edge of a page that shows it: lines that end together, or many lines."""
    furthest = sorted(ends, reverse=True)[:2]
    together = len(furthest) > 1 and furthest[0] - furthest[1] < _FLUSH
    if together or len(ends) > _FEW:
        return furthest[-1]
    return None


def _left_edge(boxes: list[Box]) -> float:
    return around(boxes).x0


def _joined(items: list[Item], notes: list[Note]) -> Flow:
    """Make the paragraphs of items in reading order."""
    lines = [line for item in items for line in _lines(item)]
    for line in lines:
        line.mark = mark_of(line)
    habits = habits_of(lines)
    writer = _Writer(Builder(habits))
    for item in items:
        writer.take(item)
    writer.release()
    return Flow(writer.ordered, writer.paragraphs, notes, body_of(lines, habits))


@dataclass(slots=True)
class _Writer:
    """Writes items one after the other.

    A frame that the text runs beside waits for the paragraph to end.
    """

    builder: Builder
    paragraphs: list[Paragraph] = field(default_factory=list)
    ordered: list[Grid | None] = field(default_factory=list)
    waiting: list[Item] = field(default_factory=list)

    def take(self, item: Item) -> None:
        if item.grid is not None:
            self.release()
            self.ordered.append(item.grid)
        elif item.inside is not None:
            self.waiting.append(item)
            if not item.beside:
                self.release()
        elif item.line is not None:
            if self.waiting and not self.builder.continues(item.line):
                self.release()
            self._close(self.builder.add(item.line))

    def release(self) -> None:
        self._close(self.builder.end())
        for frame in self.waiting:
            for line in frame.inside or ():
                self._close(self.builder.add(line))
            self._close(self.builder.end())
        self.waiting.clear()

    def _close(self, ended: Paragraph | None) -> None:
        if ended is not None:
            self.paragraphs.append(ended)
            self.ordered.append(None)


def _lines(item: Item) -> list[Line]:
    if item.line:
        return [item.line]
    return item.inside or []
