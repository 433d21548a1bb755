"""What one replica holds and takes: ``python -m bench.echelle_replique``, a process a measure.

Reads one order (JSON) on the standard input and writes what it measured on the standard output.
Seconds are of the processor, which other programs on the machine hardly lengthen.
"""

from __future__ import annotations

import ctypes
import gc
import json
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.configuration import read_configuration
from bench.echelle_copies import parts_in
from corpus.models import DocumentCanonique, Passage
from index.counts import count_words
from index.dense import build_dense
from index.embedding.encoder import Encoder
from index.embedding.factory import open_encoder
from index.late import Rows, TokenStore
from index.lexical import LexicalIndex
from index.lexicon import load_lexicon
from index.models import Entry, SearchQuery, StoredUnit
from index.parts import Part
from index.search import Searcher
from index.storage import open_index
from index.stored import StoredIndex

KIB = 1024
TEN = 10
DEPARTEMENT = "34"


@dataclass(frozen=True)
class Held:
    """What an open version keeps of its documents, from files or from the shared store alike."""

    documents: dict[str, DocumentCanonique]
    passages: tuple[Passage, ...]
    entries: tuple[Entry, ...]
    units: tuple[tuple[StoredUnit, ...], ...]


def hold(folder: str, *, weigh: bool = False) -> Mapping[str, Any]:
    """Read documents as opening a version does, and keep them."""
    files = parts_in(Path(folder))
    _held(files[:1])  # what the libraries themselves take is not counted
    before, start = _own(), process_time()
    held = _held(files)
    seconds = process_time() - start
    memory = _own() - before
    seen: set[int] = set()
    weights = (
        {
            "texte et structure": weight(held.documents, seen),
            "passages": weight(held.passages, seen),
            "textes cherchés": weight(held.entries, seen),
            "phrases": weight(held.units, seen),
        }
        if weigh
        else {}
    )
    return {
        "passages": len(held.passages),
        "mots": sum(len(d.texte.split()) for d in held.documents.values()),
        "disque": sum(file.stat().st_size for file in files),
        "ouverture": seconds,
        "memoire": memory,
        "parts": weights,
    }


def search(folder: str, vectors: str, tokens: str, texts: Sequence[str]) -> Mapping[str, Any]:
    """Search documents as the program does, embedded, beside the bare embedding of the question."""
    settings, lexique = read_configuration(), load_lexicon()
    encoder = open_encoder(settings.modele, settings.dossier_modele)
    real = open_index(settings.dossier_index, lexique)
    held = _held(parts_in(Path(folder)))
    before, start = _own(), process_time()
    counts = count_words([entry.searched for entry in held.entries])
    lexical = LexicalIndex.of(counts, lexique)
    counted, words = process_time() - start, _own() - before
    view = _view(real, held, np.load(vectors, mmap_mode="r"), Path(tokens), lexical)
    before = _own()
    searcher = Searcher(view, encoder)
    placed = _own() - before
    return {
        "passages": len(held.passages),
        "mots": {"construction": counted, "memoire": words},
        "places": placed,
        **_in_turn(searcher, encoder, texts),
    }


def _held(files: Sequence[Path]) -> Held:
    parts = [Part.model_validate_json(file.read_bytes()) for file in files]
    return Held(
        documents={part.document.fiche.id: part.document for part in parts},
        passages=tuple(chain.from_iterable(part.passages for part in parts)),
        entries=tuple(chain.from_iterable(part.entries for part in parts)),
        units=tuple(chain.from_iterable(part.units for part in parts)),
    )


def _view(
    real: StoredIndex, held: Held, vectors: NDArray[Any], tokens: Path, lexical: LexicalIndex
) -> StoredIndex:
    """The real version, its passages made many; the ways that people ask are its own."""
    count, first = len(held.passages), len(real.passages)
    sentences = np.asarray(vectors[:count], dtype=np.float32)
    return replace(
        real,
        documents=held.documents,
        passages=held.passages,
        entries=(*held.entries, *real.entries[first:]),
        units=held.units,
        dense=build_dense(sentences),
        vectors=np.concatenate([sentences, real.ways_asked()]),
        tokens=_tokens(real, count, tokens),
        lexical=lexical,
    )


def _tokens(real: StoredIndex, count: int, path: Path) -> TokenStore:
    """As many tokens as real passages have, in a file that has holes for what they are."""
    first = len(real.passages)
    bounds = np.asarray(real.tokens.bounds)
    lengths = np.resize(np.diff(bounds[: first + 1]), count)
    made = int(lengths.sum())
    dimension = real.info.model.dimension
    values = np.lib.format.open_memmap(path, mode="w+", dtype=np.int8, shape=(made, dimension))
    start = int(bounds[first])
    scales = np.asarray(real.tokens.scales)
    kept = real.tokens.values
    assert isinstance(kept, Rows)
    return TokenStore(
        values=Rows((np.asarray(values), kept.parts[-1])),
        scales=np.concatenate([np.resize(scales[:start], made), scales[start:]]),
        ends=np.concatenate([np.zeros(made, np.int32), np.asarray(real.tokens.ends)[start:]]),
        bounds=np.concatenate([np.cumsum([0, *lengths]), bounds[first + 1 :] - start + made]),
    )


def _in_turn(searcher: Searcher, encoder: Encoder, texts: Sequence[str]) -> Mapping[str, Any]:
    """Median and slowest seconds of a search, beside the embedding of its question, in turn."""
    ways: dict[str, Callable[[str], object]] = {
        "vecteur": encoder.encode_query,
        "partout": lambda text: searcher.retrieve(SearchQuery(text=text), TEN),
        "departement": lambda text: searcher.retrieve(
            SearchQuery(text=text, departements=(DEPARTEMENT,)), TEN
        ),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for action in ways.values():
        for text in texts[:TEN]:
            action(text)
    for text in texts:
        for name, action in ways.items():
            start = process_time()
            action(text)
            taken[name].append(process_time() - start)
    return {
        name: {
            "p50": statistics.median(values),
            "p95": statistics.quantiles(values, n=20)[-1],
        }
        for name, values in taken.items()
    }


def weight(root: object, seen: set[int]) -> int:
    """Octets of what is reached from an object, and was not seen before."""
    total, waiting = 0, [root]
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, type):
            continue
        seen.add(id(one))
        total += sys.getsizeof(one)
        waiting.extend(gc.get_referents(one))
    return total


def _own() -> float:
    """Octets that the process holds for itself, once it gave back what it does not use."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    status = Path("/proc/self/status").read_text("utf-8")
    line = next(line for line in status.splitlines() if line.startswith("RssAnon:"))
    return float(line.split()[1]) * KIB


ORDERS: Mapping[str, Callable[..., Mapping[str, Any]]] = {"hold": hold, "search": search}


if __name__ == "__main__":
    order = json.load(sys.stdin)
    json.dump(ORDERS[order.pop("ordre")](**order), sys.stdout)
