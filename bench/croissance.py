"""Growth: time, memory, building and opening from a thousand passages to a million."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench import grappes
from bench.cadre import DEV, asked, open_cadre
from bench.croissance_mesure import DEPTH
from bench.grappes import Ressemblance, Vectors, likeness
from bench.tableau import RAW, ROOT, Tableau, decimal, size
from bench.variantes import passages_only
from index.dense import Kind, choose_kind

KINDS: Mapping[Kind, str] = {
    "flat": "exacte",
    "hnsw": "graphe HNSW",
    "ivf": "listes IVF, 8 bits",
}
CASES: tuple[tuple[int, tuple[Kind, ...]], ...] = (
    (1_000, ("flat",)),
    (10_000, ("flat", "hnsw", "ivf")),
    (100_000, ("flat", "hnsw", "ivf")),
    (1_000_000, ("flat", "ivf")),
)
WORDS = (1_000, 10_000, 100_000)
QUESTIONS = 100
TEN = 10
SAMPLE = 5_000
COLUMNS = (
    "construction (s)",
    "mémoire pour construire",
    "disque",
    "ouvrir (s)",
    "vérifier (s)",
    "1re recherche (ms)",
    "recherche (ms)",
    "rapport au vecteur de la question",
    "mémoire pour servir",
)


@dataclass(frozen=True)
class Posees:
    """Questions searched: as typed in, and their vectors."""

    texts: Sequence[str]
    vectors: Vectors


def run() -> Sequence[Tableau]:
    cadre = open_cadre()
    texts = [posee.query.text for posee in asked(DEV)[:QUESTIONS]]
    vectors = np.stack([cadre.encoder.encode_query(text).sentence for text in texts])
    questions = Posees(texts, vectors)
    bare = passages_only(cadre.assistant.index)
    real = np.asarray(bare.vectors)
    words = [entry.searched for entry in bare.entries]
    RAW.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=RAW) as scratch:
        grown = [
            row
            for count, kinds in CASES
            for row in _grown(real, count, kinds, questions, Path(scratch))
        ]
        lexical = [_words(words, count, texts, Path(scratch)) for count in WORDS]
    return [
        _likeness(real, vectors),
        Tableau(
            f"Les {DEPTH} vecteurs de phrases les plus proches",
            (
                "passages et recherche",
                *COLUMNS,
                f"les {TEN} plus proches, parmi les {DEPTH} rendus",
                f"les {DEPTH} plus proches",
            ),
            tuple(grown),
            "En gras : ce que le programme choisit à cette taille. Chaque ligne a deux processus à "
            "elle, l'un pour construire, l'autre pour servir ; une seule tâche. Temps de "
            "processeur, que la charge n'allonge guère. « Mémoire » : ce que l'index ajoute au "
            "processus, après les recherches pour « servir » ; les vecteurs à indexer, lus d'un "
            "fichier projeté en mémoire, n'y sont pas.",
        ),
        Tableau(
            "BM25 : les mots de la question, puis avec ceux du lexique",
            ("passages", *COLUMNS),
            tuple(lexical),
            "Textes fictifs, enchaînés mot à mot comme dans les vrais, de mêmes longueurs et du "
            "même vocabulaire : dans de vrais textes, un mot serait plus rare et son calcul plus "
            "court.",
        ),
    ]


def _likeness(real: Vectors, questions: Vectors) -> Tableau:
    count, dimension = real.shape
    many = grappes.make(real, SAMPLE)
    rows = (
        (f"vrais passages ({count})", likeness(real), likeness(real, questions)),
        _beside(f"fictifs ({count})", grappes.make(real, count), questions),
        _beside(f"fictifs ({decimal(SAMPLE, 0)})", many, questions),
        _beside(f"bruit gaussien ({count})", grappes.noise(count, dimension), questions),
    )
    return Tableau(
        "Les passages fictifs ressemblent-ils aux vrais ? Valeurs à 10, 50 et 90 %",
        (
            "vecteurs",
            "cosinus du plus proche voisin",
            "du dixième",
            "dimension locale",
            "cosinus moyen",
            "d'une question au plus proche passage",
        ),
        tuple(
            (
                name,
                _three(own.first),
                _three(own.tenth),
                _three(own.dimension, 1),
                decimal(round(own.mean, 2) + 0.0),
                _three(seen.first),
            )
            for name, own, seen in rows
        ),
    )


def _beside(
    name: str, vectors: Vectors, questions: Vectors
) -> tuple[str, Ressemblance, Ressemblance]:
    return name, likeness(vectors), likeness(vectors, questions)


def _three(values: tuple[float, float, float], digits: int = 3) -> str:
    return " · ".join(decimal(value, digits) for value in values)


def _grown(
    real: Vectors,
    count: int,
    kinds: Sequence[Kind],
    questions: Posees,
    folder: Path,
) -> list[tuple[str, ...]]:
    """Rows of one size."""
    vectors, asked_file = folder / "vectors.npy", folder / "questions.npy"
    grappes.write(real, count, vectors)
    np.save(asked_file, questions.vectors)
    exact = exact_rows(np.load(vectors, mmap_mode="r"), questions.vectors)
    rows = []
    for kind in kinds:
        target = folder / "dense.faiss"
        built = _order("build_vectors", vectors=str(vectors), kind=kind, target=str(target))
        served = _order(
            "serve_vectors", target=str(target), questions=str(asked_file), texts=[*questions.texts]
        )
        name = f"{decimal(count, 0)}, {KINDS[kind]}"
        rows.append(
            (
                f"**{name}**" if kind == choose_kind(count) else name,
                *_cells(built, served),
                decimal(found_share(exact, served["trouves"], TEN), 3),
                decimal(found_share(exact, served["trouves"], DEPTH), 3),
            )
        )
        target.unlink()
    return rows


def _words(real: Sequence[str], count: int, texts: Sequence[str], folder: Path) -> tuple[str, ...]:
    source, target = folder / "textes.json", folder / f"bm25-{count}"
    source.write_text(json.dumps(chained(real, count), ensure_ascii=False), "utf-8")
    built = _order("build_words", texts=str(source), target=str(target))
    served = _order("serve_words", target=str(target), texts=list(texts))
    return decimal(count, 0), *_cells(built, served)


def chained(texts: Sequence[str], count: int) -> list[str]:
    """Made-up texts: each word is one that follows the word before somewhere in the real ones."""
    generator = random.Random(grappes.SEED)
    follow: dict[str, list[str]] = defaultdict(list)
    split = [text.split() for text in texts]
    for words in split:
        for before, after in pairwise(words):
            follow[before].append(after)
    everything = [word for words in split for word in words]
    lengths = [len(words) for words in split]

    def one() -> str:
        words = [generator.choice(everything)]
        for _ in range(generator.choice(lengths) - 1):
            words.append(generator.choice(follow.get(words[-1]) or everything))
        return " ".join(words)

    return [one() for _ in range(count)]


def _cells(built: Mapping[str, Any], served: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        decimal(built["construction"], 1),
        size(max(0.0, built["memoire"])),
        size(built["disque"]),
        decimal(served["ouverture"]),
        decimal(served["verification"]),
        decimal(served["premiere"] * 1000, 1),
        decimal(served["recherche"] * 1000),
        decimal(served["recherche"] / served["vecteur"]),
        size(max(0.0, served["memoire"])),
    )


def exact_rows(vectors: Vectors, questions: Vectors) -> NDArray[np.int64]:
    """Rows of the nearest of each question, best first, found without any index."""
    best = np.full((len(questions), DEPTH), -np.inf, dtype=np.float32)
    rows = np.zeros((len(questions), DEPTH), dtype=np.int64)
    for start in range(0, len(vectors), grappes.BLOCK):
        cosines = questions @ vectors[start : start + grappes.BLOCK].T
        here = np.broadcast_to(np.arange(start, start + cosines.shape[1]), cosines.shape)
        scores, places = np.hstack([best, cosines]), np.hstack([rows, here])
        order = np.argsort(-scores, axis=1, kind="stable")[:, :DEPTH]
        best = np.take_along_axis(scores, order, axis=1)
        rows = np.take_along_axis(places, order, axis=1)
    return rows


def found_share(exact: NDArray[np.int64], given: Sequence[Sequence[int]], count: int) -> float:
    """Share of the true ``count`` nearest that are among those given."""
    shares = [
        len(set(true[:count].tolist()) & set(rows)) / count
        for true, rows in zip(exact, given, strict=True)
    ]
    return float(np.mean(shares))


def _order(name: str, **arguments: object) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.croissance_mesure"],
        input=json.dumps({"ordre": name, **arguments}),
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    return dict(json.loads(done.stdout))
