"""The measures: what is observed on one answer, and how observations add up.

Unit: the turn. A plain question is one turn; a conversation has one for each answer.

``rang_preuve`` is the smallest k such that the first k passages together prove the question.
Proof in the first k, and the reciprocal rank, both follow from it (with one group of proofs, it is
the rank of the first passage that proves).

nDCG@10 must not reward showing one place twice, nor depend on how documents are cut into
passages, which an evaluation does not know. Alternatives that quote the same place are one
(:func:`assistant.evaluation.proof.places`); a passage gains 1 when it holds a place that no
earlier passage held, else 0; the ideal list shows a new place at each rank, until there are no
more or 10 are shown. It lies between 0 and 1; 1 can be out of reach where one passage holds two
places, so it compares systems rather than judges one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assistant.evaluation.coverage import reussi
from assistant.evaluation.facts import MAX_WORDS, fact_stands_in, word_count
from assistant.evaluation.intervals import bootstrap, mean, median, percentile_95, wilson
from assistant.evaluation.proof import (
    Piece,
    ProofGroups,
    letters_and_digits,
    places,
    prepare_proofs,
)
from assistant.evaluation.report import Mesures, MesuresRefus, MesureTour, Moyenne, Part
from assistant.evaluation.traces import (
    citations_mesurees,
    empreinte,
    passages_mesures,
    preuves_attendues,
)
from corpus.models import NATIONALE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assistant.evaluation.intervals import Statistic
    from assistant.evaluation.sets import Attendu, QuestionMesuree
    from assistant.models import Citation, PassageClasse, Reponse

DEPTH = 10
"""Passages beyond this rank do not count."""


@dataclass(frozen=True)
class Corpus:
    """What the measures need to know of the documents, by manifest id."""

    texts: Mapping[str, str]
    """Stored texts."""
    normalised: Mapping[str, str]
    """The same as :func:`letters_and_digits` returns them."""
    scopes: Mapping[str, str]
    """``nationale`` or a code of département."""


def prepare_corpus(texts: Mapping[str, str], scopes: Mapping[str, str]) -> Corpus:
    """Normalise each stored text once."""
    return Corpus(texts, {name: letters_and_digits(text) for name, text in texts.items()}, scopes)


def refused(answer: Reponse) -> bool:
    """Tell whether the answer is a refusal: ``hors_corpus``, or ``precision`` without citations."""
    return answer.type == "hors_corpus" or (answer.type == "precision" and not answer.citations)


def proofs_not_found(proofs: ProofGroups, corpus: Corpus) -> frozenset[int]:
    """Return the numbers of the alternatives that their stored text does not hold."""
    return frozenset(
        number
        for number, proof in enumerate(proofs.alternatives)
        if number
        not in proofs.proved_by(
            Piece(proof.document, corpus.normalised.get(proof.document, "")),
        )
    )


def proved_by_rank(proofs: ProofGroups, passages: Sequence[PassageClasse]) -> list[frozenset[int]]:
    """Return, for each of the first 10 passages, the alternatives that it proves."""
    return [
        proofs.proved_by(Piece(passage.document, letters_and_digits(passage.texte)))
        for passage in passages[:DEPTH]
    ]


def proof_rank(proofs: ProofGroups, ranked: Sequence[frozenset[int]]) -> int | None:
    """Return how many first passages it takes to prove the question; ``None``: all do not."""
    found: frozenset[int] = frozenset()
    for rank, proved in enumerate(ranked, start=1):
        found |= proved
        if proofs.complete(found):
            return rank
    return None


def ndcg(place_of: Mapping[int, int], ranked: Sequence[frozenset[int]]) -> float:
    """Return nDCG@10 as this module defines it; 0 when no place can be found.

    Args:
        place_of: the place that each findable alternative quotes.
        ranked: for each passage in order, the alternatives that it proves.

    """
    held = [{place_of[number] for number in proved if number in place_of} for proved in ranked]
    seen: set[int] = set()
    gained = 0.0
    for rank, found in enumerate(held[:DEPTH], start=1):
        if found - seen:
            gained += 1 / math.log2(rank + 1)
            seen |= found
    ideal_ranks = range(1, min(DEPTH, len(set(place_of.values()))) + 1)
    ideal = sum(1 / math.log2(rank + 1) for rank in ideal_ranks)
    return gained / ideal if ideal else 0.0


def citations_prove(proofs: ProofGroups, citations: Iterable[Citation]) -> bool:
    """Tell whether the citations together prove the question, by the rule for passages."""
    pieces = [Piece(cited.document, letters_and_digits(cited.extrait)) for cited in citations]
    return proofs.complete(number for piece in pieces for number in proofs.proved_by(piece))


def is_verbatim(citation: Citation, texts: Mapping[str, str]) -> bool:
    """Tell whether the citation is exactly its slice of the stored text of a known document."""
    text = texts.get(citation.document)
    return text is not None and citation.extrait == text[citation.debut : citation.fin]


def misplaced_scopes(
    answer: Reponse, departements: Sequence[str], scopes: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the départements whose rules the answer gives out of their place.

    The rules that an answer gives are those of its ``portee``, of the documents that it cites and
    of the labels on its citations. With départements given, a local rule has its place only in
    theirs. Without any, it has if it is labelled: the citation's ``portee`` is the document's.
    A local document labelled otherwise is always out of place.
    """
    used = {answer.portee} | {citation.portee for citation in answer.citations}
    used |= {scopes.get(citation.document, citation.portee) for citation in answer.citations}
    misplaced = used.difference(departements) if departements else set()
    mislabelled = {
        scopes[citation.document]
        for citation in answer.citations
        if scopes.get(citation.document, citation.portee) != citation.portee
    }
    return tuple(sorted((misplaced | mislabelled) - {NATIONALE}))


