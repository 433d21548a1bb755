"""What a new version of a text touches, item by item: the report read before publishing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict

from assistant.revision.appuis import Appui
from corpus.comparison.alignment import Alignement
from corpus.comparison.anchoring import Devenir, follow
from corpus.comparison.substance import Marque

Alerte = Literal["disparu", "change", "a_relire", "deplace", "inchange"]
"""Most serious first. ``a_relire``: the words quoted stand, their sentence changed around them."""

_FIGURES = ("montant", "part", "nombre", "date")


class ValeurChangee(BaseModel):
    """A figure that the quotation gave, and the one that stands in its place."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ancienne: str
    nouvelle: str


class Effet(BaseModel):
    """What became of one quotation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    appui: Appui
    alerte: Alerte
    devenir: Devenir
    valeurs: tuple[ValeurChangee, ...] = ()
    contexte: Devenir | None = None
    """Its sentence, where that alone changed."""


def effects(alignement: Alignement, appuis: Iterable[Appui]) -> tuple[Effet, ...]:
    """Say what became of each quotation of the old version, in the order given.

    Quotations of another document, or of another version of it, are left out.
    """
    old = alignement.ancien.document
    return tuple(
        _effect(alignement, appui)
        for appui in appuis
        if (appui.document, appui.version) == (old.fiche.id, old.version)
    )


def alarms(effets: Iterable[Effet]) -> tuple[Effet, ...]:
    """Those that a person must look at: what is only moved, or as it was, is not among them."""
    return tuple(e for e in effets if e.alerte not in ("deplace", "inchange"))


def _effect(alignement: Alignement, appui: Appui) -> Effet:
    devenir = follow(alignement, appui.debut, appui.fin)
    if devenir.sort in ("disparu", "change"):
        return Effet(
            appui=appui, alerte=devenir.sort, devenir=devenir, valeurs=tuple(_values(devenir))
        )
    around = _sentence(alignement, appui)
    if around is not None and around.de_fond and around.sort == "change":
        return Effet(appui=appui, alerte="a_relire", devenir=devenir, contexte=around)
    return Effet(appui=appui, alerte=devenir.sort, devenir=devenir)


def _sentence(alignement: Alignement, appui: Appui) -> Devenir | None:
    """What became of the sentences that the quotation stands in; None when it fills them."""
    read = alignement.ancien
    first, after = read.mots_entre(appui.debut, appui.fin)
    around = [p for p in read.phrases if p[0] < after and p[1] > first]
    start, end = around[0][0], around[-1][1]
    if (start, end) == (first, after):
        return None
    return follow(alignement, *read.etendue((start, end)))


def _values(devenir: Devenir) -> Iterable[ValeurChangee]:
    """Pair the figures that went with those that came, kind by kind, in order."""
    for genre in _FIGURES:
        gone = _of_kind(devenir.perdues, genre)
        come = _of_kind(devenir.venues, genre)
        for old, new in zip(gone, come, strict=False):
            yield ValeurChangee(ancienne=old, nouvelle=new)


def _of_kind(marques: Iterable[Marque], genre: str) -> list[str]:
    return [mark.ecrit for mark in marques if mark.genre == genre]
