"""What a link to a place in a text asks for, and why it may not be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from corpus.models import DocumentCanonique

_NOMBRE = re.compile(r"\d{1,9}")
_MONTRE = 40
"""Characters of an unusable parameter that a message shows back."""


class Lien(NamedTuple):
    """A link that was read: the text, the version and the span that it names."""

    document: str | None
    version: str | None
    plage: tuple[int, int] | None
    probleme: str | None
    """Why a parameter cannot be used, in French."""


def lire_lien(parametres: Mapping[str, str], connus: Mapping[str, DocumentCanonique]) -> Lien:
    """Read the query parameters ``document``, ``version``, ``debut`` and ``fin``."""
    document = parametres.get("document") or None
    version = parametres.get("version") or None
    if document is not None and document not in connus:
        probleme = (
            f"Le lien demande le texte « {_montrer(document)} », qui n'est pas dans la base. "
            f"Textes connus : {', '.join(sorted(connus))}."
        )
        return Lien(None, None, None, probleme)
    debut, fin = parametres.get("debut"), parametres.get("fin")
    if debut is None and fin is None:
        return Lien(document, version, None, None)
    if not (debut and fin and _NOMBRE.fullmatch(debut) and _NOMBRE.fullmatch(fin)):
        probleme = (
            f"Le lien donne « debut={_montrer(debut or '')} » et « fin={_montrer(fin or '')} » : "
            "deux nombres entiers sont attendus. Aucun passage n'est surligné."
        )
        return Lien(document, version, None, probleme)
    return Lien(document, version, (int(debut), int(fin)), None)


def probleme_de_plage(plage: tuple[int, int], texte: str) -> str | None:
    """Say why a span cannot be shown in a text; None when it can."""
    debut, fin = plage
    if 0 <= debut < fin <= len(texte):
        if texte[debut:fin].strip():
            return None
        return f"Le lien vise les caractères {debut} à {fin}, où le texte n'a pas de mots."
    return (
        f"Le lien vise les caractères {debut} à {fin}, alors que le texte en compte "
        f"{len(texte)} : aucun passage n'est surligné."
    )


def _montrer(valeur: str) -> str:
    return valeur if len(valeur) <= _MONTRE else f"{valeur[:_MONTRE]}…"
