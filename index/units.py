"""Which token vectors of an entry belong to which unit of its passage."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.models import DocumentCanonique
from corpus.units import Unite
from index.embedding.normalise import normalise_input
from index.models import StoredUnit


def place_units(
    units: Sequence[Unite],
    document: DocumentCanonique,
    searched: str,
    ends: NDArray[np.int32],
) -> tuple[StoredUnit, ...]:
    """Place units among the token vectors kept for an entry.

    A unit beyond the model's length has no token of its own (``premier == dernier``).

    Args:
        units: units of the passage, in any order.
        document: the passage's document.
        searched: the entry's searched text, as it was given to the encoder.
        ends: where each token kept ends in the searched text, normalised.
    """
    whole = normalise_input(searched)
    placed: list[StoredUnit] = []
    for unit in units:
        words = normalise_input(document.texte[unit.debut : unit.fin])
        # From the end: the words of a short unit may also stand in the section path before.
        start = whole.rfind(words)
        first = int((ends <= start).sum()) if start >= 0 else len(ends)
        last = int((ends <= start + len(words)).sum()) if start >= 0 else len(ends)
        placed.append(
            StoredUnit(
                debut=unit.debut,
                fin=unit.fin,
                introduction=unit.introduction,
                liste=unit.liste,
                premier=first,
                dernier=last,
            )
        )
    return tuple(placed)
