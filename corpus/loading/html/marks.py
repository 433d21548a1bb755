"""Marks of list items, as a reader sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.loading.html.tree import Noeud
from corpus.loading.numbering import lettres, romain

BULLET = "•"
END = "data-fin"
"""Attribute that says what follows a number, where it is no full stop (Markdown's « 1) »)."""
_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([^;]+)", re.IGNORECASE)
_BARE = frozenset({"list-unstyled", "list-none", "fr-raw-list", "no-bullet", "list-style-none"})
_KINDS = {
    "1": "decimal",
    "a": "lower-alpha",
    "A": "upper-alpha",
    "i": "lower-roman",
    "I": "upper-roman",
}


def marks_of(liste: Noeud) -> Iterator[tuple[Noeud | str, str | None]]:
    """Each child of a list with its mark; None for what is no item."""
    ordered = liste.tag == "ol"
    items = [enfant for enfant in liste.elements if enfant.tag == "li"]
    step = -1 if "reversed" in liste.attributs else 1
    number = _whole(liste.lire("start"), len(items) if step < 0 else 1)
    kind = _kind(liste, ordered)
    end = liste.lire(END) or "."
    for enfant in liste.enfants:
        if isinstance(enfant, str) or enfant.tag != "li":
            yield enfant, None
            continue
        number = _whole(enfant.lire("value"), number) if ordered else number
        mark = _mark(_kind(enfant, ordered) or kind or _default(ordered), number)
        yield enfant, mark[:-1] + end if mark.endswith(".") else mark
        number += step


def _default(ordered: bool) -> str:
    return "decimal" if ordered else "disc"


def _kind(noeud: Noeud, ordered: bool) -> str:
    """The kind of marks that an element asks for itself; empty where it asks for none."""
    style = _STYLE.search(noeud.lire("style"))
    if style:
        words = style.group(1).lower().replace("latin", "alpha").split()
        known = ("none", "disc", "circle", "square", "decimal", "decimal-leading-zero")
        for word in words:
            if word in known or word in _KINDS.values():
                return word
    if set(noeud.classes) & _BARE:
        return "none"
    said = noeud.lire("type")
    return _KINDS.get(said, said.lower() if said.lower() == "none" else "") if ordered else ""


def _mark(kind: str, number: int) -> str:
    if kind == "none":
        return ""
    if kind == "decimal":
        return f"{number}."
    if kind == "decimal-leading-zero":
        return f"{number:02d}."
    if kind.endswith("alpha"):
        text = lettres(number, repetees=False)
    elif kind.endswith("roman"):
        text = romain(number)
    else:
        return BULLET
    return (text.upper() if kind.startswith("upper") else text) + "."


def _whole(said: str, default: int) -> int:
    return int(said) if re.fullmatch(r"[+-]?\d{1,6}", said) else default
