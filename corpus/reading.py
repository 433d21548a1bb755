"""From clean lines to structural elements: headings, paragraphs, list items, table rows.

Each layout of source (``mise_en_page``) has its own habits; they are told apart by a profile, and
the reading itself is one loop over lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from corpus.cleaning import Ligne, squeeze
from corpus.models import Boite, FicheDocument, MiseEnPage, NatureBloc
from corpus.traced import Traced, concatenate

_BULLET = re.compile(r"^(?P<mark>[·•‣▪○o☐➤➢-])\s+(?=\S)")
_NUMBERED_ITEM = re.compile(r"^\d{1,2}[.)]\s+(?=[a-zà-ÿ])")
_NUMBERED_TITLE = re.compile(
    r"^(?P<number>\d{1,2}(?:[.-]\d{1,2})+|\d{1,2}(?=\.))\.?\s+(?=[A-ZÀ-ÝŒ])"
)
_CLOSED = re.compile(r"[.;:!?…»,]\s*$")
_URL = re.compile(r"^https?://\S+$")
_CONTINUES = re.compile(
    r"(?:^|[\s'’])(?:à|au|aux|de|du|des|la|le|les|l|d|un|une|en|et|ou|par|pour|avec|dans|sur|sous"
    r"|leur|leurs|ses|sa|son|ce|cette|ces|qui|que|dont)$",
    re.IGNORECASE,
)
_MAX_TITLE = 90
_SHORT_LINE = 60
_BOX_TITLES = frozenset({"important", "attention", "à noter", "a noter"})
_ARROWS = "➤➢☐"
_ANNEX = re.compile(r"^annexes?\b", re.IGNORECASE)
BOX_LEVEL = 4
"""Level of the headings of boxes (« Important », a definition), inside any section."""


@dataclass(frozen=True, slots=True)
class Profil:
    """Habits of a layout."""

    coupe_les_lignes: bool
    """Lines are cut at the page's width: consecutive ones belong together."""
    titres_nus: int
    """Level of a short line alone, without closing punctuation; 0 where that is no heading."""
    pagine: bool
    """A line that begins with one space begins a page."""


PROFILS: dict[MiseEnPage, Profil] = {
    "docx": Profil(coupe_les_lignes=False, titres_nus=4, pagine=False),
    "pdf": Profil(coupe_les_lignes=True, titres_nus=1, pagine=True),
    "markdown": Profil(coupe_les_lignes=False, titres_nus=0, pagine=False),
    "web": Profil(coupe_les_lignes=False, titres_nus=2, pagine=False),
}


def profile_of(fiche: FicheDocument) -> Profil:
    """Habits of a plain text source."""
    if fiche.mise_en_page is None:
        raise ValueError(f"document {fiche.id} : un fichier {fiche.format} n'a pas de mise_en_page")
    return PROFILS[fiche.mise_en_page]


@dataclass(frozen=True, slots=True)
class Element:
    """A structural element before it has a place in the canonical text."""

    nature: NatureBloc
    texte: Traced
    niveau: int = 0
    page: int | None = None
    vides: int = 0
    notes: tuple[Traced, ...] = field(default=())
    trou: str | None = None
    """What the source holds just after it that is no text."""
    boites: tuple[Boite, ...] = ()
    """Places of its words on their pages, with offsets in ``texte``."""


Suite = Literal["joint", "nouveau"]


def read_elements(lines: Iterable[Ligne], fiche: FicheDocument) -> list[Element]:
    """Group lines into elements, in reading order."""
    profil = profile_of(fiche)
    groups = _group(lines, profil)
    elements = [_classify(group, index, groups, profil) for index, group in enumerate(groups)]
    elements = list(_repair_levels(_merge_broken_items(_pair_cells(elements, groups))))
    return [replace(e, texte=squeeze(e.texte).strip()) for e in elements if e.texte.text or e.notes]


