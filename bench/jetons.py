"""Token vectors: in which precision to store them, and from how many passages not to."""

from __future__ import annotations

import hashlib
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from bench.cadre import DEV, HITS, Issue, asked, compare, hits, open_cadre, search_with
from bench.tableau import Tableau, decimal, size, thousands
from bench.variantes import passages_only
from corpus.files import sha256_of_file
from index.embedding.encoder import Encoder
from index.late import TokenStore
from index.search import Searcher
from index.storage import StoredIndex

SHIPPED = "int8 (livré)"
SAMPLE = 25
"""Questions asked while candidates are encoded again: hundreds of times slower."""
SIZES = (1_000, 10_000, 100_000)
DISK = 2e9
"""Octets of token vectors that a plain workstation can keep in its disk cache beside the rest."""


def run() -> Sequence[Tableau]:
    cadre = open_cadre()
    stored = passages_only(cadre.assistant.index)
    questions = asked(DEV)
    with tempfile.TemporaryDirectory() as scratch:
        stores = _stores(stored, cadre.encoder, Path(scratch))
        found = compare(
            {
                name: search_with(Searcher(replace(stored, tokens=tokens), cadre.encoder))
                for name, tokens in stores.items()
            },
            questions,
        )
        weights = {name: _octets(tokens) / len(stored.entries) for name, tokens in stores.items()}
        check = _check_speed(Path(scratch))
    again = replace(stored, tokens=_encoded_again(stored, cadre.encoder))
    slow = compare(
        {
            SHIPPED: search_with(Searcher(stored, cadre.encoder)),
            **{str(n): search_with(Searcher(again, cadre.encoder, late_depth=n)) for n in (10, 30)},
        },
        questions[:: max(1, len(questions) // SAMPLE)],
    )
    return [
        _precisions(found, weights, len(questions)),
        _again(slow),
        _crossing(slow, weights[SHIPPED], check),
    ]


def _stores(stored: StoredIndex, encoder: Encoder, folder: Path) -> dict[str, TokenStore]:
    """The token vectors of the index in several precisions, all memory-mapped as installed."""
    encoded = [encoder.encode_passage(entry.searched) for entry in stored.entries]
    exact = np.concatenate([e.tokens[e.content] for e in encoded])
    ones = np.ones(len(exact), dtype=np.float32)
    peaks = np.abs(exact).max(axis=1)
    in_four_bits = np.rint(exact / (peaks / 7)[:, None]).astype(np.int8)

    def mapped(name: str, values: NDArray[Any], scales: NDArray[np.float32]) -> TokenStore:
        np.save(folder / f"{name}.npy", values)
        opened = np.load(folder / f"{name}.npy", mmap_mode="r")
        return replace(stored.tokens, values=opened, scales=scales)

    return {
        "fp32": mapped("fp32", exact, ones),
        "fp16": mapped("fp16", exact.astype(np.float16), ones),
        SHIPPED: stored.tokens,
        "4 bits (précision seule)": mapped("bits4", in_four_bits, (peaks / 7).astype(np.float32)),
    }


def _octets(tokens: TokenStore) -> int:
    return int(tokens.bounds[-1] * tokens.values.shape[1] * tokens.values.itemsize)


@dataclass(frozen=True)
class _Again:
    """Stands for stored values: a slice of it is encoded when it is asked for."""

    stored: StoredIndex
    encoder: Encoder
    entry_at: dict[int, int]

    def __getitem__(self, rows: slice) -> NDArray[np.float32]:
        entry = self.stored.entries[self.entry_at[rows.start]]
        encoded = self.encoder.encode_passage(entry.searched)
        return encoded.tokens[encoded.content]


def _encoded_again(stored: StoredIndex, encoder: Encoder) -> TokenStore:
    tokens = stored.tokens
    entry_at = {int(start): entry for entry, start in enumerate(tokens.bounds[:-1])}
    values = cast("NDArray[np.int8]", _Again(stored, encoder, entry_at))
    return replace(tokens, values=values, scales=np.ones(len(tokens.scales), dtype=np.float32))


def _precisions(found: dict[str, Issue], weights: dict[str, float], count: int) -> Tableau:
    # Four bits are kept here one to an octet: only their effect on hits is measured.
    return Tableau(
        f"Précision des vecteurs de jetons conservés ({count} questions de développement)",
        ("précision", "par passage", "100 000 passages", *HITS, "médiane (ms)"),
        tuple(
            (
                name,
                size(weights[name] / (2 if name.startswith("4") else 1)),
                size(weights[name] / (2 if name.startswith("4") else 1) * 100_000),
                *hits(issue, found[SHIPPED]),
                "—" if name.startswith("4") else decimal(issue.milliseconds),
            )
            for name, issue in found.items()
        ),
    )


def _again(slow: dict[str, Issue]) -> Tableau:
    return Tableau(
        f"Sans rien conserver : encoder de nouveau les candidats ({len(slow[SHIPPED].ranks)} "
        "questions)",
        ("recherche", *HITS, "médiane (ms)"),
        tuple(
            (
                name if name == SHIPPED else f"{name} candidats encodés de nouveau",
                *hits(issue, slow[SHIPPED]),
                decimal(issue.milliseconds, 1),
            )
            for name, issue in slow.items()
        ),
    )


def _check_speed(folder: Path) -> float:
    """Octets a second at which an index that is opened is checked against its checksums."""
    file = folder / "fp32.npy"
    taken = []
    for _ in range(5):
        start = perf_counter()
        sha256_of_file(file)
        taken.append(perf_counter() - start)
    return file.stat().st_size / statistics.median(taken)


def _crossing(slow: dict[str, Issue], weight: float, check: float) -> Tableau:
    """From how many passages checking what is stored takes longer than encoding again."""
    added = {n: (slow[n].milliseconds - slow[SHIPPED].milliseconds) / 1000 for n in ("10", "30")}
    crossing = {n: seconds * check / weight for n, seconds in added.items()}
    rows = [
        (
            decimal(count, 0),
            size(count * weight),
            decimal(count * weight / check * 1000, 0),
            *(decimal(added[n] * 1000, 0) for n in added),
        )
        for count in SIZES
    ]
    return Tableau(
        "Où s'arrêter de conserver",
        (
            "passages",
            "vecteurs de jetons",
            "les vérifier à l'ouverture (ms)",
            "encoder 10 candidats (ms)",
            "encoder 30 candidats (ms)",
        ),
        tuple(rows),
        f"Vérification à {size(check)} par seconde ({hashlib.sha256().name}). Pour une commande, "
        "qui ouvre l'index à chaque question, encoder de nouveau devient plus rapide au-delà de "
        f"**{thousands(crossing['10'])} passages** (10 candidats) ou "
        f"**{thousands(crossing['30'])}** (30). Pour la page, ouverte une fois, conserver reste "
        f"toujours plus rapide : seule la place décide, et {size(DISK)} suffisent jusqu'à "
        f"**{thousands(DISK / weight)} passages**.",
    )
