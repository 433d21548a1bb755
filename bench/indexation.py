"""Building the index, beside the bare embedding of the very same texts."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from assistant.eligibility import charger_regles
from assistant.fiches.loading import fill_cards, locate_cards, read_cards, ways_to_ask
from bench.cadre import Cadre, open_cadre
from bench.tableau import Tableau, decimal, verdict
from corpus.canonical import build_canonical
from corpus.library import SOURCES, load_corpus
from corpus.manifest import read_source
from corpus.models import DocumentCanonique
from corpus.passages import cut_passages
from index.build import BuildReport, build_index
from index.entries import passage_entry
from index.models import Asked

ROUNDS = 3
GOAL = 1.15
CHANGED = "000"
KEPT_WAYS = 4
"""One way to ask in so many is indexed, to save time: they are ten times the passages."""


@dataclass(frozen=True)
class Construction:
    """Seconds to embed texts bare, to build the index of them, and their ratio."""

    bare: float
    build: float
    ratio: float
    report: BuildReport


def run() -> Sequence[Tableau]:
    cadre = open_cadre()
    start = perf_counter()
    documents = load_corpus().documents
    reading = perf_counter() - start
    ways = _ways_to_ask(documents)[::KEPT_WAYS]
    with tempfile.TemporaryDirectory() as scratch:
        folders = [Path(scratch) / str(turn) for turn in range(ROUNDS)]
        builds = [_build(cadre, documents, folder, ()) for folder in folders]
        again = _build(cadre, documents, folders[0], ())
        moved = {**documents, CHANGED: _changed(documents[CHANGED])}
        changed = _build(cadre, moved, folders[0], ())
        whole = _build(cadre, documents, Path(scratch) / "whole", ways)
    passages = Construction(
        bare=statistics.median(b.bare for b in builds),
        build=statistics.median(b.build for b in builds),
        ratio=statistics.median(b.ratio for b in builds),
        report=builds[0].report,
    )
    rows = (
        _row(f"les passages, médiane de {ROUNDS}", passages, goal=True),
        _row(f"les passages et une question de fiche sur {KEPT_WAYS}", whole, goal=True),
        _row("les passages, rien n'a changé", again),
        _row(f"les passages, une phrase du document {CHANGED} changée", changed),
    )
    return [
        Tableau(
            "Construction de l'index",
            (
                "construction",
                "textes vectorisés",
                "vecteurs seuls (s)",
                "construction (s)",
                "rapport",
                "but",
            ),
            rows,
            f"Lire et nettoyer les textes prend en plus {decimal(reading)} s. Un passage se "
            f"vectorise en {decimal(passages.bare / passages.report.embedded * 1000, 1)} ms.",
        )
    ]


def _row(name: str, done: Construction, *, goal: bool = False) -> tuple[str, ...]:
    return (
        name,
        str(done.report.embedded),
        decimal(done.bare),
        decimal(done.build),
        decimal(done.ratio) if goal else "—",
        verdict(done.ratio, GOAL) if goal else "—",
    )


def _ways_to_ask(documents: Mapping[str, DocumentCanonique]) -> Sequence[Asked]:
    """The ways to ask that the program indexes beside the passages."""
    cards, _ = locate_cards(fill_cards(read_cards(), charger_regles(documents)), documents)
    return ways_to_ask(cards)


def _build(
    cadre: Cadre,
    documents: Mapping[str, DocumentCanonique],
    folder: Path,
    asked: Sequence[Asked],
) -> Construction:
    """Build an index; just before each text is embedded in a new folder, embed it bare.

    The two works alternate text by text, so that they meet the same load.
    """
    texts = [
        passage_entry(passage, document, cadre.lexique).searched
        for document in documents.values()
        for passage in cut_passages(document)
    ]
    new = not folder.exists()
    bare = 0.0

    def advance(done: int, total: int) -> None:
        nonlocal bare
        if not new or done == total:
            return
        begun = perf_counter()
        if done < len(texts):
            cadre.encoder.encode_passage(texts[done])
        else:
            cadre.encoder.encode_query(asked[done - len(texts)].text)
        bare += perf_counter() - begun

    start = perf_counter()
    report = build_index(
        documents, cadre.encoder, cadre.lexique, folder, advance=advance, asked=asked
    )
    build = perf_counter() - start - bare
    return Construction(bare, build, build / bare if bare else 0.0, report)


def _changed(document: DocumentCanonique) -> DocumentCanonique:
    """The same document, one word of a sentence in its middle doubled."""
    source = read_source(document.fiche, SOURCES)
    middle = document.blocs[len(document.blocs) // 2]
    words = document.texte[middle.debut : middle.fin].split()[:4]
    before = " ".join(words)
    if before not in source:
        raise RuntimeError(f"« {before} » introuvable dans {document.fiche.fichier}")
    return build_canonical(source.replace(before, f"{before} encore", 1), document.fiche)
