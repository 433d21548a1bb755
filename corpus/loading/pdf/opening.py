"""Opens a PDF twice: pypdf bounds what it unpacks, then pdfminer gives the places."""

from __future__ import annotations

import binascii
import io
import logging
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pypdf
from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.psexceptions import PSException
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject, StreamObject

from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import MIB, Limites

UNREADABLE = (
    PyPdfError,
    PDFException,
    PSException,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    TypeError,
    ValueError,
    NotImplementedError,
    binascii.Error,
    struct.error,
    zlib.error,
)
"""What the two libraries raise on a file that does not follow the format."""

_DATE = re.compile(r"D:(?P<y>\d{4})(?P<m>\d{2})?(?P<d>\d{2})?")
_LONGEST_PROPERTY = 500
_MALFORMED = re.compile(r"\bloop\b|\bcycl|\bdeclared\b", re.IGNORECASE)
"""Bounds of pypdf that what a file says of itself goes beyond, and not what it holds."""
_SILENT = logging.CRITICAL + 1

logging.getLogger("pypdf").setLevel(_SILENT)
logging.getLogger("pdfminer").setLevel(_SILENT)


@dataclass(frozen=True)
class Opened:
    """A PDF as its two readers see it."""

    reader: pypdf.PdfReader
    pages: tuple[PDFPage, ...]
    proprietes: Mapping[str, str]


@contextmanager
def faults(place: str | None = None) -> Iterator[None]:
    """Turn what the libraries raise into a refusal that says where in the file, if it is known."""
    where = f"{place} : " if place else ""
    try:
        yield
    except FichierRefuse:
        raise
    except RecursionError:
        raise FichierRefuse(
            "trop_imbrique", f"{where}des objets trop imbriqués pour être lus"
        ) from None
    except LimitReachedError as fault:
        if _MALFORMED.search(str(fault)):
            raise _damaged(where, fault) from None
        raise FichierRefuse(
            "trop_gros", f"{where}des données qui dépassent les bornes une fois décompressées"
        ) from None
    except DependencyError:
        raise FichierRefuse(
            "chiffre", f"{where}un chiffrement qui n'est pas lu ici ; enregistrez-le sans"
        ) from None
    except UNREADABLE as fault:
        raise _damaged(where, fault) from None


def _damaged(where: str, fault: Exception) -> FichierRefuse:
    return FichierRefuse(
        "endommage",
        f"{where}un PDF endommagé ou incomplet, illisible ({type(fault).__name__}) ;"
        " ouvrez-le et enregistrez-le de nouveau en PDF",
    )


def open_pdf(content: bytes, limits: Limites) -> Opened:
    """Open a PDF whose every unpacked part is within the limits.

    Raises:
        FichierRefuse: it is empty, encrypted, damaged, too long, too deep, or unpacks to too much.
    """
    if not content.strip():
        raise FichierRefuse("vide", "un fichier vide ; un PDF est attendu")
    if len(content) > limits.octets:
        raise FichierRefuse(
            "trop_gros", f"{_mib(len(content))} ; {_mib(limits.octets)} au plus sont acceptés"
        )
    with faults():
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not _opens_without_password(reader):
            raise _locked()
        count = len(reader.pages)
        if not count:
            raise FichierRefuse("vide", "un PDF sans aucune page")
        if count > limits.pages:
            raise FichierRefuse(
                "trop_de_pages", f"{count} pages ; {limits.pages} au plus sont acceptées"
            )
        _check_unpacked(reader, limits)
        try:
            document = PDFDocument(PDFParser(io.BytesIO(content)))
        except PDFPasswordIncorrect:
            raise _locked() from None
        pages = []
        for page in PDFPage.create_pages(document):
            pages.append(page)
            if len(pages) > count:
                break
    if len(pages) != count:
        raise FichierRefuse(
            "endommage",
            f"un PDF dont le nombre de pages n'est pas sûr ({count} ou {len(pages)})",
        )
    return Opened(reader, tuple(pages), _properties(reader))


def _locked() -> FichierRefuse:
    return FichierRefuse(
        "chiffre", "un PDF protégé par un mot de passe ; enregistrez-le sans mot de passe"
    )


def _mib(size: int) -> str:
    return f"{size / MIB:.1f} Mio".replace(".", ",").replace(",0 ", " ")


def _opens_without_password(reader: pypdf.PdfReader) -> bool:
    try:
        return reader.decrypt("") != pypdf.PasswordType.NOT_DECRYPTED
    except FileNotDecryptedError:
        return False


def _check_unpacked(reader: pypdf.PdfReader, limits: Limites) -> None:
    """Unpack once, with bounds, what the pages draw with: contents, forms and fonts."""
    total = 0
    seen: set[int] = set()
    waiting: list[tuple[PdfObject | None, int]] = []
    for page in reader.pages:
        waiting.append((page.get("/Contents"), 0))
        waiting.append((page.get("/Resources"), 0))
        while waiting:
            item, depth = waiting.pop()
            if isinstance(item, IndirectObject):
                if item.idnum in seen:
                    continue
                seen.add(item.idnum)
                item = item.get_object()
            if depth > limits.imbrication:
                raise FichierRefuse(
                    "trop_imbrique",
                    f"des objets imbriqués sur plus de {limits.imbrication} niveaux",
                )
            if isinstance(item, StreamObject):
                if item.get("/Subtype") != "/Image":
                    total += len(item.get_data())
                if total > limits.octets_decompresses:
                    raise FichierRefuse(
                        "trop_gros",
                        "un PDF qui dépasse, une fois décompressé,"
                        f" {_mib(limits.octets_decompresses)}",
                    )
            if isinstance(item, DictionaryObject):
                waiting.extend(
                    (item.raw_get(key), depth + 1) for key in item if key not in ("/Parent", "/P")
                )
            elif isinstance(item, ArrayObject):
                waiting.extend((inner, depth + 1) for inner in list.__iter__(item))


def _properties(reader: pypdf.PdfReader) -> dict[str, str]:
    """What the file says of itself; nothing where that part is unreadable."""
    try:
        stored: Mapping[str, object] = reader.metadata or {}
        read = {
            "titre": stored.get("/Title"),
            "auteur": stored.get("/Author"),
            "date": stored.get("/ModDate") or stored.get("/CreationDate"),
        }
    except UNREADABLE:
        return {}
    texts = {
        key: " ".join(str(value).split())[:_LONGEST_PROPERTY]
        for key, value in read.items()
        if value is not None
    }
    date = _DATE.match(texts.pop("date", ""))
    if date:
        texts["date"] = "-".join(part for part in date.groups() if part)
    return {key: text for key, text in texts.items() if text}
