"""Numbers of the lists and headings of an OpenDocument text, as a reader sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from corpus.loading.archive import Noeud, entier
from corpus.loading.numbering import lettres, romain
from corpus.loading.odt.package import LOEXT, OFFICE, STYLE, TEXT
from corpus.loading.office.contenu import PUCE

LEVELS = 10
_LONGEST = 40
"""Characters of what stands around a number."""
_PLACE = re.compile(r"%(10|[1-9])%")
_BOXES = "☐☑☒"


@dataclass(frozen=True, slots=True)
class Niveau:
    """How one level of a list is marked."""

    puce: str = ""
    """Its bullet; empty for numbers."""
    format: str = ""
    """``1``, ``a``, ``A``, ``i``, ``I``; empty: no number is shown."""
    repetees: bool = False
    """After z comes aa, bb… rather than aa, ab…."""
    avant: str = ""
    apres: str = ""
    motif: str | None = None
    """Places of the numbers of all levels (« %1%.%2%) »), where the file says them."""
    montres: int = 1
    """How many levels the number shows."""
    depart: int = 1


StyleListe: TypeAlias = Mapping[int, Niveau]
"""Levels of a list style, from 0."""


@dataclass(slots=True)
class Compteurs:
    """How far a list is, at each level; None before its first item."""

    valeurs: list[int | None] = field(default_factory=lambda: [None] * LEVELS)

    def avancer(self, rank: int, style: StyleListe, start: int | None) -> None:
        """Count one item; the levels below start anew, those passed over have their first one."""
        for skipped in range(rank):
            if self.valeurs[skipped] is None:
                self.valeurs[skipped] = style.get(skipped, Niveau()).depart
        before = self.valeurs[rank]
        if start is not None:
            self.valeurs[rank] = start
        else:
            self.valeurs[rank] = style.get(rank, Niveau()).depart if before is None else before + 1
        self.rouvrir(rank + 1)

    def rouvrir(self, rank: int) -> None:
        """Start a level, and those below, anew."""
        for deeper in range(rank, LEVELS):
            self.valeurs[deeper] = None


def read_list_styles(*parts: Noeud | None) -> dict[str, StyleListe]:
    """List styles by name, the outline of headings under an empty name."""
    found: dict[str, StyleListe] = {}
    for part in parts:
        if part is None:
            continue
        for group in (f"{OFFICE}styles", f"{OFFICE}automatic-styles"):
            for node in part.findall(f"{group}/{TEXT}list-style"):
                found[node.get(f"{STYLE}name") or " "] = dict(_levels(node))
        for node in part.findall(f"{OFFICE}styles/{TEXT}outline-style"):
            found[""] = dict(_levels(node))
    return found


def marque(style: StyleListe, rank: int, counters: Compteurs) -> str:
    """What stands before an item; empty where nothing is shown."""
    if not style:
        # Programs draw bullets where no style is said.
        return PUCE
    level = style.get(rank, Niveau())
    if level.puce:
        return level.puce if level.puce in _BOXES else PUCE if level.puce.strip() else ""
    if level.motif is not None:

        def number(place: re.Match[str]) -> str:
            return _number(style, int(place[1]) - 1, counters)

        return _PLACE.sub(number, level.motif).strip()
    if not level.format:
        return f"{level.avant}{level.apres}".strip()
    first = max(0, rank - level.montres + 1)
    numbers = (_number(style, shown, counters) for shown in range(first, rank + 1))
    return f"{level.avant}{'.'.join(filter(None, numbers))}{level.apres}".strip()


def _number(style: StyleListe, rank: int, counters: Compteurs) -> str:
    level = style.get(rank, Niveau())
    value = counters.valeurs[rank]
    number = level.depart if value is None else value
    match level.format:
        case "a":
            return lettres(number, repetees=level.repetees)
        case "A":
            return lettres(number, repetees=level.repetees).upper()
        case "i":
            return romain(number)
        case "I":
            return romain(number).upper()
        case "":
            return ""
        case _:
            return str(number)


def _levels(node: Noeud) -> Iterator[tuple[int, Niveau]]:
    for child in node:
        if not isinstance(child.tag, str):
            continue
        rank = entier(child.get(f"{TEXT}level"), 1, least=1, most=LEVELS) - 1
        local = child.tag.rpartition("}")[2]
        if local == "list-level-style-bullet":
            yield rank, Niveau(puce=child.get(f"{TEXT}bullet-char") or " ")
        elif local == "list-level-style-image":
            yield rank, Niveau(puce=PUCE)
        elif local in ("list-level-style-number", "outline-level-style"):
            pattern: str | None = child.get(f"{LOEXT}num-list-format")
            yield (
                rank,
                Niveau(
                    format=child.get(f"{STYLE}num-format") or "",
                    repetees=child.get(f"{STYLE}num-letter-sync") == "true",
                    avant=(child.get(f"{STYLE}num-prefix") or "")[:_LONGEST],
                    apres=(child.get(f"{STYLE}num-suffix") or "")[:_LONGEST],
                    motif=None if pattern is None else pattern[: 2 * _LONGEST],
                    montres=entier(child.get(f"{TEXT}display-levels"), 1, least=1, most=LEVELS),
                    depart=entier(child.get(f"{TEXT}start-value"), 1),
                ),
            )
