"""Boxes set apart in a page (« Important », « À savoir ») and their headings."""

from __future__ import annotations

import re

from corpus.loading.html.tree import Noeud

BOX_LEVEL = 4
"""Level of the headings of boxes, inside any section."""
_BOX = re.compile(
    r"(?:fr-|markdown-|bloc-|block-|box-|m-)?"
    r"(?:encadr[eé]e?|encart|callout|alert[e]?|admonition|highlight|notice|infobox|info-box)"
    r"(?:-(?:-)?[\w-]+)?"
)
_TITLE = re.compile(r"(?:.*(?:__|-))?(?:title|titre|heading)(?:--?\w+)?")
_KNOWN = frozenset(
    {
        "important",
        "attention",
        "à noter",
        "a noter",
        "à savoir",
        "a savoir",
        "bon à savoir",
        "rappel",
        "remarque",
        "nota bene",
        "à retenir",
        "pour rappel",
    }
)


def is_box(noeud: Noeud) -> bool:
    """Whether a block is a box (that of the State's design system among them)."""
    if noeud.tag == "aside":
        return "footnote" not in noeud.role
    return noeud.tag in ("div", "section", "p", "blockquote") and is_marked_box(noeud)


def is_marked_box(noeud: Noeud) -> bool:
    """Whether a block says itself that it is a box."""
    return noeud.role == "note" or any(
        _BOX.fullmatch(name) and "__" not in name for name in noeud.classes
    )


def is_named_as_title(noeud: Noeud) -> bool:
    """Whether a block's class says that it is the title of what it stands in."""
    return any(_TITLE.fullmatch(name) for name in noeud.classes)


def is_known_title(text: str) -> bool:
    """Whether a text is one of those that head boxes in French offices."""
    return text.rstrip(" :!.").lower() in _KNOWN
