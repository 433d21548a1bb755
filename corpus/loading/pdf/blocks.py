"""From paragraphs, tables and notes to the blocks of the loaded document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.loading.models import BlocCharge, TexteSitue
from corpus.loading.pdf.assembly import Composer, joined
from corpus.loading.pdf.footnotes import Note, number_of
from corpus.loading.pdf.geometry import Word
from corpus.loading.pdf.structure import Read
from corpus.loading.pdf.tables import Cell, Grid, same_columns

_LEFT_CELL_LEVEL = 6
_TWO_COLUMNS = 2
_GOES_ON = re.compile(r"^[a-zà-öø-ÿœ(,;]")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_ENDED = re.compile(r"[.!?;:…][\s»”\")]*$")


@dataclass(slots=True)
class BlockMaker:
    """Makes the blocks; footnotes go to the block that calls them."""

    composer: Composer
    notes: list[Note]
    _calls: dict[tuple[int, str], list[Note]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for note in self.notes:
            if note.number is not None:
                self._calls.setdefault((note.sheet, note.number), []).append(note)

    def blocks(self, items: list[Read | Grid]) -> list[BlocCharge]:
        """Make the blocks, in order."""
        made: list[BlocCharge] = []
        headed: list[Grid] = []
        before: Read | Grid | None = None
        for item in items:
            if isinstance(item, Read):
                made.extend(self._paragraph(item))
            else:
                ahead = before if isinstance(before, Grid) and same_columns(before, item) else None
                spanning = _spans(item) or (ahead is not None and ahead in headed)
                if spanning:
                    headed.append(item)
                made.extend(self._table(item, ahead, spanning=spanning))
            before = item
        return self._with_stray_notes([block for block in made if block.contenu.texte])

    def _paragraph(self, read: Read) -> Iterator[BlocCharge]:
        rows = [(line.page, line.words) for line in read.paragraph.lines]
        content, notes = self._written(rows)
        link = read.nature == "paragraphe" and _LINK.fullmatch(content.texte) is not None
        yield BlocCharge(
            nature="lien" if link else read.nature,
            contenu=content,
            niveau=read.niveau,
            page=self.composer.sheets[rows[0][0]].number,
            notes=notes,
            a_part=read.apart,
        )

    def _written(
        self, rows: list[tuple[int, list[Word]]]
    ) -> tuple[TexteSitue, tuple[TexteSitue, ...]]:
        called: list[Note] = []

        def is_call(word: Word, sheet: int) -> bool:
            notes = self._notes_of(word, sheet)
            for note in notes:
                if not note.called:
                    note.called = True
                    called.append(note)
            return bool(notes)

        content = self.composer.compose(rows, is_call)
        return content, tuple(self._note(note) for note in called)

    def _notes_of(self, word: Word, sheet: int) -> list[Note]:
        """Give the notes that a word calls; two calls side by side make one word (« 12 »)."""
        if not word.raised:
            return []
        numbers = number_of(word)
        if numbers is None:
            return []
        whole = self._note_numbered(numbers, sheet)
        if whole is not None:
            return [whole]
        each = [self._note_numbered(number, sheet) for number in numbers]
        return [note for note in each if note is not None] if all(each) else []

    def _note_numbered(self, number: str, sheet: int) -> Note | None:
        # A call at the very foot of a page may have its note on the next one.
        for page in (sheet, sheet + 1):
            notes = self._calls.get((page, number), [])
            fresh = [note for note in notes if not note.called]
            if notes:
                return (fresh or notes)[0]
        return None

    def _note(self, note: Note) -> TexteSitue:
        return self.composer.compose((line.page, line.words) for line in note.lines)

    def _table(self, grid: Grid, before: Grid | None, *, spanning: bool) -> Iterator[BlocCharge]:
        header = before.rows[0] if before is not None else None
        for number, row in enumerate(grid.rows):
            if header is not None and number == 0 and _texts(row) == _texts(header):
                continue
            left = next((cell for cell in row if cell.column == 0), None)
            cells = row
            if spanning and left is not None and left.words and len(row) > 1:
                content, notes = self._written(left.lines)
                yield self._block("titre", content, notes, grid, _LEFT_CELL_LEVEL)
                cells = [cell for cell in row if cell is not left]
            texts: list[TexteSitue] = []
            called: list[TexteSitue] = []
            for cell in cells:
                content, notes = self._written(cell.lines)
                called.extend(notes)
                if content.texte:
                    texts.append(content)
            if texts:
                yield self._block("ligne_tableau", joined(texts, "\t"), tuple(called), grid, 0)

    def _block(
        self,
        nature: str,
        content: TexteSitue,
        notes: tuple[TexteSitue, ...],
        grid: Grid,
        level: int,
    ) -> BlocCharge:
        return BlocCharge.model_validate(
            {
                "nature": nature,
                "contenu": content,
                "niveau": level,
                "page": self.composer.sheets[grid.page].number,
                "notes": notes,
            }
        )

    def _with_stray_notes(self, blocks: list[BlocCharge]) -> list[BlocCharge]:
        """Give the notes whose call was not found to the last block of their page."""
        for note in self.notes:
            if note.called:
                continue
            page = self.composer.sheets[note.sheet].number
            places = [
                number
                for number, block in enumerate(blocks)
                if block.page is not None and block.page <= page
            ]
            place = places[-1] if places else len(blocks) - 1
            if place >= 0:
                block = blocks[place]
                blocks[place] = block.model_copy(update={"notes": (*block.notes, self._note(note))})
        return blocks


def _spans(grid: Grid) -> bool:
    """Whether the left cells of a table are heads: one of them at least spans several rows."""
    return grid.columns == _TWO_COLUMNS and any(
        cell.rows > 1 and cell.column == 0 and cell.words for row in grid.rows for cell in row
    )


def join_tables(items: list[Read | Grid]) -> list[Read | Grid]:
    """Put the rest of a row cut by the end of a page back into the row."""
    joined_items: list[Read | Grid] = []
    for item in items:
        before = joined_items[-1] if joined_items else None
        if isinstance(item, Grid) and isinstance(before, Grid) and same_columns(before, item):
            _continue_row(before, item)
        joined_items.append(item)
    return joined_items


def _continue_row(before: Grid, after: Grid) -> None:
    """Move to the last row of a table what the first row after it continues."""
    repeated = _texts(after.rows[0]) == _texts(before.rows[0])
    place = 1 if repeated and len(after.rows) > 1 else 0
    last, first = before.rows[-1], after.rows[place]
    if len(before.rows) < 2 or len(last) != len(first):  # noqa: PLR2004 (a header and a row)
        return
    pairs = list(zip(last, first, strict=True))
    continued = all(
        not new.words
        or (
            old.words and (_GOES_ON.match(_text(new)) is not None) and not _ENDED.search(_text(old))
        )
        for old, new in pairs
    )
    # Only a row that leaves a cell empty, or goes on in each, is the rest of another.
    if continued and any(new.words for _, new in pairs):
        for old, new in pairs:
            old.lines.extend(new.lines)
        del after.rows[place]


def _text(cell: Cell) -> str:
    return " ".join(word.text for word in cell.words)


def _texts(row: list[Cell]) -> list[str]:
    return [_text(cell) for cell in row]
