"""What the lexicon brings, and reading SMS style as plain French."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.cadre import DEV, HITS, Chercher, Posee, asked, compare, hits, open_cadre, search_with
from bench.tableau import Tableau, decimal
from bench.variantes import build_variant
from index.lexicon import Lexique
from index.search import Searcher
from index.storage import open_index

SHIPPED = "tout (livrée)"


def run() -> Sequence[Tableau]:
    cadre = open_cadre()
    full = cadre.lexique
    abbreviations = Lexique(sigles=full.sigles, synonymes=(), mots_vides=full.mots_vides)
    synonyms = Lexique(sigles={}, synonymes=full.synonymes, mots_vides=full.mots_vides)
    neither = Lexique(sigles={}, synonymes=(), mots_vides=full.mots_vides)
    with tempfile.TemporaryDirectory() as scratch:
        shipped = build_variant(cadre, Path(scratch) / "shipped")
        same_texts = open_index(Path(scratch) / "shipped", abbreviations)
        plain = build_variant(cadre, Path(scratch) / "plain", lexique=synonyms)
        asked_only = open_index(Path(scratch) / "plain", full)
        bare = open_index(Path(scratch) / "plain", neither)
        ways: dict[str, Chercher] = {
            SHIPPED: search_with(Searcher(shipped, cadre.encoder)),
            "sans les synonymes": search_with(Searcher(same_texts, cadre.encoder)),
            "sans les sigles ouverts": search_with(Searcher(plain, cadre.encoder)),
            "sigles ouverts dans la question seule": search_with(
                Searcher(asked_only, cadre.encoder)
            ),
            "sans aucun lexique": search_with(Searcher(bare, cadre.encoder)),
            "sans lire le style SMS": _as_typed(Searcher(shipped, cadre.encoder)),
        }
        questions = asked(DEV)
        hurried = [posee for posee in questions if posee.mesuree.style == "sms"]
        return [
            _table("toutes les questions de développement", ways, questions),
            _table("celles de style SMS", ways, hurried),
        ]


def _as_typed(searcher: Searcher) -> Chercher:
    return lambda posee: [hit.passage for hit in searcher.search(posee.typed, 10).hits]


def _table(title: str, ways: dict[str, Chercher], questions: Sequence[Posee]) -> Tableau:
    found = compare(ways, questions)
    return Tableau(
        f"Lexique et écriture : {title} ({len(questions)})",
        ("recherche", *HITS, "médiane (ms)"),
        tuple(
            (name, *hits(issue, found[SHIPPED]), decimal(issue.milliseconds))
            for name, issue in found.items()
        ),
    )
