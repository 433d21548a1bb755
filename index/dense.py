"""Nearest sentence vectors, through FAISS: exact for as long as it is fast, by lists beyond."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import faiss
import numpy as np
from numpy.typing import NDArray

FLAT_UP_TO = 50_000
"""Vectors up to which exact search stays under the time of embedding the question: seven tenths of
it here, as much at 100 000, nine times at a million (see ``docs/mesures.md``)."""

IVF_PROBED = 192
"""Lists that a search reads. Questions stand apart from passages in the space of the model, so that
the nearest passages of one are in many lists; how many hardly grows with the number of vectors.
Measured, the sixty candidates then hold 0.997 of the ten nearest among 100 000 vectors, 0.989 among
a million; half as many lists would hold less than 0.98 from 300 000 on."""
IVF_POINTS = 64
"""Vectors a list that its centre is learnt from."""
IVF_ROUNDS = 10
IVF_SEED = 20260101

HNSW_LINKS = 32
HNSW_BUILD = 100
HNSW_SEARCH = 768

Kind = Literal["flat", "hnsw", "ivf"]

_FAISS: Any = faiss
"""The library, where its stubs forget a class, an attribute or a keyword."""


def choose_kind(count: int) -> Kind:
    """Exact search for as long as it is fast enough, lists beyond; the graph only when forced.

    Measured at 100 000 vectors, both find 0.99 of the ten nearest in half the time of embedding the
    question, but the graph takes ten times longer to build, which each change of a text would pay,
    and four times the memory; at 10 000 it is slower than exact search.
    """
    return "flat" if count <= FLAT_UP_TO else "ivf"


def build_dense(vectors: NDArray[np.float32], kind: Kind | None = None) -> faiss.Index:
    """Index normalised vectors under ids 0 to n-1; the same vectors give the same index.

    Args:
        vectors: shape (n, dimension), rows of norm 1: inner product is cosine.
        kind: forced kind of index; by default chosen by size.
    """
    faiss.omp_set_num_threads(1)
    dimension = vectors.shape[1]
    chosen = kind or choose_kind(len(vectors))
    if chosen == "ivf":
        return _lists(vectors)
    if chosen == "hnsw":
        graph = faiss.IndexHNSWFlat(dimension, HNSW_LINKS, faiss.METRIC_INNER_PRODUCT)
        graph.hnsw.efConstruction = HNSW_BUILD
        graph.hnsw.efSearch = HNSW_SEARCH
        graph.add(vectors)
        return graph
    index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
    index.add_with_ids(vectors, np.arange(len(vectors), dtype=np.int64))
    return index


def _lists(vectors: NDArray[np.float32]) -> faiss.IndexIVF:
    """Vectors in 8 bits, in lists around centres that are learnt from some of them."""
    count, dimension = vectors.shape
    lists = max(1, min(count, round(2 * math.sqrt(count))))
    index: faiss.IndexIVF = _FAISS.index_factory(
        dimension, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT
    )
    index.cp.seed = IVF_SEED
    index.cp.niter = IVF_ROUNDS
    index.cp.min_points_per_centroid = 1
    index.cp.max_points_per_centroid = IVF_POINTS
    index.train(vectors)
    index.add(vectors)
    index.nprobe = min(lists, IVF_PROBED)
    return index


def save_dense(index: faiss.Index, path: Path) -> None:
    """Write an index to a file."""
    faiss.write_index(index, str(path))


def load_dense(path: Path) -> faiss.Index:
    """Read an index, memory-mapped where its kind allows."""
    faiss.omp_set_num_threads(1)
    return faiss.read_index(str(path), faiss.IO_FLAG_MMAP)


def nearest(
    index: faiss.Index,
    vector: NDArray[np.float32],
    k: int,
    allowed: Sequence[int] | NDArray[np.int64] | None = None,
) -> list[tuple[int, float]]:
    """Ids and cosines of the k nearest, best first, among the allowed ids (all when None).

    An index that is not exact may miss some of the nearest, but always gives k where there are;
    cosines of an index that keeps 8 bits are near the true ones.
    """
    count = min(k, index.ntotal if allowed is None else len(allowed))
    if count == 0:
        return []
    selector = None if allowed is None else _only(allowed, index.ntotal)
    # The fewer are allowed, the farther they stand: as many of them are read as of all.
    effort = 1.0 if allowed is None else index.ntotal / len(allowed)
    found = _found(index, vector, count, _parameters(index, selector, effort))
    if len(found) < count:
        found = _found(index, vector, count, _parameters(index, selector, math.inf))
    return found


def _found(
    index: faiss.Index,
    vector: NDArray[np.float32],
    count: int,
    parameters: faiss.SearchParameters | None,
) -> list[tuple[int, float]]:
    cosines, ids = index.search(vector[None, :], count, params=parameters)
    return [(int(i), float(c)) for i, c in zip(ids[0], cosines[0], strict=True) if i >= 0]


def _only(allowed: Sequence[int] | NDArray[np.int64], total: int) -> faiss.IDSelector:
    """Pass the allowed ids only: one bit an id, quick to make and to read for any number."""
    chosen = np.zeros(total, dtype=bool)
    chosen[np.asarray(allowed, dtype=np.int64)] = True
    selector: faiss.IDSelector = _FAISS.IDSelectorBitmap(np.packbits(chosen, bitorder="little"))
    return selector


def _parameters(
    index: faiss.Index, selector: faiss.IDSelector | None, effort: float
) -> faiss.SearchParameters | None:
    """What a search is told: ``effort`` times as much as usual is read (all, when infinite)."""
    inner = _inner(index)
    told: faiss.SearchParameters | None = None
    if isinstance(inner, faiss.IndexIVF):
        probed = math.ceil(min(inner.nlist, inner.nprobe * effort))
        told = _FAISS.SearchParametersIVF(sel=selector, nprobe=probed)
    elif isinstance(inner, faiss.IndexHNSW):
        kept = math.ceil(min(inner.ntotal, inner.hnsw.efSearch * effort))
        told = _FAISS.SearchParametersHNSW(sel=selector, efSearch=kept)
    elif selector is not None:
        told = _FAISS.SearchParameters(sel=selector)
    return told


def dense_kind(index: faiss.Index) -> str:
    """Name of the kind of index, for its description."""
    return type(_inner(index)).__name__


def _inner(index: faiss.Index) -> faiss.Index:
    """The index that searches, out of the one that numbers its vectors."""
    opened = faiss.downcast_index(index)
    return faiss.downcast_index(opened.index) if isinstance(opened, faiss.IndexIDMap) else opened
