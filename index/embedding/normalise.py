"""Make any text safe for a tokenizer: bounded, normalised, without control characters."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARS = 20_000
"""About ten times what 512 tokens of French can hold."""

_FORBIDDEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SPECIAL = re.compile(r"<(/?s|pad|unk|mask|cls|sep)>")
_SPACES = re.compile(r"\s+")


def normalise_input(text: str, max_chars: int = MAX_CHARS) -> str:
    """NFKC text of at most ``max_chars`` code points, on one line.

    Control characters and lone surrogates become spaces, and runs of white space one space. What
    a tokenizer would take for one of its special tokens is written with other brackets. The
    length is bounded before normalising, which bounds the time (one code point may become 18),
    and again after.
    """
    bounded = _FORBIDDEN.sub(" ", text[:max_chars])
    composed = _SPECIAL.sub(r"‹\1›", unicodedata.normalize("NFKC", bounded))
    return _SPACES.sub(" ", composed).strip()[:max_chars].rstrip()
