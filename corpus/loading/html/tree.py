"""A page as a tree of light nodes, parsed by libxml2 within bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from corpus.loading.errors import FichierRefuse
from corpus.loading.html.names import BLOCKS
from corpus.loading.limits import Advance, Limites

MAX_NODES = 200_000
"""Elements of a page: more is no text to read, and would fill the memory."""
_PART = 64 * 1024
"""Characters parsed between two signs of life."""
_SUBSET = re.compile(
    r"\A(?P<head>[^\[]{0,2000}?<!doctype[^>\[]*)\[.*?\]\s*>", re.IGNORECASE | re.DOTALL
)
"""Entities that a page declares for itself: no browser reads them."""


_END_OF_BLOCK = re.compile(rf"</(?:{'|'.join(sorted(BLOCKS))}|h[1-6])\s*>", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Noeud:
    """An element; its children are elements and texts, in order."""

    tag: str
    attributs: dict[str, str]
    parent: Noeud | None = None
    enfants: list[Noeud | str] = field(default_factory=list)

    def lire(self, nom: str) -> str:
        """An attribute without outer spaces; empty where there is none."""
        return self.attributs.get(nom, "").strip()

    @property
    def classes(self) -> tuple[str, ...]:
        """Its classes, in lower case."""
        return tuple(self.attributs.get("class", "").lower().split())

    @property
    def role(self) -> str:
        """Its first role, or what EPUB calls its type."""
        said = self.lire("role") or self.lire("epub:type")
        return said.lower().split()[0] if said else ""

    @property
    def elements(self) -> Iterator[Noeud]:
        """Its children that are elements."""
        return (enfant for enfant in self.enfants if not isinstance(enfant, str))


def descendants(noeud: Noeud) -> Iterator[Noeud]:
    """Every element below, in order."""
    waiting = [noeud]
    while waiting:
        current = waiting.pop()
        if current is not noeud:
            yield current
        if current.enfants:
            waiting.extend(e for e in reversed(current.enfants) if not isinstance(e, str))


def ancetres(noeud: Noeud) -> Iterator[Noeud]:
    """Every element above, nearest first."""
    current = noeud.parent
    while current is not None:
        yield current
        current = current.parent


def texte_de(noeud: Noeud) -> str:
    """All text below, as it stands."""
    parts: list[str] = []
    waiting: list[Noeud | str] = [noeud]
    while waiting:
        current = waiting.pop()
        if isinstance(current, str):
            parts.append(current)
        else:
            waiting.extend(reversed(current.enfants))
    return "".join(parts)


def mots_de(noeud: Noeud) -> int:
    """How many words stand below, elements being taken as separate."""
    count = sum(len(enfant.split()) for enfant in noeud.enfants if isinstance(enfant, str))
    return count + sum(
        len(enfant.split())
        for below in descendants(noeud)
        for enfant in below.enfants
        if isinstance(enfant, str)
    )


def parse(page: str, limits: Limites, advance: Advance) -> Noeud:
    """Parse a page as browsers do: no network, no entities of its own, bounded depth and size.

    Raises:
        FichierRefuse: ``trop_imbrique``, ``trop_gros``.
    """
    builder = _Builder(limits)
    # The text is handed over in UTF-8 whatever charset the page announces for its file.
    parser = etree.HTMLParser(
        target=builder, encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True
    )
    page = _SUBSET.sub(lambda m: m["head"] + ">", page)
    # Where another element closed a block already, the parser drops this end: words would touch.
    page = _END_OF_BLOCK.sub(lambda m: " " + m[0], page)
    total = max(1, -(-len(page) // _PART))
    for part in range(total):
        parser.feed(page[part * _PART : (part + 1) * _PART].encode("utf-8", "replace"))
        advance(part, total + 1)
    parser.close()
    return builder.racine


class _Builder:
    """Receives what the parser meets and builds the tree."""

    def __init__(self, limits: Limites) -> None:
        self.racine = Noeud("#page", {})
        self._pile = [self.racine]
        self._limits = limits
        self._nombre = 0

    def start(self, tag: str, attrib: dict[str, str]) -> None:
        """Open an element."""
        self._nombre += 1
        if self._nombre > MAX_NODES:
            raise FichierRefuse(
                "trop_gros", f"la page a plus de {MAX_NODES} éléments, le nombre accepté"
            )
        if len(self._pile) > self._limits.imbrication:
            raise FichierRefuse(
                "trop_imbrique",
                "la page emboîte ses éléments sur plus de "
                f"{self._limits.imbrication} niveaux, le nombre accepté",
            )
        noeud = Noeud(tag.lower(), {k.lower(): v or "" for k, v in attrib.items()}, self._pile[-1])
        self._pile[-1].enfants.append(noeud)
        self._pile.append(noeud)

    def end(self, tag: str) -> None:
        """Close an element, and those left open in it."""
        for depth in range(len(self._pile) - 1, 0, -1):
            if self._pile[depth].tag == tag.lower():
                del self._pile[depth:]
                return

    def data(self, data: str) -> None:
        """Receive text."""
        self._pile[-1].enfants.append(data)

    def close(self) -> None:
        """End the page."""
