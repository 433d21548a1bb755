"""Eligibility: rules as data, a three-valued engine, amounts, and the files that projects come in.

Example:
    >>> regles = charger_regles(load_corpus().documents)
    >>> resultat = verifier({"departement": "34", "annee_scolaire": "2025-2026"}, regles)
    >>> resultat.verdict
    'incomplet'
"""

from assistant.eligibility.engine.checker import verdict, verifier
from assistant.eligibility.errors import EntreeInutilisable, ProjetInutilisable, ReglesInutilisables
from assistant.eligibility.loading import charger_regles
from assistant.eligibility.models import Resultat
from assistant.eligibility.project import Projet
from assistant.eligibility.reading import lire_projet
from assistant.eligibility.rulebook import Regles

__all__ = [
    "EntreeInutilisable",
    "Projet",
    "ProjetInutilisable",
    "Regles",
    "ReglesInutilisables",
    "Resultat",
    "charger_regles",
    "lire_projet",
    "verdict",
    "verifier",
]
