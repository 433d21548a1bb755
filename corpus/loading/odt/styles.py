"""Styles of an OpenDocument text: what each says of outline, bold and hidden text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.loading.archive import Noeud, entier
from corpus.loading.odt.package import FO, OFFICE, STYLE, TEXT

_HEADING = re.compile(r"^(?:heading|titre)(?:\s|_20_)*([1-9])$", re.IGNORECASE)
_TITLE = frozenset({"title", "titre"})
_CONTENTS = re.compile(r"^contents(?:\s|_20_)", re.IGNORECASE)
_BOLD = frozenset({"bold", "600", "700", "800", "900"})
_HIDDEN = frozenset({"none", "condition"})
_OUTLINE = 10


@dataclass(frozen=True, slots=True)
class Style:
    """A style with all that it inherits; None where nothing is said."""

    plan: int | None = None
    titre: bool = False
    sommaire: bool = False
    gras: bool | None = None
    masque: bool | None = None


SANS_STYLE = Style()


class Styles:
    """Styles by family (``paragraph``, ``text``, ``section``, ``graphic``) and name."""

    def __init__(self, *parts: Noeud | None) -> None:
        self._nodes: dict[tuple[str, str], Noeud] = {}
        for part in parts:
            if part is None:
                continue
            for group in (f"{OFFICE}styles", f"{OFFICE}automatic-styles"):
                for node in part.findall(f"{group}/{STYLE}style"):
                    family, name = node.get(f"{STYLE}family"), node.get(f"{STYLE}name")
                    if family and name:
                        self._nodes[family, name] = node
        self._known: dict[tuple[str, str], Style] = {}

    def lire(self, family: str, name: str | None) -> Style:
        """A style; where it is not defined, what programs know by its name."""
        wanted = (family, name or "")
        if wanted not in self._nodes:
            return _of_name(name or "") if family == "paragraph" else SANS_STYLE
        if wanted not in self._known:
            # Parents are resolved first, from the farthest, without recursion nor loops.
            chain: list[tuple[str, str]] = []
            link = wanted
            while link in self._nodes and link not in chain and link not in self._known:
                chain.append(link)
                link = (family, _parent(self._nodes[link]))
            for link in reversed(chain):
                node = self._nodes[link]
                above = self._known.get((family, _parent(node)), SANS_STYLE)
                self._known[link] = _inherit(link[1], node, above)
        return self._known[wanted]

    def section_masquee(self, name: str | None) -> bool:
        """Whether a section's style hides it."""
        node = self._nodes.get(("section", name or ""))
        found = None if node is None else node.find(f"{STYLE}section-properties")
        return found is not None and found.get(f"{TEXT}display") == "none"


def _of_name(name: str) -> Style:
    heading = _HEADING.match(name)
    return Style(plan=int(heading[1]) if heading else None, titre=name.lower() in _TITLE)


def _parent(node: Noeud) -> str:
    parent: str | None = node.get(f"{STYLE}parent-style-name")
    return parent or ""


def _inherit(name: str, node: Noeud, base: Style) -> Style:
    shown: str = node.get(f"{STYLE}display-name") or name
    words = node.find(f"{STYLE}text-properties")
    weight: str | None = None if words is None else words.get(f"{FO}font-weight")
    display: str | None = None if words is None else words.get(f"{TEXT}display")
    heading = _HEADING.match(shown) or _HEADING.match(name)
    said: str | None = node.get(f"{STYLE}default-outline-level")
    plan = int(heading[1]) if heading else base.plan
    if said is not None:
        # An empty level says that the style is no heading, whatever its parent is.
        plan = entier(said, 0, most=_OUTLINE)
    return Style(
        plan=plan,
        titre=shown.lower() in _TITLE or (base.titre and shown.lower() != "subtitle"),
        sommaire=base.sommaire or _CONTENTS.match(shown) is not None,
        gras=base.gras if weight is None else weight in _BOLD,
        masque=base.masque if display is None else display in _HIDDEN,
    )
