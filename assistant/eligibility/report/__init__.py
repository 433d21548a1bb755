"""The self-check report: what a porteur attaches to a file, as PDF, Word, web page or Markdown.

Example:
    >>> contexte = contexte_rapport(regles, load_corpus().documents, date.today())
    >>> ecrire_rapport(projet, verifier(projet, regles), contexte, Path("rapport.pdf"))
"""

from assistant.eligibility.report.context import ContexteRapport, contexte_rapport
from assistant.eligibility.report.writing import (
    FORMATS,
    TYPES_MIME,
    RapportInutilisable,
    ecrire_rapport,
    rendre_rapport,
    verifier_chemin,
)

__all__ = [
    "FORMATS",
    "TYPES_MIME",
    "ContexteRapport",
    "RapportInutilisable",
    "contexte_rapport",
    "ecrire_rapport",
    "rendre_rapport",
    "verifier_chemin",
]