def missing_facts(facts: Iterable[Sequence[str]], text: str) -> tuple[str, ...]:
    """Return the first variant of each key fact of which no variant stands in ``text``."""
    return tuple(
        variants[0]
        for variants in facts
        if not any(fact_stands_in(variant, text) for variant in variants)
    )


def measure_turn(
    question: QuestionMesuree, number: int, answer: Reponse, milliseconds: float, corpus: Corpus
) -> MesureTour:
    """Observe the answer to turn ``number`` (from 0) of ``question``."""
    expected: Attendu = question.attendus[number]
    proofs = prepare_proofs(expected.groupes)
    searched = expected.repondable is True and bool(proofs.groups)
    held = proved_by_rank(proofs, answer.passages)
    ranked = held if searched else []
    findable = set(range(len(proofs.alternatives))) - proofs_not_found(proofs, corpus)
    missing = missing_facts(expected.faits, answer.texte) if expected.faits else None
    forbidden = tuple(word for word in expected.interdits if fact_stands_in(word, answer.texte))
    words = word_count(answer.texte)
    refusal = refused(answer)
    judged = expected.repondable is True and missing is not None
    right = not (missing or forbidden or refusal) and words <= MAX_WORDS
    turn = MesureTour(
        id=question.question.id,
        tour=number + 1,
        conversation=len(question.textes) > 1,
        categorie=question.categorie,
        style=question.style,
        nature=expected.nature,
        texte=question.textes[number],
        reponse=answer.texte,
        repondable=expected.repondable,
        genre_refus=question.genre_refus if expected.repondable is False else None,
        type=answer.type,
        confiance=answer.confiance,
        refusee=refusal,
        mots=words,
        rang_preuve=proof_rank(proofs, ranked),
        preuve_attendue=searched,
        ndcg_10=ndcg(places(proofs.alternatives, findable), ranked) if searched else None,
        faits_attendus=tuple(variants[0] for variants in expected.faits),
        faits_manquants=missing,
        interdits_trouves=forbidden if expected.interdits else None,
        juste=right if judged else None,
        citations_probantes=(
            not refusal and citations_prove(proofs, answer.citations) if searched else None
        ),
        citations=len(answer.citations),
        citations_infideles=tuple(
            rank
            for rank, citation in enumerate(answer.citations, start=1)
            if not is_verbatim(citation, corpus.texts)
        ),
        portees_deplacees=misplaced_scopes(answer, expected.departements, corpus.scopes),
        latence_ms=milliseconds,
        empreinte=empreinte(question),
        departement=question.question.departement,
        annee_scolaire=question.question.annee_scolaire,
        preuves=preuves_attendues(expected, proofs, held),
        citations_donnees=citations_mesurees(answer.citations, expected, proofs),
        passages=passages_mesures(answer.passages, held, expected, proofs, corpus.scopes),
    )
    return turn.model_copy(update={"reussi": reussi(turn)})


