"""Each signal alone, then fused, then re-ranked by late interaction: hits and time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.evaluation.report import RANGS
from bench.cadre import (
    DEV,
    HITS,
    TEST,
    Chercher,
    Issue,
    Posee,
    asked,
    compare,
    hits,
    open_cadre,
    search_with,
    share_cell,
)
from bench.tableau import Tableau, decimal
from bench.variantes import SansModele, passages_only
from index.models import Weights
from index.search import Searcher

SHIPPED = "et les questions des fiches (livrée)"


def run() -> Sequence[Tableau]:
    ways = _ways()
    sets = (("Développement", DEV), ("Test, sur lequel rien n'est réglé", TEST))
    return [*(_table(title, ways, asked(names)) for title, names in sets), _by_set()]


def _ways() -> Mapping[str, Chercher]:
    cadre = open_cadre()
    bare, w = passages_only(cadre.assistant.index), Weights()
    silent = SansModele(cadre.encoder.description)
    late = w.model_copy(update={"asked": 0.0})
    fused = late.model_copy(update={"late": 0.0})
    words = fused.model_copy(update={"dense": 0.0})
    own = words.model_copy(update={"expanded": 0.0})
    dense = fused.model_copy(update={"lexical": 0.0, "expanded": 0.0})
    return {
        "BM25 seul": search_with(Searcher(bare, silent, own, late_depth=0)),
        "BM25 et lexique": search_with(Searcher(bare, silent, words, late_depth=0)),
        "vecteurs seuls": search_with(Searcher(bare, cadre.encoder, dense, late_depth=0)),
        "fusion des trois": search_with(Searcher(bare, cadre.encoder, fused, late_depth=0)),
        "et l'interaction tardive": search_with(Searcher(bare, cadre.encoder, late)),
        SHIPPED: search_with(cadre.searcher),
    }


def _table(title: str, ways: Mapping[str, Chercher], questions: Sequence[Posee]) -> Tableau:
    found = compare(ways, questions)
    return Tableau(
        f"{title} ({len(questions)} questions)",
        ("recherche", *HITS, "médiane (ms)"),
        tuple(
            (name, *hits(issue, found[SHIPPED]), decimal(issue.milliseconds))
            for name, issue in found.items()
        ),
    )


def _by_set() -> Tableau:
    rows = []
    for name in (*DEV, *TEST):
        issue: Issue = compare({SHIPPED: _ways()[SHIPPED]}, asked([name]))[SHIPPED]
        shares = [share_cell(issue.within(rank)) for rank in RANGS]
        rows.append((f"{name} ({len(issue.ranks)})", *shares))
    return Tableau(
        "La recherche livrée, jeu par jeu : part et intervalle à 95 %",
        ("jeu", "1er", "3 premiers", "5 premiers", "10 premiers"),
        tuple(rows),
        "Buts sur base_dev : 0,74 au premier rang, 0,95 dans les cinq, 0,97 dans les dix.",
    )
