"""Words that the terminal and the page share to say what was found."""

from __future__ import annotations

from typing import Final, Literal

from assistant.verification.models import Place, Remplacement, SorteAilleurs, Statut

STATUTS: Final[dict[Statut, tuple[str, str]]] = {
    "mot_pour_mot": ("✓", "Trouvée mot pour mot"),
    "mise_en_page": ("✓", "Trouvée, à la mise en page près"),
    "altere": ("!", "Altérée"),
    "trop_court": ("?", "Trop courte pour être située"),
    "introuvable": ("×", "Introuvable"),
}
AILLEURS: Final[dict[SorteAilleurs, str]] = {
    "identique": "dit la même chose, mot pour mot",
    "proche": "dit presque la même chose",
    "differe": "diffère sur le fond",
}
GENRES: Final[dict[Literal["regle", "parametre", "fiche", "registre", "reponse"], str]] = {
    "regle": "règle",
    "parametre": "paramètre",
    "fiche": "fiche",
    "registre": "registre",
    "reponse": "réponse donnée pendant cette visite",
}
DEVENIRS: Final = {
    "inchange": "Le texte en service dit toujours la même chose, au même endroit.",
    "deplace": "Le texte en service dit toujours la même chose, à un autre endroit.",
    "change": "Le texte en service dit autre chose :",
    "disparu": "Ce passage n'est plus dans le texte en service.",
}


def say_replacement(parti: Remplacement) -> str:
    """Say in one sentence why a text is no longer in service."""
    quand = f" le {parti.date:%d/%m/%Y}" if parti.date else ""
    par = f" par « {parti.titre} »" if parti.titre else ""
    version = f", version {parti.version}" if parti.version else ""
    if parti.sorte == "remplace":
        return f"Texte remplacé{quand}{par}{version}."
    if parti.sorte == "retire":
        return f"Texte retiré{quand}."
    return f"Texte publié{quand}, puis abandonné : il n'est pas en service."


def say_where(place: Place, portee: str) -> str:
    """Situate a place in one line; ``portee`` is its scope, in words."""
    dits = [place.titre]
    dits += [place.section] if place.section else []
    dits += [f"page {place.page}"] if place.page is not None else []
    dits += [portee, f"année scolaire {place.annee}" if place.annee else "année non précisée"]
    return " – ".join(dits)
