"""Read an OpenDocument text: headings, lists, tables, notes and boxes, as its reader sees them.

Changes waiting to be accepted are read as accepted: what is added stands in the text, what is
deleted stands beside it and is left out. A remark tells how many there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from corpus.loading.archive import Noeud, entier
from corpus.loading.limits import Advance, Limites
from corpus.loading.models import DocumentCharge
from corpus.loading.odt.lists import (
    LEVELS,
    Compteurs,
    StyleListe,
    marque,
    read_list_styles,
)
from corpus.loading.odt.package import OFFICE, STYLE, TABLE, TEXT, XML_ID, Paquet, enfants
from corpus.loading.odt.styles import Styles
from corpus.loading.odt.words import Courant, Suivi
from corpus.loading.office.blocs import assemble, texte_de
from corpus.loading.office.contenu import Cadre, Cellule, Contenu, Coulee, Releve, Tableau
from corpus.loading.office.mesure import Mesure

_INDEXES = frozenset(
    {
        "text:table-of-content",
        "text:illustration-index",
        "text:table-index",
        "text:object-index",
        "text:user-index",
        "text:alphabetical-index",
        "text:tracked-changes",
        "office:forms",
    }
)
"""Parts made of the rest of the text, or that are none."""
_COLUMNS = 1_000
_MARGINS = frozenset(
    f"style:{place}{pages}" for place in ("header", "footer") for pages in ("", "-left", "-first")
)


def read_odt(content: bytes, limits: Limites, advance: Advance) -> DocumentCharge:
    """Read an OpenDocument text (also a template, or one with macros, which are left out).

    Raises:
        FichierRefuse: it is encrypted, damaged, empty, of another kind or beyond a limit.
    """
    package = Paquet(content, limits, advance)
    styles, own = package.part("styles.xml"), package.contenu
    releve = Releve(macros=package.macros)
    body = package.texte()
    reader = _Lecteur(
        Styles(styles, own),
        read_list_styles(styles, own),
        releve,
        _changes(body, releve),
        Mesure(limits, advance),
    )
    held = reader.contenu(body)
    releve.commentaires = sum(1 for _ in body.iter(f"{OFFICE}annotation"))
    if styles is not None:
        aside = _Lecteur(
            reader.styles, reader.listes, Releve(), _changes(body, Releve()), reader.mesure
        )
        for node, name in _margins(styles):
            texts = releve.entetes if name.startswith("style:header") else releve.pieds
            texts.append(texte_de(aside.contenu(node)))
    return assemble("odt", held, advance, proprietes=package.proprietes(), releve=releve)


def _margins(styles: Noeud) -> Iterator[tuple[Noeud, str]]:
    """Headers and footers that pages show."""
    for page in styles.iterfind(f"{OFFICE}master-styles/{STYLE}master-page"):
        for node, name in enfants(page):
            if name in _MARGINS and node.get(f"{STYLE}display") != "false":
                yield node, name


def _changes(body: Noeud, releve: Releve) -> Suivi:
    suivi = Suivi()
    for region in body.iterfind(f"{TEXT}tracked-changes/{TEXT}changed-region"):
        number = region.get(f"{TEXT}id") or region.get(XML_ID) or ""
        for change, name in enfants(region):
            sort = name.removeprefix("text:")
            suivi.sortes[number] = sort
            releve.ajouts += sort == "insertion"
            releve.suppressions += sort == "deletion"
            if sort == "deletion":
                info = f"{OFFICE}change-info"
                words = (" ".join(n.itertext()) for n in change if n.tag != info)
                releve.mots_supprimes += sum(len(text.split()) for text in words)
    return suivi


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the reading is among lists."""

    style: StyleListe = field(default_factory=dict)
    nom: str = ""
    compteurs: Compteurs = field(default_factory=Compteurs)
    profondeur: int = 0


@dataclass(slots=True)
class _Attente:
    """The mark of a list item, for its first paragraph alone."""

    depart: int | None
    marquee: bool = False


