"""Which subjects are learned from, and which are held out to see how texts never seen fare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.training.data import Donnees
from index.training.labels import Etiquettes
from index.training.records import Cible, Presque, QuestionEcrite

HELD_OUT: Final = frozenset(
    {
        "activités", "agrément", "bilan", "calendrier", "contrôle", "convention", "coordinateur",
        "gratuité", "handicap", "histoire", "horaires", "locaux", "milieu rural", "sécurité",
        "territoire", "transport",
    }
)  # fmt: skip
"""A fifth of the subjects, with everything that was written about them."""

TUNED_ON: Final = frozenset(
    {
        "cofinancement", "communication", "contact", "données", "évaluation", "inscription",
        "intervenants", "laïcité", "matériel", "paiement", "référentiel", "semaines",
    }
)  # fmt: skip
"""Subjects that no network learns from: what weighs the networks' answers is fitted on them."""


@dataclass(frozen=True, slots=True)
class Partage:
    """What is learned from, and what is kept aside; no subject is in two of the three.

    No passage that answers a subject held out is ever shown as an answer.
    """

    questions: tuple[QuestionEcrite, ...]
    presque: tuple[Presque, ...]
    questions_de_reglage: tuple[QuestionEcrite, ...]
    presque_de_reglage: tuple[Presque, ...]
    questions_a_part: tuple[QuestionEcrite, ...]
    presque_a_part: tuple[Presque, ...]
    passages_a_part: NDArray[np.bool_]
    """Passages that answer a subject held out: never shown as an answer in training."""


def split(donnees: Donnees, etiquettes: Etiquettes) -> Partage:
    """Part by subject; a question that only passages held out answer is left out of both."""
    aside = _rows_held_out(donnees.cibles, etiquettes)
    hidden: NDArray[np.bool_] = np.logical_or.reduce(etiquettes.positifs[aside], axis=0)
    known = etiquettes.positifs & ~hidden
    tuned = {name for name, cible in donnees.cibles.items() if cible.sujet in TUNED_ON}
    held = {name for name, cible in donnees.cibles.items() if cible.sujet in HELD_OUT}
    open_ = {name for name, row in etiquettes.cibles.items() if known[row].any()}
    return Partage(
        questions=tuple(
            q for q in donnees.questions if q.cible in open_ and q.cible not in tuned | held
        ),
        presque=tuple(p for p in donnees.presque if p.cible not in tuned | held),
        questions_de_reglage=tuple(q for q in donnees.questions if q.cible in tuned),
        presque_de_reglage=tuple(p for p in donnees.presque if p.cible in tuned),
        questions_a_part=tuple(q for q in donnees.questions if q.cible in held),
        presque_a_part=tuple(p for p in donnees.presque if p.cible in held),
        passages_a_part=hidden,
    )


def _rows_held_out(cibles: Mapping[str, Cible], etiquettes: Etiquettes) -> list[int]:
    return [row for name, row in etiquettes.cibles.items() if cibles[name].sujet in HELD_OUT]
