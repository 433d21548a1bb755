"""Footnotes: the small text, or the text under a short rule, at the foot of a page or a column."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from corpus.loading.pdf.geometry import Box, Line, Sheet, Word, line_of

_FOOT = 0.35
"""Of the page: notes stand below this."""
_FOOT_UNDER_RULE = 0.1
"""A long note may fill most of the page."""
_SHORT_RULE = (0.06, 0.5)
"""Of the page: width of the rule over the notes."""
_SMALL = 0.93
_NEAR_RULE = 3.0
_SAME_EDGE = 6.0
_HANGING = 40.0
_TIGHT = 2.0
"""Of the size: lines of notes are closer than this."""
_NUMBER = re.compile(r"[(\[]?(\d{1,3}|[*†‡§]{1,3}|[a-z])[)\].]?")
_ENDED = re.compile(r"[.!?…»)]\s*$")


@dataclass(slots=True)
class Note:
    """A footnote; ``number`` is None for the rest of one begun on the page before."""

    number: str | None
    sheet: int
    lines: list[Line]
    called: bool = False


def number_of(word: Word) -> str | None:
    """Give the number of a call or of a note: « 1 », « (1) », « * »."""
    match = _NUMBER.fullmatch(word.text)
    return match[1] if match else None


def take_notes(
    sheet: Sheet, ranked: list[tuple[int, Line]], body: float, *, open_before: bool
) -> tuple[list[tuple[int, Line]], list[Note]]:
    """Part the lines of a page from its footnotes.

    ``body`` is the size of the text; ``open_before``: a note of the page before may go on here.
    """
    zone = _under_rules(sheet, ranked, body, open_before=open_before)
    if not zone:
        zone = _small_foot(sheet, ranked, body)
    taken = {id(line) for line in zone}
    notes: list[Note] = []
    for line in zone:
        number = _leading_number(line, body)
        if number is not None:
            rest = _without_number(line)
            notes.append(Note(number, line.page, [rest] if rest else []))
        elif notes:
            notes[-1].lines.append(line)
        else:
            notes.append(Note(None, line.page, [line]))
    return [(rank, line) for rank, line in ranked if id(line) not in taken], notes


def _leading_number(line: Line, body: float) -> str | None:
    first = line.words[0]
    number = number_of(first)
    if number is None:
        return None
    lone_letter = number.isalpha()
    if first.raised or (line.size < _SMALL * body and len(line.words) > 1 and not lone_letter):
        return number
    return None


def _without_number(line: Line) -> Line | None:
    return line_of(line.words[1:], line.page) if len(line.words) > 1 else None


def _under_rules(
    sheet: Sheet, ranked: list[tuple[int, Line]], body: float, *, open_before: bool
) -> list[Line]:
    """Give the lines under the short rules of the foot, column by column."""
    zone: list[Line] = []
    lowest, longest = (part * sheet.width for part in _SHORT_RULE)
    rules = [
        rule
        for rule in sheet.rules.horizontal
        if lowest < rule.x1 - rule.x0 < longest and rule.top > _FOOT_UNDER_RULE * sheet.height
    ]
    for rule in sorted(rules, key=lambda rule: (rule.x0, rule.top)):
        under = sorted(
            (
                line
                for _, line in ranked
                if line.base > rule.top and rule.x0 - _SAME_EDGE <= line.box.x0 < rule.x0 + _HANGING
            ),
            key=lambda line: line.base,
        )
        if not under or under[0] in zone:
            continue
        first = under[0]
        near = first.base - rule.top < _NEAR_RULE * first.size
        noted = _leading_number(first, body) is not None or (
            open_before and first.size <= body and _is_foot(under)
        )
        if near and noted and abs(first.box.x0 - rule.x0) < _HANGING:
            zone.extend(under)
    return zone


def _is_foot(lines: list[Line]) -> bool:
    """Whether lines follow each other without a wide blank."""
    return all(
        after.base - before.base < _TIGHT * max(before.size, after.size)
        for before, after in itertools.pairwise(lines)
    )


def _small_foot(sheet: Sheet, ranked: list[tuple[int, Line]], body: float) -> list[Line]:
    """Give the numbered small lines below which there is nothing else in their column."""
    zone: list[Line] = []
    lines = sorted((line for _, line in ranked), key=lambda line: line.base)
    for start in lines:
        if start in zone or start.base < _FOOT * sheet.height or start.size >= _SMALL * body:
            continue
        if _leading_number(start, body) is None:
            continue
        column = Box(start.box.x0 - _SAME_EDGE, 0, max(start.box.x1, start.box.x0 + 60), 0)
        under = [
            line
            for line in lines
            if line.base >= start.base and column.x0 <= line.box.x0 < column.x1
        ]
        small = all(line.size <= start.size * 1.05 + 0.2 for line in under)
        if small and _is_foot(under):
            zone.extend(line for line in under if line not in zone)
    return zone


def join_continued(notes: list[Note]) -> list[Note]:
    """Put the rest of a note after the part that the page before holds."""
    joined: list[Note] = []
    for note in notes:
        if note.number is None and joined:
            joined[-1].lines.extend(note.lines)
        elif note.lines:
            joined.append(note)
    return joined


def may_go_on(notes: list[Note]) -> bool:
    """Whether the last note read does not seem ended."""
    return bool(notes) and bool(notes[-1].lines) and not _ENDED.search(notes[-1].lines[-1].text)
