"""From glyphs in the order drawn to words, and to segments: words side by side on a baseline."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable, Iterator
from statistics import median

from corpus.loading.pdf.geometry import Box, Glyph, Style, Word, around

_SAME_LINE = 0.6
"""Of the size: baselines closer than this may be of one line."""
_NEW_SEGMENT = 1.2
"""Of the size: a wider blank without space characters parts two segments."""
_WIDE_BLANK = 3.0
"""Of the size: a run of spaces as wide as this parts two segments, like a tabulation."""
_BACK = 0.6
"""Of the size: how far a glyph may start before the end of the one before it."""
_SPACE = 0.16
"""Of the size: a wider blank is a space, where no space character is drawn."""
_SPACE_BESIDE_CHARACTERS = 0.3
_OVERPRINT = 0.12
"""Of the size: the same letter drawn again this close is one letter made bold."""
_RAISED = 0.1
_SMALLER = 0.86
_ASCENT, _DESCENT = 0.76, 0.22
"""Of the size: how far letters reach above and below their baseline, about."""
_ACCENTS = {
    "\u00b4": "\u0301",
    "\u02ca": "\u0301",
    "`": "\u0300",
    "\u02cb": "\u0300",
    "^": "\u0302",
    "\u02c6": "\u0302",
    "\u00a8": "\u0308",
    "\u02dc": "\u0303",
    "~": "\u0303",
    "\u00b8": "\u0327",
}
"""Accents that some programs draw beside or over their letter, and their combining form."""
_DIGITS = "0123456789"
_SMALL_DIGIT = 0.72
"""Of the width of digits: a narrower one is drawn small."""


Widths = dict[tuple[Style, str], float]
"""For each digit of each style, the greatest width met, in sizes."""


def segments_of(glyphs: list[Glyph], widths: Widths) -> list[list[Word]]:
    """Cut the glyphs of a page, in the order drawn, into segments of words.

    ``widths`` is kept from page to page: a digit much narrower than others is a raised one, that
    some fonts draw with a sign of its own.
    """
    for glyph in glyphs:
        if glyph.text in _DIGITS:
            key = glyph.style, glyph.text
            widths[key] = max(widths.get(key, 0.0), (glyph.x1 - glyph.x0) / glyph.size)
    runs = _runs(_without_overprint(glyphs))
    return [words for run in runs if (words := _words(run, widths))]


def _without_overprint(glyphs: list[Glyph]) -> Iterator[Glyph]:
    """Leave out letters drawn again at the same place (bold, shadows)."""
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    for glyph in glyphs:
        if glyph.text.isspace():
            yield glyph
            continue
        near = glyph.size * _OVERPRINT
        column, row = int(glyph.x0 // 2), int(glyph.base // 2)
        twice = any(
            abs(other.x0 - glyph.x0) < near and abs(other.base - glyph.base) < near
            for x in (column - 1, column, column + 1)
            for y in (row - 1, row, row + 1)
            for other in seen.get((glyph.text, x, y), ())
        )
        if not twice:
            seen.setdefault((glyph.text, column, row), []).append(glyph)
            yield glyph


def _runs(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """Part the glyphs where one does not stand just after the one before on its baseline."""
    run: list[Glyph] = []
    last: Glyph | None = None
    blank = 0.0
    for glyph in glyphs:
        if last is None:
            run, last, blank = [glyph], glyph, 0.0
            continue
        size = max(last.size, glyph.size)
        gap = glyph.x0 - last.x1
        broken = (
            abs(glyph.base - last.base) > _SAME_LINE * size
            or gap > _NEW_SEGMENT * size
            or gap < -_BACK * size - (last.x1 - last.x0 if glyph.text in _ACCENTS else 0)
        )
        space = glyph.text.isspace()
        if not broken and not space and blank and glyph.x0 - blank > _WIDE_BLANK * size:
            broken = True
        if broken:
            yield run
            run = []
        run.append(glyph)
        if space and not last.text.isspace():
            blank = last.x1
        elif not space:
            blank = 0.0
        last = glyph
    if run:
        yield run


def _words(run: list[Glyph], widths: Widths) -> list[Word]:
    """Group the glyphs of a segment into words."""
    space = _space_of(run)
    groups: list[tuple[list[Glyph], bool]] = []
    last: Glyph | None = None
    for glyph in run:
        if glyph.text.isspace():
            last = None
            continue
        letters = glyph
        if last is not None and groups:
            joined = _accented(last, glyph)
            if joined is not None:
                groups[-1][0][-1] = last = joined
                continue
        apart = last is None or glyph.x0 - last.x1 > space * max(last.size, glyph.size)
        changed = last is not None and (
            abs(last.size - glyph.size) > 0.1 * last.size
            or abs(last.base - glyph.base) > 0.05 * last.size
            or _is_small_digit(last, widths) != _is_small_digit(glyph, widths)
        )
        if apart or changed:
            groups.append(([letters], not apart))
        else:
            groups[-1][0].append(letters)
        last = glyph
    size, base = _level_of(groups)
    words = [
        _word(
            letters,
            glued=glued,
            raised=_is_raised(letters[0], size, base) or _is_small_digit(letters[0], widths),
        )
        for letters, glued in groups
    ]
    return [word for word in words if word.text]


def _is_raised(glyph: Glyph, size: float, base: float) -> bool:
    return glyph.size < _SMALLER * size and glyph.base < base - _RAISED * size


def _is_small_digit(glyph: Glyph, widths: Widths) -> bool:
    if glyph.text not in _DIGITS:
        return False
    width = (glyph.x1 - glyph.x0) / glyph.size
    digits = [widths[glyph.style, digit] for digit in _DIGITS if (glyph.style, digit) in widths]
    return width < _SMALL_DIGIT * max(digits)


def _space_of(run: list[Glyph]) -> float:
    """Width, in sizes, beyond which a blank is a space: letter spacing is no space."""
    if any(glyph.text.isspace() for glyph in run):
        return _SPACE_BESIDE_CHARACTERS
    gaps = [
        max(0.0, (after.x0 - before.x1) / max(before.size, after.size))
        for before, after in itertools.pairwise(run)
    ]
    return _SPACE + (median(gaps) if len(gaps) > 3 else 0.0)  # noqa: PLR2004 (too few to tell)


def _accented(last: Glyph, glyph: Glyph) -> Glyph | None:
    """Give the accented letter that two glyphs drawn one over the other make."""
    common = min(last.x1, glyph.x1) - max(last.x0, glyph.x0)
    narrow = min(last.x1 - last.x0, glyph.x1 - glyph.x0)
    if common < 0.5 * narrow:
        return None
    for accent, letter in ((last.text, glyph.text), (glyph.text, last.text)):
        if accent in _ACCENTS and letter.isalpha():
            text = unicodedata.normalize("NFC", letter + _ACCENTS[accent])
            letters = glyph if letter == glyph.text else last
            return letters._replace(text=text)
    return None


def _level_of(groups: list[tuple[list[Glyph], bool]]) -> tuple[float, float]:
    weights: dict[tuple[float, float], int] = {}
    for letters, _ in groups:
        key = letters[0].size, letters[0].base
        weights[key] = weights.get(key, 0) + len(letters)
    # At equal weights the larger letters are the text, the smaller ones what is raised.
    return max(weights, key=lambda key: (weights[key], key[0]), default=(0.0, 0.0))


def _word(letters: list[Glyph], *, glued: bool, raised: bool) -> Word:
    text = "".join(glyph.text for glyph in letters)
    if any(unicodedata.combining(letter) for letter in text):
        text = unicodedata.normalize("NFC", text)
    text = "".join(text.split())
    own = max(glyph.size for glyph in letters)
    level = letters[0].base
    box = around(
        [
            Box(glyph.x0, level - _ASCENT * own, glyph.x1, level + _DESCENT * own)
            for glyph in letters
        ]
    )
    return Word(
        text=text,
        box=box,
        base=level,
        size=own,
        style=letters[0].style,
        glued=glued,
        raised=raised,
        artifact=all(glyph.artifact for glyph in letters),
    )
