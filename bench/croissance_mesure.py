"""One kind of index at one size, in a process of its own: ``python -m bench.croissance_mesure``.

Reads one order (JSON) on the standard input and writes what it measured on the standard output.
Seconds are of the processor: with one thread, those of the clock on a free core.
"""

from __future__ import annotations

import json
import statistics
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from assistant.configuration import read_configuration
from corpus.files import sha256_of_file
from index.dense import Kind, build_dense, load_dense, nearest, save_dense
from index.embedding.encoder import Encoder
from index.embedding.factory import open_encoder
from index.lexical import LexicalIndex
from index.lexicon import load_lexicon

DEPTH = 60
"""Passages that the program asks for, before it ranks them by their exact vectors."""
KIB = 1024
POLL = 0.02
SPELLINGS = "spellings.json"

Measures = dict[str, float]


def build_vectors(vectors: str, kind: Kind, target: str) -> Measures:
    """Build and save an index of a ``.npy`` file; the file, memory-mapped, is not counted."""
    mapped = np.load(vectors, mmap_mode="r")
    with _own_memory() as most:
        start = process_time()
        index = build_dense(mapped, kind)
        seconds = process_time() - start
        save_dense(index, Path(target))
    return {"construction": seconds, "memoire": most(), "disque": _disk(Path(target))}


def serve_vectors(target: str, questions: str, texts: Sequence[str]) -> Mapping[str, Any]:
    """Open an index and search it, then search and embed in turn."""
    asked = np.load(questions)
    nearest(build_dense(asked, "flat"), asked[0], 1)  # what the library itself takes is not counted
    before = _memory("VmRSS")
    start = process_time()
    index = load_dense(Path(target))
    opening = process_time() - start
    start = process_time()
    nearest(index, asked[0], DEPTH)
    first = process_time() - start
    found = [[row for row, _ in nearest(index, question, DEPTH)] for question in asked]
    memory = _memory("VmRSS") - before
    encoder, vectors = _encoder(), iter([*asked])
    return {
        "ouverture": opening,
        "premiere": first,
        "memoire": memory,
        "verification": _check(Path(target)),
        "trouves": found,
        **_in_turn(encoder, texts, lambda _: nearest(index, next(vectors), DEPTH)),
    }


def build_words(texts: str, target: str) -> Measures:
    """Build and save the BM25 index of a JSON list of texts."""
    read = json.loads(Path(texts).read_text("utf-8"))
    lexique = load_lexicon()
    with _own_memory() as most:
        start = process_time()
        index = LexicalIndex.build(read, lexique)
        seconds = process_time() - start
        index.save(Path(target))
    spellings = json.dumps(dict(index.spellings), ensure_ascii=False)
    (Path(target) / SPELLINGS).write_text(spellings, "utf-8")
    return {"construction": seconds, "memoire": most(), "disque": _disk(Path(target))}


def serve_words(target: str, texts: Sequence[str]) -> Measures:
    """Open a BM25 index and search it as the program does, then search and embed in turn."""
    lexique = load_lexicon()
    before = _memory("VmRSS")
    start = process_time()
    spellings = json.loads((Path(target) / SPELLINGS).read_text("utf-8"))
    index = LexicalIndex.load(Path(target), spellings, lexique)
    opening = process_time() - start

    def search(text: str) -> None:
        words = index.read(text)
        own = index.scores(words.own)
        for scores in (own, own + index.scores(words.added)):
            np.argsort(-scores, kind="stable")[:DEPTH]

    start = process_time()
    search(texts[0])
    first = process_time() - start
    for text in texts:
        search(text)
    memory = _memory("VmRSS") - before
    return {
        "ouverture": opening,
        "premiere": first,
        "memoire": memory,
        "verification": _check(Path(target)),
        **_in_turn(_encoder(), texts, search),
    }


def _in_turn(encoder: Encoder, texts: Sequence[str], search: Callable[[str], object]) -> Measures:
    """Median seconds of a search and of the bare embedding of the question, in turn."""
    taken: dict[str, list[float]] = {"vecteur": [], "recherche": []}
    for text in texts:
        for name, action in (("vecteur", encoder.encode_query), ("recherche", search)):
            start = process_time()
            action(text)
            taken[name].append(process_time() - start)
    return {name: statistics.median(values) for name, values in taken.items()}


def _encoder() -> Encoder:
    settings = read_configuration()
    return open_encoder(settings.modele, settings.dossier_modele)


def _memory(name: str) -> float:
    """Octets that the process has in RAM (``VmRSS``), or of its own there (``RssAnon``)."""
    status = Path("/proc/self/status").read_text("utf-8")
    line = next(line for line in status.splitlines() if line.startswith(f"{name}:"))
    return float(line.split()[1]) * KIB


@contextmanager
def _own_memory() -> Iterator[Callable[[], float]]:
    """Watch the memory that the process takes for itself; give the most that it took."""
    before = _memory("RssAnon")
    seen = [before]
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(POLL):
            seen.append(_memory("RssAnon"))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield lambda: max(seen) - before
    finally:
        seen.append(_memory("RssAnon"))
        stop.set()
        watcher.join()


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else [p for p in sorted(path.rglob("*")) if p.is_file()]


def _disk(path: Path) -> float:
    return float(sum(file.stat().st_size for file in _files(path)))


def _check(path: Path) -> float:
    """Seconds to check the files against their checksums, as each opening does."""
    start = process_time()
    for file in _files(path):
        sha256_of_file(file)
    return process_time() - start


ORDERS: Mapping[str, Callable[..., Mapping[str, Any]]] = {
    "build_vectors": build_vectors,
    "serve_vectors": serve_vectors,
    "build_words": build_words,
    "serve_words": serve_words,
}


if __name__ == "__main__":
    order = json.load(sys.stdin)
    json.dump(ORDERS[order.pop("ordre")](**order), sys.stdout)