@dataclass(slots=True)
class _Lecteur:
    """Reads the parts of a document, in reading order."""

    styles: Styles
    listes: dict[str, StyleListe]
    releve: Releve
    suivi: Suivi
    mesure: Mesure
    _mots: Courant = field(init=False)
    _titres: Compteurs = field(default_factory=Compteurs)
    _par_id: dict[str, Compteurs] = field(default_factory=dict)
    _par_style: dict[str, Compteurs] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._mots = Courant(
            self.styles, self.releve, self.suivi, self._lire_note, self._lire_cadre
        )

    def contenu(self, node: Noeud) -> tuple[Contenu, ...]:
        """The content of a body, a cell, a box or a note."""
        return tuple(self._blocs(node))

    def _lire_note(self, node: Noeud) -> str:
        return texte_de(self.contenu(node))

    def _lire_cadre(self, node: Noeud) -> Cadre:
        return Cadre(self.contenu(node))

    def _blocs(self, node: Noeud) -> Iterator[Contenu]:
        for child, name in enfants(node):
            if name in ("text:p", "text:h"):
                yield from self._paragraphe(child, name, _Place(), None)
            elif name == "text:list":
                yield from self._liste(child, _Place())
            elif name == "text:numbered-paragraph":
                yield from self._numerote(child)
            elif name == "table:table":
                yield self._tableau(child)
            elif name == "text:section":
                if not self._is_hidden(child):
                    yield from self._blocs(child)
            elif name in ("text:change-start", "text:change-end", "text:change"):
                self._mots.changement(child, name)
            elif name.startswith("draw:"):
                into = Coulee()
                self._mots.dessin(child, name, into)
                yield into.paragraphe()
                yield from into.cadres
            elif name in ("text:bibliography", "text:index-body", "text:index-title"):
                yield from self._blocs(child)

    def _is_hidden(self, section: Noeud) -> bool:
        return section.get(f"{TEXT}display") == "none" or self.styles.section_masquee(
            section.get(f"{TEXT}style-name")
        )

    def _paragraphe(
        self, node: Noeud, name: str, place: _Place, waiting: _Attente | None
    ) -> Iterator[Contenu]:
        style = self.styles.lire("paragraph", node.get(f"{TEXT}style-name"))
        hidden = any(
            field.get(f"{TEXT}is-hidden") == "true"
            for field in node.iterfind(f"{TEXT}hidden-paragraph")
        )
        into = Coulee()
        self._mots.lire(node, into, gras=bool(style.gras), masque=hidden or bool(style.masque))
        self.mesure.compter(sum(map(len, into.morceaux)))
        if style.sommaire and name == "text:p":
            return
        plan = style.plan or 0
        if name == "text:h":
            plan = entier(node.get(f"{TEXT}outline-level"), 1, least=1, most=LEVELS)
        mark, depth = "", 0
        shown = any(not piece.isspace() for piece in into.morceaux if piece)
        if waiting is not None and not waiting.marquee and not (hidden or style.masque):
            waiting.marquee = True
            rank = place.profondeur - 1
            place.compteurs.avancer(rank, place.style, waiting.depart)
            mark, depth = marque(place.style, rank, place.compteurs), place.profondeur
        elif name == "text:h" and waiting is None and shown:
            mark = self._numero_de_titre(node, plan)
        yield into.paragraphe(marque=mark, plan=plan, titre=style.titre, liste=depth)
        yield from into.cadres

    def _numero_de_titre(self, node: Noeud, plan: int) -> str:
        """Headings outside lists are numbered by the outline, where it shows numbers."""
        outline = self.listes.get("", {})
        if node.get(f"{TEXT}is-list-header") == "true" or plan - 1 not in outline:
            return ""
        anew = node.get(f"{TEXT}restart-numbering") == "true"
        said = node.get(f"{TEXT}start-value")
        start = entier(said, 1) if anew or said else None
        self._titres.avancer(plan - 1, outline, start)
        return marque(outline, plan - 1, self._titres)

    def _liste(self, node: Noeud, outer: _Place) -> Iterator[Contenu]:
        place = self._place(node, outer)
        number = node.get(XML_ID)
        if number:
            self._par_id[number] = place.compteurs
        self._par_style[place.nom] = place.compteurs
        for item, name in enfants(node):
            if name == "text:list-item":
                said = item.get(f"{TEXT}start-value")
                waiting = _Attente(entier(said, 1) if said else None)
            elif name == "text:list-header":
                waiting = _Attente(None, marquee=True)
            else:
                continue
            other = item.get(f"{TEXT}style-override")
            styled = replace(place, style=self.listes[other]) if other in self.listes else place
            yield from self._article(item, styled, waiting)

    def _place(self, node: Noeud, outer: _Place) -> _Place:
        """Where a list stands: inside another, the continuation of one, or on its own."""
        said = node.get(f"{TEXT}style-name")
        name = said if said in self.listes and said else outer.nom
        style = self.listes.get(name, {}) if name else outer.style
        depth = min(outer.profondeur + 1, LEVELS)
        goes_on = node.get(f"{TEXT}continue-numbering") == "true"
        if outer.profondeur:
            if not goes_on:
                outer.compteurs.rouvrir(depth - 1)
            return _Place(style, name, outer.compteurs, depth)
        counters = self._par_id.get(node.get(f"{TEXT}continue-list") or "")
        if counters is None and goes_on:
            counters = self._par_style.get(name)
        return _Place(style, name, counters or Compteurs(), depth)

    def _article(self, item: Noeud, place: _Place, waiting: _Attente) -> Iterator[Contenu]:
        for child, name in enfants(item):
            if name in ("text:p", "text:h"):
                yield from self._paragraphe(child, name, place, waiting)
            elif name == "text:list":
                yield from self._liste(child, place)
            elif name == "table:table":
                yield self._tableau(child)
            elif name in ("text:change-start", "text:change-end", "text:change"):
                self._mots.changement(child, name)

    def _numerote(self, node: Noeud) -> Iterator[Contenu]:
        """A paragraph that says its own place in a list."""
        name = node.get(f"{TEXT}style-name") or ""
        number = node.get(f"{TEXT}list-id") or f" {name}"
        counters = self._par_id.setdefault(number, Compteurs())
        depth = entier(node.get(f"{TEXT}level"), 1, least=1, most=LEVELS)
        said = node.get(f"{TEXT}start-value")
        place = _Place(self.listes.get(name, {}), name, counters, depth)
        yield from self._article(node, place, _Attente(entier(said, 1) if said else None))

    def _tableau(self, node: Noeud) -> Tableau:
        rows: list[tuple[Cellule, ...]] = []
        headers = 0
        for row, heads in _rows(node, heads=False):
            headers += heads and headers == len(rows)
            rows.append(tuple(self._rang(row)))
        return Tableau(tuple(rows), headers)

    def _rang(self, row: Noeud) -> Iterator[Cellule]:
        column = 0
        for node, name in enfants(row):
            if name not in ("table:table-cell", "table:covered-table-cell"):
                continue
            repeated = entier(
                node.get(f"{TABLE}number-columns-repeated"), 1, least=1, most=_COLUMNS
            )
            place, column = column, column + repeated
            if name == "table:table-cell":
                span = entier(node.get(f"{TABLE}number-rows-spanned"), 1, least=1)
                yield Cellule(place, self.contenu(node), span)


def _rows(node: Noeud, *, heads: bool) -> Iterator[tuple[Noeud, bool]]:
    """Rows of a table that are shown, and whether they are its headers."""
    for child, name in enfants(node):
        if name == "table:table-row":
            if child.get(f"{TABLE}visibility") not in ("collapse", "filter"):
                yield child, heads
        elif name in ("table:table-rows", "table:table-row-group"):
            yield from _rows(child, heads=heads)
        elif name == "table:table-header-rows":
            yield from _rows(child, heads=True)
