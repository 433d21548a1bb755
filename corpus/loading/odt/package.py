"""The parts of an OpenDocument text, opened safely.

odfdo is not used to read: it unpacks every part without bounds, and gives neither the numbers of
lists, nor the blocks that notes, boxes and merged cells belong to. What it would leave to do is
all the reading; lxml, which it is made of, does the parsing.
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus.loading.archive import Archive, Noeud
from corpus.loading.docx.package import iso_date
from corpus.loading.errors import FichierRefuse
from corpus.loading.html.words import clean
from corpus.loading.limits import Advance, Limites

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE = f"{{{_URN}office:1.0}}"
TEXT = f"{{{_URN}text:1.0}}"
TABLE = f"{{{_URN}table:1.0}}"
DRAW = f"{{{_URN}drawing:1.0}}"
STYLE = f"{{{_URN}style:1.0}}"
SVG = f"{{{_URN}svg-compatible:1.0}}"
FO = f"{{{_URN}xsl-fo-compatible:1.0}}"
LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
_META = f"{{{_URN}meta:1.0}}"
_MANIFEST = f"{{{_URN}manifest:1.0}}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_DC = "{http://purl.org/dc/elements/1.1/}"
_SHORT = {
    OFFICE: "office:",
    TEXT: "text:",
    TABLE: "table:",
    DRAW: "draw:",
    STYLE: "style:",
    SVG: "svg:",
    LOEXT: "loext:",
}
_TEXTS = b"application/vnd.oasis.opendocument.text"
_OPENDOCUMENT = b"application/vnd.oasis.opendocument."
_ZIP = b"PK"
_MIMETYPE = 200
"""Bytes that the kind of document may take."""


class Paquet:
    """The parts that hold text."""

    def __init__(self, content: bytes, limits: Limites, advance: Advance) -> None:
        if not content:
            raise FichierRefuse("vide", "le fichier est vide")
        if not content.startswith(_ZIP):
            raise FichierRefuse(
                "deguise", "le contenu n'est pas celui d'un document OpenDocument (ODT)"
            )
        self._archive = Archive(content, limits)
        self._advance = advance
        self._refuse_encrypted()
        self._refuse_others()
        self._content = self.part("content.xml")

    def part(self, name: str) -> Noeud | None:
        """A part by name, None where there is none."""
        return self._archive.parse(name, self._advance) if name in self._archive else None

    @property
    def contenu(self) -> Noeud:
        """The part that holds the text and its own styles.

        Raises:
            FichierRefuse: it is not there.
        """
        if self._content is None:
            raise FichierRefuse(
                "endommage", "le document OpenDocument est incomplet : content.xml manque"
            )
        return self._content

    def texte(self) -> Noeud:
        """The body.

        Raises:
            FichierRefuse: it is not there.
        """
        body: Noeud | None = self.contenu.find(f"{OFFICE}body/{OFFICE}text")
        if body is None:
            raise FichierRefuse("endommage", "le document OpenDocument n'a pas de corps de texte")
        return body

    @property
    def macros(self) -> bool:
        """Whether there are macros beside the text."""
        return any(name.startswith(("basic/", "scripts/")) for name in self._archive)

    def proprietes(self) -> dict[str, str]:
        """Title, author and date of the last change, where the file says them."""
        meta = self.part("meta.xml")
        if meta is None:
            return {}
        said = {
            "titre": meta.findtext(f".//{_DC}title"),
            "auteur": meta.findtext(f".//{_META}initial-creator")
            or meta.findtext(f".//{_DC}creator"),
            "date": iso_date(
                meta.findtext(f".//{_DC}date"), meta.findtext(f".//{_META}creation-date")
            ),
        }
        return {key: clean(value) for key, value in said.items() if value and clean(value)}

    def _refuse_encrypted(self) -> None:
        manifest = self.part("META-INF/manifest.xml")
        locked = f"{_MANIFEST}encryption-data"
        if "encrypted-package" in self._archive or (
            manifest is not None and next(manifest.iter(locked), None) is not None
        ):
            raise FichierRefuse(
                "chiffre",
                "le document est protégé par un mot de passe ; enregistrez-le sans protection",
            )

    def _refuse_others(self) -> None:
        if "mimetype" not in self._archive:
            return
        kind = b""
        for chunk in self._archive.chunks("mimetype"):
            kind = (kind + chunk)[:_MIMETYPE]
        kind = kind.strip()
        if kind.startswith(_OPENDOCUMENT) and not kind.startswith(_TEXTS):
            what = kind.removeprefix(_OPENDOCUMENT).decode("ascii", "replace")
            raise FichierRefuse(
                "deguise", f"c'est un document OpenDocument d'un autre genre ({what}), non un texte"
            )


def enfants(node: Noeud) -> Iterator[tuple[Noeud, str]]:
    """Child elements with their name, as « text:p »."""
    for child in node:
        if isinstance(child.tag, str):
            yield child, nom(child)


def nom(node: Noeud) -> str:
    """An element's name, as « text:p »; whole where its namespace is of no use here."""
    tag: str = node.tag
    end = tag.find("}") + 1
    short = _SHORT.get(tag[:end])
    return tag if short is None else short + tag[end:]
