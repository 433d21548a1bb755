"""Word for word, what became of a document: which word of the new version each old one is.

Sentences that are in both versions are paired first; those that keep their order hold the rest in
place, the others were moved. Between two that stay, words are aligned; last, a sentence left over
on one side is paired with the one that looks most like it on the other, wherever that is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import Indel

from corpus.comparison.reading import Lecture, Rang, read_words
from corpus.models import DocumentCanonique

_HELD: Final = 0.5
"""Share of a sentence's words that must be found together for them to be the same words."""
_ALIKE: Final = 0.55
"""Likeness from which a sentence left over is a reworded one, not another one."""
_SHORTEST_MOVED: Final = 4
"""Words under which a sentence left over is not looked for elsewhere: too many look like it."""
_SLACK: Final = 12
"""Words by which a sentence may grow and still be in one piece."""


@dataclass(frozen=True, slots=True)
class Alignement:
    """Old words and the new ones that they are."""

    ancien: Lecture
    nouveau: Lecture
    vers: tuple[int | None, ...]
    """Rank in the new version of each old word; None: it is no more."""
    deplaces: frozenset[int]
    """Old words that are elsewhere: the order of what surrounds them is not kept."""


def align(ancien: DocumentCanonique, nouveau: DocumentCanonique) -> Alignement:
    """Align two versions of a document."""
    old, new = read_words(ancien), read_words(nouveau)
    vers: list[int | None] = [None] * len(old.mots)
    same = _same_sentences(old, new)
    kept = _longest_in_order(same)
    for before, after in same:
        _pair(vers, before, after)
    for before, after in _gaps(kept, len(old.mots), len(new.mots)):
        _align_between(old, new, vers, before, after)
    _forget_scattered(old, vers)
    _pair_leftovers(old, new, vers)
    return Alignement(old, new, tuple(vers), _out_of_order(vers))


def _pair(vers: list[int | None], before: Rang, after: Rang) -> None:
    vers[before[0] : before[1]] = range(*after)


def _same_sentences(old: Lecture, new: Lecture) -> list[tuple[Rang, Rang]]:
    """Pair the sentences that both have as often, in their order."""
    places: dict[tuple[str, ...], tuple[list[Rang], list[Rang]]] = defaultdict(lambda: ([], []))
    for side, read in enumerate((old, new)):
        for phrase in read.phrases:
            places[read.cles[slice(*phrase)]][side].append(phrase)
    pairs = [
        pair
        for here, there in places.values()
        if len(here) == len(there)
        for pair in zip(here, there, strict=True)
    ]
    return sorted(pairs)


def _longest_in_order(pairs: Sequence[tuple[Rang, Rang]]) -> list[tuple[Rang, Rang]]:
    """Keep as many words as can be kept without a crossing: those stay, the others move.

    ``best[i]`` is the heaviest chain that ends with pair ``i``; chains that weigh less than
    another one ending earlier in the new version are never needed.
    """
    ends: list[int] = []
    weights: list[int] = []
    tops: list[int] = []
    before: list[int | None] = []
    for index, (old, new) in enumerate(pairs):
        place = bisect_left(ends, new[0]) - 1
        weight = (weights[place] if place >= 0 else 0) + old[1] - old[0]
        before.append(tops[place] if place >= 0 else None)
        start = stop = place + 1
        while stop < len(ends) and weights[stop] <= weight:
            stop += 1
        ends[start:stop], weights[start:stop], tops[start:stop] = [new[0]], [weight], [index]
    chain: list[tuple[Rang, Rang]] = []
    at: int | None = tops[-1] if tops else None
    while at is not None:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def _gaps(kept: Sequence[tuple[Rang, Rang]], olds: int, news: int) -> Iterable[tuple[Rang, Rang]]:
    """Yield what stands between two sentences that stay, on both sides."""
    last_old = last_new = 0
    for (old_start, old_end), (new_start, new_end) in [*kept, ((olds, olds), (news, news))]:
        yield (last_old, old_start), (last_new, new_start)
        last_old, last_new = old_end, new_end


def _align_between(
    old: Lecture, new: Lecture, vers: list[int | None], before: Rang, after: Rang
) -> None:
    """Align the words of a gap that no moved sentence took."""
    taken = {place for place in vers if place is not None}
    here = [rank for rank in range(*before) if vers[rank] is None]
    there = [rank for rank in range(*after) if rank not in taken]
    _align_words(old, new, vers, here, there)


def _align_words(
    old: Lecture, new: Lecture, vers: list[int | None], here: Sequence[int], there: Sequence[int]
) -> None:
    steps = Indel.opcodes([old.cles[rank] for rank in here], [new.cles[rank] for rank in there])
    for step in steps:
        if step.tag == "equal":
            for shift in range(step.src_end - step.src_start):
                vers[here[step.src_start + shift]] = there[step.dest_start + shift]


def _forget_scattered(old: Lecture, vers: list[int | None]) -> None:
    """Undo words met by chance: few of their sentence, or far from the rest of it."""
    for first, after in old.phrases:
        found = sorted(place for place in vers[first:after] if place is not None)
        if not found:
            continue
        middle = found[len(found) // 2]
        near = after - first + _SLACK
        together = sum(abs(place - middle) <= near for place in found)
        for rank in range(first, after):
            place = vers[rank]
            far = place is not None and abs(place - middle) > near
            if far or together < _HELD * (after - first):
                vers[rank] = None


def _pair_leftovers(old: Lecture, new: Lecture, vers: list[int | None]) -> None:
    """Pair sentences that no word ties yet with what they look like most, best pairs first."""
    taken = {place for place in vers if place is not None}
    here = [p for p in old.phrases if _free(p, lambda rank: vers[rank] is None)]
    there = [p for p in new.phrases if _free(p, lambda rank: rank not in taken)]
    likeness = sorted(
        (
            (-score, before, after)
            for before in here
            for after in there
            if (score := _likeness(old, new, before, after)) >= _ALIKE
        ),
    )
    used: set[Rang] = set()
    reached: set[Rang] = set()
    for _, before, after in likeness:
        if before in used or after in reached:
            continue
        used.add(before)
        reached.add(after)
        _align_words(
            old,
            new,
            vers,
            [rank for rank in range(*before) if vers[rank] is None],
            [rank for rank in range(*after) if rank not in taken],
        )


def _free(phrase: Rang, free: Callable[[int], bool]) -> bool:
    first, after = phrase
    untied = sum(free(rank) for rank in range(first, after))
    return untied >= max(_SHORTEST_MOVED, _HELD * (after - first))


def _likeness(old: Lecture, new: Lecture, before: Rang, after: Rang) -> float:
    """Words in common, in order or, for a sentence turned round, in any order."""
    here, there = old.cles[slice(*before)], new.cles[slice(*after)]
    return max(
        Indel.normalized_similarity(here, there, score_cutoff=_ALIKE),
        Indel.normalized_similarity(sorted(here), sorted(there), score_cutoff=_ALIKE),
    )


def _out_of_order(vers: Sequence[int | None]) -> frozenset[int]:
    """Old words outside the longest run of order that the alignment keeps."""
    pairs = [
        ((rank, rank + 1), (place, place + 1))
        for rank, place in enumerate(vers)
        if place is not None
    ]
    kept = {old[0] for old, _ in _longest_in_order(pairs)}
    return frozenset(old[0] for old, _ in pairs) - kept
