"""Styles of a Word document: what each says of outline, lists, bold and hidden text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.loading.archive import Noeud, entier
from corpus.loading.docx.package import W, bascule, val

_HEADING = re.compile(r"^(?:heading|titre)\s*([1-9])$", re.IGNORECASE)
_TITLE = frozenset({"title", "titre"})
_SUBTITLE = frozenset({"subtitle", "sous-titre"})
_CONTENTS = re.compile(
    r"^(?:(?:toc|tm|contents)\s*\d|(?:toc|contents) heading|titre tr[0-9]*|titre tm"
    r"|en-t[êe]te de table des mati[èe]res|table of figures|table des illustrations)$",
    re.IGNORECASE,
)
_LIST_DEPTH = re.compile(r"^(?:list|liste)\b.*?\s([2-5])$", re.IGNORECASE)
_BODY_TEXT = 9
"""Outline level of what is no heading, counted from 0."""


@dataclass(frozen=True, slots=True)
class Style:
    """A style with all that it inherits; None where nothing is said."""

    noms: tuple[str, ...] = ()
    """Its identifier and those of the styles it is based on, nearest first."""
    plan: int | None = None
    titre: bool = False
    sommaire: bool = False
    """Lines of a table of contents."""
    profondeur: int = 1
    """Depth that a list style's name says (« List Bullet 2 »)."""
    numerotation: str | None = None
    niveau: int | None = None
    gras: bool | None = None
    masque: bool | None = None


SANS_STYLE = Style()


class Styles:
    """Styles by identifier."""

    def __init__(self, part: Noeud | None) -> None:
        nodes = [] if part is None else part.findall(f"{W}style")
        self._nodes = {val(node, "styleId") or "": node for node in nodes}
        self._known: dict[str, Style] = {}
        default = [
            val(node, "styleId")
            for node in nodes
            if val(node, "type") == "paragraph" and (val(node, "default") or "0") in ("1", "true")
        ]
        self._default = default[0] if default else None

    def paragraphe(self, name: str | None) -> Style:
        """A paragraph's style, or the default one."""
        return self.lire(name if name in self._nodes else self._default)

    def lire(self, name: str | None) -> Style:
        """A style by identifier, empty where it is not defined."""
        if name is None or name not in self._nodes:
            return SANS_STYLE
        if name not in self._known:
            # Bases are resolved first, from the farthest, without recursion nor loops.
            chain: list[str] = []
            base: str | None = name
            while base in self._nodes and base not in chain and base not in self._known:
                chain.append(base)
                base = val(self._nodes[base].find(f"{W}basedOn"))
            for link in reversed(chain):
                above = val(self._nodes[link].find(f"{W}basedOn")) or ""
                self._known[link] = _inherit(
                    link, self._nodes[link], self._known.get(above, SANS_STYLE)
                )
        return self._known[name]


def outline(properties: Noeud | None) -> int | None:
    """Outline level from 1 that paragraph properties say; 0: body text; None: nothing said."""
    node = None if properties is None else properties.find(f"{W}outlineLvl")
    if node is None:
        return None
    level = entier(val(node), _BODY_TEXT, most=_BODY_TEXT)
    return 0 if level == _BODY_TEXT else level + 1


def _inherit(name: str, node: Noeud, base: Style) -> Style:
    shown = (val(node.find(f"{W}name")) or name).strip()
    paragraph, run = node.find(f"{W}pPr"), node.find(f"{W}rPr")
    numbering = None if paragraph is None else paragraph.find(f"{W}numPr")
    number = None if numbering is None else val(numbering.find(f"{W}numId"))
    level = None if numbering is None else val(numbering.find(f"{W}ilvl"))
    plan = outline(paragraph)
    heading = _HEADING.match(shown) or _HEADING.match(name)
    if plan is None:
        plan = int(heading[1]) if heading else base.plan
    lower = shown.lower()
    depth = _LIST_DEPTH.match(shown)
    bold, hidden = bascule(run, "b"), bascule(run, "vanish")
    return Style(
        noms=(name, *base.noms)[:50],
        plan=plan,
        titre=lower in _TITLE or (base.titre and lower not in _SUBTITLE and plan is None),
        sommaire=_CONTENTS.match(shown) is not None or (base.sommaire and heading is None),
        profondeur=int(depth[1]) if depth else base.profondeur,
        numerotation=base.numerotation if number is None else number,
        niveau=base.niveau if level is None else entier(level, 0, most=8),
        gras=base.gras if bold is None else bold,
        masque=base.masque if hidden is None else hidden,
    )
