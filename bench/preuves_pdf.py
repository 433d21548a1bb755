"""The same questions, on the texts and on PDF made of them: do the same proofs come first?"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.configuration import read_configuration
from assistant.eligibility import charger_regles
from assistant.fiches.loading import (
    dump_cards,
    fill_cards,
    locate_cards,
    read_cards,
    ways_to_ask,
)
from bench.cadre import DEV, HITS, asked, compare, hits, open_cadre, search_with
from bench.rendus import Forme
from bench.rendus.lecture import relire
from bench.tableau import Tableau
from corpus.models import DocumentCanonique
from index.build import build_index
from index.search import Searcher
from index.storage import open_named

FORMES: tuple[Forme, ...] = ("typst-1", "typst-2")
TEXTES = "textes"


def run() -> Sequence[Tableau]:
    found = compare(
        {name: search_with(searcher) for name, searcher in searchers().items()}, asked(DEV)
    )
    reference = found[TEXTES]
    return [
        Tableau(
            f"Les preuves retrouvées selon la forme du corpus ({len(reference.ranks)} questions)",
            ("corpus", *HITS),
            tuple((name, *hits(issue, reference)) for name, issue in found.items()),
            "But : au plus 2 points d'écart à chaque rang.",
        )
    ]


def searchers() -> dict[str, Searcher]:
    """A search over the texts, and one over the PDF of each form, cards included."""
    cadre = open_cadre()
    texts = cadre.assistant.documents
    made = {f"PDF ({forme})": _searcher(read_back(texts, forme)) for forme in FORMES}
    return {TEXTES: cadre.searcher, **made}


def read_back(texts: Mapping[str, DocumentCanonique], forme: Forme) -> dict[str, DocumentCanonique]:
    """The documents of a corpus, each made a file and read again by its loader."""
    return {name: relire(document, forme, reperes=True).lu for name, document in texts.items()}


def _searcher(documents: Mapping[str, DocumentCanonique]) -> Searcher:
    """Index documents as set-up does: the cards whose quotations stand in them come along."""
    cadre = open_cadre()
    cards = fill_cards(read_cards(), charger_regles(cadre.assistant.documents))
    ready, _ = locate_cards(cards, documents)
    folder = Path(tempfile.mkdtemp())
    try:
        # A copy of the installed index: what it has embedded already is not embedded again.
        shutil.copytree(read_configuration().dossier_index, folder, dirs_exist_ok=True)
        report = build_index(
            documents,
            cadre.encoder,
            cadre.lexique,
            folder,
            asked=ways_to_ask(ready),
            attached=dump_cards(ready),
        )
        return Searcher(open_named(folder, report.info.version, cadre.lexique), cadre.encoder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
