"""The short answer in English of each knowledge card, with the figures of the rules put in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from assistant.anglais.donnees import fichiers_yaml, lire_yaml
from assistant.eligibility.commands import regles_livrees
from assistant.eligibility.rulebook import Regles
from assistant.eligibility.templates import remplir
from assistant.fiches.loading import read_cards
from assistant.fiches.model import Fiche
from corpus.models import NATIONALE

_DOSSIER = "textes"
_LATEST = "2025-2026"
"""School year whose figures fill a card without a year, as for the cards in French."""
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


class CarteAnglaise(BaseModel):
    """What a knowledge card answers, in English.

    ``answer`` and ``reservations`` say what ``reponse`` and ``reserves`` of the card of the same id
    say: same order, same figures, same negations.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    answer: str
    reservations: tuple[str, ...] = ()


class _Fichier(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    answers: tuple[CarteAnglaise, ...]


_FICHIER = TypeAdapter(_Fichier)


def lire_cartes() -> tuple[CarteAnglaise, ...]:
    """Read every answer in English, ``{p:nom}`` left as they are.

    Raises:
        ValueError: an id is written twice, or a field is wrong.
    """
    cartes: dict[str, CarteAnglaise] = {}
    for nom in fichiers_yaml(_DOSSIER):
        for carte in _FICHIER.validate_python(lire_yaml(_DOSSIER, nom)).answers:
            if carte.id in cartes:
                raise ValueError(f"{nom} : fiche « {carte.id} » écrite deux fois")
            cartes[carte.id] = carte
    return tuple(cartes.values())


def remplir_cartes(
    cartes: Iterable[CarteAnglaise], fiches: Mapping[str, Fiche], regles: Regles
) -> tuple[CarteAnglaise, ...]:
    """Put the figures of the rules in, at the year and place of the card of the same id.

    An answer whose card is gone is left out.
    """
    return tuple(_remplir(c, fiches[c.id], regles) for c in cartes if c.id in fiches)


def carte_anglaise(fiche: Fiche, regles: Regles) -> CarteAnglaise | None:
    """Return the answer in English of a card in hand, figures put in; None where there is none yet.

    Reads nothing but the answers in English, once.
    """
    carte = _par_identifiant().get(fiche.id)
    return None if carte is None else _remplir(carte, fiche, regles)


def reponse_anglaise(identifiant: str) -> CarteAnglaise | None:
    """Return the answer in English of a card, ready to be shown; None where there is none yet.

    The first call reads cards and rules (a second or two); ``carte_anglaise`` reads neither.

    Example:
        >>> reponse_anglaise("seances-par-semaine").answer
        '2 sessions a week for each group. It is a minimum.'
    """
    return cartes_anglaises().get(identifiant)


@lru_cache(maxsize=1)
def _par_identifiant() -> Mapping[str, CarteAnglaise]:
    return MappingProxyType({carte.id: carte for carte in lire_cartes()})


@lru_cache(maxsize=1)
def cartes_anglaises() -> Mapping[str, CarteAnglaise]:
    """Read and fill all the answers in English, by card id."""
    fiches = {fiche.id: fiche for fiche in read_cards()}
    pretes = remplir_cartes(lire_cartes(), fiches, regles_livrees())
    return MappingProxyType({carte.id: carte for carte in pretes})


def en_anglais(valeur: Any) -> str:  # noqa: ANN401 - a number or a date of the rules
    """Write a parameter as it is read in English: « 7,885 », « 32.5 % », « 15 July 2025 »."""
    if isinstance(valeur, dt.date):
        return f"{valeur.day} {_MONTHS[valeur.month - 1]} {valeur.year}"
    if isinstance(valeur, Decimal) and 0 < valeur < 1:
        return f"{(valeur * 100).normalize():f} %"
    if isinstance(valeur, Decimal | int):
        return f"{valeur:,}"
    return "not known" if valeur is None else str(valeur)


def _remplir(carte: CarteAnglaise, fiche: Fiche, regles: Regles) -> CarteAnglaise:
    annee = int((fiche.du or _LATEST)[:4])
    portee = None if fiche.portee == NATIONALE else fiche.portee

    def valeur(place: str) -> str:
        trouvee, _ = regles.parametre(place.removeprefix("p:"), annee, portee)
        return en_anglais(trouvee.valeur if trouvee else None)

    return carte.model_copy(
        update={
            "answer": remplir(carte.answer, valeur),
            "reservations": tuple(remplir(r, valeur) for r in carte.reservations),
        }
    )
