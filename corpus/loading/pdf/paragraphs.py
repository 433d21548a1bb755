"""From lines in reading order to paragraphs, over columns and pages."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass, field

from corpus.loading.pdf.geometry import Line
from corpus.loading.pdf.lines import BULLETS

_TERMINAL = re.compile(r"[.!?:;…][\s»”\")]*$")
_ENDED = re.compile(r"[.!?:…][\s»”\")]*$")
_HYPHEN = re.compile(r"\w[-\u2010\u00ad]$")
_OPEN = re.compile(r"\([^)]*$")
_LOWER = re.compile(r"^[«“\"(\[]?\s*[a-zà-öø-ÿœ]")
_ORDERED = re.compile(
    r"\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,5}|[IVX]{1,5})[.)°]|\d{1,2}(?:[.-]\d{1,2}){1,4}[.)]?|\d{1,2}°[.)]?"
)
_WEAK = "-–—−*o§·¤"
"""Marks that are also met inside a sentence."""
_OPENED, _WIDE = 1.12, 1.19
"""Of the usual distance between lines: perhaps, and surely, a new paragraph."""
_INDENT = 0.8
_SIZE = 0.08
_ROOM, _ROOM_AFTER_END = 0.14, 0.02
"""Of the column: blank left at the end of a line that ends its paragraph."""
_DEFAULT_LEADING = 1.3


@dataclass(slots=True)
class Paragraph:
    """Lines of one paragraph, heading or list item."""

    lines: list[Line]
    mark: str | None = None
    frame: int | None = None
    apart: bool = False
    notes: list[int] = field(default_factory=list)

    @property
    def first(self) -> Line:
        """Its first line."""
        return self.lines[0]

    @property
    def text(self) -> str:
        """Its words, lines joined by spaces."""
        return " ".join(line.text for line in self.lines)

    @property
    def length(self) -> int:
        """How many characters its words have."""
        return sum(len(word.text) for line in self.lines for word in line.words)


@dataclass(frozen=True)
class Habits:
    """How a document sets its text: usual size, and distance of lines for each size."""

    size: float
    leadings: dict[float, float]

    def leading(self, line: Line) -> float:
        """Usual distance between lines of that size."""
        return self.leadings.get(_half(line.size), line.size * _DEFAULT_LEADING)


def habits_of(lines: list[Line]) -> Habits:
    """Measure the habits of a document on lines in reading order."""
    sizes: Counter[float] = Counter()
    pitches: dict[float, Counter[float]] = {}
    for line in lines:
        sizes[_half(line.size)] += len(line.text)
    for before, after in itertools.pairwise(lines):
        size = _half(after.size)
        pitch = after.base - before.base
        if before.page == after.page and _half(before.size) == size and 0.8 * size < pitch:
            pitches.setdefault(size, Counter())[round(pitch, 1)] += 1
    body = sizes.most_common(1)[0][0] if sizes else 10.0
    leadings = {size: _usual(counted, size) for size, counted in pitches.items() if counted}
    return Habits(body, leadings)


def _usual(pitches: Counter[float], size: float) -> float:
    """Give the most frequent distance, the smaller one where two are nearly as frequent."""
    likely = {pitch: count for pitch, count in pitches.items() if pitch < 2.2 * size}
    if not likely:
        return size * _DEFAULT_LEADING
    most = max(likely.values())
    return min(pitch for pitch, count in likely.items() if count * 2 >= most)


def _half(size: float) -> float:
    return round(size * 2) / 2


def mark_of(line: Line) -> str | None:
    """Give the list mark that a line begins with, where it may be one."""
    if len(line.words) < 2:  # noqa: PLR2004 (a mark and its text)
        return None
    first, second = line.words[0], line.words[1]
    if first.raised:
        return None
    text = first.text
    if len(text) == 1 and text in BULLETS:
        wide = second.box.x0 - first.box.x1 > 0.5 * line.size
        return text if text != "o" or wide else None
    if _ORDERED.fullmatch(text) and not second.glued:
        return text
    return None


def is_weak(mark: str) -> bool:
    """Whether a mark may also be part of a sentence."""
    return mark in _WEAK or mark[-1].isalnum() or mark[0].isalnum() or mark[0] == "("


class Builder:
    """Puts lines together, one after the other."""

    def __init__(self, habits: Habits) -> None:
        self._habits = habits
        self.current: Paragraph | None = None
        self.before: Paragraph | None = None

    def continues(self, line: Line) -> bool:
        """Whether a line goes on with the current paragraph."""
        paragraph = self.current
        if paragraph is None or line.apart or paragraph.frame != line.frame:
            return False
        last = paragraph.lines[-1]
        if _HYPHEN.search(last.plain) and _LOWER.match(line.text) and _same_look(last, line):
            return True
        if abs(last.size - line.size) > _SIZE * max(last.size, line.size):
            return False
        if self._is_item(line, last):
            return False
        if last.page != line.page or line.base < last.base - last.size * 0.5:
            return self._over_columns(paragraph, last, line)
        return self._in_column(paragraph, last, line)

    def _is_item(self, line: Line, last: Line) -> bool:
        mark = line.mark
        if mark is None:
            return False
        if not is_weak(mark):
            return True
        lists = [p for p in (self.current, self.before) if p is not None and p.mark]
        alike = any(
            abs(_indent(p.first) - _indent(line)) < 3 and _kind(p.mark) == _kind(mark)  # noqa: PLR2004
            for p in lists
        )
        if mark.endswith(")") and not mark.startswith("(") and _OPEN.search(last.text):
            return False
        text_edge = last.words[1].box.x0 if last.mark else last.box.x0
        moved = (
            min(abs(line.box.x0 - edge) for edge in (last.box.x0, text_edge)) > _INDENT * line.size
        )
        spaced = line.base - last.base > _OPENED * self._habits.leading(line)
        return (
            alike
            or moved
            or spaced
            or _TERMINAL.search(last.plain) is not None
            or self._short(last, line)
        )

    def _short(self, last: Line, line: Line) -> bool:
        """Whether the first word of a line would have fitted at the end of the one before."""
        width = max(last.right - last.left, 1.0)
        ended = _TERMINAL.search(last.plain) is not None
        room = last.right - last.box.x1 - (line.words[0].box.x1 - line.words[0].box.x0)
        return room - 0.25 * last.size > (_ROOM_AFTER_END if ended else _ROOM) * width

    def _over_columns(self, paragraph: Paragraph, last: Line, line: Line) -> bool:
        if last.bold != line.bold or not _same_look(last, line):
            return False
        if _LOWER.match(line.text):
            return True
        hanging = last is paragraph.first and last.mark is not None
        start = last.words[1].box.x0 - last.left if hanging else _indent(last)
        shift = _indent(line) - start
        if shift > _INDENT * line.size or (paragraph.mark and shift < -_INDENT * line.size):
            return False
        return not _ENDED.search(last.plain) and not self._short(last, line)

    def _in_column(self, paragraph: Paragraph, last: Line, line: Line) -> bool:
        pitch, usual = line.base - last.base, self._habits.leading(line)
        if pitch > _WIDE * usual + 0.3:
            return False
        if pitch < 0.5 * usual:
            return True
        opened = pitch > _OPENED * usual + 0.3
        short = self._short(last, line)
        ended = _TERMINAL.search(last.plain) is not None
        if opened and (short or ended or last.bold != line.bold):
            return False
        if (last.bold != line.bold or not _same_look(last, line)) and (short or ended):
            return False
        body = not line.bold and line.size < self._habits.size * (1 + _SIZE)
        if short and body:
            return False
        shift = line.box.x0 - last.box.x0
        if shift > _INDENT * line.size:
            return last.mark is not None or not ended
        if shift < -_INDENT * line.size and len(paragraph.lines) > 1:
            return paragraph.mark is None and not ended
        return True

    def add(self, line: Line) -> Paragraph | None:
        """Take a line; give the paragraph that it ends, if any."""
        if self.continues(line) and self.current is not None:
            self.current.lines.append(line)
            return None
        ended = self.end()
        self.current = Paragraph([line], mark=line.mark, frame=line.frame, apart=line.apart)
        return ended

    def end(self) -> Paragraph | None:
        """Close the current paragraph and give it."""
        ended, self.current = self.current, None
        if ended is not None:
            self.before = ended
        return ended


def _same_look(one: Line, other: Line) -> bool:
    return one.style.color == other.style.color and one.style.italic == other.style.italic


def _indent(line: Line) -> float:
    return line.box.x0 - line.left


def _kind(mark: str | None) -> str:
    """Give what marks of one list share: the sign itself, or what follows the number."""
    if not mark:
        return ""
    return mark if len(mark) == 1 else re.sub(r"\w+", "1", mark)
