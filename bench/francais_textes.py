"""From what other people wrote to questions and the documents that answer them; nothing is fetched.

The title of a record or of a section is the question, what it says below is the document.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import html

from index.french import fold, words

MIN_WORDS = 40
"""A document that says less is left out."""
MIN_CONTENT = 2
"""Content words without which a title asks nothing."""
CLEAR = 3
"""Content words from which a title is understood without that of its parent."""
FRENCH_SHARE = 0.12
"""Of a French text, at least this part is one of ``_FRENCH``; what was not translated has less."""


def _set(line: str) -> frozenset[str]:
    return frozenset(line.split())


_FRENCH = _set("le la les l un une des du de d est sont et pour dans que qui vous ce")
_EMPTY = _FRENCH | _set(
    "a au aux ou en par sur avec sans se sa son ses ces cette il elle on nous votre vos pas plus "
    "ne quel quelle quels quelles comment quoi dont chez lors entre vers etre avoir faire"
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_NOT_TEXT = _set("head script style noscript nav header footer aside pre form svg")
_NOT_TEXT_CLASSES = _set(
    "navheader navfooter toc sphinxsidebar related footnotes footer headerlink relatedtopics "
    "howtoget bascode pycode author legalnotice"
)
_INLINE = _set(
    "a abbr acronym b bdi bdo cite code del dfn em font i ins kbd mark q s samp small span strong "
    "sub sup tt u var wbr"
)
_NUMBER = re.compile(r"^(?:(?:Chapitre|Annexe|Partie)\s+)?(?:\d+|[A-Z])(?:\.\d+)*\.\s+")
_SPACES = re.compile(r"\s+")
_PARTS = _set("Introduction Texte ListeSituations")
_LEFT_OUT = _set(
    "OuSAdresser ServiceEnLigne ServiceEnLigneAnnexe Reference NoticeLiee RessourceWeb PivotLocal "
    "Source Condition Expression Image Illustration Credits Description"
)
_RUNNING = _set(
    "LienInterne LienIntra LienWeb LienExterne MiseEnEvidence Valeur Exposant Indice Citation "
    "TermeEtranger Variable"
)


@dataclass(frozen=True)
class Section:
    """A title, the title above it, and the text below it."""

    titre: str
    parent: str
    texte: str


@dataclass(frozen=True)
class Jeu:
    """Questions, and the documents searched: the answer to each question has its place."""

    nom: str
    source: str
    """Packages and versions that it was made from."""
    questions: tuple[str, ...]
    documents: tuple[str, ...]


def fiche_section(fiche: Mapping[str, Any]) -> Section | None:
    """Question and answer of a record of Service-Public; None when it is of another kind."""
    publication = fiche["children"][0]
    if publication["attributes"].get("type") != "Fiche Question-réponse":
        return None
    parts: dict[str, list[str]] = {}
    for child in publication["children"]:
        if child.get("name") == "dc:title" or child.get("name") in _PARTS:
            parts.setdefault(child["name"], []).append("".join(_fiche_text(child)))
    texts = [text for name, found in parts.items() if name in _PARTS for text in found]
    return Section(_one_line(parts["dc:title"][0]), "", _one_line(" ".join(texts)))


def _fiche_text(node: Mapping[str, Any]) -> Iterator[str]:
    if node["type"] == "text":
        yield node["text"]
    elif node.get("name") not in _LEFT_OUT:
        around = "" if node.get("name") in _RUNNING else " "
        yield around
        for child in node.get("children", ()):
            yield from _fiche_text(child)
        yield around


def page_sections(page: bytes) -> list[Section]:
    """Sections of a page, in order: each heading, and the text up to the next one.

    A heading of level n stands below the last one of a smaller level. Numbers of chapters, code,
    menus and hidden words are left out.
    """
    root = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    found: list[tuple[int, str, list[str]]] = []
    for level, text in _stream(root):
        if level:
            found.append((level, _title(text), []))
        elif found:
            found[-1][2].append(text)
    sections, above = [], dict[int, str]()
    for level, title, pieces in found:
        parents = [above[upper] for upper in sorted(above) if upper < level]
        above = {upper: kept for upper, kept in above.items() if upper < level}
        above[level] = title
        sections.append(Section(title, parents[-1] if parents else "", _one_line("".join(pieces))))
    return sections


def _stream(node: html.HtmlElement) -> Iterator[tuple[int, str]]:
    """Texts of an element in order, each with the level of the heading it is, or 0."""
    if not isinstance(node.tag, str) or _hidden(node):
        return
    if node.tag in _HEADINGS:
        yield _HEADINGS[node.tag], "".join(text for _, text in _children(node))
        return
    around = "" if node.tag in _INLINE else " "
    yield 0, around
    yield from _children(node)
    yield 0, around


def _children(node: html.HtmlElement) -> Iterator[tuple[int, str]]:
    yield 0, node.text or ""
    for child in node:
        yield from _stream(child)
        yield 0, child.tail or ""


def _hidden(node: html.HtmlElement) -> bool:
    classes = (node.get("class") or "").split()
    return (
        node.tag in _NOT_TEXT
        or node.get("hidden") is not None
        or not _NOT_TEXT_CLASSES.isdisjoint(classes)
    )


def _title(text: str) -> str:
    return _NUMBER.sub("", _one_line(text)).strip(" ¶")


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def content_words(text: str) -> list[str]:
    """Folded words of three letters or more that say what a title is about, each once."""
    folded = dict.fromkeys(fold(word) for word in words(text))
    return [word for word in folded if len(word) >= 3 and word not in _EMPTY]


def is_french(text: str) -> bool:
    found = [fold(word) for word in words(text)]
    return sum(word in _FRENCH for word in found) >= FRENCH_SHARE * len(found)


def make_jeu(nom: str, source: str, sections: Iterable[Section]) -> Jeu:
    """Keep the sections that a question can be asked of, and make their titles distinct.

    A title that is too short or that several sections have takes the title above it; what is then
    still too short or shared is left out, as are short texts, foreign ones and repeated ones.
    """
    told = {
        section.texte: section
        for section in sections
        if len(section.texte.split()) >= MIN_WORDS and is_french(section.texte)
    }
    kept = list(told.values())
    counts = Counter(fold(section.titre) for section in kept)
    questions = [_question(section, counts) for section in kept]
    again = Counter(fold(question) for question in questions)
    pairs: Sequence[tuple[str, str]] = [
        (question, section.texte)
        for question, section in zip(questions, kept, strict=True)
        if len(content_words(question)) >= MIN_CONTENT and again[fold(question)] == 1
    ]
    return Jeu(nom, source, tuple(q for q, _ in pairs), tuple(text for _, text in pairs))


def _question(section: Section, counts: Mapping[str, int]) -> str:
    clear = len(content_words(section.titre)) >= CLEAR and counts[fold(section.titre)] == 1
    return section.titre if clear or not section.parent else f"{section.parent} : {section.titre}"
