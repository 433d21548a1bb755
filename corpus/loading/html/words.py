"""Words as a reader sees them: white space, invisible characters and ligatures."""

from __future__ import annotations

import re

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)
"""Soft hyphens, zero-width characters, marks of direction, control characters."""
_LIGATURES = {
    "ﬀ": "ff",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
    "ﬅ": "st",
    "ﬆ": "st",
}
_LIGATURE = re.compile("[ﬀ-ﬆ]")
_SPACES = re.compile(r"\s+")


def visible(text: str) -> str:
    """A text without what shows no glyph, its ligatures opened; white space as it is."""
    return _LIGATURE.sub(lambda m: _LIGATURES[m[0]], _INVISIBLE.sub("", text))


def clean(text: str) -> str:
    """The visible words of a text, one plain space between them."""
    return _SPACES.sub(" ", visible(text)).strip()


def names(listed: str) -> frozenset[str]:
    """A set of names written one after the other."""
    return frozenset(listed.split())
