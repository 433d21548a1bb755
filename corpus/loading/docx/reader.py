"""Read a Word document: headings, lists, tables, notes and boxes, as its reader sees them.

Changes waiting to be accepted are read as accepted, which is how Word first shows and prints the
document: insertions are kept, deletions are not, what was moved stands at its new place only.
A remark tells how many there are, so that whoever adds the file may settle them first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from corpus.loading.archive import Noeud, entier
from corpus.loading.docx.numbering import Numerotation, read_numbering
from corpus.loading.docx.package import MC, Paquet, W, bascule, enfants, val
from corpus.loading.docx.runs import Courant, branche, champs_fermes, contenu_de
from corpus.loading.docx.styles import Style, Styles, outline
from corpus.loading.limits import Advance, Limites
from corpus.loading.models import DocumentCharge
from corpus.loading.office.blocs import assemble, texte_de
from corpus.loading.office.contenu import (
    Cadre,
    Cellule,
    Contenu,
    Coulee,
    Paragraphe,
    Releve,
    Tableau,
)
from corpus.loading.office.mesure import Mesure

_WRAPPERS = frozenset({"customXml", "smartTag", "ins", "moveTo", "sdtContent"})
_COLUMNS = 1_000


def read_docx(content: bytes, limits: Limites, advance: Advance) -> DocumentCharge:
    """Read a Word document (also a template, or one with macros, which are left out).

    Raises:
        FichierRefuse: it is encrypted, damaged, empty, of another kind or beyond a limit.
    """
    package = Paquet(content, limits, advance)
    releve = Releve(macros=package.macros)
    reader = _Lecteur(
        styles=Styles(package.part("styles")),
        numerotation=read_numbering(package.part("numbering")),
        notes={sort: _notes(package.part(f"{sort}s"), sort) for sort in ("footnote", "endnote")},
        releve=releve,
        mesure=Mesure(limits, advance),
    )
    document = package.document()
    body = reader.contenu(document)
    comments = {val(node, "id") for node in document.iter(f"{W}commentReference")}
    releve.commentaires = len(comments)
    aside = replace(reader, releve=Releve(), notes={})
    for sort, part in package.marges(document):
        texts = releve.entetes if sort == "header" else releve.pieds
        texts.append(texte_de(aside.contenu(part)))
    return assemble("docx", body, advance, proprietes=package.proprietes(), releve=releve)


def _notes(part: Noeud | None, sort: str) -> dict[str, Noeud]:
    """Notes by number, without the lines that part them from the text."""
    nodes = [] if part is None else part.findall(W + sort)
    return {
        val(node, "id") or "": node for node in nodes if (val(node, "type") or "normal") == "normal"
    }


@dataclass(slots=True)
class _Lecteur:
    """Reads the parts of a document, in reading order."""

    styles: Styles
    numerotation: Numerotation
    notes: dict[str, dict[str, Noeud]]
    releve: Releve
    mesure: Mesure

    def contenu(self, node: Noeud) -> tuple[Contenu, ...]:
        """The content of a body, a box or a note."""
        words = Courant(
            self.styles, self.releve, self._lire_note, self._lire_cadre, champs_fermes(node)
        )
        return tuple(_Recit(self, words).lire(node))

    def _lire_note(self, sort: str, number: str, mark: str) -> str:
        """The text of a note; a note is called once."""
        node = self.notes.get(sort, {}).pop(number, None)
        if node is None:
            return ""
        return texte_de(self.contenu(node)).removeprefix(mark).strip()

    def _lire_cadre(self, node: Noeud) -> Cadre:
        return Cadre(self.contenu(node))


@dataclass(slots=True)
class _Recit:
    """A run of paragraphs and tables: a body, a cell, a box or a note."""

    lecteur: _Lecteur
    mots: Courant
    suite: Coulee | None = field(default=None)
    """A paragraph that the next one goes on: its end is deleted, or it is a drop cap."""

    def lire(self, node: Noeud) -> Iterator[Contenu]:
        """Read all of it."""
        yield from self._blocs(node)
        yield from self._reste()

    def _reste(self) -> Iterator[Contenu]:
        if self.suite is not None:
            held, self.suite = self.suite, None
            yield held.paragraphe()
            yield from held.cadres

    def _blocs(self, node: Noeud) -> Iterator[Contenu]:
        for child, name in enfants(node):
            if name == "p":
                yield from self._paragraphe(child)
            elif name == "tbl":
                yield from self._reste()
                if not self.mots.muet:
                    yield self._tableau(child)
            elif name == "altChunk":
                self.lecteur.releve.importes += 1
            else:
                inner = _inside(child, name)
                if inner is not None:
                    yield from self._blocs(inner)

    def _paragraphe(self, node: Noeud) -> Iterator[Contenu]:
        properties = node.find(f"{W}pPr")
        style = self.lecteur.styles.paragraphe(_named(properties))
        into = self.suite or Coulee()
        self.suite = None
        silent, before = self.mots.muet, len(into.morceaux)
        self.mots.lire(node, into, style)
        self.lecteur.mesure.compter(sum(map(len, into.morceaux[before:])))
        if _goes_on(properties):
            self.suite = into
            return
        text = "".join(into.morceaux).strip()
        if style.sommaire or (not text and (silent or _is_hidden(properties, style))):
            # Neither shown nor counted.
            return
        yield self._fini(into, properties, style)
        yield from into.cadres

    def _fini(self, into: Coulee, properties: Noeud | None, style: Style) -> Paragraphe:
        numbering = None if properties is None else properties.find(f"{W}numPr")
        mark = self.lecteur.numerotation.marque(numbering, style)
        plan = outline(properties)
        if plan is None:
            plan = style.plan or 0
        depth = max(mark.niveau + 1, style.profondeur if mark.niveau == 0 else 1) if mark else 0
        return into.paragraphe(
            marque=mark.texte if mark else "", plan=plan, titre=style.titre, liste=depth
        )

    def _tableau(self, node: Noeud) -> Tableau:
        rows: list[tuple[Cellule, ...]] = []
        spanning: dict[int, Cellule] = {}
        headers = 0
        for row in _through(node, "tr"):
            properties = row.find(f"{W}trPr")
            if properties is not None:
                if properties.find(f"{W}del") is not None:
                    _count_deleted(row, self.lecteur.releve)
                    continue
                if bascule(properties, "hidden"):
                    continue
            if bascule(properties, "tblHeader") and headers == len(rows):
                headers += 1
            rows.append(tuple(self._rang(row, properties, spanning)))
        return Tableau(tuple(rows), headers)

    def _rang(
        self, row: Noeud, properties: Noeud | None, spanning: dict[int, Cellule]
    ) -> Iterator[Cellule]:
        before = None if properties is None else properties.find(f"{W}gridBefore")
        column = entier(val(before), 0, most=_COLUMNS)
        for node in _through(row, "tc"):
            said = node.find(f"{W}tcPr")
            span = None if said is None else said.find(f"{W}gridSpan")
            place, column = column, column + entier(val(span), 1, least=1, most=_COLUMNS)
            if said is not None and said.find(f"{W}cellDel") is not None:
                continue
            down = None if said is None else said.find(f"{W}vMerge")
            if down is not None and val(down) != "restart" and place in spanning:
                spanning[place].rangs += 1
                continue
            across = None if said is None else said.find(f"{W}hMerge")
            if across is not None and val(across) != "restart":
                continue
            cell = Cellule(place, tuple(_Recit(self.lecteur, self.mots).lire(node)))
            spanning.pop(place, None)
            if down is not None:
                spanning[place] = cell
            yield cell


def _count_deleted(row: Noeud, releve: Releve) -> None:
    """Note a deleted row; its words may be marked as deleted, or not."""
    releve.suppressions += 1
    words = "".join(text.text or "" for text in row.iter(f"{W}t", f"{W}delText"))
    releve.mots_supprimes += len(words.split())


def _inside(node: Noeud, name: str) -> Noeud | None:
    """What a wrapper of paragraphs, rows or cells holds."""
    if name == "sdt":
        return contenu_de(node)
    if name == f"{MC}AlternateContent":
        return branche(node)
    return node if name in _WRAPPERS else None


def _through(node: Noeud, wanted: str) -> Iterator[Noeud]:
    """Rows of a table or cells of a row, through their wrappers."""
    for child, name in enfants(node):
        if name == wanted:
            yield child
        else:
            inner = _inside(child, name)
            if inner is not None:
                yield from _through(inner, wanted)


def _named(properties: Noeud | None) -> str | None:
    return None if properties is None else val(properties.find(f"{W}pStyle"))


def _goes_on(properties: Noeud | None) -> bool:
    """Whether the next paragraph joins this one: its end is deleted, or it is a drop cap."""
    if properties is None:
        return False
    mark = properties.find(f"{W}rPr")
    if mark is not None and any(mark.find(W + name) is not None for name in ("del", "moveFrom")):
        return True
    frame = properties.find(f"{W}framePr")
    return (val(frame, "dropCap") or "none") != "none"


def _is_hidden(properties: Noeud | None, style: Style) -> bool:
    own = None if properties is None else bascule(properties.find(f"{W}rPr"), "vanish")
    return bool(style.masque if own is None else own)
