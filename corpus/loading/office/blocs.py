"""From the content of an office document to blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import Advance
from corpus.loading.models import BlocCharge, DocumentCharge, TexteSitue
from corpus.loading.office.contenu import Cadre, Cellule, Contenu, Paragraphe, Releve, Tableau
from corpus.models import NatureBloc

_URL = re.compile(r"^https?://\S+$")
_TYPED_BULLET = re.compile(r"^[·•‣▪○o☐➤➢–-]\s+(?=\S)")
_TYPED_NUMBER = re.compile(r"^\d{1,2}[.)]\s+(?=[a-zà-ÿ])")
_CLOSED = re.compile(r"[.;:!…»,]$")
_ARROWS = "➤➢☐"
_BOX_TITLES = frozenset({"important", "attention", "à noter", "a noter"})
_SHORT = 90
_LONGEST_TITLE = 300
"""Characters; beyond, a paragraph in a heading's style is body text all the same."""
_LEVELS = 6
_BOX_LEVEL = 4
_LEFT_CELL_LEVEL = 6
_BARE_LEVEL = 4
_ARROW_LEVEL = 3
_ITEM_LEVELS = 9
_TWO = 2


def assemble(
    sorte: Literal["docx", "odt"],
    content: Iterable[Contenu],
    advance: Advance,
    *,
    proprietes: Mapping[str, str],
    releve: Releve,
) -> DocumentCharge:
    """Make the document of its content.

    Raises:
        FichierRefuse: ``vide`` or ``numerise`` where there is no text.
    """
    held = list(content)
    assembly = _Assemblage(sans_plan=not any(map(_has_outline, held)))
    for number, piece in enumerate(held):
        advance(number, len(held))
        assembly.ajouter(piece)
    advance(len(held), len(held))
    remarks = releve.remarques()
    if not assembly.blocs:
        if assembly.trous:
            raise FichierRefuse(
                "numerise",
                f"le document ne contient aucun texte, seulement {_images(assembly.trous)} ; "
                "il faut un document dont le texte se laisse copier",
            )
        raise FichierRefuse("vide", "le document ne contient aucun texte")
    if assembly.trous:
        remarks.append(f"{_images(assembly.trous)} : le contenu n'en est pas lu")
    return DocumentCharge(
        format=sorte,
        blocs=tuple(assembly.blocs),
        proprietes=proprietes,
        remarques=tuple(remarks),
    )


def texte_de(content: Iterable[Contenu]) -> str:
    """The text of some content on one line: a footnote, a cell."""
    return " ".join(filter(None, (_shown(p) for p in _paragraphs(content))))


