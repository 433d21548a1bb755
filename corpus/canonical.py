"""Assemble the canonical text of a document: the text that citations point into."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace

from corpus.cleaning import clean_lines, squeeze
from corpus.loading.models import BlocCharge, DocumentCharge, TexteSitue
from corpus.manifest import ManifesteInutilisable
from corpus.models import Bloc, DocumentCanonique, FicheDocument, Trou
from corpus.reading import BOX_LEVEL, Element, profile_of, read_elements
from corpus.traced import Traced, runs, trace

_TITLE_MARKS = re.compile(r"^[\s·•‣▪➤➢☐-]+|[\s:]+$")
_LISTED = ("element", "ligne_tableau")
_HEADINGS = ("titre", "question", "encadre")
_BOX_GAP = 2
"""Blank lines that end a box: what follows is back under the heading before it."""


def build_canonical(source: str, fiche: FicheDocument) -> DocumentCanonique:
    """Clean and structure a source text.

    Raises:
        ManifesteInutilisable: the manifest announces a hole or a lost heading whose words the
            text does not hold.
    """
    read = read_elements(clean_lines(source, fiche), fiche)
    elements = list(_place_notes([(element, tuple(_notes(element))) for element in read]))
    text, places = _assemble(elements)
    paged = profile_of(fiche).pagine
    return _document(fiche, text.text, elements, places, paged=paged, carte=runs(text.origin))


def build_loaded(charge: DocumentCharge, fiche: FicheDocument) -> DocumentCanonique:
    """Build the canonical text of a file that its loader structured, places of words included.

    Raises:
        ManifesteInutilisable: as ``build_canonical``.
    """
    kept = [bloc for bloc in charge.blocs if bloc.contenu.texte not in fiche.mobilier]
    read = [
        (_element(bloc), tuple(_loaded_note(note, bloc) for note in bloc.notes)) for bloc in kept
    ]
    elements = list(_place_notes(read))
    text, places = _assemble(elements)
    return _document(fiche, text.text, elements, places, paged=charge.pages is not None, carte=())


def _document(
    fiche: FicheDocument,
    texte: str,
    elements: list[Element],
    places: list[tuple[int, int]],
    *,
    paged: bool,
    carte: tuple[tuple[int, int, int], ...],
) -> DocumentCanonique:
    holes = [
        Trou(position=end, objet=element.trou)
        for element, (_, end) in zip(elements, places, strict=True)
        if element.trou
    ]
    return DocumentCanonique(
        fiche=fiche,
        texte=texte,
        version=text_version(texte),
        blocs=tuple(_blocs(elements, places, fiche, paged=paged)),
        trous=tuple(sorted([*_trous(texte, fiche), *holes], key=lambda hole: hole.position)),
        carte=carte,
        boites=tuple(
            box._replace(debut=start + box.debut, fin=start + box.fin)
            for element, (start, _) in zip(elements, places, strict=True)
            for box in element.boites
        ),
    )


def _element(bloc: BlocCharge) -> Element:
    return Element(
        nature=bloc.nature,
        texte=trace(bloc.contenu.texte),
        niveau=bloc.niveau,
        page=bloc.page,
        vides=_BOX_GAP if bloc.a_part else 1,
        boites=bloc.contenu.boites,
        trou=bloc.trou,
    )


def _loaded_note(note: TexteSitue, bloc: BlocCharge) -> Element:
    page = note.boites[0].page if note.boites else bloc.page
    return Element("note", trace(note.texte), 0, page, 1, boites=note.boites)


def text_version(texte: str) -> str:
    """First 12 hex digits of the sha256 of a stored text."""
    return hashlib.sha256(texte.encode("utf-8")).hexdigest()[:12]


def source_offset(document: DocumentCanonique, position: int) -> int:
    """Where a code point of the canonical text stands in the source file."""
    before = [run for run in document.carte if run[0] <= position]
    if not before or not 0 <= position < len(document.texte):
        raise ValueError(f"position {position} hors du texte (0 à {len(document.texte) - 1})")
    start, source, _ = before[-1]
    return source + position - start


def _notes(element: Element) -> Iterator[Element]:
    for note in element.notes:
        squeezed = squeeze(note).strip()
        if squeezed.text:
            yield Element("note", squeezed, 0, element.page, 1)


def _place_notes(called: list[tuple[Element, tuple[Element, ...]]]) -> Iterator[Element]:
    """Put each footnote after the paragraph, or the whole list, that calls it."""
    waiting: list[Element] = []
    for index, (element, notes) in enumerate(called):
        if element.texte.text:
            yield replace(element, notes=())
        waiting.extend(notes)
        following = called[index + 1][0] if index + 1 < len(called) else None
        if waiting and (following is None or following.nature not in _LISTED):
            yield from waiting
            waiting = []
    yield from waiting


def _assemble(elements: list[Element]) -> tuple[Traced, list[tuple[int, int]]]:
    """Join the elements; list items and table rows stay together on consecutive lines."""
    text: list[str] = []
    origin: list[int] = []
    places: list[tuple[int, int]] = []
    before: Element | None = None
    for element in elements:
        if before is not None:
            together = element.nature in _LISTED and before.nature in (*_LISTED, "paragraphe")
            separator = "\n" if together else "\n\n"
            text.append(separator)
            origin.extend([origin[-1]] * len(separator))
        start = len(origin)
        text.append(element.texte.text)
        origin.extend(element.texte.origin)
        places.append((start, len(origin)))
        before = element
    return Traced("".join(text), tuple(origin)), places


def title_of(texte: str) -> str:
    """A heading without its bullet or closing colon, for section paths."""
    return _TITLE_MARKS.sub("", texte)


def _blocs(
    elements: list[Element],
    places: list[tuple[int, int]],
    fiche: FicheDocument,
    *,
    paged: bool,
) -> Iterator[Bloc]:
    path: list[tuple[int, str]] = []
    introduction: int | None = None
    found: set[str] = set()
    for number, (element, (start, end)) in enumerate(zip(elements, places, strict=True)):
        for lost in fiche.titres_restitues:
            if element.texte.text.startswith(lost.avant):
                path = [*(p for p in path if p[0] < lost.niveau), (lost.niveau, lost.titre)]
                found.add(lost.avant)
        boxed = [p for p in path if p[0] == BOX_LEVEL]
        opened = number > 0 and elements[number - 1].nature in _HEADINGS
        if boxed and not opened and element.vides >= _BOX_GAP and element.nature not in _HEADINGS:
            path = [p for p in path if p[0] < BOX_LEVEL]
        if element.nature in _HEADINGS:
            path = [p for p in path if p[0] < element.niveau]
            path.append((element.niveau, title_of(element.texte.text)))
        listed = element.nature in _LISTED
        if not listed and not _inside_list(elements, number, introduction):
            introduction = number if element.nature in ("paragraphe", "titre") else None
        yield Bloc(
            numero=number,
            nature=element.nature,
            debut=start,
            fin=end,
            section=tuple(title for _, title in path),
            niveau=element.niveau,
            page=element.page if paged else None,
            introduit_par=introduction if listed else None,
        )
    absent = [t.avant for t in fiche.titres_restitues if t.avant not in found]
    if absent:
        raise ManifesteInutilisable(
            f"document {fiche.id}, titres_restitues : aucun bloc ne commence par « {absent[0]} »"
        )


def _inside_list(elements: list[Element], number: int, introduction: int | None) -> bool:
    """Whether a paragraph belongs to the list item before it: the next item is of the same list."""
    return (
        introduction is not None
        and elements[introduction].nature == "paragraphe"
        and elements[number].nature == "paragraphe"
        and elements[number - 1].nature == "element"
        and elements[number].texte.text.endswith(".")
    )


def _trous(texte: str, fiche: FicheDocument) -> Iterator[Trou]:
    for lacune in fiche.lacunes:
        place = texte.find(lacune.apres)
        if place < 0:
            # The words are written with the source's apostrophes: a plain search must find them.
            raise ManifesteInutilisable(
                f"document {fiche.id}, lacunes : « {lacune.apres} » ne se trouve pas dans le texte"
            )
        yield Trou(position=place + len(lacune.apres), objet=lacune.objet)
