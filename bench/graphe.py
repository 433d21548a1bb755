"""The graph of PostgreSQL at three hundred thousand passages: a quarter of an hour by itself."""

from __future__ import annotations

from collections.abc import Sequence

from bench.echelle import Tailles, magasin_seul
from bench.tableau import Tableau

PASSAGES = 300_000


def run() -> Sequence[Tableau]:
    """Measure it beside the comparison of all of them."""
    return magasin_seul(Tailles(magasin={PASSAGES: ("exacte", "graphe HNSW")}, mots=()))
