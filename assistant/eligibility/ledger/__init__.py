"""Ledger of the texts: what becomes of every normative sentence, so that none is overlooked."""

from assistant.eligibility.ledger.coverage import (
    CitationDeRegle,
    Couverture,
    citations_non_codees,
    codes_d_un_livre,
    couverture,
    lire_registre,
)
from assistant.eligibility.ledger.model import Entree, Registre, RegistreInutilisable, Sort
from assistant.eligibility.ledger.normative import UniteNormative, unites_normatives

__all__ = [
    "CitationDeRegle",
    "Couverture",
    "Entree",
    "Registre",
    "RegistreInutilisable",
    "Sort",
    "UniteNormative",
    "citations_non_codees",
    "codes_d_un_livre",
    "couverture",
    "lire_registre",
    "unites_normatives",
]
