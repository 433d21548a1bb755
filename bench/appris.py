"""What each learned piece brings, and what it costs: one taken away at a time, side by side."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from assistant.answers.engine import Assistant
from assistant.answers.modeles import Modeles, load_models
from assistant.answers.understanding import comprendre
from assistant.configuration import read_configuration
from assistant.evaluation.sets import QuestionMesuree, lire_jeu
from assistant.fiches.loading import load_cards, ways_to_ask
from bench.cadre import HITS, Chercher, Posee, asked, compare, hits, posee_of
from bench.tableau import RAW, Tableau, decimal, size
from bench.variantes import passages_only
from corpus.files import write_atomically
from corpus.library import load_corpus
from corpus.models import DocumentCanonique, Passage
from index.build import build_index
from index.embedding.encoder import Encoder
from index.embedding.factory import open_encoder, open_installed, open_reader
from index.embedding.installation import installer
from index.entries import entry, passage_entry
from index.learned.record import ADAPTER, READER, SHIPPED
from index.lexicon import Lexique, load_lexicon
from index.models import Entry, Weights
from index.search import Searcher
from index.storage import StoredIndex, open_index
from index.training.data import read_training
from index.training.splits import HELD_OUT

FOLDER = RAW / "appris"
BOTH = (ADAPTER, READER)
LEARNED: Mapping[str, tuple[str, ...]] = {
    "général": (),
    "+ adaptateur": (ADAPTER,),
    "+ lecteur": BOTH,
    "sans interaction tardive": BOTH,
    "sans façons de demander": BOTH,
    "sans titres ni sigles ouverts": BOTH,
}
"""Files that each ranking learned from."""


def run() -> list[Tableau]:
    """One table a set of questions: development, test, subjects held out."""
    ways = dict(_ways())
    reference = "général"
    tables = []
    for title, questions in (
        ("Développement (base_dev, reponses_dev)", asked(("base_dev", "reponses_dev"))),
        ("Test (reponses_test)", asked(("reponses_test",))),
        ("Sujets tenus à part (jamais appris)", [posee_of(q) for q in held_out()]),
    ):
        found = compare(ways, questions)
        rows = tuple(
            (
                name,
                *hits(issue, found[reference]),
                decimal(statistics.fmean(issue.gains), 3),
                decimal(issue.milliseconds, 1),
                size(sum((SHIPPED / file).stat().st_size for file in LEARNED[name])),
            )
            for name, issue in found.items()
        )
        tables.append(
            Tableau(
                f"{title}, {len(questions)} questions",
                ("rangement", *HITS, "nDCG@10", "ms", "appris"),
                rows,
            )
        )
    note = "ms : médiane, un cœur. « Appris » : taille des fichiers que ce rangement ajoute."
    return [*tables[:-1], replace(tables[-1], note=note)]


def _ways() -> Iterator[tuple[str, Chercher]]:
    """The rankings compared: each piece alone, or taken away."""
    settings = read_configuration()
    general = open_installed(
        installer(settings.dossier_modele, annonce=lambda _: None, learned="sans")
    )
    adapted = open_encoder(None, settings.dossier_modele)
    reader = open_reader(settings.dossier_modele)
    served = open_index(settings.dossier_index, load_lexicon())
    before = _built(general, served, "general")
    bare, full = load_models(general.description), load_models(adapted.description, reader)
    alone = load_models(adapted.description)
    yield "général", _way(before, general, bare)
    yield "+ adaptateur", _way(served, adapted, alone)
    if reader is not None:
        yield "+ lecteur", _way(served, adapted, full)
    yield "sans interaction tardive", _way(served, adapted, full, Weights(late=0.0))
    yield "sans façons de demander", _way(passages_only(served), adapted, full)
    yield (
        "sans titres ni sigles ouverts",
        _way(_built(adapted, served, "nu", plain=True), adapted, full),
    )


def _way(
    stored: StoredIndex, encoder: Encoder, modeles: Modeles, weights: Weights | None = None
) -> Chercher:
    assistant = Assistant(Searcher(stored, encoder, weights), modeles)

    def find(posee: Posee) -> Sequence[Passage]:
        lu = comprendre(posee.mesuree.question, posee.mesuree.textes[-1])
        return [hit.passage for hit in assistant.trouver(lu).retrieval.result.hits]

    return find


def _built(encoder: Encoder, served: StoredIndex, name: str, *, plain: bool = False) -> StoredIndex:
    """The same texts and cards, indexed with another encoder or without what is added to them."""
    folder = FOLDER / name
    cards = load_cards(served.attached).values()
    made = _plain if plain else passage_entry
    with patch("index.build.passage_entry", made):
        build_index(
            load_corpus().documents,
            encoder,
            load_lexicon(),
            folder,
            asked=ways_to_ask(cards),
            attached=served.attached,
            base=served.base,
        )
    return open_index(folder, load_lexicon())


def _plain(passage: Passage, _document: DocumentCanonique, _lexique: Lexique) -> Entry:
    return entry("passage", passage.id, passage.texte)


def held_out() -> list[QuestionMesuree]:
    """Questions of the subjects held out of every training, as a set of questions."""
    data = read_training()
    lines = [
        {
            "id": question.id,
            "question": question.question,
            "repondable": True,
            "preuves": [
                {"source": e.document, "extrait": e.extrait}
                for e in data.cibles[question.cible].repond
            ],
        }
        for question in data.questions
        if data.cibles[question.cible].sujet in HELD_OUT
    ]
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = Path(FOLDER / "a_part.jsonl")
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    write_atomically(path, [text.encode()])
    return list(lire_jeu(path))
