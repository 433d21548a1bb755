"""From words with their places to texts: words cut at line ends rejoined, calls of notes out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from corpus.loading.models import TexteSitue
from corpus.loading.pdf.geometry import Sheet, Word
from corpus.models import Boite

_SOFT = "\u00ad"
_HYPHENS = f"-\u2010{_SOFT}"
_CUT = re.compile(rf"(?P<left>\w+)[{_HYPHENS}]$")
_START = re.compile(r"\w+")
_AFTER_HYPHEN = re.compile(
    r"je|tu|ils?|elles?|on|[nv]ous|ce|ci|là|l[ae]s?|lui|leur|[mt]oi|y|en|t|mêmes?", re.IGNORECASE
)
"""Words that French ties to the one before by a hyphen of their own."""
_COMPOUND = re.compile(
    r"au-(?:del|dess|dev|ded|deh)\w+|(?:plus|moins)-values?|tiers-(?:lieu|pa[iy])\w*|peut-être|"
    r"socio-\w+|sur-mesure|rendez-vous|vis-à(?:-vis)?|ci-(?:apr|des|join|con)\w+|là-bas|"
    r"(?:c['’])?est-à(?:-dire)?|à-(?:dire|vis)|(?:demi|semi|vice|non|quasi)-\w{3,}|"
    r"sous-(?:préf|trait|direct|sect|total|group|titr)\w+",
    re.IGNORECASE,
)
"""Compounds that office texts write, and whose hyphen a line end must not lose."""
_LINK_PART = re.compile(r"\S*[/%_=&?.]\S*[\w/]$")
_SLASH = re.compile(r"(?<!\bex)(?<=\w)/$")
_TIED = re.compile(r"\w+(?:-\w+)+")
_URL = re.compile(r"^(?:https?://|www\.)\S+$")

Row = tuple[int, list[Word]]
"""Rank of the sheet, and words of one line on it."""
IsCall = Callable[[Word, int], bool]
_UNIT = re.compile(r"[kcdm]?m")


@dataclass(slots=True)
class Vocabulary:
    """Words that a document writes with a hyphen inside a line."""

    tied: set[str] = field(default_factory=set)
    soft_is_plain: bool = False
    """Soft hyphens are drawn inside lines: some programs write all their hyphens so."""

    def learn(self, words: Iterable[Word]) -> None:
        """Take the words of a line; the end of the last one may be cut, so it teaches nothing."""
        texts = [word.text for word in words]
        texts[-1:] = [text[:-1] for text in texts[-1:]]
        for number, text in enumerate(texts):
            if _SOFT in text:
                self.soft_is_plain = True
            if number < len(texts) - 1 and ("-" in text or _SOFT in text):
                plain = text.replace(_SOFT, "-")
                self.tied.update(found.casefold() for found in _TIED.findall(plain))


@dataclass(slots=True)
class Composer:
    """Writes the texts of a document, with the places of their words."""

    sheets: list[Sheet]
    vocabulary: Vocabulary

    def compose(self, rows: Iterable[Row], is_call: IsCall | None = None) -> TexteSitue:
        """Write the words of some lines as one text; calls of notes are left out."""
        parts: list[str] = []
        boxes: list[Boite] = []
        length = 0
        last: str = ""
        for sheet, words in rows:
            kept = [
                word
                for before, word in pairwise([None, *words])
                if word is not None
                and not (is_call and not _is_power(before, word) and is_call(word, sheet))
            ]
            fresh = True
            for word in kept:
                text = word.text if word is kept[-1] else word.text.replace(_SOFT, "-")
                text = text[:-1].replace(_SOFT, "-") + text[-1:]
                glued = word.glued and not fresh
                if fresh and last:
                    cut, glued = self._cut(last, text)
                    if cut:
                        parts[-1] = parts[-1][:-1]
                        length -= 1
                        box = boxes[-1]
                        boxes[-1] = box._replace(fin=max(box.debut, box.fin - 1))
                if length and not glued:
                    parts.append(" ")
                    length += 1
                place = self.sheets[sheet].to_page(word.box)
                boxes.append(
                    Boite(
                        length,
                        length + len(text),
                        self.sheets[sheet].number,
                        *(round(value, 1) for value in place),
                    )
                )
                parts.append(text)
                length += len(text)
                last = text if not glued else last + text
                fresh = False
        return TexteSitue(texte="".join(parts).replace(_SOFT, "-"), boites=tuple(boxes))

    def _cut(self, last: str, text: str) -> tuple[bool, bool]:
        """Whether the hyphen that ends a line goes, and whether the next word joins it."""
        if _URL.match(last):
            # A link has no space and no hyphen of ours: its rest on the next line belongs to it.
            goes_on = last[-1] in f"/%=&?_#{_HYPHENS}" or (
                last[-1].isalnum() and _LINK_PART.match(text)
            )
            return False, bool(goes_on)
        cut, start = _CUT.search(last), _START.match(text)
        if cut is None or start is None:
            return False, bool(_SLASH.search(last)) and text[:1].islower()
        left, right = cut["left"], start[0]
        if last[-1] == _SOFT and not self.vocabulary.soft_is_plain:
            return True, True
        own = (
            not (left[-1].islower() and right[0].islower())
            or _AFTER_HYPHEN.fullmatch(right) is not None
            or _COMPOUND.fullmatch(f"{left}-{right}") is not None
            or f"{left}-{right}".casefold() in self.vocabulary.tied
        )
        return not own, True


def _is_power(before: Word | None, word: Word) -> bool:
    """Whether raised digits are those of a measure: « 12 m² » calls no note."""
    return before is not None and word.glued and _UNIT.fullmatch(before.text) is not None


def joined(texts: list[TexteSitue], between: str) -> TexteSitue:
    """Join texts that stand side by side (the cells of a row), places included."""
    length = 0
    boxes: list[Boite] = []
    for number, text in enumerate(texts):
        length += len(between) if number else 0
        boxes.extend(
            box._replace(debut=box.debut + length, fin=box.fin + length) for box in text.boites
        )
        length += len(text.texte)
    return TexteSitue(texte=between.join(text.texte for text in texts), boites=tuple(boxes))
