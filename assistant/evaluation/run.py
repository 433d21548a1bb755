"""Run a question set through an assistant and report the measures."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from assistant.evaluation.coverage import risque_couverture
from assistant.evaluation.measures import (
    Corpus,
    aggregate,
    measure_turn,
    prepare_corpus,
    proofs_not_found,
)
from assistant.evaluation.proof import prepare_proofs
from assistant.evaluation.reliability import fiabilite
from assistant.evaluation.report import MesureTour, RapportEvaluation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from assistant.evaluation.report import Mesures
    from assistant.evaluation.sets import QuestionMesuree
    from assistant.models import Question, Reponse

_SHOWN = 80


def _measured(
    question: QuestionMesuree, answer: Callable[[Question], Iterable[Reponse]], corpus: Corpus
) -> list[MesureTour]:
    answers = list(_timed(answer, question.question))
    count = len(question.textes)
    if len(answers) != count:
        raise ValueError(f"{question.question.id} : {len(answers)} réponse(s) pour {count} tour(s)")
    return [
        measure_turn(question, number, given, milliseconds, corpus)
        for number, (given, milliseconds) in enumerate(answers)
    ]


def _timed(
    answer: Callable[[Question], Iterable[Reponse]], question: Question
) -> Iterator[tuple[Reponse, float]]:
    """Yield each answer with the milliseconds that it took; the call itself is of the first."""
    start = perf_counter()
    answers = iter(answer(question))
    while (given := next(answers, None)) is not None:
        yield given, (perf_counter() - start) * 1000
        start = perf_counter()


def _missing_proofs(questions: Iterable[QuestionMesuree], corpus: Corpus) -> tuple[str, ...]:
    """Name the expected proofs that no stored text holds."""
    missing = []
    for question in questions:
        for expected in question.attendus:
            lost = proofs_not_found(prepare_proofs(expected.groupes), corpus)
            pieces = {prepare_proofs(expected.groupes).alternatives[number] for number in lost}
            missing += [
                f"{question.question.id} : {proof.document} : {proof.extrait[:_SHOWN]}"
                for group in expected.groupes
                for proof in group
                if prepare_proofs([[proof]]).alternatives[0] in pieces
            ]
    return tuple(dict.fromkeys(missing))


def _grouped(
    turns: Sequence[MesureTour], key: Callable[[MesureTour], str | None]
) -> dict[str, Mesures]:
    """Measure each group; turns without a key are in none."""
    names = sorted({name for turn in turns if (name := key(turn)) is not None})
    return {name: aggregate([turn for turn in turns if key(turn) == name]) for name in names}


def _by_rank(turns: Sequence[MesureTour]) -> dict[str, Mesures]:
    talks = [turn for turn in turns if turn.conversation]
    return {
        str(rank): aggregate([turn for turn in talks if turn.tour == rank])
        for rank in sorted({turn.tour for turn in talks})
    }


def evaluer(
    questions: Sequence[QuestionMesuree],
    repondre: Callable[[Question], Iterable[Reponse]],
    documents: Mapping[str, str],
    *,
    portees: Mapping[str, str],
    fichier: str | None = None,
) -> RapportEvaluation:
    """Put every question, in order, and measure the answers.

    Args:
        questions: the set, as :func:`assistant.evaluation.sets.lire_jeu` reads it.
        repondre: answers a question: one answer, or one for each turn of a conversation. Each
            answer is timed from the one before: an iterator, that works out an answer when it is
            asked for it, times each turn by itself; of a list, the first turn has all the time.
            Load what is loaded once before.
        documents: the stored text of each document, by manifest id.
        portees: ``nationale`` or the département of each document, by manifest id.
        fichier: name of the set, kept in the report.

    Raises:
        ValueError: ``repondre`` did not give one answer for each turn.

    """
    corpus = prepare_corpus(documents, portees)
    turns = [turn for question in questions for turn in _measured(question, repondre, corpus)]
    return RapportEvaluation(
        fichier=fichier,
        ensemble=aggregate(turns),
        par_style=_grouped(turns, lambda turn: turn.style),
        par_categorie=_grouped(turns, lambda turn: turn.categorie),
        par_rang=_by_rank(turns),
        par_nature=_grouped(turns, lambda turn: turn.nature),
        risque_couverture=risque_couverture(turns),
        fiabilite=fiabilite(turns),
        preuves_introuvables=_missing_proofs(questions, corpus),
        tours=tuple(turns),
    )
