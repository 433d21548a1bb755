"""What each paragraph is: heading, list item, box title, link or plain text, and its level."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from corpus.loading.pdf.geometry import Line
from corpus.loading.pdf.paragraphs import Habits, Paragraph, is_weak
from corpus.models import NatureBloc

_BOX_LEVEL = 4
"""Level that a box title has in the outline, as in the texts read elsewhere."""
_DEEPEST = 6
_DEEPEST_ITEM = 9
_LARGER = 1.1
_NOT_SMALLER = 0.94
_LONGEST_LARGE, _LONGEST_HEADING = 260, 200
_LONG = 120
_SENTENCE = re.compile(r"[.;,…]\s*$")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_LEADERS = re.compile(r"(?:[.…]\s?){4,}")
"""Dots of a table of contents."""
_NUMBERED = re.compile(r"^(\d{1,2}(?:[.-]\d{1,2})*)[.)°]?(?:\s|$)")
_QUESTION = re.compile(r"\?\s*$")
_SAME_EDGE = 3.0


@dataclass(slots=True)
class Read:
    """A paragraph with its part in the text."""

    paragraph: Paragraph
    nature: NatureBloc
    niveau: int
    apart: bool = False


@dataclass(frozen=True)
class Body:
    """How most of the text looks."""

    size: float
    bold: bool
    italic: bool
    color: str


def body_of(lines: list[Line], habits: Habits) -> Body:
    """Give the look of most letters set in the usual size."""
    counted: Counter[tuple[bool, bool, str]] = Counter()
    for line in lines:
        if abs(line.size - habits.size) < 0.3:  # noqa: PLR2004 (points)
            for word in line.words:
                key = word.style.bold, word.style.italic, word.style.color
                counted[key] += len(word.text)
    bold, italic, color = counted.most_common(1)[0][0] if counted else (False, False, "gris")
    return Body(habits.size, bold, italic, color)


def read_structure(paragraphs: list[Paragraph], body: Body) -> list[Read]:
    """Tell headings and list items, with their levels."""
    headed = _headings(paragraphs, body)
    ranks = _ranks([paragraph for paragraph, yes in zip(paragraphs, headed, strict=True) if yes])
    read: list[Read] = []
    depths: list[float] = []
    for paragraph, is_heading in zip(paragraphs, headed, strict=True):
        text = paragraph.text
        opens_box = paragraph.frame is not None and (
            not read or read[-1].paragraph.frame != paragraph.frame
        )
        left_box = bool(read) and read[-1].paragraph.frame is not None
        one: Read
        if is_heading and opens_box and not _QUESTION.search(text):
            one = Read(paragraph, "encadre", _BOX_LEVEL)
        elif is_heading:
            nature: NatureBloc = "question" if _QUESTION.search(text) else "titre"
            one = Read(paragraph, nature, ranks[_look(paragraph)] + _depth(paragraph, ranks))
            one.niveau = min(one.niveau, _DEEPEST)
        elif paragraph.mark is not None:
            one = Read(paragraph, "element", _item_level(paragraph, depths))
        else:
            one = Read(paragraph, "paragraphe", 0)
        if one.nature != "element" and not _inside_item(paragraph, depths):
            depths.clear()
        one.apart = left_box and read[-1].paragraph.frame != paragraph.frame
        read.append(one)
    return read


def _inside_item(paragraph: Paragraph, depths: list[float]) -> bool:
    return bool(depths) and paragraph.first.box.x0 - paragraph.first.left > depths[-1] + _SAME_EDGE


def _item_level(paragraph: Paragraph, depths: list[float]) -> int:
    edge = paragraph.first.box.x0 - paragraph.first.left
    while depths and depths[-1] > edge + _SAME_EDGE:
        depths.pop()
    if not depths or depths[-1] < edge - _SAME_EDGE:
        depths.append(edge)
    return min(len(depths), _DEEPEST_ITEM)


def _headings(paragraphs: list[Paragraph], body: Body) -> list[bool]:
    found = [_is_heading(paragraph, body) for paragraph in paragraphs]
    for place, paragraph in enumerate(paragraphs):
        # In a list whose items are bold, an item is no heading.
        if found[place] and paragraph.mark and not is_weak(paragraph.mark):
            around = [
                paragraphs[other]
                for other in (place - 1, place + 1)
                if 0 <= other < len(paragraphs)
            ]
            found[place] = paragraph.first.size > _LARGER * body.size or not any(
                other.mark == paragraph.mark
                and abs(other.first.box.x0 - paragraph.first.box.x0) < _SAME_EDGE
                for other in around
            )
    return found


def _is_heading(paragraph: Paragraph, body: Body) -> bool:
    text = paragraph.text
    if not any(letter.isalpha() for letter in text) or _LINK.match(text):
        return False
    if _LEADERS.search(text):
        return False
    size = min(line.size for line in paragraph.lines)
    if size >= _LARGER * body.size:
        sentence = paragraph.length > _LONG and _SENTENCE.search(text)
        return paragraph.length <= _LONGEST_LARGE and not sentence
    if size < _NOT_SMALLER * body.size or paragraph.length > _LONGEST_HEADING:
        return False
    if _SENTENCE.search(text):
        return False
    if not body.bold and all(line.bold for line in paragraph.lines):
        return True
    colors = {word.style.color for line in paragraph.lines for word in line.words}
    return len(colors) == 1 and colors != {body.color}


def _look(paragraph: Paragraph) -> tuple[float, bool, bool, str]:
    line = max(paragraph.lines, key=lambda line: len(line.text))
    return round(line.size * 2) / 2, line.bold, line.style.italic, line.style.color


def _ranks(headings: list[Paragraph]) -> dict[tuple[float, bool, bool, str], int]:
    """Rank the looks of the headings: the larger first, then bold, then upright."""
    looks = {_look(paragraph) for paragraph in headings}
    ordered = sorted(looks, key=lambda look: (-look[0], not look[1], look[2], look[3]))
    return {look: rank for rank, look in enumerate(ordered, 1)}


def _depth(paragraph: Paragraph, ranks: dict[tuple[float, bool, bool, str], int]) -> int:
    """Give the depth that the number of a heading adds, where all headings look alike."""
    match = _NUMBERED.match(paragraph.text)
    if match is None or len(ranks) > 1:
        return 0
    return len(re.split(r"[.-]", match[1])) - 1
