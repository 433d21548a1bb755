"""Words of the paragraphs of an OpenDocument text: spans, fields, notes, changes and frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from corpus.loading.archive import Noeud
from corpus.loading.html.words import clean
from corpus.loading.odt.package import DRAW, OFFICE, STYLE, SVG, TEXT, enfants
from corpus.loading.odt.styles import Styles
from corpus.loading.office.contenu import Cadre, Coulee, Releve

_SILENT = frozenset(
    {
        "office:annotation",
        "office:annotation-end",
        "text:page-number",
        "text:page-count",
        "text:page-continuation",
        "text:page-variable-get",
        "text:page-variable-set",
        "text:hidden-text",
        "text:ruby-text",
        "text:note-citation",
        "text:tracked-changes",
        "text:variable-decls",
        "text:sequence-decls",
        "text:user-field-decls",
        "text:dde-connection-decls",
        "text:alphabetical-index-mark",
        "text:alphabetical-index-mark-start",
        "text:toc-mark",
        "text:user-index-mark",
        "text:script",
        "text:toc-mark-start",
        "office:forms",
        "office:event-listeners",
        "svg:title",
        "svg:desc",
    }
)
"""What is no text: comments, page numbers, hidden text, marks of indexes."""
_SPACES = frozenset({"text:s", "text:tab", "text:line-break"})
_REFERENCES = frozenset(
    {"text:bookmark-ref", "text:reference-ref", "text:sequence-ref", "text:note-ref"}
)
_SHAPES = frozenset(
    {"draw:custom-shape", "draw:rect", "draw:ellipse", "draw:polygon", "draw:path", "draw:line"}
)
_LONGEST_ALT = 200


@dataclass(slots=True)
class Suivi:
    """Changes that wait, by identifier: additions are in the text, deletions beside it."""

    sortes: dict[str, str] = field(default_factory=dict)
    ouverts: set[str] = field(default_factory=set)
    """Additions that are being read."""
    retires: set[str] = field(default_factory=set)
    """Deletions whose words stand in the text: they are being passed over."""


@dataclass(slots=True)
class Courant:
    """Reads the words of paragraphs, in order."""

    styles: Styles
    releve: Releve
    suivi: Suivi
    lire_note: Callable[[Noeud], str]
    lire_cadre: Callable[[Noeud], Cadre]

    def lire(self, node: Noeud, into: Coulee, *, gras: bool, masque: bool) -> None:
        """Read the words of a paragraph, or of a part of one."""
        self._ecrire(node.text, into, gras=gras, masque=masque)
        for child, name in enfants(node):
            self._morceau(child, name, into, gras=gras, masque=masque)
            self._ecrire(child.tail, into, gras=gras, masque=masque)

    def _morceau(self, node: Noeud, name: str, into: Coulee, *, gras: bool, masque: bool) -> None:
        if name in _SILENT or (
            name in _REFERENCES and node.get(f"{TEXT}reference-format") == "page"
        ):
            return
        if name in _SPACES:
            self._ecrire(" ", into, gras=gras, masque=masque)
        elif name == "text:span":
            style = self.styles.lire("text", node.get(f"{TEXT}style-name"))
            self.lire(
                node,
                into,
                gras=gras if style.gras is None else style.gras,
                masque=masque if style.masque is None else style.masque,
            )
        elif name == "text:note":
            body = node.find(f"{TEXT}note-body")
            if body is not None and not masque and not self.suivi.retires:
                into.notes.append(self.lire_note(body))
        elif name.startswith("draw:"):
            if not masque and not self.suivi.retires:
                self.dessin(node, name, into)
        elif name in ("text:change-start", "text:change-end", "text:change"):
            self.changement(node, name)
        else:
            self.lire(node, into, gras=gras, masque=masque)

    def changement(self, node: Noeud, name: str) -> None:
        """Note where a change begins and ends."""
        number: str = node.get(f"{TEXT}change-id") or ""
        sort = self.suivi.sortes.get(number)
        waiting = {"insertion": self.suivi.ouverts, "deletion": self.suivi.retires}.get(sort or "")
        if waiting is None:
            return
        if name == "text:change-start":
            waiting.add(number)
        elif name == "text:change-end":
            waiting.discard(number)

    def _ecrire(self, text: str | None, into: Coulee, *, gras: bool, masque: bool) -> None:
        if not text:
            return
        if self.suivi.retires:
            self.releve.mots_supprimes += len(text.split())
        elif masque:
            self.releve.mots_masques += len(text.split())
        else:
            if self.suivi.ouverts:
                self.releve.mots_ajoutes += len(text.split())
            into.ecrire(text, gras=gras)

    def dessin(self, node: Noeud, name: str, into: Coulee) -> None:
        """A frame holds a box, an image or an object; a shape may hold text."""
        if node.get(f"{DRAW}display") == "none" or node.get(f"{STYLE}protect") == "hidden":
            return
        found = ""
        for child, inner in enfants(node):
            if inner == "draw:text-box":
                into.cadres.append(self.lire_cadre(child))
                return
            if inner in ("draw:object", "draw:object-ole"):
                found = _objet(child)
            elif inner == "draw:image":
                found = found or "une image"
            elif inner in ("draw:frame", "draw:g") or inner in _SHAPES:
                self.dessin(child, inner, into)
        if name in _SHAPES:
            into.cadres.append(self.lire_cadre(node))
        if found:
            said = node.findtext(f"{SVG}desc") or node.findtext(f"{SVG}title") or ""
            alt = clean(said)[:_LONGEST_ALT].strip()
            into.trous.append(f"{found} (« {alt} »)" if alt else found)


def _objet(node: Noeud) -> str:
    if node.find(f".//{OFFICE}chart") is not None:
        return "un graphique"
    return "un objet incorporé"
