"""What whoever keeps the corpus decided about rules whose words changed in the texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from assistant.models import Citation

GenreDeRegle = Literal["regle", "parametre"]
Element = tuple[str, str]
"""What may be put aside: its kind, its name."""

_PARAMETRE: Final = "paramètre "
_CRITERE: Final = "critère "
_CAS: Final = ", cas "


class Revision(BaseModel):
    """Rules put aside, and the words that quotations now have."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ecartes: Mapping[str, str] = {}
    """Criterion (its code), or other rule, and why it may not be decided for now."""
    parametres: Mapping[str, str] = {}
    """Name of a parameter, and why its value may not be used for now."""
    reparations: Mapping[str, Mapping[str, str]] = {}
    """Document, old words of a quotation, words that stand for them in the text in service."""
    montres: Mapping[Element, Mapping[tuple[str, str], str]] = {}
    """What is put aside, and for each quotation of its own (document, words) those shown."""
    archives: Mapping[Element, Mapping[tuple[str, str], Citation]] = {}
    """What is put aside, and its quotations in texts that were withdrawn, as they stood there."""

    def mots(self, document: str, extrait: str) -> str:
        """Words that a quotation has in the text in service."""
        return self.reparations.get(document, {}).get(extrait, extrait)

    def ecarte(self, element: Element) -> bool:
        """Whether something is put aside."""
        genre, nom = element
        return nom in (self.parametres if genre == "parametre" else self.ecartes)


AUCUNE = Revision()


def element_de(regle: str) -> tuple[GenreDeRegle, str]:
    """What is put aside when a quotation of a rule, named as the loader does, proves it no more.

    Example:
        >>> element_de("critère effectif, cas rural")
        ('regle', 'effectif')
        >>> element_de("variante gratuite (34), cas herault_symbolique")
        ('regle', 'variante gratuite (34)')
    """
    if regle.startswith(_PARAMETRE):
        return "parametre", regle.removeprefix(_PARAMETRE)
    return "regle", regle.removeprefix(_CRITERE).partition(_CAS)[0]
