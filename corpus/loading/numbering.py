"""Numbers of lists and headings, as a reader sees them."""

from __future__ import annotations

_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MAX_ROMAN = 3999
_MAX_REPEATED = 10 * len(_LETTERS)
"""Beyond, letters repeated say nothing to a reader."""


def romain(number: int) -> str:
    """In lower case; in digits where Romans had no letter for it."""
    if not 0 < number <= _MAX_ROMAN:
        return str(number)
    written = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        written += letters * count
    return written


def lettres(number: int, *, repetees: bool) -> str:
    """``a`` to ``z``, then ``aa``, ``bb`` (the letter repeated) or ``aa``, ``ab``."""
    if number < 1 or (repetees and number > _MAX_REPEATED):
        return str(number)
    if repetees:
        rank, letter = divmod(number - 1, len(_LETTERS))
        return _LETTERS[letter] * (rank + 1)
    written = ""
    while number:
        number, letter = divmod(number - 1, len(_LETTERS))
        written = _LETTERS[letter] + written
    return written
