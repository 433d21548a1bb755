"""The documents of a base that are worth comparing with a text, without reading each of them again.

Whether a text is one that the base has is told exactly by ``kinship``, which reads both. Over
thousands of documents that is done for the few that share enough runs of words: each text has its
traits, the smallest digests of its runs of three words, and documents are found by their traits.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpus.base.clues import number_in
from corpus.base.kinship import Read
from corpus.base.models import EntreeBase
from corpus.base.proposal import Proposition
from corpus.models import DocumentCanonique

Traits = tuple[int, ...]
"""Digests in growing order."""

_WORD: Final = re.compile(r"\w+")
KEPT: Final = 256
"""Traits of one text: enough to tell a share of 0.12 from chance."""
_SHARED: Final = 0.12
"""Share of traits in common from which texts are compared. A version of a text has at least 0.4 of
its words in sentences found again, and so about as many runs of three words; texts of the field
that have nothing to do with each other share 0.07 at most."""
_MOST: Final = 4
"""Documents compared with one text, those that share most."""
_LOOKED_AT: Final = 32
"""Documents whose share is counted, those with most traits in common."""
_MERGED: Final = 1 << 16
"""Traits of late documents from which they are put with the others, sorted."""


def traits_of(document: DocumentCanonique) -> Traits:
    """Traits of a text: nearly the same for the same words, whatever their layout."""
    words = [word.casefold() for word in _WORD.findall(document.texte)]
    runs = {
        f"{first} {second} {third}" for (first, second), (_, third) in pairwise(pairwise(words))
    }
    digests = (
        int.from_bytes(hashlib.blake2b(run.encode("utf-8"), digest_size=8).digest(), "big")
        for run in runs
    )
    return tuple(sorted(digests)[:KEPT])


class Voisinage:
    """Documents of a base, found by the bytes, the words, the number or the traits of a text.

    Args:
        read: gives the canonical text of a document; None when it is lost.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self._known: dict[str, EntreeBase] = {}
        self._ranks: dict[tuple[str, str], int] = {}
        """Rank of each text whose traits are known, by its document and version."""
        self._names: list[str] = []
        self._traits: list[NDArray[np.uint64]] = []
        self._late: defaultdict[int, array[int]] = defaultdict(lambda: array("i"))
        self._late_count = 0
        self._sorted = np.zeros(0, np.uint64)
        self._sorted_ranks = np.zeros(0, np.int32)
        self._files: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._numbers: defaultdict[str, set[str]] = defaultdict(set)

    def follow(self, known: Mapping[str, EntreeBase]) -> None:
        """Take up the documents of a draft as they are now; those that changed are read."""
        for name in self._known.keys() - known.keys():
            self._forget(self._known.pop(name))
        for name, entree in known.items():
            if self._known.get(name) != entree:
                self.put(entree)

    def put(self, entree: EntreeBase, traits: Traits | None = None) -> None:
        """Add a document, or put it in place of the one of its id; ``traits``: where known."""
        name = entree.fiche.id
        old = self._known.get(name)
        if old is not None:
            self._forget(old)
        self._known[name] = entree
        self._files[entree.fiche.sha256] = self._texts[entree.texte] = name
        for number in _numbers(entree):
            self._numbers[number].add(name)
        if (name, entree.texte) not in self._ranks:
            self._add(entree, traits if traits is not None else self._read_traits(entree))

    def same_file(self, sha256: str) -> EntreeBase | None:
        """The document that these very bytes give."""
        return self._known.get(self._files.get(sha256, ""))

    def of(self, proposed: Proposition, traits: Traits) -> dict[str, EntreeBase]:
        """Documents that a text may be, be a version of, or come after, in the base's order."""
        names = {name for said in proposed.annonces for name in self._numbers.get(said.valeur, ())}
        same = self._texts.get(proposed.document.version)
        near = self._near(np.array(traits, np.uint64))
        wanted = names | near | ({same} if same else set())
        return {name: self._known[name] for name in sorted(wanted) if name in self._known}

    def _forget(self, entree: EntreeBase) -> None:
        name = entree.fiche.id
        for table, key in ((self._files, entree.fiche.sha256), (self._texts, entree.texte)):
            if table.get(key) == name:
                del table[key]
        for number in _numbers(entree):
            self._numbers[number].discard(name)

    def _read_traits(self, entree: EntreeBase) -> Traits:
        document = self._read(entree)
        return () if document is None else traits_of(document)

    def _add(self, entree: EntreeBase, traits: Traits) -> None:
        rank = len(self._names)
        self._ranks[entree.fiche.id, entree.texte] = rank
        self._names.append(entree.fiche.id)
        self._traits.append(np.array(traits, np.uint64))
        for trait in traits:
            self._late[trait].append(rank)
        self._late_count += len(traits)
        if self._late_count > _MERGED:
            self._merge()

    def _merge(self) -> None:
        """Put what came late with the rest: two arrays take far less room than as many lists."""
        traits = [np.full(len(ranks), trait, np.uint64) for trait, ranks in self._late.items()]
        merged = np.concatenate([self._sorted, *traits])
        ranks = [np.array(ranks, np.int32) for ranks in self._late.values()]
        merged_ranks = np.concatenate([self._sorted_ranks, *ranks])
        order = np.argsort(merged, kind="stable")
        self._sorted, self._sorted_ranks = merged[order], merged_ranks[order]
        self._late.clear()
        self._late_count = 0

    def _near(self, traits: NDArray[np.uint64]) -> set[str]:
        found = [np.zeros(0, np.int32)]
        starts = np.searchsorted(self._sorted, traits, "left")
        ends = np.searchsorted(self._sorted, traits, "right")
        found += [
            self._sorted_ranks[start:end]
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
            if end > start
        ]
        late = (self._late.get(trait) for trait in traits.tolist())
        found += [np.array(ranks, np.int32) for ranks in late if ranks is not None]
        ranks, counts = np.unique(np.concatenate(found), return_counts=True)
        most = ranks[np.argsort(-counts, kind="stable")[:_LOOKED_AT]]
        shares = {int(rank): _share(self._traits[rank], traits) for rank in most}
        likely = sorted(
            (rank for rank, share in shares.items() if share >= _SHARED and self._is_now(rank)),
            key=lambda rank: (-shares[rank], self._names[rank]),
        )
        return {self._names[rank] for rank in likely[:_MOST]}

    def _is_now(self, rank: int) -> bool:
        """Whether a text is still the one of its document."""
        name = self._names[rank]
        entree = self._known.get(name)
        return entree is not None and self._ranks.get((name, entree.texte)) == rank


def _numbers(entree: EntreeBase) -> set[str]:
    """The number that ``kinship`` reads in an entry, if it has one."""
    number = number_in(entree.fiche.titre) or number_in(entree.fiche.titre_court)
    return {number} if number else set()


def _share(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> float:
    """Share of runs of words in common, over the digests that both would have kept."""
    bound = min(_last(one), _last(other))
    here, there = one[one <= bound], other[other <= bound]
    fewest = min(len(here), len(there))
    return len(np.intersect1d(here, there, assume_unique=True)) / fewest if fewest else 0.0


def _last(traits: NDArray[np.uint64]) -> np.uint64:
    """The digest up to which a text has all its own."""
    whole = len(traits) < KEPT
    return np.uint64(np.iinfo(np.uint64).max) if whole else np.uint64(traits[-1])
