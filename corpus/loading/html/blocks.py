"""From the visible tree of a page to structured blocks."""

from __future__ import annotations

import re
from typing import NamedTuple

from corpus.loading.html import tables
from corpus.loading.html.boxes import BOX_LEVEL, is_box, is_known_title, is_named_as_title
from corpus.loading.html.marks import marks_of
from corpus.loading.html.names import BLOCKS, HOLES, INLINE
from corpus.loading.html.notes import Notes
from corpus.loading.html.tree import Noeud, descendants, mots_de, texte_de
from corpus.loading.html.unfolding import (
    is_button,
    is_command,
    is_left_out,
    panel_of,
    without_buttons,
)
from corpus.loading.html.visibility import controlled
from corpus.loading.html.words import clean
from corpus.loading.html.writer import Bloc, Tampon
from corpus.models import NatureBloc

_PRESERVING = frozenset({"pre", "listing", "xmp", "plaintext"})
_HEADING = re.compile(r"h([1-6])")
_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)\b", re.IGNORECASE)
_CLOSED = re.compile(r"[.;:!…»,]\s*$")
_LETTER = re.compile(r"[^\W\d_]")
_LONGEST_TITLE = 120
_DEEPEST = 6
_TINY = 2
"""Pixels up to which an image only counts visits."""
_WORD_ITEM = re.compile(r"mso-list\s*:[^;]*\blevel(\d)", re.IGNORECASE)
_WORD_BULLET = re.compile(r"^[·o§\uf0b7\uf0a7]\s+")


class Contexte(NamedTuple):
    """Where an element stands."""

    liste: int = 0
    """Depth of lists around it."""
    preserve: bool = False
    """Line breaks are kept."""
    titres: bool = True
    """A line in bold alone is a heading here."""


