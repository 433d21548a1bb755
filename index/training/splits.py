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


@dataclass(frozen=True, slots=True)
class Partage:
    """What is learned from, and what is kept aside; no subject and no passage is in both."""

    questions: tuple[QuestionEcrite, ...]
    presque: tuple[Presque, ...]
    questions_a_part: tuple[QuestionEcrite, ...]
    presque_a_part: tuple[Presque, ...]
    passages_a_part: NDArray[np.bool_]
    """Passages that answer a subject held out: never shown as an answer in training."""


def split(donnees: Donnees, etiquettes: Etiquettes) -> Partage:
    """Part by subject; a question that only passages held out answer is left out of both."""
    aside = _rows_held_out(donnees.cibles, etiquettes)
    hidden: NDArray[np.bool_] = np.logical_or.reduce(etiquettes.positifs[aside], axis=0)
    known = etiquettes.positifs & ~hidden
    return Partage(
        questions=tuple(
            q
            for q in donnees.questions
            if not _held_out(donnees.cibles, q.cible) and known[etiquettes.cibles[q.cible]].any()
        ),
        presque=tuple(p for p in donnees.presque if not _held_out(donnees.cibles, p.cible)),
        questions_a_part=tuple(q for q in donnees.questions if _held_out(donnees.cibles, q.cible)),
        presque_a_part=tuple(p for p in donnees.presque if _held_out(donnees.cibles, p.cible)),
        passages_a_part=hidden,
    )


def _held_out(cibles: Mapping[str, Cible], name: str) -> bool:
    return cibles[name].sujet in HELD_OUT


def _rows_held_out(cibles: Mapping[str, Cible], etiquettes: Etiquettes) -> list[int]:
    return [row for name, row in etiquettes.cibles.items() if _held_out(cibles, name)]
