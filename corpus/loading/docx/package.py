"""The parts of a Word document: which they are, opened safely, in one vocabulary.

python-docx is not used to read: it unpacks and parses every part without bounds, refuses a file
whose unused parts are wrong, and knows no numbers of lists, notes, changes nor fields. What it
would leave to do is all the reading; lxml, which it is made of, does the parsing.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from datetime import date
from itertools import islice
from urllib.parse import unquote

from corpus.loading.archive import Archive, Noeud
from corpus.loading.errors import FichierRefuse
from corpus.loading.html.words import clean
from corpus.loading.limits import Advance, Limites

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_STRICT = "http://purl.oclc.org/ooxml/"
_TRANSITIONAL = {
    "http://purl.oclc.org/ooxml/wordprocessingml/main": W[1:-1],
    "http://purl.oclc.org/ooxml/officeDocument/relationships": _R,
    "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": WP[1:-1],
    "http://purl.oclc.org/ooxml/drawingml/main": (
        "http://schemas.openxmlformats.org/drawingml/2006/main"
    ),
}
"""Namespaces of the strict variant of the format, and their usual names."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK"
_MAIN = "word/document.xml"
_MARGINS = 60
"""References to headers and footers that are followed: three of each for ten sections."""
_OTHERS = (
    ("xl/", "un classeur Excel"),
    ("ppt/", "un diaporama PowerPoint"),
    ("content.xml", "un document OpenDocument"),
)


class Paquet:
    """The parts that hold text, by what they are."""

    def __init__(self, content: bytes, limits: Limites, advance: Advance) -> None:
        _refuse_others(content)
        self._archive = Archive(content, limits)
        self._advance = advance
        self._main = self._main_part()
        self._parts = self._related(self._main)

    def document(self) -> Noeud:
        """The body.

        Raises:
            FichierRefuse: it is not there, or damaged.
        """
        body = self._parse(self._main).find(f"{W}body")
        if body is None:
            raise FichierRefuse("endommage", "le document Word n'a pas de corps")
        return body

    def part(self, sort: str) -> Noeud | None:
        """A part related to the document (``styles``, ``footnotes``…), None where there is none."""
        name = self._parts.get(sort)
        return self._parse(name) if name is not None and name in self._archive else None

    def marges(self, body: Noeud) -> Iterator[tuple[str, Noeud]]:
        """Headers and footers that the sections of a body show: ``header`` or ``footer``, content.

        A damaged one is passed over: it is no text, and takes nothing from the document.
        """
        places = {number: path for number, _, path in self._relations(self._main)}
        seen: set[str] = set()
        for reference in islice(body.iter(f"{W}headerReference", f"{W}footerReference"), _MARGINS):
            name = places.get(reference.get(f"{{{_R}}}id") or "")
            if name is None or name in seen or name not in self._archive:
                continue
            seen.add(name)
            try:
                part = self._parse(name)
            except FichierRefuse:
                continue
            yield reference.tag.removeprefix(W).removesuffix("Reference"), part

    @property
    def macros(self) -> bool:
        """Whether there are macros beside the text."""
        return any(name.endswith("vbaproject.bin") for name in self._archive)

    def proprietes(self) -> dict[str, str]:
        """Title, author and date of the last change, where the file says them."""
        name = self._related("").get("core-properties", "docProps/core.xml")
        if name not in self._archive:
            return {}
        core = self._parse(name)
        said = {
            "titre": core.findtext(f"{_DC}title"),
            "auteur": core.findtext(f"{_DC}creator"),
            "date": iso_date(core.findtext(f"{_TERMS}modified"), core.findtext(f"{_TERMS}created")),
        }
        return {key: clean(value) for key, value in said.items() if value and clean(value)}

    def _parse(self, name: str) -> Noeud:
        root = self._archive.parse(name, self._advance)
        if isinstance(root.tag, str) and root.tag.startswith("{" + _STRICT):
            _to_transitional(root)
        return root

    def _main_part(self) -> str:
        name = self._related("").get("officeDocument", _MAIN)
        if name in self._archive and name.lower().endswith(".xml") and not name.startswith("xl/"):
            return name
        if _MAIN in self._archive:
            return _MAIN
        for part, what in _OTHERS:
            if any(known.startswith(part) for known in self._archive):
                raise FichierRefuse("deguise", f"c'est {what}, non un document Word (DOCX)")
        raise FichierRefuse("endommage", f"le document Word est incomplet : {_MAIN} manque")

    def _related(self, source: str) -> dict[str, str]:
        """Parts that a part names, by the last word of their relationship; external ones never."""
        found: dict[str, str] = {}
        for _, sort, path in self._relations(source):
            found.setdefault(sort, path)
        return found

    def _relations(self, source: str) -> Iterator[tuple[str, str, str]]:
        """Number, sort and path of each part that a part names."""
        folder, base = posixpath.split(source)
        name = posixpath.join(folder, "_rels", f"{base}.rels")
        if name not in self._archive:
            return
        for node in self._parse(name).iter(_RELATIONSHIP):
            target, sort = node.get("Target"), node.get("Type")
            if target and sort and node.get("TargetMode") != "External":
                path = posixpath.normpath(posixpath.join("/", folder, unquote(target)))
                yield node.get("Id") or "", sort.rsplit("/", 1)[-1], path.lstrip("/")


def iso_date(*said: str | None) -> str | None:
    """The first that is a date, as ISO 8601 writes days."""
    for value in said:
        try:
            return date.fromisoformat((value or "").strip()[:10]).isoformat()
        except ValueError:
            continue
    return None


def enfants(node: Noeud) -> Iterator[tuple[Noeud, str]]:
    """Child elements with their name; those of ``w:`` without its namespace."""
    for child in node:
        if isinstance(child.tag, str):
            yield child, child.tag.removeprefix(W)


def val(node: Noeud | None, name: str = "val") -> str | None:
    """An attribute of ``w:``; None where the element or the attribute is not there."""
    if node is None:
        return None
    value: str | None = node.get(W + name)
    return value


def bascule(properties: Noeud | None, *names: str) -> bool | None:
    """An on/off property (``b``, ``vanish``); None where nothing is said."""
    if properties is None:
        return None
    for name in names:
        node = properties.find(W + name)
        if node is not None:
            return (val(node) or "true") not in ("0", "false", "off")
    return None


def _refuse_others(content: bytes) -> None:
    if not content:
        raise FichierRefuse("vide", "le fichier est vide")
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise FichierRefuse(
                "chiffre",
                "le document est protégé par un mot de passe ; enregistrez-le sans protection",
            )
        old = "WordDocument".encode("utf-16-le") in content
        raise FichierRefuse(
            "inconnu",
            f"c'est {'un ancien document Word (DOC)' if old else 'un fichier composé'}, "
            "qui n'est pas lu ; enregistrez-le en DOCX ou en PDF",
        )
    if not content.startswith(_ZIP):
        raise FichierRefuse("deguise", "le contenu n'est pas celui d'un document Word (DOCX)")


def _to_transitional(root: Noeud) -> None:
    """Give the strict variant of the format the names of the usual one."""
    for node in root.iter("{*}*"):
        node.tag = _usual(node.tag)
        for name, value in node.items():
            usual = _usual(name)
            if usual != name:
                del node.attrib[name]
                node.set(usual, value)


def _usual(name: str) -> str:
    space, brace, local = name[1:].partition("}")
    return f"{{{_TRANSITIONAL[space]}}}{local}" if brace and space in _TRANSITIONAL else name
