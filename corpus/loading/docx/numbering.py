"""Numbers of the lists and headings of a Word document, as a reader sees them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.loading.archive import Noeud, entier
from corpus.loading.docx.package import W, bascule, val
from corpus.loading.docx.styles import Style
from corpus.loading.numbering import lettres, romain
from corpus.loading.office.contenu import PUCE

_LEVELS = 9
_LONGEST = 60
"""Characters of a number's pattern: enough for nine levels."""
_PLACE = re.compile(r"%([1-9])")
_BOXES = "☐☑☒"
_FONT_BOXES = {"\uf0a8": "☐", "\uf06f": "☐", "\uf071": "☐", "\uf0fe": "☑", "\uf0fd": "☒"}


@dataclass(frozen=True, slots=True)
class _Niveau:
    """How one level of a list is numbered."""

    depart: int = 1
    format: str = "decimal"
    texte: str = ""
    reprise: int | None = None
    """Level from 1 that restarts it; 0: none does; None: any level above."""
    arabe: bool = False
    """Numbers of all levels are written in digits."""
    style: str | None = None


@dataclass(frozen=True, slots=True)
class _Liste:
    """A list: the counters it shares, its levels, the levels where it starts anew."""

    compteur: str
    niveaux: Mapping[int, _Niveau]
    departs: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Marque:
    """What stands before a list item; ``texte`` is empty where nothing is shown."""

    texte: str
    niveau: int


@dataclass(slots=True)
class Numerotation:
    """The lists of a document, with their counters as the reading goes on."""

    listes: Mapping[str, _Liste]
    _compteurs: dict[str, list[int | None]] = field(default_factory=dict)
    _entamees: set[tuple[str, int]] = field(default_factory=set)

    def marque(self, numbering: Noeud | None, style: Style) -> Marque | None:
        """Count one paragraph and give its mark; None where it is of no list."""
        number = None if numbering is None else val(numbering.find(f"{W}numId"))
        level = None if numbering is None else val(numbering.find(f"{W}ilvl"))
        direct = number is not None
        number = number if direct else style.numerotation
        known = self.listes.get(number or "")
        if number is None or known is None:
            return None
        rank = entier(level, 0, most=_LEVELS - 1) if direct or level else self._rank(known, style)
        return Marque(self._count(number, known, rank), rank)

    @staticmethod
    def _rank(known: _Liste, style: Style) -> int:
        """Level of a style: the one that names it, else the one that it says."""
        for name in style.noms:
            for rank, level in known.niveaux.items():
                if level.style == name:
                    return rank
        return style.niveau or 0

    def _count(self, number: str, known: _Liste, rank: int) -> str:
        counters = self._compteurs.setdefault(known.compteur, [None] * _LEVELS)
        level = known.niveaux.get(rank, _Niveau())
        if rank in known.departs and (number, rank) not in self._entamees:
            counters[rank] = known.departs[rank]
        else:
            before = counters[rank]
            counters[rank] = level.depart if before is None else before + 1
        self._entamees.add((number, rank))
        for skipped in range(rank):
            # A level that was passed over has its first number all the same.
            if counters[skipped] is None:
                counters[skipped] = known.niveaux.get(skipped, _Niveau()).depart
        for deeper in range(rank + 1, _LEVELS):
            restart = known.niveaux.get(deeper, _Niveau()).reprise
            if restart is None or (rank < restart):
                counters[deeper] = None
        return self._written(known, level, counters)

    @staticmethod
    def _written(known: _Liste, level: _Niveau, counters: list[int | None]) -> str:
        if level.format == "bullet":
            box = _FONT_BOXES.get(level.texte, level.texte)
            if box and box in _BOXES:
                return box
            return PUCE if level.texte.strip() else ""
        if level.format == "none":
            return _PLACE.sub("", level.texte).strip()

        def number(place: re.Match[str]) -> str:
            rank = int(place[1]) - 1
            said = known.niveaux.get(rank, _Niveau())
            value = counters[rank]
            return _written_number(
                said.depart if value is None else value, "decimal" if level.arabe else said.format
            )

        return _PLACE.sub(number, level.texte).strip()


def read_numbering(part: Noeud | None) -> Numerotation:
    """Read the definitions of lists."""
    if part is None:
        return Numerotation({})
    abstracts = {val(node, "abstractNumId") or "": node for node in part.iter(f"{W}abstractNum")}
    styled = {
        val(node.find(f"{W}styleLink")): key
        for key, node in abstracts.items()
        if node.find(f"{W}styleLink") is not None
    }
    levels: dict[str, dict[int, _Niveau]] = {}
    listes: dict[str, _Liste] = {}
    for node in part.iter(f"{W}num"):
        number = val(node, "numId")
        key = val(node.find(f"{W}abstractNumId")) or ""
        if number is None or key not in abstracts:
            continue
        # A list may borrow the levels of a list style, defined elsewhere.
        key = styled.get(val(abstracts[key].find(f"{W}numStyleLink")), key)
        if key not in levels:
            levels[key] = dict(_levels(abstracts[key]))
        listes[number] = _with_overrides(key, levels[key], node)
    return Numerotation(listes)


def _with_overrides(key: str, levels: dict[int, _Niveau], node: Noeud) -> _Liste:
    own, starts = levels, dict[int, int]()
    for override in node.findall(f"{W}lvlOverride"):
        rank = entier(val(override, "ilvl"), 0, most=_LEVELS - 1)
        changed = dict(_levels(override))
        if changed:
            own = {**own, rank: next(iter(changed.values()))}
        start = override.find(f"{W}startOverride")
        if start is not None:
            starts[rank] = entier(val(start), 1)
    return _Liste(key, own, starts)


def _levels(node: Noeud) -> list[tuple[int, _Niveau]]:
    return [
        (entier(val(level, "ilvl"), 0, most=_LEVELS - 1), _level(level))
        for level in node.findall(f"{W}lvl")
    ]


def _level(node: Noeud) -> _Niveau:
    restart = node.find(f"{W}lvlRestart")
    return _Niveau(
        depart=entier(val(node.find(f"{W}start")), 0),
        format=val(node.find(f"{W}numFmt")) or "decimal",
        texte=(val(node.find(f"{W}lvlText")) or "")[:_LONGEST],
        reprise=None if restart is None else entier(val(restart), 0, most=_LEVELS),
        arabe=bascule(node, "isLgl") or False,
        style=val(node.find(f"{W}pStyle")),
    )


def _written_number(number: int, how: str) -> str:
    match how:
        case "upperRoman":
            return romain(number).upper()
        case "lowerRoman":
            return romain(number)
        case "upperLetter":
            return lettres(number, repetees=True).upper()
        case "lowerLetter":
            return lettres(number, repetees=True)
        case "decimalZero":
            return f"{number:02d}"
        case "none" | "bullet":
            return ""
        case _:
            return str(number)
