"""Buttons that unfold a part of the text (questions and answers, accordions), and the others."""

from __future__ import annotations

import re

from corpus.loading.html.names import BLOCKS
from corpus.loading.html.tree import Noeud, ancetres, mots_de, texte_de
from corpus.loading.html.words import clean

_COMMAND = re.compile(
    r"(?:tout|afficher|voir|lire|masquer|fermer|ouvrir|d[ée]plier|replier|menu|partager|copier|"
    r"imprimer|agrandir|en savoir plus)\b|"
    r"(?:ok|oui|non|plus|moins|suivante?|pr[ée]c[ée]dente?|retour|connexion|sommaire)$",
    re.IGNORECASE,
)
_COMMAND_WORDS = 5
_DOES = re.compile(
    r"(?:(?:se|me|nous|tout)\s+|[sm]['’])?(?:je\s|j['’]|"
    r"(?!(?:premier|dernier|foyer|loyer|l[ée]ger|[ée]tranger|danger|cher|mer|hiver)\b)"
    r"(?:\w+(?<!i)er|publier|modifier|v[ée]rifier|[ée]tudier|inscrire|[ée]crire|choisir|prendre|"
    r"d[ée]couvrir|rejoindre|soumettre|r[ée]pondre|remplir|saisir|suivre|revenir|r[ée]duire)\b)",
    re.IGNORECASE,
)
"""What a button that does something is called, most of the time: an infinitive, « Je… »."""
_MENU = re.compile(r"(?:^|[-_])(?:dropdown|menu|burger|hamburger|nav\w*|tooltip|modal)(?:$|[-_])")
_MOST_SIBLINGS = 2_000
"""Children of an element among which no panel is looked for: time is bounded."""
_FOLDING = re.compile(
    r"(?:^|[-_])(?:accord[ei]on|panel|collaps\w*|faq|expand\w*|pli|question|d[ée]plier)s?"
    r"(?:$|[-_])"
)
_LETTER = re.compile(r"[^\W\d_]")
_TOLD_WORDS = 3
"""Words from which what a button says may be part of the text."""
_SENDS = frozenset({"submit", "reset"})
_KEEPS = frozenset({"li", "td", "th", "dd", "dt", "main", "body", "article", "section", "#page"})
"""Elements that hold what a button unfolds along with it."""
_TITLE = re.compile(r"h[1-6]")


def is_button(noeud: Noeud) -> bool:
    """Whether a reader sees a button."""
    return noeud.tag == "button" or noeud.role == "button"


def is_command(text: str) -> bool:
    """Whether a button only does something to the page (« Imprimer », « Voir plus »)."""
    short = len(text.split()) <= _COMMAND_WORDS and not text.endswith("?")
    return short and _COMMAND.match(text) is not None


def is_left_out(text: str) -> bool:
    """Whether the words of a button that is left out are enough to be told."""
    words = len(text.split())
    does = words <= _COMMAND_WORDS and not text.endswith("?") and _DOES.match(text) is not None
    return words >= _TOLD_WORDS and not is_command(text) and not does


def panel_of(noeud: Noeud, *, marked: bool = False) -> Noeud | None:
    """The block that a button of the text unfolds, next to it; None where it unfolds nothing.

    ``marked``: only where the page says so, by its classes or the button's state.
    """
    text = clean(texte_de(noeud))
    if not _LETTER.search(text) or is_command(text) or "aria-haspopup" in noeud.attributs:
        return None
    unit = _unit(noeud)
    panel = _next_block(unit)
    if panel is None or any(_MENU.search(n) for part in (noeud, panel) for n in part.classes):
        return None
    if _is_marked(noeud, unit, panel):
        return panel
    does = not text.endswith("?") and _DOES.match(text) is not None
    return None if marked or does or noeud.lire("type").lower() in _SENDS else panel


def _unit(noeud: Noeud) -> Noeud:
    """The button, with what holds it alone."""
    current = noeud
    while (
        current.parent is not None
        and current.parent.tag not in _KEEPS
        and len(current.parent.enfants) <= _MOST_SIBLINGS
        and all(e is current or _is_blank(e) for e in current.parent.enfants)
    ):
        current = current.parent
    return current


def _next_block(unit: Noeud) -> Noeud | None:
    """The block with text that comes next, where the button stands in no line of text."""
    if unit.parent is None or unit.tag in _KEEPS:
        return None
    around = unit.parent.enfants
    if len(around) > _MOST_SIBLINGS:
        return None
    place = next(rank for rank, enfant in enumerate(around) if enfant is unit)
    before = next((e for e in reversed(around[:place]) if not _is_blank(e)), None)
    after = next((e for e in around[place + 1 :] if not _is_blank(e)), None)
    if isinstance(before, str) or not isinstance(after, Noeud):
        return None
    if after.tag not in BLOCKS or after.tag in _KEEPS - {"section", "article"}:
        return None
    if is_button(after) or _is_buttons(after):
        return None
    return after


def _is_blank(enfant: Noeud | str) -> bool:
    if isinstance(enfant, str):
        return not enfant.strip()
    return not mots_de(enfant) and not _TITLE.fullmatch(enfant.tag)


def _is_buttons(noeud: Noeud) -> bool:
    """Whether a block has no words but those of a button."""
    waiting = [noeud]
    while waiting:
        for enfant in waiting.pop().enfants:
            if isinstance(enfant, str):
                if enfant.strip():
                    return False
            elif not is_button(enfant):
                waiting.append(enfant)
    return True


def _is_marked(noeud: Noeud, unit: Noeud, panel: Noeud) -> bool:
    if "aria-expanded" in noeud.attributs or "aria-controls" in noeud.attributs:
        return True
    parts = [noeud, unit, panel]
    parts.extend(above for above in ancetres(noeud) if above in (unit, unit.parent))
    return any(_FOLDING.search(name) for part in parts for name in part.classes)


def without_buttons(noeud: Noeud) -> Noeud:
    """A heading whose buttons are its words."""
    copy = Noeud("span", {}, noeud.parent)
    for enfant in noeud.enfants:
        inner = enfant if isinstance(enfant, str) else _relabelled(enfant)
        copy.enfants.append(inner)
    return copy


def _relabelled(noeud: Noeud) -> Noeud:
    if noeud.tag != "button" and not any(n.tag == "button" for n in noeud.elements):
        return noeud
    tag = "span" if noeud.tag == "button" else noeud.tag
    copy = Noeud(tag, {}, noeud.parent)
    copy.enfants = [e if isinstance(e, str) else _relabelled(e) for e in noeud.enfants]
    return copy
