"""When a key fact stands in an answer, and how many words an answer has."""

from __future__ import annotations

import re
import unicodedata

_PLAIN = str.maketrans(
    {
        "’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "",
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
        "*": "", "_": "", "\\": "", "\u00ad": "", "\u200b": "",
    }
)  # fmt: skip
_WHITE_SPACE = re.compile(r"\s+")
_THOUSANDS = re.compile(r"(?<![\d,.])\d{1,3}(?: \d{3})+(?!\d)")
_SPACE_BEFORE_SIGN = re.compile(r"(?<=\d) (?=[%€])")
_HOURS = re.compile(r"(?<=\d) ?h ?(?=\d)|(?<=\d) h\b")

MAX_WORDS = 120
"""An answer of more words than this is not a right one."""


def readable(text: str) -> str:
    """Return ``text`` as facts are compared: NFKC, lower case, without emphasis marks.

    Typographic variants are made one: apostrophes, hyphens and dashes, runs of white space, the
    space between thousands (``7 885 €`` is ``7885€``), before ``%`` and ``€``, around ``h``.
    Accents and punctuation stay.
    """
    # NFKC takes the acute accent apart: typography is made plain before as well as after.
    text = unicodedata.normalize("NFKC", text.translate(_PLAIN)).lower().translate(_PLAIN)
    text = _WHITE_SPACE.sub(" ", text).strip()
    text = _THOUSANDS.sub(lambda found: found.group().replace(" ", ""), text)
    return _SPACE_BEFORE_SIGN.sub("", _HOURS.sub("h", text))


def _pattern(variant: str) -> re.Pattern[str]:
    plain = readable(variant)
    before, after = "", ""
    if plain[:1].isdigit():
        before = r"(?<!\d)(?<!\d[.,])"  # 12 does not stand in 212, nor 5 in 32,5
    elif plain[:1].isalpha():
        before = r"(?<![^\W\d_])"  # « éligible » does not stand in « inéligible »
    if plain[-1:].isdigit():
        after = r"(?![.,]?\d)"  # nor 32 in 32,5
    elif plain[-1:].isalpha():
        after = r"(?!\d)"  # nor 2h in 2h30; plurals and other endings are accepted
    return re.compile(before + re.escape(plain) + after)


def fact_stands_in(variant: str, text: str) -> bool:
    """Tell whether ``variant`` is written in ``text``, typography and letter case apart.

    It must start where a word or a number starts and may end inside a word (plurals), never
    inside a number. A variant with nothing to compare (white space, emphasis marks) never stands.
    """
    return bool(readable(variant)) and _pattern(variant).search(readable(text)) is not None


def word_count(text: str) -> int:
    """Count the words of ``text``: runs between white space that hold a letter or a digit.

    List bullets and the punctuation that French sets apart (``:``, ``?``, ``€``) are no words.
    """
    return sum(any(character.isalnum() for character in run) for run in text.split())
