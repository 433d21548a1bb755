"""What the pages of measures are made of: elements of a tree, so that no text becomes markup.

Two ways to write words: :func:`dit` for those of the program, whose spaces are set the French way,
and :func:`tel_quel` for those of a set, an answer or a text, which stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, tostring

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_STYLE: Final = Path(__file__).with_name("evaluation.css")
_AVANT: Final = re.compile(r" (?=[:;?!%»])")
_APRES: Final = re.compile(r"(?<=«) ")
_UNITE: Final = re.compile(r"(?<=\d) (?=(?:ms|pt)\b)")
_BIDIRECTIONNELS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def lisible(words: str) -> str:
    """Replace what no page may hold or obey: controls, halves of characters, turns of direction."""
    return "".join(
        "\ufffd"
        if (unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t") or c in _BIDIRECTIONNELS
        else c
        for c in words.replace("\r\n", "\n")
    )


def espaces(words: str) -> str:
    """Put the no-break spaces that French asks for where plain ones stand."""
    return _UNITE.sub("\u00a0", _APRES.sub("\u00a0", _AVANT.sub("\u00a0", words)))


def tel_quel(
    parent: Element, tag: str, words: str, attributes: Mapping[str, str] | None = None
) -> Element:
    """Add an element that holds ``words`` as they are."""
    element = SubElement(parent, tag, dict(attributes or {}))
    element.text = lisible(words)
    return element


def dit(
    parent: Element, tag: str, words: str, attributes: Mapping[str, str] | None = None
) -> Element:
    """Add an element that holds words of the program."""
    return tel_quel(parent, tag, espaces(words), attributes)


def document(titre: str, sujet: str) -> tuple[Element, Element]:
    """Return a page and its main part, under its title.

    Args:
        titre: what kind of page it is, its heading.
        sujet: what is added to the title of the window; may be empty.

    """
    html = Element("html", {"lang": "fr"})
    head = SubElement(html, "head")
    SubElement(head, "meta", {"charset": "utf-8"})
    SubElement(head, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    dit(head, "title", f"{titre} : {sujet}" if sujet else titre)
    SubElement(head, "style").text = _STYLE.read_text(encoding="utf-8")
    body = SubElement(html, "body")
    dit(body, "a", "Aller au contenu", {"class": "evitement", "href": "#contenu"})
    dit(SubElement(body, "header"), "h1", titre)
    return html, SubElement(body, "main", {"id": "contenu"})


def en_octets(html: Element) -> bytes:
    """Serialise a page."""
    page: bytes = tostring(html, encoding="utf-8", method="html")
    return b"<!DOCTYPE html>\n" + page + b"\n"


def sommaire(main: Element, rang: int) -> None:
    """Insert links to the parts of the page (``h2``) among the children of ``main``."""
    nav = Element("nav", {"aria-label": "Sommaire"})
    liste = SubElement(nav, "ul")
    for numero, titre in enumerate(main.iter("h2"), start=1):
        titre.set("id", f"partie-{numero}")
        lien = SubElement(SubElement(liste, "li"), "a", {"href": f"#partie-{numero}"})
        lien.text = titre.text
    main.insert(rang, nav)


def figure(parent: Element, svg: Element, resume: str) -> None:
    """Add a chart with its summary; a narrow screen scrolls it rather than shrinks its words."""
    cadre = SubElement(parent, "figure")
    dit(cadre, "figcaption", resume)
    titre = svg.findtext("title") or ""
    _defilant(cadre, f"Graphique : {titre}").append(svg)


def tableau(
    parent: Element, legend: str, headings: Sequence[str], rows: Iterable[Sequence[str]]
) -> Element:
    """Add a table; the first cell of a row is its heading. Return its body."""
    table = SubElement(_defilant(parent, legend), "table")
    dit(table, "caption", legend)
    top = SubElement(SubElement(table, "thead"), "tr")
    for heading in headings:
        dit(top, "th", heading, {"scope": "col"})
    body = SubElement(table, "tbody")
    for first, *others in rows:
        line = SubElement(body, "tr")
        dit(line, "th", first, {"scope": "row"})
        for cell in others:
            dit(line, "td", cell, {"class": "chiffre"})
    return body


def liste(parent: Element, items: Iterable[str]) -> None:
    """Add a list of sentences of the program."""
    listed = SubElement(parent, "ul")
    for item in items:
        dit(listed, "li", item)


def paire(pairs: Element, name: str) -> Element:
    """Add a name to a list of pairs; return where its value goes."""
    pair = SubElement(pairs, "div")
    dit(pair, "dt", name)
    return SubElement(pair, "dd")


def paire_dite(pairs: Element, name: str, words: str) -> None:
    """Add a pair whose value is words of the program."""
    paire(pairs, name).text = lisible(espaces(words))


def paire_telle_quelle(pairs: Element, name: str, words: str) -> None:
    """Add a pair whose value stays as it is, line breaks kept."""
    value = paire(pairs, name)
    value.set("class", "tel-quel")
    value.text = lisible(words)


def _defilant(parent: Element, nom: str) -> Element:
    # What is wider than the screen scrolls by itself; it can be reached by keyboard.
    cadre = SubElement(parent, "div", {"class": "cadre", "tabindex": "0", "role": "group"})
    cadre.set("aria-label", espaces(nom))
    return cadre
