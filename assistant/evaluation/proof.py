"""When a piece of text proves an answer: the 60 % rule, on letters and digits alone.

A text proves a question when at least 60 % of one proof's letters and digits stand in it in one
piece, in the same document. Where a question has several groups of proofs, each must be found.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.evaluation.sets import Preuve

_NOT_LETTER_OR_DIGIT = re.compile(r"[\W_]+")


def letters_and_digits(text: str) -> str:
    """Return ``text`` in NFKC and lower case, with all but letters and digits dropped."""
    return _NOT_LETTER_OR_DIGIT.sub("", unicodedata.normalize("NFKC", text).lower())


def required_length(length: int) -> int:
    """Return the smallest whole number of characters that is at least 60 % of ``length``."""
    return -(-3 * length // 5)


def _common_piece(first: str, second: str, length: int) -> int | None:
    """Return where in ``first`` a piece of ``length`` characters of ``second`` starts, if any."""
    if length > min(len(first), len(second)):
        return None
    starts = range(len(first) - length + 1)
    return next((start for start in starts if first[start : start + length] in second), None)


def longest_common_substring(first: str, second: str) -> str:
    """Return the longest piece that both strings hold (the leftmost of ``first`` among equals).

    A common piece of some length holds a common piece of each smaller length, so the length is
    found by bisection; each step searches at the speed of ``str.__contains__``.
    """
    low, high = 0, min(len(first), len(second))
    best = 0
    while low < high:
        middle = (low + high + 1) // 2
        start = _common_piece(first, second, middle)
        if start is None:
            high = middle - 1
        else:
            low, best = middle, start
    return first[best : best + low]


def stands_in(proof: str, text: str) -> bool:
    """Tell whether at least 60 % of ``proof`` stands in ``text`` in one piece.

    Both are given as :func:`letters_and_digits` returns them. A proof without any letter or digit
    proves nothing.
    """
    if not proof:
        return False
    # The longest common piece reaches 60 % exactly if a piece of that very length is common.
    return proof in text or _common_piece(proof, text, required_length(len(proof))) is not None


@dataclass(frozen=True)
class Piece:
    """A piece of a document's text that may prove something (a passage, a quotation)."""

    document: str
    normalised: str
    """Its text as :func:`letters_and_digits` returns it."""


@dataclass(frozen=True)
class ProofGroups:
    """The proofs of one question: in every group, one alternative must be found.

    ``groups`` holds, for each group, the numbers of its alternatives in ``alternatives``.
    """

    alternatives: tuple[Piece, ...]
    groups: tuple[frozenset[int], ...]

    def proved_by(self, piece: Piece) -> frozenset[int]:
        """Return the numbers of the alternatives that stand in ``piece``."""
        return frozenset(
            number
            for number, proof in enumerate(self.alternatives)
            if proof.document == piece.document and stands_in(proof.normalised, piece.normalised)
        )

    def complete(self, found: Iterable[int]) -> bool:
        """Tell whether the alternatives ``found`` prove the question: each group has one."""
        seen = frozenset(found)
        return bool(self.groups) and all(group & seen for group in self.groups)


def prepare_proofs(groups: Sequence[Sequence[Preuve]]) -> ProofGroups:
    """Normalise the proofs of one question; one that stands in several groups is kept once."""
    numbers: dict[Piece, int] = {}
    prepared = []
    for group in groups:
        pieces = [Piece(proof.document, letters_and_digits(proof.extrait)) for proof in group]
        prepared.append(frozenset(numbers.setdefault(piece, len(numbers)) for piece in pieces))
    return ProofGroups(tuple(numbers), tuple(prepared))


def places(alternatives: Sequence[Piece], kept: Iterable[int]) -> dict[int, int]:
    """Return, for each alternative ``kept``, the number of the place that it quotes.

    Two alternatives of one document quote the same place when one proves the other (one sentence
    quoted with and without its context, say): any passage that holds the longer proves both. The
    relation is taken transitively. A place is numbered by the first alternative that quotes it.
    """
    numbers = sorted(kept)
    place = {number: number for number in numbers}
    for first, second in combinations(numbers, 2):
        if _same_place(alternatives[first], alternatives[second]):
            low, high = sorted((place[first], place[second]))
            place = {number: low if at == high else at for number, at in place.items()}
    return place


def _same_place(first: Piece, second: Piece) -> bool:
    return first.document == second.document and (
        stands_in(first.normalised, second.normalised)
        or stands_in(second.normalised, first.normalised)
    )
