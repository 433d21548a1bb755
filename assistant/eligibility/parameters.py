"""Parameters at a given school year: which value holds, whether it is known for that very year."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final, NamedTuple

from assistant.eligibility.errors import ReglesInutilisables
from assistant.eligibility.schema import Parametre, Periode, ValeurDatee

_TOUJOURS: Final = -1
_FIN_DES_TEMPS: Final = 10_000


class Valeur(NamedTuple):
    """A value at a school year; ``certain``: given for that year, not carried on from another."""

    valeur: Any
    certain: bool
    datee: ValeurDatee


def premiere(periode: Periode | ValeurDatee) -> int:
    """Return the civil year that a period starts in (``-1``: always was)."""
    return _TOUJOURS if periode.du is None else int(periode.du[:4])


def derniere(periode: Periode | ValeurDatee) -> int:
    """Return the civil year that the last school year of a period starts in."""
    return _FIN_DES_TEMPS if periode.au is None else int(periode.au[:4])


def valeur_a(parametre: Parametre, annee: int) -> Valeur | None:
    """Return the value for the school year that starts in ``annee``, or None."""
    passee: ValeurDatee | None = None
    for datee in sorted(parametre.valeurs, key=premiere):
        if premiere(datee) <= annee <= derniere(datee):
            return Valeur(nombre(datee.valeur), certain=True, datee=datee)
        if premiere(datee) <= annee:
            passee = datee
    if passee is None or not parametre.reconduit:
        return None
    return Valeur(nombre(passee.valeur), certain=False, datee=passee)


def nombre(valeur: Any) -> Any:  # noqa: ANN401 - any parameter value
    """Read a decimal number written as a text; leave the rest."""
    if isinstance(valeur, str) and valeur.replace(".", "", 1).isdigit():
        return Decimal(valeur)
    return valeur


def verifier_periodes(quoi: str, periodes: Iterable[Periode | ValeurDatee], trous: bool) -> None:
    """Refuse periods that overlap, are upside down or, unless ``trous``, leave a gap.

    Raises:
        ReglesInutilisables: naming ``quoi`` and the years.
    """
    rangees = sorted(periodes, key=premiere)
    for periode in rangees:
        if derniere(periode) < premiere(periode):
            raise ReglesInutilisables(
                f"{quoi}, « validité » : de {periode.du} à {periode.au}, la fin précède le début."
            )
    for avant, apres in pairwise(rangees):
        if premiere(apres) <= derniere(avant):
            raise ReglesInutilisables(
                f"{quoi}, « validité » : la période qui commence en {apres.du} recouvre celle "
                f"qui finit en {avant.au or 'jamais'}."
            )
        if not trous and premiere(apres) > derniere(avant) + 1:
            raise ReglesInutilisables(
                f"{quoi}, « validité » : rien ne vaut entre {avant.au} et {apres.du}."
            )
