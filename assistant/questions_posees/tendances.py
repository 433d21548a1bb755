"""What was asked day after day: how many of each kind, and how long the answers took.

Counted where the log is kept: no question comes here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from assistant.questions_posees.models import TypeGarde
from assistant.questions_posees.registre import HEURE, Registre, iso

PAS: Final = 10
"""Milliseconds that times are told to."""


@dataclass(frozen=True, slots=True)
class Jour:
    """A day, at the time of France."""

    jour: date
    types: Mapping[str, int]
    p50: int | None
    p95: int | None
    """Milliseconds that half, and 95 %, of the answers did not go over; None of none."""

    @property
    def total(self) -> int:
        """How many exchanges there were."""
        return sum(self.types.values())

    def de(self, nature: TypeGarde) -> int:
        """How many there were of a kind."""
        return self.types.get(nature, 0)


def par_jour(registre: Registre, jours: int) -> tuple[Jour, ...]:
    """The last days, today last; those without a question too.

    Raises:
        QuestionsInutilisables: the log cannot be read.
    """
    dernier = registre.horloge().astimezone(HEURE).date()
    voulus = [dernier - timedelta(days=rang) for rang in range(jours - 1, -1, -1)]
    with registre.lieu.lecture("lues") as connection:
        if connection is None:
            return tuple(Jour(jour, {}, None, None) for jour in voulus)
        return tuple(_jour(registre, connection, jour) for jour in voulus)


def _jour(registre: Registre, connection: Connection, jour: date) -> Jour:
    echanges = registre.lieu.tables.echanges.c
    debut = iso(datetime.combine(jour, time(), HEURE))
    fin = iso(datetime.combine(jour + timedelta(days=1), time(), HEURE))
    duree = (echanges.duree_ms // PAS).label("duree")
    asked = (
        select(echanges.type, duree, func.count().label("nombre"))
        # What is past its period is not counted, though it may not be erased yet.
        .where(echanges.date >= max(debut, registre.limite()), echanges.date < fin)
        .group_by(echanges.type, duree)
    )
    types: Counter[str] = Counter()
    durees: Counter[int] = Counter()
    for row in connection.execute(asked).mappings():
        types[row["type"]] += row["nombre"]
        if row["type"] != "refusee":
            # Of those, the time is not kept.
            durees[int(row["duree"])] += row["nombre"]
    return Jour(jour, types, _rang(durees, 50), _rang(durees, 95))


def _rang(durees: Counter[int], centieme: int) -> int | None:
    """The least time that this many hundredths of them do not go over, rounded up."""
    reste = -(-durees.total() * centieme // 100)
    for duree in sorted(durees):
        reste -= durees[duree]
        if reste <= 0:
            return (duree + 1) * PAS
    return None
