"""How much of a passage's place (title, headings) is in the text that is searched."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.cadre import DEV, HITS, asked, compare, hits, open_cadre, search_with
from bench.tableau import Tableau, decimal
from bench.variantes import MakeEntry, build_variant
from corpus.models import DocumentCanonique, Passage
from index.entries import entry, passage_entry
from index.lexicon import Lexique
from index.models import Entry
from index.search import Searcher

SHIPPED = "titre et chemin entier (livré)"


def run() -> Sequence[Tableau]:
    cadre = open_cadre()
    questions = asked(DEV)
    makers: dict[str, MakeEntry] = {
        "rien": _bare,
        "titre du document": lambda p, d, lexique: passage_entry(_under(p, ()), d, lexique),
        "titre et dernier intertitre": lambda p, d, lexique: passage_entry(
            _under(p, p.section[-1:]), d, lexique
        ),
        SHIPPED: passage_entry,
    }
    with tempfile.TemporaryDirectory() as scratch:
        ways = {
            name: search_with(
                Searcher(
                    build_variant(cadre, Path(scratch) / str(number), make_entry=make),
                    cadre.encoder,
                )
            )
            for number, (name, make) in enumerate(makers.items())
        }
        found = compare(ways, questions)
    return [
        Tableau(
            f"Ce qui précède le passage dans le texte cherché ({len(questions)} questions de "
            "développement)",
            ("avant le passage", *HITS, "médiane (ms)"),
            tuple(
                (name, *hits(issue, found[SHIPPED]), decimal(issue.milliseconds))
                for name, issue in found.items()
            ),
        )
    ]


def _under(passage: Passage, section: tuple[str, ...]) -> Passage:
    return passage.model_copy(update={"section": section})


def _bare(passage: Passage, document: DocumentCanonique, lexique: Lexique) -> Entry:
    """The shipped entry without title nor headings."""
    titled = passage_entry(_under(passage, ()), document, lexique)
    before = f"{document.fiche.titre_court}. "
    return entry("passage", passage.id, titled.searched.removeprefix(before))
