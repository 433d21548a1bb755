"""Documents that are archives (DOCX, ODT): their parts unpacked and parsed within bounds.

Nothing that the archive says of itself is believed: sizes are counted while unpacking.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from lxml import etree

from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import MIB, Advance, Limites

Noeud: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no public name for its elements

MAX_ELEMENTS = 1_500_000
"""Elements in one part: more is no text to read, and would fill the memory."""
MAX_RATIO = 150
"""Times that an archive may grow; office documents grow about ten times."""
_SMALL = 16 * MIB
"""What any archive may unpack to, however small it is."""
_CHUNK = 64 * 1024
_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Those of office documents; the others unpack without any useful bound."""
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    IndexError,
    OverflowError,
    NotImplementedError,
)
"""What zipfile lets through when an archive is not what it says."""


class Archive:
    """The parts of a document, by name; case, a first slash and backslashes do not matter.

    Raises:
        FichierRefuse: ``endommage``, ``chiffre``, or ``trop_gros`` for too many parts.
    """

    def __init__(self, content: bytes, limits: Limites) -> None:
        # zipfile makes a record of each entry before they can be counted.
        if content.count(_ENTRY) > limits.membres:
            raise FichierRefuse(
                "trop_gros",
                f"l'archive qui contient le document a plus de {limits.membres} fichiers, "
                "le plus qui soit lu",
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except _DAMAGE as error:
            raise _damaged("l'archive qui contient le document", error) from error
        self._parts = {_key(info.filename): info for info in self._zip.infolist()}
        self._limits = limits
        self._unpacked = 0
        self._most = min(limits.octets_decompresses, max(_SMALL, MAX_RATIO * len(content)))

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._parts

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def chunks(self, name: str) -> Iterator[bytes]:
        """Unpack a part, little by little.

        Raises:
            FichierRefuse: it is not there, damaged, encrypted, or the archive unpacks to too much.
        """
        info = self._parts.get(_key(name))
        if info is None:
            raise FichierRefuse(
                "endommage", f"le document est incomplet : sa partie {shown(name)} manque"
            )
        if info.flag_bits & _ENCRYPTED:
            raise FichierRefuse(
                "chiffre",
                "l'archive qui contient le document est protégée par un mot de passe ; "
                "enregistrez-le sans protection",
            )
        if info.compress_type not in _METHODS:
            raise FichierRefuse(
                "endommage", f"la partie {shown(name)} est compressée d'une façon inconnue"
            )
        try:
            with self._zip.open(info) as part:
                while chunk := part.read(_CHUNK):
                    self._count(len(chunk))
                    yield chunk
        except _DAMAGE as error:
            if isinstance(error, FichierRefuse):
                raise
            raise _damaged(f"la partie {shown(name)}", error) from error

    def parse(self, name: str, advance: Advance) -> Noeud:
        """Parse a part as XML.

        Raises:
            FichierRefuse: as ``chunks``, or the part is no XML within bounds.
        """
        return parse_xml(self.chunks(name), shown(name), self._limits, advance)

    def _count(self, size: int) -> None:
        self._unpacked += size
        if self._unpacked > self._most:
            raise FichierRefuse(
                "trop_gros",
                f"le document, une fois décompressé, dépasse {self._most // MIB} Mio, "
                "le plus qui soit lu d'un fichier de cette taille",
            )


def parse_xml(chunks: Iterable[bytes], name: str, limits: Limites, advance: Advance) -> Noeud:
    """Parse XML from a stranger: no entity, no network, a bounded depth and number of elements.

    Raises:
        FichierRefuse: ``endommage``, ``trop_imbrique`` or ``trop_gros``.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth, count, fed = 0, 0, 0
    try:
        for chunk in chunks:
            parser.feed(chunk)
            fed += len(chunk)
            for event, node in parser.read_events():
                if event == "end":
                    depth -= 1
                    continue
                depth += 1
                count += 1
                if count == 1:
                    _refuse_entities(node, name)
                if depth > limits.imbrication:
                    raise _too_deep(name)
            if count > MAX_ELEMENTS:
                raise FichierRefuse(
                    "trop_gros",
                    f"la partie {name} du document a plus de {MAX_ELEMENTS} éléments, "
                    "le plus qui soit lu",
                )
            advance(fed, 0)
        root: Noeud = parser.close()
    except etree.XMLSyntaxError as error:
        # libxml2 has its own bounds, which a whole chunk may cross before its events are read.
        if "depth" in str(error):
            raise _too_deep(name) from error
        if "huge" in str(error) or "limit" in str(error):
            raise FichierRefuse(
                "trop_gros", f"la partie {name} du document a un texte ou un nom démesuré"
            ) from error
        raise FichierRefuse(
            "endommage", f"la partie {name} du document est abîmée ({error.msg})"
        ) from error
    return root


def entier(value: str | None, default: int, least: int = 0, most: int = 32_767) -> int:
    """An integer attribute, within bounds; the default where it is none."""
    try:
        number = int(value[:12]) if value else default
    except ValueError:
        return default
    return min(max(number, least), most)


def shown(name: str) -> str:
    """A part's name as a message may show it."""
    return "".join(letter for letter in name[-60:] if letter.isprintable())


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _refuse_entities(root: Noeud, name: str) -> None:
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and next(dtd.iterentities(), None) is not None:
        raise FichierRefuse(
            "endommage",
            f"la partie {name} déclare des entités XML, ce qu'aucun logiciel de bureau ne fait",
        )


def _too_deep(name: str) -> FichierRefuse:
    return FichierRefuse(
        "trop_imbrique",
        f"les éléments de la partie {name} sont trop imbriqués les uns dans les autres",
    )


def _damaged(what: str, error: Exception) -> FichierRefuse:
    return FichierRefuse("endommage", f"{what} est abîmée ou incomplète ({str(error)[:100]})")
