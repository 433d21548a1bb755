"""French sentences with places for facts and parameters: ``{enfants}``, ``{p:effectif_min}``."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from assistant.eligibility.engine.partition import Fait

_PLACE: Final = re.compile(r"\{([a-zà-ü_.:0-9]+)\}")
SPECIALES: Final = frozenset({"manquants", "inconnus"})
COLLECTIF: Final = "collectifs.*."
DATES: Final = frozenset({"debut", "fin"})
INCONNU_EN_MOTS: Final = "non précisé"
_MOIS: Final = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


@lru_cache(maxsize=2048)
def places(gabarit: str) -> tuple[str, ...]:
    """Return the names of the places of a template."""
    return tuple(_PLACE.findall(gabarit))


def verifier_gabarit(
    gabarit: str, faits: Mapping[str, Fait], parametres: Collection[str]
) -> Iterator[str]:
    """Go through the places that name nothing."""
    for place in places(gabarit):
        if place.startswith("p:"):
            if place[2:] not in parametres:
                yield place
        elif place not in SPECIALES and place not in faits and COLLECTIF + place not in faits:
            yield place


def remplir(gabarit: str, valeur: Callable[[str], str]) -> str:
    """Fill a template in."""
    if "{" not in gabarit:
        return gabarit
    return _PLACE.sub(lambda trouve: valeur(trouve[1]), gabarit)


def montrer(valeur: Any, fait: Fait | None = None) -> str:  # noqa: ANN401 - any fact value
    """Write a value as a person reads it."""
    if valeur is None:
        return INCONNU_EN_MOTS
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, dt.date):
        return date_en_mots(valeur)
    libelles = fait.declaration.libelles_valeurs if fait and fait.declaration else {}
    if isinstance(valeur, frozenset | tuple | list):
        ordre = fait.declaration.valeurs if fait and fait.declaration else ()
        rangees: Iterable[Any] = sorted(
            valeur, key=lambda v: ordre.index(v) if v in ordre else len(ordre)
        )
        return ", ".join(libelles.get(v, str(v)) for v in rangees) or "aucun"
    if isinstance(valeur, Decimal):
        return nombre_en_mots(valeur)
    if isinstance(valeur, int):
        return f"{valeur:,}".replace(",", "\u202f")
    return libelles.get(valeur, str(valeur))


def date_en_mots(jour: dt.date) -> str:
    """Write a date: « 15 juillet 2025 »."""
    quantieme = "1er" if jour.day == 1 else str(jour.day)
    return f"{quantieme} {_MOIS[jour.month - 1]} {jour.year}"


@lru_cache(maxsize=8192)
def nombre_en_mots(valeur: Decimal | int) -> str:
    """Write a number the French way: « 7 885 », « 9 000,50 »."""
    exact = Decimal(valeur)
    if exact == exact.to_integral_value():
        return f"{int(exact):,}".replace(",", "\u202f")
    decimales = max(2, -int(exact.as_tuple().exponent))
    return f"{exact:,.{decimales}f}".replace(",", "\u202f").replace(".", ",")


def euros(valeur: Decimal | int) -> str:
    """Write an amount: « 2 563 € »."""
    return f"{nombre_en_mots(valeur)}\u00a0€"
