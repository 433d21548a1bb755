"""Which passages may answer whom: by département and school year."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.models import NATIONALE, FicheDocument


def may_answer(fiche: FicheDocument, departements: Sequence[str]) -> bool:
    """Whether a document is a candidate: national, or of one of the départements asked about.

    With no département known, every document is a candidate (local ones rank lower, labelled).
    """
    return fiche.portee == NATIONALE or not departements or fiche.portee in departements


def is_local(fiche: FicheDocument) -> bool:
    """Whether a document holds for one département alone."""
    return fiche.portee != NATIONALE


def outside_year(fiche: FicheDocument, annee_scolaire: str | None) -> bool:
    """Whether a document does not apply to the school year asked about.

    School years compare as text: « 2024-2025 » < « 2025-2026 ».
    """
    if annee_scolaire is None:
        return False
    before = fiche.premiere_annee is not None and annee_scolaire < fiche.premiere_annee
    after = fiche.derniere_annee is not None and annee_scolaire > fiche.derniere_annee
    return before or after
