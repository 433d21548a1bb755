"""How much of a document has been read: signs of life, and the bound on its text."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import Advance, Limites

_EVERY = 200
"""Paragraphs read between two signs of life."""


@dataclass(slots=True)
class Mesure:
    """Counts the paragraphs and the characters of a document while they are read."""

    limits: Limites
    advance: Advance
    paragraphes: int = 0
    caracteres: int = 0

    def compter(self, characters: int) -> None:
        """Count a paragraph.

        Raises:
            FichierRefuse: ``trop_gros``, the document has too much text.
        """
        self.paragraphes += 1
        self.caracteres += characters
        if self.paragraphes % _EVERY == 0:
            self.advance(self.paragraphes, 0)
        if self.caracteres > self.limits.caracteres:
            raise FichierRefuse(
                "trop_gros",
                f"le document a plus de {self.limits.caracteres} caractères de texte, "
                "le plus qui soit lu",
            )
