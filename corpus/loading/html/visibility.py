"""What of a page a reader can see: hidden parts go, panels that a button unfolds stay."""

from __future__ import annotations

import re
from typing import NamedTuple

from corpus.loading.html.names import HOLES, NEVER, STRUCK
from corpus.loading.html.tree import Noeud, ancetres, descendants, mots_de
from corpus.loading.html.unfolding import is_button, panel_of
from corpus.loading.html.words import names

_NOT_SHOWN = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))\b", re.IGNORECASE
)
_FOR_SCREEN_READERS = names(
    "visually-hidden visuallyhidden sr-only screen-reader-text screen-reader-only "
    "element-invisible fr-sr-only a11y-hidden"
)
_HIDING = frozenset({"hidden", "d-none", "fr-hidden", "is-hidden", "hide", "invisible"})
_SHOWN_ELSEWHERE = re.compile(r"^(?:d-(?!none)|fr-unhidden|(?:sm|md|lg|xl|2xl):)")
"""Classes that show again, on a wider screen, what another class hides."""
_PANEL = re.compile(r"(?:^|[-_])(?:collapse|accord[ei]on|panel|tabpanel)(?:$|[-_])")
_MODAL = re.compile(r"(?:^|[-_])(?:modal|dialog|popin|popup|lightbox|offcanvas)(?:$|[-_])")
_DECORATION = 10
"""Words up to which what is hidden from screen readers is a decoration: more is shown text."""


class Retire(NamedTuple):
    """What was taken out of a page."""

    scripts: int
    barres: int
    """Passages struck out."""


def keep_visible(page: Noeud) -> Retire:
    """Take out of a page, in place, what no reader sees."""
    scripts = sum(noeud.tag == "script" for noeud in descendants(page))
    panels = _unfolded(page)
    struck = 0
    waiting = [page]
    while waiting:
        current = waiting.pop()
        kept: list[Noeud | str] = []
        for enfant in current.enfants:
            if isinstance(enfant, Noeud):
                struck += enfant.tag in STRUCK and mots_de(enfant) > 0
                if enfant.tag in STRUCK or _is_hidden(enfant, panels):
                    continue
                if enfant.tag in HOLES:
                    enfant.enfants = [e for e in enfant.elements if e.tag == "title"]
                else:
                    waiting.append(enfant)
            kept.append(enfant)
        current.enfants = kept
    return Retire(scripts, struck)


def controlled(noeud: Noeud) -> list[str]:
    """Ids of the panels that a button, or what serves as one, unfolds."""
    ids = noeud.lire("aria-controls").split()
    for name in ("data-bs-target", "data-target"):
        target = noeud.lire(name)
        if target.startswith("#"):
            ids.append(target[1:])
    return ids


def _unfolded(page: Noeud) -> frozenset[str | int]:
    """Panels that a visible button unfolds: by id, or themselves where they stand next to it."""
    found: set[str | int] = set()
    for noeud in descendants(page):
        ids: list[str | int] = [*controlled(noeud)]
        if is_button(noeud):
            panel = panel_of(noeud, marked=True)
            ids.extend((id(panel),) if panel is not None else ())
        if ids and not any(_is_hidden(n, frozenset()) for n in (noeud, *ancetres(noeud))):
            found.update(ids)
    return frozenset(found)


def _is_hidden(noeud: Noeud, panels: frozenset[str | int]) -> bool:
    if noeud.tag in NEVER:
        return True
    if (noeud.tag == "dialog" or noeud.role in ("dialog", "alertdialog")) and not _is_open(noeud):
        return True
    classes = set(noeud.classes)
    if classes & _FOR_SCREEN_READERS:
        return True
    if not _is_put_away(noeud, classes):
        return False
    return not _is_panel(noeud, panels)


def _is_open(noeud: Noeud) -> bool:
    return noeud.tag == "dialog" and "open" in noeud.attributs


def _is_put_away(noeud: Noeud, classes: set[str]) -> bool:
    if "hidden" in noeud.attributs or _NOT_SHOWN.search(noeud.lire("style")):
        return True
    if classes & _HIDING and not any(_SHOWN_ELSEWHERE.match(name) for name in classes):
        return True
    if noeud.lire("aria-hidden").lower() != "true" or noeud.tag == "body":
        return False
    return mots_de(noeud) <= _DECORATION or any(_MODAL.search(name) for name in classes)


def _is_panel(noeud: Noeud, panels: frozenset[str | int]) -> bool:
    """Whether it is a part that a reader unfolds: an accordion's panel, a tab's."""
    if any(_MODAL.search(name) for name in noeud.classes):
        return False
    if noeud.role == "tabpanel" or noeud.lire("hidden").lower() == "until-found":
        return True
    named = noeud.lire("id") in panels or id(noeud) in panels
    return named or any(_PANEL.search(name) for name in noeud.classes)
