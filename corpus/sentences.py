"""Sentence boundaries of French administrative prose."""

from __future__ import annotations

import re

_END = re.compile(r"[.!?…](?:\s*»)?(?=\s+[«\"“(]?\s?[A-ZÀ-ÝŒ0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:art|ex|cf|p|pp|env|tél|m|mme|mm|st|ste|al|n|chap|réf|resp|max|min)|°|\bj\.-[a-z]"
    r"|^(?-i:[A-ZÀ-Ý]))$",
    re.IGNORECASE,
)


def split_sentences(texte: str, debut: int = 0, fin: int | None = None) -> list[tuple[int, int]]:
    """Offsets of the sentences of ``texte[debut:fin]``, white space at their ends left out.

    A full stop after an abbreviation (« cf. », « art. »), inside a number, or followed by a lower
    case letter ends nothing.
    """
    end = len(texte) if fin is None else fin
    found: list[tuple[int, int]] = []
    start = debut
    for match in _END.finditer(texte, debut, end):
        before = texte[start : match.start()]
        word = before.rsplit(None, 1)[-1].lstrip("(«") if before.split() else ""
        if match[0][0] == "." and _ABBREVIATION.search(word) and len(word) <= _LONGEST_ABBREVIATION:
            continue
        found.append((start, match.end()))
        start = match.end()
    found.append((start, end))
    trimmed = (_trim(texte, *place) for place in found)
    return [place for place in trimmed if place[1] > place[0]]


_LONGEST_ABBREVIATION = 5


def _trim(texte: str, debut: int, fin: int) -> tuple[int, int]:
    while debut < fin and texte[debut].isspace():
        debut += 1
    while fin > debut and texte[fin - 1].isspace():
        fin -= 1
    return debut, fin
