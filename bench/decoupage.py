"""How long passages are."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from bench.cadre import DEV, HITS, Issue, Posee, asked, compare, hits, open_cadre, rank_of_proof
from bench.tableau import Tableau, decimal
from bench.variantes import build_variant
from corpus.passages import MAXIMUM, TARGET
from index.search import Searcher

CUTS = ((250, 600), (TARGET, MAXIMUM), (520, 900), (650, 1100))
SHOWN = (2000, 4000)
"""Characters that someone reads: longer passages must not win by showing more."""
DEEP = 24


def run() -> Sequence[Tableau]:
    cadre = open_cadre()
    questions = asked(DEV)
    with tempfile.TemporaryDirectory() as scratch:
        searchers = {
            _name(cut): Searcher(
                build_variant(cadre, Path(scratch) / str(cut[0]), cut=cut), cadre.encoder
            )
            for cut in CUTS
        }
        deep = {
            name: lambda posee, searcher=searcher: [
                hit.passage for hit in searcher.search(posee.query, DEEP).hits
            ]
            for name, searcher in searchers.items()
        }
        found = {name: _first_ten(issue) for name, issue in compare(deep, questions).items()}
        read = {name: _read(searcher, questions) for name, searcher in searchers.items()}
        lengths = {
            name: [len(p.texte) for p in searcher.stored.passages]
            for name, searcher in searchers.items()
        }
    shipped = found[_name((TARGET, MAXIMUM))]
    return [
        Tableau(
            f"Longueur des passages, en caractères ({len(questions)} questions de développement)",
            ("cible / plafond", "passages", "longueur médiane", *HITS, *_read_columns()),
            tuple(
                (
                    name,
                    str(len(lengths[name])),
                    decimal(statistics.median(lengths[name]), 0),
                    *hits(issue, shipped),
                    *(decimal(share) for share in read[name]),
                )
                for name, issue in found.items()
            ),
            "Les dernières colonnes comptent les preuves trouvées dans les premiers caractères "
            "montrés, à lecture égale : un passage plus long contient plus, mais fait lire plus.",
        )
    ]


def _name(cut: tuple[int, int]) -> str:
    shipped = " (livré)" if cut == (TARGET, MAXIMUM) else ""
    return f"{cut[0]} / {cut[1]}{shipped}"


def _read_columns() -> list[str]:
    return [f"en {decimal(shown, 0)} caractères" for shown in SHOWN]


def _first_ten(issue: Issue) -> Issue:
    return Issue(
        tuple(r if r and r <= 10 else None for r in issue.ranks), issue.seconds, issue.gains
    )


def _read(searcher: Searcher, questions: Sequence[Posee]) -> list[float]:
    """Share of the questions proved within the first characters shown, for each of ``SHOWN``."""
    ends = [_characters_to_proof(searcher, posee) for posee in questions]
    return [sum(end is not None and end <= shown for end in ends) / len(ends) for shown in SHOWN]


def _characters_to_proof(searcher: Searcher, posee: Posee) -> int | None:
    passages = [hit.passage for hit in searcher.search(posee.query, DEEP).hits]
    rank = rank_of_proof(posee.proofs, passages)
    totals = list(accumulate(len(p.texte) for p in passages))
    return totals[rank - 1] if rank else None
