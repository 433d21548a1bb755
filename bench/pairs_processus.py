"""The peers' own pipelines, in the environment that has them: one message a line.

Run as ``python bench/pairs_processus.py PEER FOLDER`` by ``bench/pairs.py``; imports nothing of the
program. An order is a JSON object with ``ordre``, its answer another. ``FOLDER`` keeps what was
built, by way to search. With a third argument, a question, answers it from what was built, says
what memory it took, and stops.
"""

from __future__ import annotations

# ruff: noqa: PLC0415 - a peer's libraries are imported only by who uses that peer
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

K = 10

Search = Callable[[str], list[str]]


def haystack_build(folder: Path, model: str, passages: list[list[str]], _way: str) -> None:
    from haystack import Document
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack_integrations.components.embedders.sentence_transformers import (
        SentenceTransformersDocumentEmbedder,
    )

    embedder = SentenceTransformersDocumentEmbedder(
        model=model, prefix="passage: ", progress_bar=False
    )
    embedder.warm_up()
    documents = [Document(id=name, content=text) for name, text in passages]
    store = InMemoryDocumentStore()
    store.write_documents(embedder.run(documents)["documents"])
    store.save_to_disk(str(folder / "documents.json"))


def haystack_open(folder: Path, model: str, way: str) -> Search:
    from haystack import Pipeline
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import (
        InMemoryBM25Retriever,
        InMemoryEmbeddingRetriever,
    )
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore.load_from_disk(str(folder / "documents.json"))
    pipeline = Pipeline()
    inputs = []
    if way != "mots":
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersTextEmbedder,
        )

        embedder = SentenceTransformersTextEmbedder(
            model=model, prefix="query: ", progress_bar=False
        )
        pipeline.add_component("vecteur", embedder)
        pipeline.add_component("sens", InMemoryEmbeddingRetriever(store))
        pipeline.connect("vecteur.embedding", "sens.query_embedding")
        inputs.append(("vecteur", "text"))
    if way != "sens":
        pipeline.add_component("mots", InMemoryBM25Retriever(store))
        inputs.append(("mots", "query"))
    last = way
    if way.startswith("hybride"):
        last = "fusion"
        mode = {"hybride": {}, "hybride-rangs": {"join_mode": "reciprocal_rank_fusion"}}[way]
        pipeline.add_component("fusion", DocumentJoiner(**mode))
        pipeline.connect("sens.documents", "fusion.documents")
        pipeline.connect("mots.documents", "fusion.documents")
    pipeline.warm_up()

    def search(text: str) -> list[str]:
        found = pipeline.run({name: {key: text} for name, key in inputs})
        return [document.id for document in found[last]["documents"]][:K]

    return search


def txtai_build(folder: Path, model: str, passages: list[list[str]], way: str) -> None:
    from txtai import Embeddings

    options = {"hybrid": True} if way == "hybride" else {}
    embeddings = Embeddings(path=model, content=True, **options)
    embeddings.index((name, text, None) for name, text in passages)
    embeddings.save(str(folder / "index"))


def txtai_open(folder: Path, _model: str, _way: str) -> Search:
    from txtai import Embeddings

    embeddings = Embeddings()
    embeddings.load(str(folder / "index"))
    return lambda text: [found["id"] for found in embeddings.search(text, K)]


PEERS = {"haystack": (haystack_build, haystack_open), "txtai": (txtai_build, txtai_open)}


def memory() -> int:
    """Most octets that this process had in RAM (0 where the system does not say)."""
    try:
        status = Path("/proc/self/status").read_text("utf-8")
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line) * 1024


def build(peer: str, folder: Path, order: dict[str, Any]) -> dict[str, Any]:
    place = folder / order["nom"]
    place.mkdir(parents=True, exist_ok=True)
    start = time.process_time()
    PEERS[peer][0](place, order["modele"], order["passages"], order["facon"])
    return {"secondes": time.process_time() - start}


def serve(peer: str, folder: Path) -> None:
    """Obey orders, one a line, until there are no more."""
    answers = sys.stdout
    sys.stdout = sys.stderr  # whatever the libraries print must not be taken for an answer
    ways: dict[str, Search] = {}
    for line in sys.stdin:
        order = json.loads(line)
        result: dict[str, Any] = {}
        if order["ordre"] == "construire":
            result = build(peer, folder, order)
        elif order["ordre"] == "ouvrir":
            opened = PEERS[peer][1](folder / order["nom"], order["modele"], order["facon"])
            ways[order["cle"]] = opened
        else:
            start = time.process_time()
            ids = ways[order["cle"]](order["texte"])
            result = {"ids": ids, "processeur": time.process_time() - start}
        answers.write(json.dumps(result) + "\n")
        answers.flush()


def answer_once(peer: str, folder: Path, order: dict[str, Any]) -> None:
    """Open what was built, answer one question."""
    search = PEERS[peer][1](folder / order["nom"], order["modele"], order["facon"])
    found = search(order["texte"])
    print(json.dumps({"ids": found, "memoire": memory()}), flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 3:
        answer_once(sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3]))
    else:
        serve(sys.argv[1], Path(sys.argv[2]))
