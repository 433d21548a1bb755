"""Tables as rows of cells: spans, row headings, tables that only lay a page out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.loading.html.tree import Noeud, descendants, mots_de, texte_de
from corpus.loading.html.words import clean

_CELLS = ("td", "th")
_MOST_COLUMNS = 1000
_PAIR = 2
_LONGEST_LABEL = 80
_SENTENCE = 8
"""Words from which a cell that ends with a full stop is a sentence."""
_LAYOUT = frozenset({"h1", "h2", "h3", "main", "nav", "article", "section", "form", "header"})
"""Elements that stand in no cell of a table of data."""


@dataclass(frozen=True)
class Cellule:
    """A cell that begins on a row; ``colonne`` counts from 0."""

    noeud: Noeud
    colonne: int
    largeur: int
    hauteur: int


@dataclass(frozen=True)
class Rang:
    """A row: the cells that begin on it, in order."""

    cellules: tuple[Cellule, ...]
    entete: bool


@dataclass(frozen=True)
class Grille:
    """A table laid out; ``titree`` where its left column, of two, heads rows."""

    rangs: tuple[Rang, ...]
    largeur: int
    titree: bool


def is_layout(table: Noeud) -> bool:
    """Whether a table only places blocks on the page."""
    if table.role in ("presentation", "none"):
        return True
    cells = [cell for row, _ in _rows(table) for cell in row]
    if len([cell for cell in cells if cell.tag in _CELLS]) <= 1:
        return True
    for cell in cells:
        for below in descendants(cell):
            if cell.tag == "td" and below.tag in _LAYOUT:
                return True
            if below.tag == "table" and sum(n.tag in _CELLS for n in descendants(below)) > 1:
                return True
    return False


def cells_of(table: Noeud) -> Iterator[Noeud]:
    """All cells in order."""
    return (cell for row, _ in _rows(table) for cell in row)


def outside(table: Noeud) -> Iterator[Noeud | str]:
    """What stands in a table out of its cells: captions, stray text."""
    for enfant in table.enfants:
        if isinstance(enfant, str) or (
            enfant.tag not in ("tr", "td", "th", "colgroup", "col") and not _holds_rows(enfant)
        ):
            yield enfant


def grid(table: Noeud) -> Grille:
    """Lay a table out: its rows, the cells that begin on each."""
    rows = list(_rows(table))
    taken: dict[int, int] = {}
    width = 0
    laid: list[Rang] = []
    for index, (row, heading) in enumerate(rows):
        cells: list[Cellule] = []
        column = 0
        held = {c for c, left in taken.items() if left > 0}
        taken = {c: left - 1 for c, left in taken.items() if left > 1}
        for noeud in row:
            while column in held:
                column += 1
            across = min(max(1, _span(noeud, "colspan")), _MOST_COLUMNS)
            down = _span(noeud, "rowspan") or len(rows)
            down = min(down, len(rows) - index)
            if down > 1:
                taken.update((c, down - 1) for c in range(column, column + across))
            cells.append(Cellule(noeud, column, across, down))
            column += across
        width = max([width, column, *(c + 1 for c in held)])
        laid.append(Rang(tuple(cells), heading))
    spanning = any(
        cell.colonne == 0 and cell.largeur == 1 and cell.hauteur > 1
        for rang in laid
        for cell in rang.cellules
    )
    headed = width == _PAIR and (spanning or _are_labelled(laid))
    return Grille(tuple(laid), width, titree=headed)


def _are_labelled(rangs: list[Rang]) -> bool:
    """Whether all rows, no heading above them, are a label then a sentence."""
    filled = [
        [clean(texte_de(cell.noeud)) for cell in rang.cellules if mots_de(cell.noeud)]
        for rang in rangs
    ]
    filled = [texts for texts in filled if texts]
    return bool(filled) and all(
        len(texts) == _PAIR
        and len(texts[0]) <= _LONGEST_LABEL
        and not texts[0].endswith((".", ";", ","))
        and len(texts[1].split()) >= _SENTENCE
        and texts[1].endswith((".", ";"))
        for texts in filled
    )


def heads_rows(cell: Cellule, rang: Rang, grille: Grille) -> bool:
    """Whether a cell is the heading of its row or rows, rather than a cell of the row."""
    if rang.entete or cell.colonne != 0 or mots_de(cell.noeud) == 0:
        return False
    if cell.noeud.tag == "th" and cell.largeur >= grille.largeur > 1:
        return True
    if grille.largeur != _PAIR or cell.largeur != 1:
        return False
    beside = any(mots_de(c.noeud) for c in rang.cellules if c is not cell)
    scope = cell.noeud.lire("scope").lower()
    named = cell.noeud.tag == "th" and not scope.startswith("col")
    data = all(c.noeud.tag == "td" for c in rang.cellules if c is not cell)
    return cell.hauteur > 1 or (beside and (grille.titree or (named and data)))


def _rows(table: Noeud) -> Iterator[tuple[list[Noeud], bool]]:
    """Rows in the order shown (a foot written first is shown last), and which are headings."""
    feet = [n for n in table.elements if n.tag == "tfoot"]
    for enfant in (*(n for n in table.elements if n.tag != "tfoot"), *feet):
        yield from _rows_below(enfant, heading=enfant.tag == "thead")


def _rows_below(noeud: Noeud, *, heading: bool) -> Iterator[tuple[list[Noeud], bool]]:
    if noeud.tag == "tr":
        yield [cell for enfant in noeud.enfants for cell in _cell(enfant, noeud)], heading
    elif noeud.tag in _CELLS:
        yield [noeud], heading
    elif _holds_rows(noeud):
        for enfant in noeud.elements:
            yield from _rows_below(enfant, heading=heading or enfant.tag == "thead")


def _cell(enfant: Noeud | str, row: Noeud) -> Iterator[Noeud]:
    """A cell; stray text in a row is one too."""
    if isinstance(enfant, Noeud) and enfant.tag in _CELLS:
        yield enfant
    elif isinstance(enfant, Noeud) or enfant.strip():
        yield Noeud("td", {}, row, [enfant])


def _holds_rows(noeud: Noeud) -> bool:
    """Whether it groups rows (a form wrongly put around them does)."""
    if noeud.tag in ("tr", "thead", "tbody", "tfoot"):
        return True
    return noeud.tag != "caption" and any(n.tag in ("tr", "tbody") for n in noeud.elements)


def _span(noeud: Noeud, name: str) -> int:
    said = noeud.lire(name)
    return int(said) if re.fullmatch(r"\d{1,5}", said) else 1