@dataclass(slots=True)
class _Assemblage:
    """The blocks made so far."""

    sans_plan: bool
    """No heading has a style: short bold paragraphs are the headings."""
    blocs: list[BlocCharge] = field(default_factory=list)
    trous: int = 0
    a_part: bool = False
    """The next block comes after a box."""

    def ajouter(self, piece: Contenu) -> None:
        match piece:
            case Paragraphe():
                self._paragraphe(piece)
            case Cadre():
                self._cadre(piece.contenu)
            case Tableau():
                self._tableau(piece)

    def _poser(
        self,
        nature: NatureBloc,
        text: str,
        niveau: int = 0,
        notes: Iterable[str] = (),
        trous: Iterable[str] = (),
    ) -> None:
        holes = tuple(trous)
        if text:
            kept = tuple(TexteSitue(texte=note) for note in notes if note)
            self.blocs.append(
                BlocCharge(
                    nature=nature,
                    contenu=TexteSitue(texte=text),
                    niveau=niveau,
                    notes=kept,
                    a_part=self.a_part,
                )
            )
            self.a_part = False
        self.trous += len(holes)
        if holes and self.blocs:
            last = self.blocs[-1]
            said = [last.trou] if last.trou else []
            self.blocs[-1] = last.model_copy(update={"trou": " et ".join([*said, *holes])[:500]})

    def _paragraphe(self, paragraph: Paragraphe) -> None:
        nature, level = self._nature(paragraph)
        self._poser(nature, _shown(paragraph), level, paragraph.notes, paragraph.trous)

    def _nature(self, paragraph: Paragraphe) -> tuple[NatureBloc, int]:
        text = paragraph.texte
        if (paragraph.plan or paragraph.titre) and len(text) <= _LONGEST_TITLE:
            return _heading(text), min(max(paragraph.plan, 1), _LEVELS)
        if paragraph.liste and paragraph.marque:
            return "element", min(paragraph.liste, _ITEM_LEVELS)
        if _URL.match(text):
            return "lien", 0
        bare = self.sans_plan and paragraph.gras and len(text) <= _SHORT
        if bare and not _CLOSED.search(text):
            return _heading(text), _ARROW_LEVEL if text[0] in _ARROWS else _BARE_LEVEL
        if _TYPED_BULLET.match(text) or _TYPED_NUMBER.match(text):
            return "element", max(1, min(paragraph.liste, _ITEM_LEVELS))
        return "paragraphe", 0

    def _cadre(self, content: Iterable[Contenu]) -> None:
        """Ordinary blocks, under a heading of their own where the first line is one."""
        held = [piece for piece in content if not _is_blank(piece)]
        if not held:
            for paragraph in _paragraphs(content):
                self._poser("paragraphe", "", trous=paragraph.trous)
            return
        first = held[0]
        boxed = isinstance(first, Paragraphe) and len(held) > 1 and _heads_box(first)
        if isinstance(first, Paragraphe) and boxed:
            self._poser("encadre", _shown(first), _BOX_LEVEL, first.notes, first.trous)
            held = held[1:]
        for piece in held:
            self.ajouter(piece)
        self.a_part |= boxed

    def _tableau(self, table: Tableau) -> None:
        rows = [row for row in table.rangs if row]
        filled = [cell for row in rows for cell in row if not all(map(_is_blank, cell.contenu))]
        columns = {cell.colonne for row in rows for cell in row}
        if len(filled) <= 1 and (len(rows) == 1 or len(columns) == 1):
            self._cadre([piece for row in rows for cell in row for piece in cell.contenu])
        elif len(columns) == 1 and len(rows) == _TWO and filled and _heads_box_of(filled[0]):
            self._cadre([piece for cell in filled for piece in cell.contenu])
        elif any(_has_outline(piece) for cell in filled for piece in cell.contenu):
            # Headings inside cells: the table only lays the page out.
            for cell in filled:
                for piece in cell.contenu:
                    self.ajouter(piece)
        else:
            # Where a left cell heads several rows, those beside one row head it too.
            headed = len(columns) == _TWO and any(
                cell.rangs > 1 for row in rows for cell in row if cell.colonne == 0
            )
            for number, row in enumerate(table.rangs):
                if row:
                    self._rang(row, headed=headed and number >= table.entetes)

    def _rang(self, row: tuple[Cellule, ...], *, headed: bool) -> None:
        if headed and row[0].colonne == 0 and len(row) > 1:
            self._poser_cellules(row[:1], "titre", _LEFT_CELL_LEVEL)
            row = row[1:]
        self._poser_cellules(row, "ligne_tableau", 0)

    def _poser_cellules(self, cells: tuple[Cellule, ...], nature: NatureBloc, level: int) -> None:
        paragraphs = [p for cell in cells for p in _paragraphs(cell.contenu)]
        self._poser(
            nature,
            "\t".join(filter(None, (texte_de(cell.contenu) for cell in cells))),
            level,
            [note for paragraph in paragraphs for note in paragraph.notes],
            [hole for paragraph in paragraphs for hole in paragraph.trous],
        )


def _shown(paragraph: Paragraphe) -> str:
    """A paragraph's text after the mark that the reader sees before it."""
    bullet = paragraph.plan and not any(letter.isalnum() for letter in paragraph.marque)
    if not paragraph.texte or not paragraph.marque or bullet:
        return paragraph.texte
    return f"{paragraph.marque} {paragraph.texte}"


def _heading(text: str) -> NatureBloc:
    return "question" if text.endswith("?") else "titre"


def _heads_box(paragraph: Paragraphe) -> bool:
    text = paragraph.texte.rstrip(" :").lower()
    if paragraph.plan or paragraph.liste or len(text) > _SHORT:
        return False
    return text in _BOX_TITLES or (paragraph.gras and not _CLOSED.search(text))


def _heads_box_of(cell: Cellule) -> bool:
    held = [piece for piece in cell.contenu if not _is_blank(piece)]
    return len(held) == 1 and isinstance(held[0], Paragraphe) and _heads_box(held[0])


def _is_blank(piece: Contenu) -> bool:
    return not any(paragraph.texte for paragraph in _paragraphs([piece]))


def _has_outline(piece: Contenu) -> bool:
    return any(paragraph.plan and paragraph.texte for paragraph in _paragraphs([piece]))


def _paragraphs(content: Iterable[Contenu]) -> Iterator[Paragraphe]:
    for piece in content:
        match piece:
            case Paragraphe():
                yield piece
            case Cadre():
                yield from _paragraphs(piece.contenu)
            case Tableau():
                for row in piece.rangs:
                    for cell in row:
                        yield from _paragraphs(cell.contenu)


def _images(number: int) -> str:
    return "une image ou un objet" if number == 1 else f"{number} images ou objets"
