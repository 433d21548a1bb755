"""What replacing one document of a hundred costs, beside the bare embedding of what it changes."""

from __future__ import annotations

import random
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

from assistant.evaluation.intervals import bootstrap, median
from bench.cadre import Cadre, open_cadre
from bench.tableau import Tableau, decimal, verdict
from corpus.canonical import build_canonical
from corpus.models import DocumentCanonique, FicheDocument
from corpus.passages import cut_passages
from corpus.sentences import split_sentences
from index.build import build_index
from index.entries import passage_entry
from index.storage import use_version

NUMBER = 100
REPLACED = "d042"
ROUNDS = 15
GOAL = 1.3
IN_SERVICE = 3
_SEED = 7
_SECTIONS = 10
_PARAGRAPHS = 4
_SENTENCES = 3
_SHORTEST = 40


@dataclass(frozen=True)
class _Round:
    """Seconds of one replacement: of its passages embedded bare, and of the whole build."""

    bare: float
    build: float
    embedded: int
    version: str


def cost_of_replacing_one(texts: Sequence[DocumentCanonique]) -> Sequence[Tableau]:
    """Index a hundred documents, then replace one of them by another, several times over."""
    cadre = open_cadre()
    draw = random.Random(_SEED)
    sentences = _sentences(texts)
    documents = {
        name: _document(name, sentences, draw)
        for name in (f"d{rank:03d}" for rank in range(NUMBER))
    }
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        start = perf_counter()
        first = build_index(documents, cadre.encoder, cadre.lexique, folder)
        whole = perf_counter() - start
        rounds = [
            _build(cadre, {**documents, REPLACED: _document(REPLACED, sentences, draw)}, folder)
            for _ in range(ROUNDS)
        ]
        idle = [_build(cadre, documents, folder) for _ in range(ROUNDS)]
        served = [_serve(folder, turn.version) for turn in (rounds[-1], idle[-1]) * IN_SERVICE]
    ratios = [turn.build / turn.bare for turn in rounds]
    ratio = statistics.median(ratios)
    interval = bootstrap(ratios, median) or (ratio, ratio)
    passages = statistics.median(turn.embedded for turn in rounds)
    rows = (
        ("tout vectoriser", str(first.embedded), "—", decimal(whole), "—", "—"),
        (
            f"remplacer un document sur {NUMBER}, médiane de {ROUNDS}",
            decimal(passages, 0),
            decimal(statistics.median(turn.bare for turn in rounds)),
            decimal(statistics.median(turn.build for turn in rounds)),
            f"{decimal(ratio)} [{decimal(interval[0])} ; {decimal(interval[1])}]",
            verdict(ratio, GOAL),
        ),
        (
            "rien n'a changé",
            "0",
            "—",
            decimal(statistics.median(turn.build for turn in idle)),
            "—",
            "—",
        ),
        (
            "vérifier toutes les sommes de contrôle et mettre en service",
            "0",
            "—",
            decimal(statistics.median(served)),
            "—",
            "—",
        ),
    )
    return [
        Tableau(
            f"Remplacer un document parmi {NUMBER}, faits des phrases des {len(texts)} textes",
            (
                "index préparé à côté",
                "passages vectorisés",
                "vecteurs seuls (s)",
                "index (s)",
                "rapport [95 %]",
                "but",
            ),
            rows,
            "Une seule tâche. Les deux travaux alternent, passage par passage : ils subissent la "
            "même charge. Le document remplacé est fait d'autres phrases à chaque fois, et rien de "
            "lui n'est repris. Intervalle de la médiane des rapports, par rééchantillonnage. "
            "« Rien n'a changé » : tout reconnaître, vérifier la version qui est déjà là, ne rien "
            "écrire. La vérification précède la mise en service ; elle ne dépend que de la taille "
            "de l'index.",
        )
    ]


def _sentences(texts: Sequence[DocumentCanonique]) -> list[str]:
    found = [
        " ".join(document.texte[start:end].split())
        for document in texts
        for bloc in document.blocs
        if bloc.nature == "paragraphe"
        for start, end in split_sentences(document.texte, bloc.debut, bloc.fin)
    ]
    return [sentence for sentence in found if len(sentence) >= _SHORTEST]


def _document(name: str, sentences: Sequence[str], draw: random.Random) -> DocumentCanonique:
    """A document of its own: sections of paragraphs, their sentences drawn from real ones."""
    lines: list[str] = []
    for section in range(1, _SECTIONS + 1):
        lines += [f"## Partie {section} : {' '.join(draw.choice(sentences).split()[:5])}", ""]
        for _ in range(_PARAGRAPHS):
            lines += [" ".join(draw.sample(sentences, _SENTENCES)), ""]
    return build_canonical("\n".join(lines), _fiche(name))


def _fiche(name: str) -> FicheDocument:
    return FicheDocument(
        id=name,
        titre=f"Texte d'essai {name}",
        titre_court=f"Essai {name}",
        editeur="Personne",
        nature="autre",
        portee="nationale",
        rang=2,
        date_publication=date(2026, 1, 1),
        fichier=f"{name}.txt",
        sha256="0" * 64,
        mise_en_page="markdown",
    )


def _build(cadre: Cadre, documents: Mapping[str, DocumentCanonique], folder: Path) -> _Round:
    """Index beside; just before each changed passage is embedded, embed it bare."""
    changed = documents[REPLACED]
    texts = [
        passage_entry(passage, changed, cadre.lexique).searched for passage in cut_passages(changed)
    ]
    bare = 0.0

    def advance(done: int, total: int) -> None:
        nonlocal bare
        if done == total:
            return
        begun = perf_counter()
        cadre.encoder.encode_passage(texts[done])
        bare += perf_counter() - begun

    start = perf_counter()
    report = build_index(
        documents, cadre.encoder, cadre.lexique, folder, advance=advance, current=False
    )
    return _Round(bare, perf_counter() - start - bare, report.embedded, report.info.version)


def _serve(folder: Path, version: str) -> float:
    start = perf_counter()
    use_version(folder, version)
    return perf_counter() - start