def share(successes: int, total: int) -> Part:
    """Return the share of ``successes`` among ``total`` with its interval."""
    return Part(
        reussites=successes,
        total=total,
        part=successes / total if total else None,
        intervalle=wilson(successes, total),
    )


def share_of(values: Iterable[bool | None]) -> Part:
    """Return the share of true values; null ones are not counted."""
    counted = [value for value in values if value is not None]
    return share(sum(counted), len(counted))


def summary(values: Sequence[float], statistic: Statistic) -> Moyenne:
    """Return ``statistic`` of the values with its interval."""
    return Moyenne(
        valeur=float(statistic(np.asarray(values, dtype=np.float64))) if values else None,
        total=len(values),
        intervalle=bootstrap(values, statistic),
    )


def refusals(turns: Sequence[MesureTour]) -> MesuresRefus:
    """Measure refusals over the turns known to be answerable or not."""
    answerable = [turn.refusee for turn in turns if turn.repondable is True]
    silent = [turn for turn in turns if turn.repondable is False]

    def precision_and_recall(missed: Sequence[MesureTour]) -> tuple[Part, Part]:
        right = sum(turn.refusee for turn in missed)
        # A set without such questions says nothing about the precision of refusing them.
        wrong = sum(answerable) if missed else 0
        return share(right, right + wrong), share(right, len(missed))

    recall = share_of(turn.refusee for turn in silent)
    all_refused = recall.reussites + sum(answerable)
    far = precision_and_recall([turn for turn in silent if turn.genre_refus == "lointain"])
    near = precision_and_recall([turn for turn in silent if turn.genre_refus == "quasi"])
    return MesuresRefus(
        precision=share(recall.reussites, all_refused),
        rappel=recall,
        precision_lointain=far[0],
        rappel_lointain=far[1],
        precision_quasi=near[0],
        rappel_quasi=near[1],
        repondables_refusees=share_of(answerable),
    )


def aggregate(turns: Sequence[MesureTour]) -> Mesures:
    """Add up the observations on a group of turns."""
    searched = [turn for turn in turns if turn.preuve_attendue]
    latencies = [turn.latence_ms for turn in turns]

    def proof_within(k: int) -> Part:
        return share_of(turn.rang_preuve is not None and turn.rang_preuve <= k for turn in searched)

    cited = sum(turn.citations for turn in turns)
    unfaithful = sum(len(turn.citations_infideles) for turn in turns)
    return Mesures(
        questions=len({turn.id for turn in turns}),
        tours=len(turns),
        preuve_dans_1=proof_within(1),
        preuve_dans_3=proof_within(3),
        preuve_dans_5=proof_within(5),
        preuve_dans_10=proof_within(10),
        mrr_10=summary(
            [1 / turn.rang_preuve if turn.rang_preuve else 0.0 for turn in searched], mean
        ),
        ndcg_10=summary([turn.ndcg_10 for turn in searched if turn.ndcg_10 is not None], mean),
        reponses_justes=share_of(turn.juste for turn in turns),
        sans_interdit=share_of(
            None if turn.interdits_trouves is None else not turn.interdits_trouves for turn in turns
        ),
        citations_probantes=share_of(turn.citations_probantes for turn in turns),
        citations_verbatim=share(cited - unfaithful, cited),
        regles_locales_deplacees=share_of(bool(turn.portees_deplacees) for turn in turns),
        bien_traitees=share_of(reussi(turn) for turn in turns),
        refus=refusals(turns),
        latence_mediane_ms=summary(latencies, median),
        latence_p95_ms=summary(latencies, percentile_95),
    )
