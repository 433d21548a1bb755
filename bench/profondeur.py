"""How many of the first candidates late interaction re-ranks."""

from __future__ import annotations

from collections.abc import Sequence

from bench.cadre import DEV, HITS, asked, compare, hits, open_cadre, search_with
from bench.tableau import Tableau, decimal
from bench.variantes import passages_only
from index.models import Weights
from index.search import Searcher

DEPTHS = (0, 10, 30, 60)
SHIPPED = 30
WITHOUT = Weights(late=0.0)


def run() -> Sequence[Tableau]:
    cadre = open_cadre()
    index = passages_only(cadre.assistant.index)
    questions = asked(DEV)
    found = compare(
        {
            str(depth): search_with(
                Searcher(index, cadre.encoder, Weights() if depth else WITHOUT, late_depth=depth)
            )
            for depth in DEPTHS
        },
        questions,
    )
    return [
        Tableau(
            f"Profondeur de l'interaction tardive ({len(questions)} questions de développement)",
            ("candidats reclassés", *HITS, "médiane (ms)"),
            tuple(
                (
                    f"{depth} (livrée)" if depth == str(SHIPPED) else depth,
                    *hits(issue, found[str(SHIPPED)]),
                    decimal(issue.milliseconds),
                )
                for depth, issue in found.items()
            ),
        )
    ]
