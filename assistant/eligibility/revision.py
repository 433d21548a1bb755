"""What whoever keeps the corpus decided about rules whose words changed in the texts."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict


class Revision(BaseModel):
    """Rules put aside, and the words that quotations now have."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ecartes: Mapping[str, str] = {}
    """Code of a criterion, and why it may not be decided for now."""
    parametres: Mapping[str, str] = {}
    """Name of a parameter, and why its value may not be used for now."""
    reparations: Mapping[str, Mapping[str, str]] = {}
    """Document, old words of a quotation, words that stand for them in the text in service."""

    def mots(self, document: str, extrait: str) -> str:
        """Words that a quotation has in the text in service."""
        return self.reparations.get(document, {}).get(extrait, extrait)


AUCUNE = Revision()