class Lecteur:
    """Reads elements into blocks, one page or one part of it."""

    def __init__(self, notes: Notes, *, panneaux: dict[str, int] | None = None) -> None:
        self.tampon = Tampon()
        self.niveau = 0
        """Level of the last heading."""
        self._notes = notes
        self._panneaux: dict[str, int] = panneaux if panneaux is not None else {}
        self._boite = False
        """The first block of a box is still to come."""
        self._onglets: dict[str, Noeud] = {}
        self._cibles: dict[str, Noeud] = {}
        self._ouverts: dict[int, tuple[int, int]] = {}
        """Blocks that a button unfolds: level of the heading before it, and its own."""
        self._plancher = 1
        """Headings stand at this level at least: they are inside what a button unfolds."""
        self.boutons: list[str] = []
        """Words of the buttons left out, where they may be part of the text."""

    def lire_page(self, racine: Noeud) -> list[Bloc]:
        """All blocks of a part of a page."""
        below = list(descendants(racine))
        self._cibles = {n.lire("id"): n for n in reversed(below) if n.lire("id")}
        self._onglets = {
            name: tab for tab in below if tab.role == "tab" for name in controlled(tab)
        }
        self.enfants(racine, Contexte())
        return self.tampon.finir()

    def enfants(self, noeud: Noeud, ctx: Contexte) -> None:
        """Read what an element holds."""
        for enfant in noeud.enfants:
            if isinstance(enfant, str):
                self.tampon.mots(enfant, preserve=ctx.preserve)
            else:
                self._noeud(enfant, ctx)

    def _noeud(self, noeud: Noeud, ctx: Contexte) -> None:  # noqa: PLR0912, C901 - a flat dispatch
        tag = noeud.tag
        heading = _HEADING.fullmatch(tag)
        if id(noeud) in self._notes.appels:
            for body in self._notes.appels[id(noeud)]:
                self.tampon.note(self._notes.texte(body, self._fragment(body)[0]))
        elif id(noeud) in self._notes.muets:
            return
        elif id(noeud) in self._ouverts:
            self._ouvert(noeud, ctx)
        elif tag == "br":
            self.tampon.saut()
        elif tag in ("img", "image") or tag in HOLES:
            self._trou(noeud)
        elif heading or noeud.role == "heading":
            said = heading.group(1) if heading else noeud.lire("aria-level")
            self._titre(noeud, ctx, int(said) if said.isdecimal() else 2)
        elif tag in ("ul", "ol", "menu", "dir"):
            self._liste(noeud, ctx)
        elif tag == "dl":
            self._definitions(noeud, ctx)
        elif tag == "table":
            self._tableau(noeud, ctx)
        elif tag == "details":
            self._pli(noeud, ctx)
        elif is_button(noeud) or noeud.role == "tab":
            self._bouton(noeud, ctx)
        elif tag in _PRESERVING:
            self._bloc(noeud, ctx._replace(preserve=True))
        elif tag in BLOCKS or _BLOCK_STYLE.search(noeud.lire("style")):
            self._bloc(noeud, ctx)
        else:
            self.enfants(noeud, ctx)

    def _vider(
        self, ctx: Contexte, nature: NatureBloc = "paragraphe", niveau: int | None = None
    ) -> list[Bloc]:
        depth = ctx.liste + 1 if niveau is None else niveau
        made = self.tampon.vider(nature, depth)
        if made and self._boite:
            self._boite = False
            if is_known_title(made[0].texte) and made[0].nature == "paragraphe":
                _as_box_title(made[0])
        return made

    def _bloc(self, noeud: Noeud, ctx: Contexte) -> None:
        self._vider(ctx)
        if noeud.tag == "li":
            # An item that no list holds.
            self.tampon.marque("•", ctx.liste + 1)
            ctx = ctx._replace(liste=ctx.liste + 1)
        tab = self._onglets.get(noeud.lire("id"))
        if tab is not None:
            self._titre_de_pli(tab, ctx)
        boxed = is_box(noeud)
        if boxed:
            self._boite = True
        start = len(self.tampon.blocs)
        inner = ctx._replace(titres=ctx.titres and noeud.tag not in ("blockquote", "td", "li"))
        self.enfants(noeud, inner)
        self._paragraphe(noeud, inner)
        if noeud.tag == "li":
            self.tampon.sans_marque()
        if boxed:
            self._boite = False
            if any(bloc.nature == "encadre" for bloc in self.tampon.blocs[start:]):
                self.tampon.separer()
        if self._panneaux.pop(noeud.lire("id"), 0) == BOX_LEVEL:
            self.tampon.separer()

    def _paragraphe(self, noeud: Noeud, ctx: Contexte) -> None:
        """End a block of text; a line in bold alone is a heading, as a reader sees it."""
        opening = self._boite
        made = self._vider(ctx)
        if len(made) != 1 or made[0].nature not in ("paragraphe", "element"):
            return
        bloc = made[0]
        word = _WORD_ITEM.search(noeud.lire("style"))
        if noeud.tag == "p" and (word or "msolistparagraph" in noeud.lire("class").lower()):
            bloc.texte = _WORD_BULLET.sub("• ", bloc.texte)
            bloc.nature, bloc.niveau = "element", int(word.group(1)) if word else 1
        elif bloc.nature == "element":
            return
        elif opening and (is_named_as_title(noeud) or _is_bold(noeud)):
            _as_box_title(bloc)
        elif ctx.titres and _is_bold(noeud) and _is_short(bloc.texte):
            if is_known_title(bloc.texte):
                _as_box_title(bloc)
            else:
                bloc.nature = "question" if bloc.texte.endswith("?") else "titre"
                bloc.niveau = min(_DEEPEST, self.niveau + 1 if self.niveau else 2)

    def _titre(self, noeud: Noeud, ctx: Contexte, niveau: int) -> None:
        self._vider(ctx)
        opening = self._boite
        level = min(max(niveau, self._plancher), _DEEPEST)
        if self._ecrire_titre(noeud, ctx, level) is None:
            return
        bloc = self.tampon.blocs[-1]
        if opening:
            _as_box_title(bloc)
        else:
            self.niveau = level
        for button in descendants(noeud):
            for name in controlled(button):
                self._panneaux[name] = level

    def _ecrire_titre(self, noeud: Noeud, ctx: Contexte, niveau: int) -> Bloc | None:
        text, notes, holes = self._fragment(noeud)
        for hole in holes:
            self.tampon.trou(hole)
        if not text:
            for note in notes:
                self.tampon.note(note)
            return None
        self._vider(ctx)
        nature: NatureBloc = "question" if text.endswith("?") else "titre"
        bloc = Bloc(nature, text, niveau, notes)
        self._boite = False
        self.tampon.ajouter(bloc)
        return bloc

    def _pli(self, details: Noeud, ctx: Contexte) -> None:
        """A question and its answer, or a part that a reader unfolds."""
        self._vider(ctx)
        summary = next((n for n in details.elements if n.tag == "summary"), None)
        level = self._titre_de_pli(summary, ctx) if summary is not None else 0
        for enfant in details.enfants:
            if isinstance(enfant, str):
                self.tampon.mots(enfant)
            elif enfant is not summary:
                self._noeud(enfant, ctx)
        self._vider(ctx)
        if level == BOX_LEVEL:
            self.tampon.separer()

    def _titre_de_pli(self, noeud: Noeud, ctx: Contexte) -> int:
        """Write what unfolds a part as a heading; its level, 0 where it has no words."""
        inside = next((n for n in descendants(noeud) if _HEADING.fullmatch(n.tag)), None)
        if inside is not None:
            level = int(inside.tag[1])
            self.niveau = level
        else:
            level = min(_DEEPEST, max(BOX_LEVEL, self.niveau + 1))
        return level if self._ecrire_titre(noeud, ctx, level) else 0

    def _bouton(self, noeud: Noeud, ctx: Contexte) -> None:
        """A button is text where it unfolds a part of the page; else it only does something."""
        names = [name for name in controlled(noeud) if name in self._cibles]
        text = clean(texte_de(noeud))
        panel = panel_of(noeud) if not names and noeud.role != "tab" else None
        if panel is not None:
            self._ouvrir(noeud, [panel], ctx)
        elif not names and noeud.role in ("button", "tab") and noeud.tag not in ("a", "button"):
            if not is_command(text):
                self.enfants(noeud, ctx)
        elif not names:
            self.boutons.extend((text,) if is_left_out(text) else ())
        elif noeud.role != "tab" and text and not is_command(text):
            self._ouvrir(noeud, [self._cibles[name] for name in names], ctx)

    def _ouvrir(self, noeud: Noeud, panels: list[Noeud], ctx: Contexte) -> None:
        """Write a button as the heading of what it unfolds, under the current one."""
        self._vider(ctx)
        level = self._titre_de_pli(noeud, ctx)
        if level:
            self._ouverts.update((id(panel), (self.niveau, level)) for panel in panels)

    def _ouvert(self, noeud: Noeud, ctx: Contexte) -> None:
        """Read what a button unfolds; what comes after is set apart."""
        outer, level = self._ouverts.pop(id(noeud))
        floor = self._plancher
        self.niveau, self._plancher = level, min(_DEEPEST, level + 1)
        self._noeud(noeud, ctx)
        self._vider(ctx)
        self.niveau, self._plancher = outer, floor
        self.tampon.separer()

    def _liste(self, liste: Noeud, ctx: Contexte) -> None:
        self._vider(ctx)
        inner = ctx._replace(liste=ctx.liste + 1, titres=False, preserve=False)
        for enfant, mark in marks_of(liste):
            if isinstance(enfant, str):
                self.tampon.mots(enfant)
            elif mark is None or id(enfant) in self._notes.muets:
                self._noeud(enfant, inner)
            else:
                self._vider(inner)
                self.tampon.marque(mark, inner.liste)
                self.enfants(enfant, inner)
                self._vider(inner)
                self.tampon.sans_marque()
        self._vider(inner)

    def _definitions(self, liste: Noeud, ctx: Contexte) -> None:
        """Terms as headings of what defines them (or questions, of their answers)."""
        self._vider(ctx)
        for enfant in liste.enfants:
            if isinstance(enfant, str):
                self.tampon.mots(enfant)
            elif enfant.tag == "div":
                self._definitions(enfant, ctx)
            elif enfant.tag == "dt" and id(enfant) not in self._notes.muets:
                self._vider(ctx)
                self._ecrire_titre(enfant, ctx, _DEEPEST)
            else:
                self._noeud(enfant, ctx)
        self._vider(ctx)

    def _tableau(self, table: Noeud, ctx: Contexte) -> None:
        self._vider(ctx)
        for extra in tables.outside(table):
            if isinstance(extra, str):
                self.tampon.mots(extra)
            else:
                self._noeud(extra, ctx)
        self._vider(ctx)
        if tables.is_layout(table):
            for cell in tables.cells_of(table):
                self._bloc(cell, ctx)
            return
        laid = tables.grid(table)
        for row in laid.rangs:
            self._rang(row, laid)

    def _rang(self, row: tables.Rang, laid: tables.Grille) -> None:
        texts: list[str] = []
        notes: list[str] = []
        holes: list[str] = []
        for cell in row.cellules:
            text, called, lost = self._fragment(cell.noeud)
            if text and not texts and tables.heads_rows(cell, row, laid):
                self.tampon.ajouter(Bloc("titre", text, _DEEPEST, called, lost))
                continue
            texts.extend((text,) if text else ())
            notes.extend(called)
            holes.extend(lost)
        if texts:
            self.tampon.ajouter(Bloc("ligne_tableau", "\t".join(texts), 0, notes, holes))
            return
        for note in notes:
            self.tampon.note(note)
        for hole in holes:
            self.tampon.trou(hole)
        self.tampon.vider()

    def _fragment(self, noeud: Noeud) -> tuple[str, list[str], list[str]]:
        """The text of an element on one line, the notes it calls, what it holds that is no text."""
        inner = Lecteur(self._notes, panneaux=self._panneaux)
        if noeud.tag == "button" or any(n.tag == "button" for n in descendants(noeud)):
            inner.enfants(without_buttons(noeud), Contexte(titres=False))
        else:
            inner.enfants(noeud, Contexte(titres=False))
        pieces = inner.tampon.finir()
        text = " ".join(bloc.texte.replace("\t", " ") for bloc in pieces)
        notes = [note for bloc in pieces for note in bloc.notes] + inner.tampon.en_attente(0)
        holes = [hole for bloc in pieces for hole in bloc.trous] + inner.tampon.en_attente(1)
        return clean(text), notes, holes

    def _trou(self, noeud: Noeud) -> None:
        """Tell what an image, a film or a frame would show; decorations are nothing."""
        if noeud.tag in HOLES:
            what, said = HOLES[noeud.tag], noeud.lire("aria-label") or noeud.lire("title")
            said = said or texte_de(noeud)
            if not clean(said) and noeud.tag in ("svg", "canvas"):
                return
        else:
            what, said = "une image", noeud.lire("alt") or noeud.lire("aria-label")
            empty = "alt" in noeud.attributs and not said
            if empty or noeud.role in ("presentation", "none") or _is_tiny(noeud):
                return
        named = clean(said)
        self.tampon.trou(f"{what} : {named}" if named else what)


def _as_box_title(bloc: Bloc) -> None:
    bloc.nature, bloc.niveau = "encadre", BOX_LEVEL


def _is_short(text: str) -> bool:
    return (
        len(text) <= _LONGEST_TITLE
        and not _CLOSED.search(text)
        and _LETTER.search(text) is not None
    )


def _is_bold(noeud: Noeud) -> bool:
    """Whether all the words of a block are in bold."""
    waiting: list[Noeud] = [noeud]
    while waiting:
        for enfant in waiting.pop().enfants:
            if isinstance(enfant, str):
                if enfant.strip():
                    return False
            elif enfant.tag in ("strong", "b") or mots_de(enfant) == 0:
                continue
            elif enfant.tag in INLINE:
                waiting.append(enfant)
            else:
                return False
    return True


def _is_tiny(noeud: Noeud) -> bool:
    sizes = [noeud.lire(name) for name in ("width", "height")]
    return any(size.isdecimal() and int(size) <= _TINY for size in sizes)
