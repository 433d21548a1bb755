"""How the pages and tables of measures write counts, and the names that the program uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOMS: Final[Mapping[str, str]] = {
    "changement_sujet": "changement de sujet",
    "compta": "comptabilité",
    "controle": "contrôle",
    "definition": "définition",
    "ecole": "école",
    "eligibilite": "éligibilité",
    "faits_projet": "faits du projet",
    "herault": "Hérault",
    "hors_corpus": "hors corpus",
    "hors_perimetre": "hors périmètre",
    "mots_cles": "mots-clés",
    "precision": "précision",
    "procedure": "procédure",
    "reponse": "réponse",
    "rhone": "Rhône",
    "silence_milieu": "silence en cours de conversation",
    "sms": "SMS",
}


def libelle_de(nom: str) -> str:
    """Write in French the name of a subject, a style, a nature of turn or a type of answer.

    A name that is not known, as a set may give, stays, its underscores as spaces.
    """
    return _NOMS.get(nom, nom.replace("_", " "))
