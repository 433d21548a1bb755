"""Fit the model that ranks cards on the cards' own ways to ask, and freeze it.

``python -m assistant.classement`` puts each way to ask as a question that the index does not
know, prints how often its card comes first, and writes the frozen weights.

A tool for whoever maintains the program, not used at run time. No question set enters it.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from assistant.answers.cards import candidates
from assistant.answers.engine import PASSAGES
from assistant.answers.ranking import FILE, NAMES, ModeleClassement, traits
from assistant.answers.selection import choose_units
from assistant.configuration import read_configuration
from assistant.fiches.loading import TARGET, FichePrete, served_cards
from assistant.understanding.ecriture import normaliser_pour_recherche
from corpus.files import write_atomically
from corpus.models import NATIONALE
from index.embedding.factory import open_encoder
from index.lexicon import load_lexicon
from index.models import SearchQuery
from index.search import Searcher
from index.storage import open_index

STRENGTH = 0.1
"""Inverse of the L2 penalty."""
FOLDS = 5


AS_FOUND = ModeleClassement(version="", traits=(), weights=())
"""Leaves nearness as the encoder gives it."""


@dataclass(frozen=True)
class Essai:
    """A way to ask put as a question: traits of the cards found, and which one is its own."""

    sienne: int | None
    """Row of its own card; None: it was not found."""
    traits: NDArray[np.float64]
    """Shape (cards found, traits)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, print held-out figures, write the frozen model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sortie", type=Path, default=FILE)
    options = parser.parse_args(arguments)
    searcher, cards = _open()
    groups = [
        [_attempt(searcher, cards, card, place) for place in range(len(card.fiche.formulations))]
        for card in cards.values()
    ]
    attempts = [attempt for group in groups for attempt in group]
    alone = [(a, a.traits[:, 0]) for a in attempts]
    held_out: list[tuple[Essai, NDArray[np.float64]]] = []
    for fold in range(FOLDS):
        model = fit([a for n, group in enumerate(groups) if n % FOLDS != fold for a in group])
        held_out += [(a, model.strengths(a.traits)) for g in groups[fold::FOLDS] for a in g]
    print(f"{len(attempts)} façons de demander, chacune ôtée de l'index, cartes jugées hors pli :")
    print(f"sa fiche est trouvée : {np.mean([a.sienne is not None for a in attempts]):.3f}")
    print(f"elle est en tête : {_first(alone):.3f} par la proximité, {_first(held_out):.3f} ici")
    frozen = fit(attempts, _digest(cards))
    write_atomically(options.sortie, [frozen.model_dump_json(indent=1).encode() + b"\n"])
    return 0


def _open() -> tuple[Searcher, dict[str, FichePrete]]:
    settings = read_configuration()
    stored = open_index(settings.dossier_index, load_lexicon())
    encoder = open_encoder(settings.modele, settings.dossier_modele)
    return Searcher(stored, encoder), served_cards(stored.attached)


def _attempt(
    searcher: Searcher, cards: Mapping[str, FichePrete], card: FichePrete, place: int
) -> Essai:
    """Put a card's way to ask as a question; neither the index nor the card knows it."""
    fiche = card.fiche
    way = fiche.formulations[place]
    others = (*fiche.formulations[:place], *fiche.formulations[place + 1 :])
    unknown = card.model_copy(update={"fiche": fiche.model_copy(update={"formulations": others})})
    here = _here(fiche.portee, place, searcher)
    text = normaliser_pour_recherche(way)
    retrieval = searcher.retrieve(SearchQuery(text=text, departements=here), PASSAGES, without=way)
    units = choose_units(text, retrieval, searcher.documents)
    found = candidates(retrieval, {**cards, f"{TARGET}{fiche.id}": unknown}, here, AS_FOUND)
    names = [one.carte.fiche.id for one in found]
    return Essai(
        sienne=names.index(fiche.id) if fiche.id in names else None,
        traits=traits(text, found, retrieval, units, here),
    )


def _here(portee: str, place: int, searcher: Searcher) -> tuple[str, ...]:
    """Where a question is asked from: one in two says it, be the rule asked for local or not."""
    if place % 2:
        return ()
    known = sorted({d.fiche.portee for d in searcher.documents.values()} - {NATIONALE})
    return (portee,) if portee != NATIONALE else (known[(place // 2) % len(known)],)


def fit(attempts: Sequence[Essai], version: str = "essai") -> ModeleClassement:
    """Weigh the traits so that a question's own card is stronger than each other one found."""
    rows: list[NDArray[np.float64]] = []
    weights: list[float] = []
    for one in attempts:
        if one.sienne is None or len(one.traits) == 1:
            continue
        others = np.delete(one.traits, one.sienne, axis=0)
        rows.append(one.traits[one.sienne] - others)
        weights += [1 / len(others)] * len(others)
    pairs = np.vstack(rows)
    scale = pairs.std(axis=0)
    scale[scale < _CONSTANT] = 1.0
    # Each pair both ways round: the model has no constant.
    both = np.vstack([pairs, -pairs]) / scale
    labels = np.repeat([1, 0], len(pairs))
    model = LogisticRegression(C=STRENGTH, fit_intercept=False, max_iter=2000)
    model.fit(both, labels, sample_weight=np.tile(weights, 2))
    return ModeleClassement(
        version=version,
        traits=NAMES,
        weights=tuple(round(float(w), 4) for w in model.coef_[0] / scale),
    )


def _first(scored: Sequence[tuple[Essai, NDArray[np.float64]]]) -> float:
    """Share of questions whose own card comes first."""
    return float(np.mean([bool(len(s)) and int(np.argmax(s)) == a.sienne for a, s in scored]))


def _digest(cards: Mapping[str, FichePrete]) -> str:
    """Identify the ways to ask that a model was fitted on."""
    lines = (
        f"{card.fiche.id}\t{way}\n" for card in cards.values() for way in card.fiche.formulations
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:12]


_CONSTANT = 1e-9


if __name__ == "__main__":
    sys.exit(main())