@dataclass(frozen=True, slots=True)
class _Groupe:
    """Lines that are one element."""

    lignes: tuple[Ligne, ...]

    @property
    def premiere(self) -> Ligne:
        return self.lignes[0]

    @property
    def texte(self) -> Traced:
        return concatenate((ligne.texte for ligne in self.lignes if ligne.texte.text), " ")


def _group(lines: Iterable[Ligne], profil: Profil) -> list[_Groupe]:
    groups: list[list[Ligne]] = []
    for line in lines:
        if groups and _goes_on(groups[-1], line, profil):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_Groupe(tuple(group)) for group in groups]


def _goes_on(group: list[Ligne], line: Ligne, profil: Profil) -> bool:
    """Whether ``line`` continues the element that ``group`` began."""
    before = group[-1].texte.text
    text = line.texte.text
    if line.tabulations or line.trou or group[-1].trou or line.dieses or group[-1].dieses:
        return False
    if not before or not text or _starts_something(text):
        return False
    if _URL.match(text) or _URL.match(before):
        return False
    lower = text[0].islower()
    unfinished = (
        not _CLOSED.search(before) or before.endswith(",") or before.count("(") > before.count(")")
    )
    if not profil.coupe_les_lignes:
        return (lower and unfinished) or (
            # A title broken over lines at the head of the file.
            line.vides == 0 and len(group) == 1 and _CONTINUES.search(before) is not None
        )
    if line.saut and not lower:
        return False
    if line.vides == 0:
        return not (
            _CLOSED.search(before)
            and not before.endswith((",", "»"))
            and text[0].isupper()
            and len(before) < _SHORT_LINE
        ) or _mid_paragraph(group)
    return unfinished and (lower or _CONTINUES.search(before) is not None)


def _mid_paragraph(group: list[Ligne]) -> bool:
    """A short closed line that follows full lines without a blank ends a sentence, not the text."""
    return len(group) > 1 and _BULLET.match(group[0].texte.text) is None


def _starts_something(text: str) -> bool:
    return bool(_BULLET.match(text) or _NUMBERED_TITLE.match(text) or _NUMBERED_ITEM.match(text))


def _classify(group: _Groupe, index: int, groups: list[_Groupe], profil: Profil) -> Element:
    first = group.premiere
    text = group.texte
    page = first.page if profil.pagine else None
    notes = tuple(note for line in group.lignes for note in line.notes)
    base = Element("paragraphe", text, 0, page, first.vides, notes)
    if _URL.match(text.text):
        return replace(base, nature="lien")
    if first.trou or first.tabulations or not text.text:
        return base
    bullet = _BULLET.match(text.text)
    if first.signet:
        return replace(base, nature="titre", niveau=2)
    if first.dieses:
        return replace(base, nature="titre", niveau=first.dieses)
    if text.text.lower() in _BOX_TITLES:
        return replace(base, nature="encadre", niveau=BOX_LEVEL)
    before = groups[index - 1] if index else None
    after = groups[index + 1] if index + 1 < len(groups) else None
    if bullet:
        return _classify_bullet(base, bullet, first, after, profil)
    if _NUMBERED_ITEM.match(text.text):
        return replace(base, nature="element", niveau=1)
    number = _NUMBERED_TITLE.match(text.text)
    if number and not text.text.rstrip().endswith((".", ";")) and len(text) <= 2 * _MAX_TITLE:
        return replace(base, nature="titre", niveau=1 + len(re.findall(r"[.-]", number["number"])))
    if first.gras and not _CLOSED.search(text.text):
        return replace(base, nature="titre", niveau=3 if text.text[0] in _ARROWS else 4)
    if profil.titres_nus and _is_bare_title(text.text, first, before, after):
        question = text.text.rstrip().endswith("?")
        level = 1 if _ANNEX.match(text.text) else profil.titres_nus
        return replace(base, nature="question" if question else "titre", niveau=level)
    return base


