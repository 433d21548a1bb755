"""Nearest sentence vectors, through FAISS."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, cast

import faiss
import numpy as np
from numpy.typing import NDArray

FLAT_UP_TO = 50_000
"""Vectors up to which exact search stays under the time of embedding the question."""
HNSW_LINKS = 32
HNSW_BUILD = 200
HNSW_SEARCH = 128

Kind = Literal["flat", "hnsw"]


def choose_kind(count: int) -> Kind:
    """Exact inner product for as long as it is fast enough, HNSW beyond."""
    return "flat" if count <= FLAT_UP_TO else "hnsw"


def build_dense(vectors: NDArray[np.float32], kind: Kind | None = None) -> faiss.Index:
    """Index normalised vectors under ids 0 to n-1.

    Args:
        vectors: shape (n, dimension), rows of norm 1: inner product is cosine.
        kind: forced kind of index; by default chosen by size.
    """
    faiss.omp_set_num_threads(1)
    dimension = vectors.shape[1]
    if (kind or choose_kind(len(vectors))) == "flat":
        inner: faiss.Index = faiss.IndexFlatIP(dimension)
    else:
        inner = faiss.IndexHNSWFlat(dimension, HNSW_LINKS, faiss.METRIC_INNER_PRODUCT)
        inner.hnsw.efConstruction = HNSW_BUILD
        inner.hnsw.efSearch = HNSW_SEARCH
    index = faiss.IndexIDMap2(inner)
    index.add_with_ids(vectors, np.arange(len(vectors), dtype=np.int64))
    return index


def save_dense(index: faiss.Index, path: Path) -> None:
    """Write an index to a file."""
    faiss.write_index(index, str(path))


def load_dense(path: Path) -> faiss.Index:
    """Read an index, memory-mapped where its kind allows."""
    faiss.omp_set_num_threads(1)
    return faiss.read_index(str(path), faiss.IO_FLAG_MMAP)


def nearest(
    index: faiss.Index, vector: NDArray[np.float32], k: int, allowed: Sequence[int] | None = None
) -> list[tuple[int, float]]:
    """Ids and cosines of the k nearest, best first, among the allowed ids (all when None)."""
    count = min(k, index.ntotal if allowed is None else len(allowed))
    if count == 0:
        return []
    parameters = None
    if allowed is not None:
        selector = faiss.IDSelectorBatch(np.asarray(allowed, dtype=np.int64))
        parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg] # the stub forgets it
    cosines, ids = index.search(vector[None, :], count, params=parameters)
    return [(int(i), float(c)) for i, c in zip(ids[0], cosines[0], strict=True) if i >= 0]


def dense_kind(index: faiss.Index) -> str:
    """Name of the kind of index, for its description."""
    inner = faiss.downcast_index(cast("faiss.IndexIDMap2", index).index)
    return type(inner).__name__
