"""Weigh the cards and the reader for the adapted encoder, on subjects that no network learned from.

``python -m assistant.reglage classement`` weighs the traits of cards anew, and brings nearness to
the scale in which marks are read; ``passages`` then chooses what the cards add to the passages that
prove them, and ``lecture`` weighs what the reader says. Each prints figures and writes the frozen
model. How sure an answer is
comes after, from ``python -m assistant.calibration``.

A tool for whoever maintains the program, not used at run time. No question set enters it.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from assistant.answers import lecture as reading
from assistant.answers.engine import Assistant
from assistant.answers.finding import Trouvaille
from assistant.answers.lecture import ModeleLecture
from assistant.answers.modeles import Modeles, load_models
from assistant.answers.ranking import ModeleClassement
from assistant.answers.relecture import rank_passages
from assistant.answers.understanding import comprendre
from assistant.classement import FOLDS, Essai, fit
from assistant.configuration import read_configuration
from assistant.models import Question
from corpus.files import write_atomically
from index.embedding.factory import open_encoder, open_reader
from index.learned.record import AppriInutilisable
from index.lexicon import load_lexicon
from index.search import Searcher
from index.storage import open_index
from index.training.data import Donnees, read_training
from index.training.labels import Etiquettes, label
from index.training.records import QuestionEcrite
from index.training.splits import TUNED_ON

QUANTILES = (0.1, 0.9)
LOW, HIGH = 0.8802, 0.9429
"""Nearness of the nearest card by the general encoder, at these quantiles of the questions."""
PASSAGES_TRIED = (0.0, 0.1, 0.2, 0.3, 0.4)
"""Weights tried for what cards add to the score of the passages that prove them: no more, since a
passage of a new text proves no card yet."""
PART_SURE, PROCHE_SURE = 0.9, 0.85
"""Of the questions that a card leads by such a share, asked for in words this near to known ones,
95 in 100 have their card first, and hardly any is a near miss."""
FIRST = 5
FILES = {
    "classement": "classement_adapte.json",
    "passages": "classement_adapte.json",
    "lecture": "lecture.json",
}
"""What is fitted, in this order, and the file that it is written to."""
NOTHING_KNOWN = ModeleLecture(
    version="essai",
    rang=1.0,
    lu=0.0,
    part_sure=PART_SURE,
    proche_sure=PROCHE_SURE,
)
"""What is read changes nothing yet."""


@dataclass(frozen=True)
class Cas:
    """A question of a target, and what was found for it."""

    cible: str
    trouve: Trouvaille


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit one model, print held-out figures, write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modele", choices=tuple(FILES))
    parser.add_argument("--sortie", type=Path)
    options = parser.parse_args(arguments)
    donnees = read_training()
    assistant = Assistant(*opened(NOTHING_KNOWN if options.modele == "lecture" else None))
    questions = tuple(q for q in donnees.questions if donnees.cibles[q.cible].sujet in TUNED_ON)
    version = digest(q.question for q in questions)
    cases = list(cases_of(assistant, questions))
    now = assistant.modeles.classement
    if options.modele == "lecture":
        made: ModeleClassement | ModeleLecture = fit_reading(cases, version)
    elif options.modele == "passages":
        made = now.model_copy(
            update={"passage_fiche": led_best(cases, labels_of(assistant, donnees))}
        )
    else:
        cases += list(known_cases(assistant, {q.cible for q in questions}))
        made = fit_ranking(cases, now, version)
    target = options.sortie or reading.FILE.with_name(FILES[options.modele])
    write_atomically(target, [made.model_dump_json(indent=1).encode() + b"\n"])
    return 0


def opened(modele: ModeleLecture | None) -> tuple[Searcher, Modeles]:
    """Open the index in use; with ``modele``, the first candidates of every question are read.

    Raises:
        AppriInutilisable: no reader is installed.
    """
    settings = read_configuration()
    stored = open_index(settings.dossier_index, load_lexicon())
    encoder = open_encoder(settings.modele, settings.dossier_modele)
    searcher, models = Searcher(stored, encoder), load_models(encoder.description)
    if modele is None:
        return searcher, models
    reader = open_reader(settings.dossier_modele)
    if reader is None:
        raise AppriInutilisable("aucun lecteur installé : « clas preparer » d'abord")
    never = modele.model_copy(update={"part_sure": float("inf")})
    return searcher, replace(models, lecture=never, reader=reader)


def cases_of(assistant: Assistant, questions: Iterable[QuestionEcrite]) -> Iterable[Cas]:
    """Put each question to the search."""
    for question in questions:
        lu = comprendre(Question(id=""), question.question)
        if lu.recherche:
            yield Cas(question.cible, assistant.trouver(lu))


def known_cases(assistant: Assistant, targets: set[str]) -> Iterable[Cas]:
    """Put each of the targets' own ways to ask, as one that the index does not know."""
    for name in sorted(targets):
        fiche = assistant.fiche(name)
        for way in fiche.formulations if fiche else ():
            yield Cas(name, assistant.trouver(comprendre(Question(id=""), way), sans=way))


