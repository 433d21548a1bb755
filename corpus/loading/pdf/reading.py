"""Reads a PDF: pages are drawn one by one, then read together as one document."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import Advance, Limites
from corpus.loading.models import BlocCharge, DocumentCharge
from corpus.loading.pdf.assembly import Composer, Vocabulary
from corpus.loading.pdf.blocks import BlockMaker, join_tables
from corpus.loading.pdf.characters import Collector, Drawn
from corpus.loading.pdf.flow import Flow, read_pages
from corpus.loading.pdf.fonts import Fonts, Interpreter
from corpus.loading.pdf.geometry import Sheet
from corpus.loading.pdf.opening import UNREADABLE, Opened, faults, open_pdf
from corpus.loading.pdf.structure import Read, read_structure
from corpus.loading.pdf.tables import Grid
from corpus.loading.pdf.words import Widths, segments_of

_MISSED = 1.15
"""Of the letters found: so many more in the second reading, and a page is doubtful."""
_MISSED_LETTERS = 40


@dataclass(slots=True)
class _Observed:
    """What whoever adds the file should know, page by page."""

    images: list[int] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    recognized: list[int] = field(default_factory=list)
    doubtful: list[int] = field(default_factory=list)
    white: list[int] = field(default_factory=list)
    slanted: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)

    def observe(self, number: int, drawn: Drawn, opened: Opened) -> None:
        letters = any(not glyph.text.isspace() for kept in drawn.glyphs.values() for glyph in kept)
        if not letters:
            (self.images if drawn.images else self.empty).append(number)
        if letters and drawn.invisible:
            self.recognized.append(number)
        if drawn.letters * _MISSED + _MISSED_LETTERS < _second_reading(opened, number):
            self.doubtful.append(number)
        for count, pages in (
            (drawn.white, self.white),
            (drawn.slanted, self.slanted),
            (drawn.unknown, self.unknown),
        ):
            if count:
                pages.append(number)

    def remarks(self) -> tuple[str, ...]:
        told = (
            (self.images, "aucun texte, une image seulement"),
            (self.empty, "aucun texte"),
            (self.recognized, "texte reconnu sur une image, avec les erreurs qu'il peut avoir"),
            (self.doubtful, "une seconde lecture trouve nettement plus de texte : à vérifier"),
            (self.white, "du texte blanc sur blanc, qui n'est pas lu"),
            (self.slanted, "un texte en biais (filigrane), qui n'est pas lu"),
            (self.unknown, "des caractères que le fichier ne dit pas lire, marqués « \ufffd »"),
        )
        return tuple(f"{pages_named(pages)} : {what}" for pages, what in told if pages)


def read_pdf(content: bytes, limits: Limites, advance: Advance) -> DocumentCharge:
    """Read the text of a PDF, structured, with the place of each word.

    Raises:
        FichierRefuse: it is encrypted, damaged, beyond a limit, or no page of it has text.
    """
    opened = open_pdf(content, limits)
    observed = _Observed()
    sheets = _draw(opened, limits, advance, observed)
    count = len(opened.pages)
    if not any(sheet.segments for sheet in sheets):
        raise _without_text(observed, count)
    with faults("la mise en page"):
        flow = read_pages(sheets, lambda: advance(count, count))
        blocks = _blocks(sheets, flow)
    if not blocks:
        raise _without_text(observed, count)
    return DocumentCharge(
        format="pdf",
        blocs=tuple(_with_holes(blocks, observed.images)),
        pages=count,
        proprietes=opened.proprietes,
        remarques=observed.remarks(),
    )


def _draw(opened: Opened, limits: Limites, advance: Advance, observed: _Observed) -> list[Sheet]:
    """Draw the pages one by one, keeping words and rules only."""
    fonts = Fonts()
    device = Collector(fonts, limits.caracteres, limits.imbrication)
    interpreter = Interpreter(fonts, device)
    sheets: list[Sheet] = []
    widths: Widths = {}
    count = len(opened.pages)
    for number, page in enumerate(opened.pages, 1):
        with faults(f"page {number}"):
            interpreter.process_page(page)
            drawn = device.drawn
            observed.observe(number, drawn, opened)
            sheets.extend(_sheets(number, drawn, widths))
        advance(number, count)
    return sheets


def _sheets(number: int, drawn: Drawn, widths: Widths) -> list[Sheet]:
    """Part a page by the directions of its text, the main one first."""
    turned = sorted(drawn.glyphs.items(), key=lambda item: -len(item[1]))
    sheets = []
    for angle, glyphs in turned:
        wide, high = (drawn.height, drawn.width) if angle % 2 else (drawn.width, drawn.height)
        segments = segments_of(glyphs, widths)
        sheets.append(Sheet(number, wide, high, angle, segments, drawn.rules(angle)))
    return sheets


def _second_reading(opened: Opened, number: int) -> int:
    """Count the letters that the other library reads on a page; none where it cannot."""
    try:
        text = opened.reader.pages[number - 1].extract_text()
    except (*UNREADABLE, RecursionError):
        return 0
    return sum(map(str.isalnum, text))


def _blocks(sheets: list[Sheet], flow: Flow) -> list[BlocCharge]:
    vocabulary = Vocabulary()
    for sheet in sheets:
        for segment in sheet.segments:
            vocabulary.learn(segment)
    read = iter(read_structure(flow.paragraphs, flow.body))
    items: list[Read | Grid] = [next(read) if item is None else item for item in flow.items]
    maker = BlockMaker(Composer(sheets, vocabulary), flow.notes)
    return maker.blocks(join_tables(items))


def _with_holes(blocks: list[BlocCharge], images: list[int]) -> list[BlocCharge]:
    """Tell, on the block before each, the pages that are but images."""
    for page in images:
        before = [number for number, block in enumerate(blocks) if (block.page or 0) <= page]
        place = before[-1] if before else 0
        hole = f"la page {page}, qui n'est qu'une image"
        block = blocks[place]
        blocks[place] = block.model_copy(
            update={"trou": f"{block.trou} ; {hole}" if block.trou else hole}
        )
    return blocks


def _without_text(observed: _Observed, count: int) -> FichierRefuse:
    if observed.images:
        pages = pages_named(observed.images)
        return FichierRefuse(
            "numerise",
            f"un document numérisé sans texte ({pages}, sur {count}) : aucun mot à lire ;"
            " passez-le d'abord à la reconnaissance de caractères",
        )
    return FichierRefuse("vide", f"un PDF sans texte ({count} page{'s' * (count > 1)})")


def pages_named(pages: list[int]) -> str:
    """Name pages: « page 3 », « pages 1 à 4, 7 »."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    named = ", ".join(
        f"{run[0]} à {run[-1]}" if len(run) > 2 else ", ".join(map(str, run))  # noqa: PLR2004
        for run in runs
    )
    return f"page{'s' * (len(pages) > 1)} {named}"
