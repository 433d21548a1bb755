"""From pydantic's errors to French sentences: the key, what was found, what is accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

_LONGUEUR_MONTREE: Final = 60
_RESSEMBLANCE: Final = 60
_ENTIER_MONTRE: Final = 10**18
FAUTES_MONTREES: Final = 20

_ATTENDUS: Final = {
    "bool_type": "true ou false",
    "int_type": "un nombre entier",
    "int_from_float": "un nombre entier",
    "string_type": "un texte entre guillemets",
    "date_type": "une date « AAAA-MM-JJ »",
    "date_seule": "une date sans heure, « AAAA-MM-JJ »",
    "date_impossible": "une date qui existe, « AAAA-MM-JJ »",
    "montant_type": "un montant en euros, sans guillemets",
    "montant_fini": "un montant fini",
    "montant_borne": "un montant de 0 à 1 000 000 000 €",
    "montant_centime": "un montant au centime près",
    "annee_scolaire": "deux années qui se suivent, « 2025-2026 »",
    "departement": "un code de département entre guillemets : 01 à 19, 2A, 2B, 21 à 95, 971 à 976",
    "liste_type": "une liste",
    "tuple_type": "une liste",
    "objectif_type": "une liste de noms d'objectifs",
    "model_type": "un bloc de clés et de valeurs",
    "model_attributes_type": "un bloc de clés et de valeurs",
    "dict_type": "un bloc de clés et de valeurs",
    "mapping_type": "un bloc de clés et de valeurs",
}


def montrer(valeur: object) -> str:
    """Show a value that was found, as it would be written in the file, and not too long."""
    if isinstance(valeur, bool):
        texte = "true" if valeur else "false"
    elif valeur is None:
        texte = "null"
    elif isinstance(valeur, str):
        texte = f"« {valeur} »"
    elif isinstance(valeur, int) and abs(valeur) > _ENTIER_MONTRE:
        texte = "un nombre trop grand"
    elif isinstance(valeur, int | float | Decimal):
        texte = str(valeur)
    elif isinstance(valeur, dict):
        texte = "un bloc de clés"
    elif isinstance(valeur, list | tuple):
        texte = f"une liste de {len(valeur)} éléments" if len(valeur) > 1 else "une liste"
    else:
        texte = str(valeur)
    return texte if len(texte) <= _LONGUEUR_MONTREE else texte[: _LONGUEUR_MONTREE - 1] + "…"


def chemin(parties: Iterable[int | str]) -> str:
    """Write a path as users count: ``collectifs.1.semaines``."""
    return ".".join(str(p + 1) if isinstance(p, int) else p for p in parties)


def plus_proche(cle: str, connues: Iterable[str]) -> str | None:
    """Return the known key that looks most like an unknown one, or None."""
    trouve = process.extractOne(cle, list(connues), scorer=fuzz.ratio, score_cutoff=_RESSEMBLANCE)
    return str(trouve[0]) if trouve else None


def cle_inconnue(lieu: str, cle: str, connues: Iterable[str]) -> str:
    """Write the sentence for a key that is in no declaration."""
    connues = tuple(connues)
    proche = plus_proche(cle, connues)
    conseil = (
        f"vouliez-vous « {proche} » ?" if proche else f"clés acceptées : {', '.join(connues)}."
    )
    return f"« {montrer_cle(lieu)} » : clé inconnue ; {conseil}"


def montrer_cle(cle: str) -> str:
    """Shorten a key that someone made very long."""
    return cle if len(cle) <= 2 * _LONGUEUR_MONTREE else cle[: 2 * _LONGUEUR_MONTREE] + "…"


def fautes(
    erreur: ValidationError, modele: type[BaseModel], cles: Callable[[], tuple[str, ...]]
) -> tuple[str, ...]:
    """Say each fault of a project; ``cles``: the accepted keys at the top level."""
    details = erreur.errors(include_url=False, include_context=True)
    phrases = [_phrase(d, modele, cles) for d in details[:FAUTES_MONTREES]]
    if len(details) > FAUTES_MONTREES:
        phrases.append(f"Et {len(details) - FAUTES_MONTREES} autres erreurs.")
    return tuple(dict.fromkeys(phrases))


def _phrase(
    detail: ErrorDetails, modele: type[BaseModel], cles: Callable[[], tuple[str, ...]]
) -> str:
    genre, lieu = detail["type"], detail["loc"]
    nettoye = [p for p in lieu if not (isinstance(p, str) and "[" in p)]
    if genre == "extra_forbidden":
        connues = cles() if len(nettoye) == 1 else _cles_du_bloc(modele, nettoye[:-1])
        return cle_inconnue(chemin(nettoye), str(nettoye[-1]), connues)
    if not nettoye:
        return detail["msg"]
    trouve = montrer(detail["input"])
    return f"« {chemin(nettoye)} » vaut {trouve} ; attendu : {_attendu(detail)}."


def _attendu(detail: ErrorDetails) -> str:
    genre = detail["type"]
    contexte: dict[str, Any] = detail.get("ctx", {})
    if genre == "literal_error":
        return str(contexte["expected"]).replace(" or ", ", ").replace("'", "")
    if genre == "greater_than_equal":
        return f"un nombre supérieur ou égal à {contexte['ge']}"
    if genre == "less_than_equal":
        return f"un nombre inférieur ou égal à {contexte['le']}"
    if genre == "too_long":
        return f"au plus {contexte['max_length']} éléments"
    if genre == "string_too_long":
        return f"un texte d'au plus {contexte['max_length']} caractères"
    return _ATTENDUS.get(genre, detail["msg"])


def _cles_du_bloc(modele: type[BaseModel], lieu: list[int | str]) -> tuple[str, ...]:
    """Return the keys that a nested block accepts."""
    courant: type[BaseModel] | None = modele
    for partie in lieu:
        if isinstance(partie, int) or courant is None:
            continue
        champ = courant.model_fields.get(partie)
        courant = _modele_dans(champ.annotation) if champ else None
    return tuple(courant.model_fields) if courant else ()


def _modele_dans(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - any annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for partie in getattr(annotation, "__args__", ()):
        if (trouve := _modele_dans(partie)) is not None:
            return trouve
    return None
