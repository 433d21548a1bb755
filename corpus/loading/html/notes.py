"""Footnotes: which links and numbers call them, where their text stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.loading.html.tree import Noeud, ancetres, descendants, texte_de
from corpus.loading.html.words import clean

_CALL_ROLES = frozenset({"doc-noteref", "noteref"})
_BACK_ROLES = frozenset({"doc-backlink", "backlink"})
_CALL_CLASSES = re.compile(
    r"footnote-?ref|noteref|sd(?:foot|end)noteanc|footnotecall", re.IGNORECASE
)
_BACK_CLASSES = re.compile(
    r"footnote-?back|backref|backlink|reversefootnote|retour-note", re.IGNORECASE
)
_TARGET = re.compile(
    r"#_?(?:fn|ftn|edn|foot-?note|end-?note|note|nb|sdfootnote|sdendnote|cite_note)", re.IGNORECASE
)
_RETURN = re.compile(
    r"#_?(?:fn|ftn|edn|foot-?note|end-?note|note)[-_:]?ref|anc$|#_?nh\d", re.IGNORECASE
)
_LABEL = re.compile(r"[\[(]?(?:\d{1,3}|[*†‡§]{1,3}|[a-z]|[ivx]{1,5})[\])]?", re.IGNORECASE)
_ARROWS = re.compile(r"[\s↩↑⏎←^⤴▲\ufe0e\ufe0f]+")
_NUMBER = re.compile(r"\d{1,3}")
_UNIT = re.compile(r"(?:^|[\s\d])[kcmd]?m$")
"""« m », « km »: the number above it is a power."""
_BETWEEN = re.compile(r"[\s,;\[\]()]*")
_BLOCKS = frozenset({"li", "p", "div", "aside", "dd", "td", "tr", "section", "blockquote"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BODY = re.compile(
    r"_?(?:fn|ftn|edn|foot-?note|end-?note|sdfootnote|sdendnote)[-_:]?\w*", re.IGNORECASE
)
_ENDNOTES = frozenset({"doc-endnotes", "doc-footnotes", "endnotes", "footnotes", "rearnotes"})
_NAMED = re.compile(r"(?:les\s+)?notes?(?:\s+de\s+bas\s+de\s+page)?\s*:?", re.IGNORECASE)
_INLINE = frozenset({"sup", "span", "a", "b", "strong", "small", "em"})


@dataclass(frozen=True)
class Notes:
    """Footnotes of a page; nodes are known by ``id()``."""

    appels: dict[int, list[Noeud]] = field(default_factory=dict)
    """What calls notes, and their texts; empty where the note is already called before."""
    muets: set[int] = field(default_factory=set)
    """What is no text: links back, numbers before notes, notes out of the flow."""
    etiquettes: dict[int, str] = field(default_factory=dict)
    """Number or sign of each note."""

    def texte(self, body: Noeud, read: str) -> str:
        """The text of a note without the number that a reader sees before it."""
        label = self.etiquettes.get(id(body))
        if not label:
            return read
        # The number of an item is drawn by its list: digits before its text are its own.
        close = r"[\]).:]+" if body.tag == "li" else r"[\]).:]*"
        return re.sub(rf"^[\[(]?{re.escape(label)}{close}\s+(?=\S)", "", read)


def find_notes(page: Noeud) -> Notes:
    """Pair each call with its note; a note that nothing calls stays where it is."""
    notes = Notes()
    below = list(descendants(page))
    order = {id(noeud): place for place, noeud in enumerate(below)}
    anchors = _anchors(below)
    called: set[int] = set()
    for link in below:
        body = _body_of(link, anchors, order) if link.tag == "a" else None
        if body is None:
            continue
        bearer = _bearer(link)
        held = notes.appels.setdefault(id(bearer), [])
        if id(body) not in called:
            called.add(id(body))
            held.append(body)
            notes.muets.add(id(body))
            _silence_number(body, link, notes)
    _pair_raised_numbers(below, notes, order)
    _silence_sections(below, notes)
    return notes


def _anchors(below: list[Noeud]) -> dict[str, Noeud]:
    found: dict[str, Noeud] = {}
    for noeud in below:
        for name in (noeud.lire("id"), noeud.lire("name") if noeud.tag == "a" else ""):
            if name:
                found.setdefault(name, noeud)
    return found


def _body_of(link: Noeud, anchors: dict[str, Noeud], order: dict[int, int]) -> Noeud | None:
    href = link.lire("href")
    target = anchors.get(href[1:]) if href.startswith("#") else None
    if target is None or not _is_call(link, href) or order[id(target)] < order[id(link)]:
        return None
    body = _block_around(target)
    if body is None or any(above is body for above in ancetres(link)):
        return None
    if any(n.tag in _HEADINGS for n in descendants(body)) or not clean(texte_de(body)):
        return None
    return body


def _is_call(link: Noeud, href: str) -> bool:
    if link.role in _BACK_ROLES or _RETURN.search(href):
        return False
    if link.role in _CALL_ROLES or _CALL_CLASSES.search(link.lire("class")):
        return True
    label = clean(texte_de(link))
    if not _LABEL.fullmatch(label):
        return False
    raised = _raised(link) or any(n.tag == "sup" for n in descendants(link))
    return raised or (_TARGET.match(href) is not None and bool(_NUMBER.search(label)))


def _raised(noeud: Noeud) -> bool:
    return any(above.tag == "sup" for above in (noeud, *ancetres(noeud)))


def _block_around(target: Noeud) -> Noeud | None:
    """The whole note that an anchor marks."""
    for noeud in (target, *ancetres(target)):
        if noeud.tag in _BLOCKS:
            body = noeud
            break
        if noeud.tag in (*_HEADINGS, "body", "main", "article"):
            return None
    else:
        return None
    above = body.parent
    if above is not None and above.tag in ("div", "aside", "li") and body.tag == "p":
        named = _BODY.fullmatch(above.lire("id")) or "footnote" in above.role
        if named or "mso-element:footnote" in above.lire("style").replace(" ", ""):
            return above
    return body


def _bearer(link: Noeud) -> Noeud:
    """What shows the call: its link, or the raised text that holds nothing but calls."""
    for above in ancetres(link):
        if above.tag == "sup":
            rest = clean(texte_de(above))
            for inner in descendants(above):
                if inner.tag == "a":
                    rest = rest.replace(clean(texte_de(inner)), "", 1)
            return above if _BETWEEN.fullmatch(rest) else link
    return link


def _silence_number(body: Noeud, link: Noeud, notes: Notes) -> None:
    """Leave out what leads back to the call, and the number before the note."""
    label = clean(texte_de(link)).strip("[]() .")
    notes.etiquettes[id(body)] = label
    names = {n.lire(name) for n in _around(link) for name in ("id", "name")} - {""}
    for inner in descendants(body):
        back = inner.tag == "a" and (
            inner.role in _BACK_ROLES
            or _BACK_CLASSES.search(inner.lire("class"))
            or inner.lire("href").removeprefix("#") in names
            or (inner.lire("href").startswith("#") and _ARROWS.fullmatch(texte_de(inner)))
        )
        if back or "backlink" in inner.lire("class"):
            notes.muets.add(id(inner))
            if clean(texte_de(inner)).strip("[]() .") == label:
                notes.etiquettes.pop(id(body), None)
    for inner in descendants(body):
        if id(inner) in notes.muets or not clean(texte_de(inner)):
            continue
        if inner.tag in _INLINE:
            if clean(texte_de(inner)).strip("[]() .") == label and _leads(inner, body, notes):
                notes.muets.add(id(inner))
                notes.etiquettes.pop(id(body), None)
            return


def _around(link: Noeud) -> Iterator[Noeud]:
    """A call and what stands for it: its raised text, the anchors inside."""
    yield link
    yield from descendants(link)
    for above in ancetres(link):
        if above.tag not in _INLINE:
            return
        yield above


def _leads(noeud: Noeud, body: Noeud, notes: Notes) -> bool:
    """Whether nothing is written in a block before an element, silent ones aside."""
    current = noeud
    while current is not body and current.parent is not None:
        for before in current.parent.enfants:
            if before is current:
                break
            if isinstance(before, str):
                if before.strip(" \t\r\n[("):
                    return False
            elif id(before) not in notes.muets and clean(texte_de(before)):
                return False
        current = current.parent
    return True


def _pair_raised_numbers(below: list[Noeud], notes: Notes, order: dict[int, int]) -> None:
    """Numbers in superscript without links: « mot¹ » calls the later block « ¹ texte »."""
    calls: dict[str, list[Noeud]] = {}
    bodies: list[tuple[str, Noeud, Noeud]] = []
    for sup in below:
        number = clean(texte_de(sup)) if sup.tag == "sup" else ""
        if not _NUMBER.fullmatch(number) or id(sup) in notes.appels or id(sup) in notes.muets:
            continue
        if any(n.tag == "a" for n in (*descendants(sup), *ancetres(sup))):
            continue
        block = next((n for n in ancetres(sup) if n.tag not in _INLINE), None)
        if block is None:
            continue
        if block.tag in ("p", "li", "div", "td") and _leads(sup, block, notes):
            bodies.append((number, sup, block))
        else:
            calls.setdefault(number, []).append(sup)
    for number, sup, block in bodies:
        before = (c for c in reversed(calls.get(number, [])) if order[id(c)] < order[id(sup)])
        call = next((c for c in before if not _UNIT.search(_before(c))), None)
        if call is not None and clean(texte_de(block)) != number:
            notes.appels.setdefault(id(call), []).append(block)
            notes.muets.update((id(sup), id(block)))
            calls[number].remove(call)


def _before(noeud: Noeud) -> str:
    """The text just before an element, among its brothers."""
    brothers = noeud.parent.enfants if noeud.parent else []
    place = next((i for i, brother in enumerate(brothers) if brother is noeud), 0)
    last = brothers[place - 1] if place else ""
    text = last if isinstance(last, str) else texte_de(last)
    return text.lower()


def _silence_sections(below: list[Noeud], notes: Notes) -> None:
    """Leave out the heading of a section of notes when all of them are called."""
    for section in below:
        named = section.role in _ENDNOTES or {"footnotes", "endnotes"} & set(section.classes)
        if named and not _rest(section, notes):
            notes.muets.add(id(section))

        if section.tag in _HEADINGS and _NAMED.fullmatch(clean(texte_de(section))):
            after = _after(section)
            if after is not None and _is_all_notes(after, notes):
                notes.muets.add(id(section))


def _is_all_notes(noeud: Noeud, notes: Notes) -> bool:
    if id(noeud) in notes.muets:
        return True
    below = any(id(n) in notes.muets for n in descendants(noeud))
    return below and not _rest(noeud, notes)


def _after(heading: Noeud) -> Noeud | None:
    """What follows a heading, rules aside."""
    brothers = list(heading.parent.elements) if heading.parent else []
    later = brothers[brothers.index(heading) + 1 :]
    return next((n for n in later if n.tag != "hr"), None)


def _rest(noeud: Noeud, notes: Notes) -> str:
    rest: list[str] = []
    waiting = [noeud]
    while waiting:
        for enfant in waiting.pop().enfants:
            if isinstance(enfant, str):
                rest.append(enfant)
            elif id(enfant) not in notes.muets and enfant.tag not in _HEADINGS:
                waiting.append(enfant)
    return clean("".join(rest))
