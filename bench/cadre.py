"""What every bench needs: the index, the model, the questions, and fair timing."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter

from assistant.answers.understanding import comprendre
from assistant.configuration import read_configuration
from assistant.dialogue.conseiller import Conseiller, open_conseiller
from assistant.evaluation.intervals import bootstrap, mean
from assistant.evaluation.measures import (
    DEPTH,
    Corpus,
    ndcg,
    prepare_corpus,
    proof_rank,
    proofs_not_found,
    share_of,
)
from assistant.evaluation.proof import (
    Piece,
    ProofGroups,
    letters_and_digits,
    places,
    prepare_proofs,
)
from assistant.evaluation.report import RANGS, Part
from assistant.evaluation.sets import QuestionMesuree, lire_jeu
from bench.tableau import ROOT, decimal, signed
from corpus.models import Passage
from index.embedding.encoder import Encoder
from index.embedding.factory import open_encoder
from index.lexicon import Lexique, load_lexicon
from index.models import SearchQuery
from index.search import Searcher

QUESTIONS = ROOT / "tests" / "questions"
DEV = ("base_dev", "reponses_dev")
TEST = ("reponses_test",)


@dataclass(frozen=True)
class Cadre:
    """What is measured: the program as it is installed."""

    assistant: Conseiller
    searcher: Searcher
    encoder: Encoder
    lexique: Lexique


@dataclass(frozen=True)
class Posee:
    """A question ready to be searched, with what proves its answer."""

    mesuree: QuestionMesuree
    query: SearchQuery
    """As the program searches it: SMS style and abbreviations opened."""
    typed: SearchQuery
    """The same, with the words as typed."""
    proofs: ProofGroups


@dataclass(frozen=True)
class Issue:
    """What a way to search did on some questions, one value a question."""

    ranks: tuple[int | None, ...]
    seconds: tuple[float, ...]
    gains: tuple[float, ...]
    """nDCG@10."""

    def within(self, rank: int) -> Part:
        """Share of the questions proved by the first ``rank`` passages."""
        return share_of(r is not None and r <= rank for r in self.ranks)

    @property
    def reciprocal(self) -> list[float]:
        return [1 / r if r else 0.0 for r in self.ranks]

    @property
    def milliseconds(self) -> float:
        return statistics.median(self.seconds) * 1000


Chercher = Callable[[Posee], Sequence[Passage]]


@lru_cache(maxsize=1)
def open_cadre() -> Cadre:
    """Open the installed index and model, and the lexicon."""
    settings = read_configuration()
    assistant = open_conseiller()
    encoder = open_encoder(settings.modele, settings.dossier_modele)
    return Cadre(assistant, Searcher(assistant.index, encoder), encoder, load_lexicon())


def read_sets(names: Iterable[str]) -> list[QuestionMesuree]:
    return [question for name in names for question in lire_jeu(QUESTIONS / f"{name}.jsonl")]


def asked(names: Iterable[str]) -> list[Posee]:
    """Answerable questions of some sets, with proofs."""
    return [posee_of(q) for q in read_sets(names) if q.attendus[-1].groupes]


def posee_of(mesuree: QuestionMesuree) -> Posee:
    lu = comprendre(mesuree.question, mesuree.textes[-1])
    query = SearchQuery(
        text=lu.recherche, departements=lu.departements, annee_scolaire=lu.annee_scolaire
    )
    return Posee(
        mesuree,
        query,
        query.model_copy(update={"text": lu.texte}),
        prepare_proofs(mesuree.attendus[-1].groupes),
    )


def search_with(searcher: Searcher, k: int = DEPTH) -> Chercher:
    return lambda posee: [hit.passage for hit in searcher.search(posee.query, k).hits]


def compare(ways: Mapping[str, Chercher], questions: Sequence[Posee]) -> dict[str, Issue]:
    """Put each question to each way in turn, in an order that moves on at each question.

    Side by side, so that a change of the machine's load falls on all ways alike.
    """
    names = list(ways)
    ranks: dict[str, list[int | None]] = {name: [] for name in names}
    seconds: dict[str, list[float]] = {name: [] for name in names}
    gains: dict[str, list[float]] = {name: [] for name in names}
    for turn, posee in enumerate(questions):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            start = perf_counter()
            passages = ways[name](posee)
            seconds[name].append(perf_counter() - start)
            ranks[name].append(rank_of_proof(posee.proofs, passages))
            gains[name].append(_gain(posee.proofs, passages))
    return {
        name: Issue(tuple(ranks[name]), tuple(seconds[name]), tuple(gains[name])) for name in names
    }


def rank_of_proof(proofs: ProofGroups, passages: Sequence[Passage]) -> int | None:
    """How many first passages it takes to prove the answer; ``None``: they all do not."""
    return proof_rank(proofs, [proofs.proved_by(_piece(passage)) for passage in passages])


def _gain(proofs: ProofGroups, passages: Sequence[Passage]) -> float:
    lost = proofs_not_found(proofs, _corpus())
    findable = set(range(len(proofs.alternatives))) - lost
    ranked = [proofs.proved_by(_piece(passage)) for passage in passages[:DEPTH]]
    return ndcg(places(proofs.alternatives, findable), ranked)


@lru_cache(maxsize=1)
def _corpus() -> Corpus:
    documents = open_cadre().assistant.documents
    return prepare_corpus({name: d.texte for name, d in documents.items()}, {})


@lru_cache(maxsize=10_000)
def _piece(passage: Passage) -> Piece:
    return Piece(passage.document, letters_and_digits(passage.texte))


def share_cell(part: Part) -> str:
    """« 0,87 (0,79-0,92) », or a dash when there was nothing to count."""
    if part.part is None or part.intervalle is None:
        return "—"
    low, high = part.intervalle
    return f"{decimal(part.part)} ({decimal(low)}-{decimal(high)})"


HITS = ("1ers : 1", "3", "5", "10", "MRR@10", "écart de MRR@10 (IC 95 %)")


def hits(issue: Issue, reference: Issue) -> tuple[str, ...]:
    """Cells for the columns ``HITS``; the gap is with the reference, question by question."""
    gaps = [a - b for a, b in zip(issue.reciprocal, reference.reciprocal, strict=True)]
    interval = bootstrap(gaps, mean)
    gap = "—"
    if issue is not reference and interval is not None:
        low, high = interval
        gap = f"{signed(statistics.fmean(gaps))} ({signed(low)} ; {signed(high)})"
    return (
        *(decimal(issue.within(rank).part or 0.0) for rank in RANGS),
        decimal(statistics.fmean(issue.reciprocal), 3),
        gap,
    )
