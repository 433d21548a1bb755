"""Which cards a follow-up asks for: those of the family last spoken of, not those just said."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from assistant.answers.finding import Trouvaille
from assistant.dialogue.memoire import Sujet

MEME_FAMILLE: Final = 2.0
"""What a follow-up multiplies the chances of a card of the family last spoken of by."""
DEJA_DITE: Final = 0.1
"""The same for a card said just before: a follow-up asks for something else."""


def suivre(found: Trouvaille, sujet: Sujet | None) -> Trouvaille:
    """Prefer the cards of the same family, not those just said."""
    if sujet is None:
        return found
    facteurs = [
        (
            MEME_FAMILLE if carte.carte.fiche.sujet == sujet.famille else 1.0,
            DEJA_DITE if carte.carte.fiche.id in sujet.cartes else 1.0,
        )
        for carte in found.cartes
    ]
    parts = [
        carte.part * famille * dite
        for carte, (famille, dite) in zip(found.cartes, facteurs, strict=True)
    ]
    total = sum(parts) or 1.0
    cartes = (
        carte.model_copy(update={"part": part / total, "facteur": famille * dite})
        for carte, part, (famille, dite) in zip(found.cartes, parts, facteurs, strict=True)
    )
    ordre = sorted(cartes, key=lambda c: (-c.part, -c.note, c.carte.fiche.id))
    return replace(found, cartes=tuple(ordre))