def _classify_bullet(
    base: Element, bullet: re.Match[str], first: Ligne, after: _Groupe | None, profil: Profil
) -> Element:
    text = base.texte.text
    # Where lines are cut at the page's width, items too are set apart by blank lines.
    alone = not profil.coupe_les_lignes and first.vides > 0
    alone = alone and after is not None and after.premiere.vides > 0
    if bullet["mark"] in _ARROWS or (alone and not _CLOSED.search(text)):
        return replace(base, nature="titre", niveau=3)
    return replace(base, nature="element", niveau=1)


def _is_bare_title(text: str, first: Ligne, before: _Groupe | None, after: _Groupe | None) -> bool:
    if _ANNEX.match(text) and len(text) <= _MAX_TITLE:
        return True
    if after is None or after.premiere.saut or not text[0].isupper():
        return False
    if text.endswith("?"):
        return len(text) <= 2 * _MAX_TITLE and after.premiere.vides > 0
    if len(text) > _MAX_TITLE or after.premiere.vides == 0 or after.texte.text.endswith("?"):
        return False
    if before is not None and before.texte.text.endswith("?"):
        return False
    under_annex = before is not None and _ANNEX.match(before.texte.text) is not None
    if before is not None and first.vides == 0 and not first.saut and not under_annex:
        return False
    return not re.search(r"[.:;,!…»\d]$", text)


def _pair_cells(elements: list[Element], groups: list[_Groupe]) -> list[Element]:
    """Read indented two-column tables: the first cell, when filled, heads the rows under it.

    A row is two indented lines, the first one empty where the left cell spans several rows.
    Markdown tables that were flattened put both cells on one line, the left one in bold.
    """
    paired: list[Element] = []
    left = True
    flattened = False
    for element, group in zip(elements, groups, strict=True):
        line = group.premiere
        if line.cellule_entete and "\t" in element.texte.text:
            cut = element.texte.text.index("\t")
            paired.append(
                replace(
                    element, nature="titre", niveau=6, texte=element.texte.slice(0, cut), notes=()
                )
            )
            paired.append(
                replace(
                    element,
                    nature="ligne_tableau",
                    vides=0,
                    texte=element.texte.slice(cut + 1, len(element.texte)).strip(),
                )
            )
            flattened = True
        elif line.tabulations and flattened:
            paired.append(replace(element, nature="ligne_tableau"))
        elif line.tabulations:
            if left and element.texte.text:
                paired.append(replace(element, nature="titre", niveau=6))
            elif not left:
                paired.append(replace(element, nature="ligne_tableau"))
            left = not left
        else:
            left, flattened = True, False
            paired.append(element)
    return paired


def _merge_broken_items(elements: Iterable[Element]) -> Iterator[Element]:
    """Rejoin a list item that extraction cut in two, the second half with a bullet of its own."""
    held: Element | None = None
    for element in elements:
        bullet = _BULLET.match(element.texte.text) if element.nature == "element" else None
        if (
            held is not None
            and held.nature == "element"
            and bullet
            and _CONTINUES.search(held.texte.text)
            and element.texte.text[bullet.end()].islower()
        ):
            rest = element.texte.slice(bullet.end(), len(element.texte))
            held = replace(
                held, texte=concatenate((held.texte, rest), " "), notes=held.notes + element.notes
            )
            continue
        if held is not None:
            yield held
        held = element
    if held is not None:
        yield held


def _repair_levels(elements: Iterable[Element]) -> Iterator[Element]:
    """Two headings of the table of contents in direct succession: the first is the outer one."""
    held = list(elements)
    for index, element in enumerate(held):
        following = held[index + 1] if index + 1 < len(held) else None
        if (
            element.nature == "titre"
            and following is not None
            and following.nature == "titre"
            and element.niveau == following.niveau == 2  # noqa: PLR2004 - the level of bookmarks
        ):
            yield replace(element, niveau=1)
        else:
            yield element