def fit_ranking(cases: Sequence[Cas], now: ModeleClassement, version: str) -> ModeleClassement:
    """Weigh the traits of cards, read without what ``now`` makes of nearness."""
    kept = [a for a in (attempt(case, now) for case in cases) if a is not None]
    scored = []
    for fold in range(FOLDS):
        model = fit([a for n, a in enumerate(kept) if n % FOLDS != fold])
        scored += [(a, model.strengths(a.traits)) for a in kept[fold::FOLDS]]
    first = np.mean([int(np.argmax(s)) == a.sienne for a, s in scored])
    found = np.mean([a.sienne is not None for a in kept])
    print(f"{len(kept)} questions ; leur fiche est trouvée : {found:.3f}, en tête : {first:.3f}")
    low, high = np.quantile([a.traits[:, 0].max() for a in kept], QUANTILES)
    print(f"proximité de la plus proche : {low:.4f} et {high:.4f} aux quantiles {QUANTILES}")
    slope = (HIGH - LOW) / float(high - low)
    offset = LOW - slope * float(low)
    scaled = [Essai(sienne=a.sienne, traits=rescaled(a.traits, slope, offset)) for a in kept]
    return fit(scaled, version).model_copy(
        update={"pente": round(slope, 4), "decalage": round(offset, 4)}
    )


NEAR_TRAITS = 2
"""First traits of a row: those that are a nearness."""


def rescaled(traits: NDArray[np.float64], slope: float, offset: float) -> NDArray[np.float64]:
    """Traits with the two that are a nearness brought to another scale."""
    near = slope * traits[:, :NEAR_TRAITS] + offset
    return np.concatenate([near, traits[:, NEAR_TRAITS:]], axis=1)


def attempt(case: Cas, now: ModeleClassement) -> Essai | None:
    """Traits of the cards found, and which one is the question's own; None without cards."""
    cards = [c for c in case.trouve.cartes if c.classement is not None]
    if not cards:
        return None
    names = [c.carte.fiche.id for c in cards]
    rows = np.array([c.classement.traits for c in cards if c.classement is not None])
    raw = rescaled(rows, 1 / now.pente, -now.decalage / now.pente)
    return Essai(sienne=names.index(case.cible) if case.cible in names else None, traits=raw)


def fit_reading(cases: Sequence[Cas], version: str) -> ModeleLecture:
    """Weigh the readings of cards by a logistic regression."""
    rows, kept = [], []
    for case in cases:
        lecture = case.trouve.lecture
        names = [c.carte.fiche.id for c in case.trouve.cartes]
        if lecture is None or case.cible not in names:
            continue
        weakest = min(lecture.fiches.values())
        table = np.array(
            [
                (c.classement.force if c.classement else 0.0, lecture.fiches.get(name, weakest))
                for c, name in zip(case.trouve.cartes, names, strict=True)
            ]
        )
        place = names.index(case.cible)
        rows.append(table[place] - np.delete(table, place, axis=0))
        kept.append((table, place))
    weights = _weigh(rows)
    held = []
    for fold in range(FOLDS):
        part = _weigh([r for n, r in enumerate(rows) if n % FOLDS != fold])
        held += [int(np.argmax(t @ part)) == p for t, p in kept[fold::FOLDS]]
    before = np.mean([int(np.argmax(t[:, 0])) == p for t, p in kept])
    print(
        f"{len(kept)} questions ; leur fiche en tête : {before:.3f} sans lecture, "
        f"{np.mean(held):.3f} avec (hors pli)"
    )
    update = {"rang": round(float(weights[0]), 4), "lu": round(float(weights[1]), 4)}
    return NOTHING_KNOWN.model_copy(update={"version": version, **update})


def _weigh(rows: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    pairs = np.vstack(rows)
    shares = np.concatenate([np.full(len(r), 1 / len(r)) for r in rows if len(r)])
    both = np.vstack([pairs, -pairs])
    model = LogisticRegression(C=1.0, fit_intercept=False, max_iter=2000)
    model.fit(both, np.repeat([1, 0], len(pairs)), sample_weight=np.tile(shares, 2))
    return np.asarray(model.coef_[0], dtype=np.float64)


def led_best(cases: Sequence[Cas], labels: Etiquettes) -> float:
    """Weight of the cards in the ranking of passages that puts most passages that answer first."""
    tried = [passages_right(cases, labels, weight) for weight in PASSAGES_TRIED]
    best = max(range(len(tried)), key=lambda n: (sum(tried[n]), -n))
    for said, place in (("en tête", 0), (f"dans les {FIRST} premiers", 1)):
        bare, led = tried[0][place], tried[best][place]
        print(f"un passage probant {said} : {led:.3f} (sans les fiches {bare:.3f})")
    return PASSAGES_TRIED[best]


def passages_right(cases: Sequence[Cas], labels: Etiquettes, weight: float) -> tuple[float, float]:
    """Share of questions with a passage that answers first, and among the first five."""
    first, five = [], []
    for case in cases:
        found = case.trouve
        hits = rank_passages(found.retrieval.steps.ranked.hits, found.cartes, weight)
        row = labels.positifs[labels.cibles[case.cible]]
        right = [bool(row[found.retrieval.rows[h.passage.id]]) for h in hits]
        first.append(right[0])
        five.append(any(right[:FIRST]))
    return float(np.mean(first)), float(np.mean(five))


def labels_of(assistant: Assistant, donnees: Donnees) -> Etiquettes:
    """What each passage of the index is to each target."""
    return label(donnees.cibles, assistant.documents, assistant.index.passages)


def digest(lines: Iterable[str]) -> str:
    """Identify the questions that a model was fitted on."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


if __name__ == "__main__":
    sys.exit(main())
