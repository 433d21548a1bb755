"""What a file is: by its bytes first, by its name second."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from pathlib import PurePath
from typing import NamedTuple

from corpus.loading.errors import FichierRefuse
from corpus.models import Format

ACCEPTES = "formats acceptés : PDF, DOCX, ODT, HTML, Markdown et texte brut"

_HEAD = 16 * 1024
"""Bytes in which a text file shows what it is."""
_PDF_HEAD = 1024
"""Where a PDF's header may stand, as readers of PDF agree."""
_TAIL = 2048
_SMALL_PART = 1024 * 1024
"""More than the list of contents of any real archive of an office."""


class Genre(NamedTuple):
    """A kind of file: as it is called in French, its extensions, the format that reads it."""

    nom: str
    extensions: tuple[str, ...] = ()
    format: Format | None = None


GENRES: dict[str, Genre] = {
    "pdf": Genre("un PDF", (".pdf",), "pdf"),
    "docx": Genre("un document Word (DOCX)", (".docx",), "docx"),
    "odt": Genre("un document OpenDocument (ODT)", (".odt",), "odt"),
    "html": Genre("une page HTML", (".html", ".htm", ".xhtml"), "html"),
    "markdown": Genre("un texte Markdown", (".md", ".markdown", ".mdown", ".mkd"), "markdown"),
    "texte": Genre("du texte brut", (".txt", ".text", ".texte"), "texte"),
    "doc": Genre("un ancien document Word (DOC)", (".doc", ".dot")),
    "xls": Genre("un ancien classeur Excel (XLS)", (".xls", ".xlt")),
    "ppt": Genre("un ancien diaporama PowerPoint (PPT)", (".ppt", ".pps")),
    "msg": Genre("un courriel Outlook (MSG)", (".msg",)),
    "ole": Genre("un fichier composé d'un ancien logiciel de bureau"),
    "docm": Genre("un document Word à macros ou un modèle", (".docm", ".dotx", ".dotm")),
    "xlsx": Genre("un classeur Excel (XLSX)", (".xlsx", ".xlsm")),
    "pptx": Genre("un diaporama PowerPoint (PPTX)", (".pptx", ".pptm", ".ppsx")),
    "ods": Genre("un classeur OpenDocument (ODS)", (".ods",)),
    "odp": Genre("un diaporama OpenDocument (ODP)", (".odp",)),
    "ott": Genre("un fichier OpenDocument qui n'est pas un texte", (".ott", ".odg", ".odb")),
    "fodt": Genre("un document OpenDocument à plat (FODT)", (".fodt",)),
    "epub": Genre("un livre EPUB", (".epub",)),
    "zip": Genre("une archive ZIP", (".zip",)),
    "archive": Genre("une archive compressée", (".gz", ".tgz", ".7z", ".rar", ".bz2", ".xz")),
    "rtf": Genre("un document RTF", (".rtf",)),
    "postscript": Genre("un fichier PostScript", (".ps", ".eps")),
    "png": Genre("une image PNG", (".png",)),
    "jpeg": Genre("une image JPEG", (".jpg", ".jpeg")),
    "gif": Genre("une image GIF", (".gif",)),
    "tiff": Genre("une image TIFF", (".tif", ".tiff")),
    "bmp": Genre("une image BMP", (".bmp",)),
    "webp": Genre("une image WebP", (".webp",)),
    "heic": Genre("une image ou une vidéo (HEIC, MP4)", (".heic", ".heif", ".mp4", ".mov")),
    "svg": Genre("un dessin SVG", (".svg",)),
    "executable": Genre("un programme", (".exe", ".dll", ".so")),
    "mhtml": Genre("une page web archivée (MHTML)", (".mhtml", ".mht")),
    "courriel": Genre("un courriel", (".eml",)),
    "xml": Genre("un fichier XML", (".xml",)),
    "csv": Genre("un tableau en texte (CSV)", (".csv", ".tsv")),
    "json": Genre("un fichier de données JSON", (".json", ".jsonl")),
    "code": Genre(
        "un fichier de code ou de réglages", (".py", ".js", ".css", ".yaml", ".yml", ".tex")
    ),
    "binaire": Genre("un fichier binaire d'un genre inconnu"),
}

_OF_EXTENSION = {ext: key for key, genre in GENRES.items() for ext in genre.extensions}
_TEXTS = frozenset({"texte", "markdown", "html", "csv", "json", "code", "xml"})
"""Kinds that are told apart from plain text by the name only."""

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"{\\rtf", "rtf"),
    (b"%!PS", "postscript"),
    (b"\x7fELF", "executable"),
    (b"\xcf\xfa\xed\xfe", "executable"),
    (b"\xca\xfe\xba\xbe", "executable"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
    ("__properties_version1.0", "msg"),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    ValueError,
    OverflowError,
    NotImplementedError,
    struct.error,
)
"""What zipfile lets through when an archive is not what it says."""
_OPENDOCUMENT = b"application/vnd.oasis.opendocument."
_MIMETYPES = {
    _OPENDOCUMENT + b"text": "odt",
    _OPENDOCUMENT + b"spreadsheet": "ods",
    _OPENDOCUMENT + b"presentation": "odp",
    b"application/epub+zip": "epub",
}
_MAIN_PARTS = (
    (re.compile(rb"wordprocessingml\.document\.main\+xml"), "docx"),
    (re.compile(rb"ms-word\.|wordprocessingml\.template\.main"), "docm"),
    (re.compile(rb"spreadsheetml\.sheet\.main|ms-excel\.sheet"), "xlsx"),
    (re.compile(rb"presentationml\.|ms-powerpoint\."), "pptx"),
)
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_PDF = re.compile(rb"%PDF-\d")
# The group of comments is atomic: without it, a page of many comments is tried in 2^n ways.
_XML_HEAD = r"\s*(?:<\?xml\b[^>]*>\s*)?(?>(?:<!--.*?-->\s*)*)"
_HTML = re.compile(_XML_HEAD + r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_XML = re.compile(r"\s*<\?xml\b")
_MARKED_KINDS = ((re.compile(r"<svg\b"), "svg"), (re.compile(r"<office:document\b"), "fodt"))
_MAIL_HEADER = re.compile(
    r"^(?:received|return-path|message-id|mime-version|content-type|from|to|date|subject|x-[\w-]+):",
    re.IGNORECASE,
)
_MAIL_PROOF = re.compile(
    r"(?:^|\n)(?:received|return-path|message-id|mime-version):", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1c-\x1f]")
_FEW = 0.005
"""Share of control characters that a text damaged by its travels may hold."""
_HALF = 0.3
"""Share of null bytes from which every other byte of a text in UTF-16 is one."""


def recognise_format(content: bytes, name: str) -> Format:
    """Tell the format of a file.

    Raises:
        FichierRefuse: ``vide``; ``deguise``, its name says one thing and its bytes another;
            ``inconnu``, it is of a kind that is not read; ``chiffre`` or ``endommage`` where its
            envelope already shows it. The message does not name the file.
    """
    if not content.strip(b"\x00\t\n\r\f \xef\xbb\xbf\xff\xfe"):
        raise FichierRefuse("vide", "le fichier est vide")
    extension = PurePath(name).suffix.lower()
    said = _OF_EXTENSION.get(extension)
    found = _kind(content, said)
    if found == "texte" and (said is None or said in _TEXTS):
        found = said or "texte"
    if said is not None and found != said:
        raise FichierRefuse(
            "deguise",
            f"le nom annonce {GENRES[said].nom} ({extension}), mais le contenu est "
            f"{GENRES[found].nom} ; {ACCEPTES}",
        )
    known = GENRES[found].format
    if known is None:
        said_of = GENRES[found].nom
        read = "lue" if said_of.startswith("une ") else "lu"
        raise FichierRefuse("inconnu", f"c'est {said_of}, qui n'est pas {read} ; {ACCEPTES}")
    return known


def _kind(content: bytes, said: str | None) -> str:
    """Key of GENRES by the bytes; ``texte`` for any text whose kind only its name can tell."""
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    if content.startswith(_OLE):
        return _ole_kind(content)
    if content.startswith(_ZIP):
        return _zip_kind(content, said)
    header = _PDF.search(content[:_PDF_HEAD])
    ends_as_pdf = b"startxref" in content[-_TAIL:] or said == "pdf"
    if header and (header.start() == 0 or ends_as_pdf):
        return "pdf"
    if content[4:8] == b"ftyp":
        return "heic"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    head = _decoded(content[:_HEAD])
    if head is None:
        return _binary_kind(content)
    return _text_kind(head)


def _binary_kind(content: bytes) -> str:
    # Two letters are too little to tell a text that begins with them.
    return {b"MZ": "executable", b"BM": "bmp"}.get(content[:2], "binaire")


def _ole_kind(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FichierRefuse(
            "chiffre",
            "le document est protégé par un mot de passe ; enregistrez-le sans protection",
        )
    for stream, kind in _OLE_STREAMS:
        if stream.encode("utf-16-le") in content:
            return kind
    return "ole"


def _zip_kind(content: bytes, said: str | None) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _archive_kind(archive)
    except FichierRefuse:
        raise
    except _BROKEN_ARCHIVE as error:
        if said is not None and said not in ("docx", "odt"):
            return "zip"
        raise FichierRefuse(
            "endommage", f"l'archive qui contient le document est abîmée ou incomplète ({error})"
        ) from error


def _archive_kind(archive: zipfile.ZipFile) -> str:
    names = set(archive.namelist())
    if "mimetype" in names:
        declared = _small_part(archive, "mimetype").strip()
        if declared in _MIMETYPES:
            return _MIMETYPES[declared]
        if declared.startswith(_OPENDOCUMENT):
            return "ott"
    if "[Content_Types].xml" in names:
        types = _small_part(archive, "[Content_Types].xml")
        for pattern, kind in _MAIN_PARTS:
            if pattern.search(types):
                return kind
    if "word/document.xml" in names:
        return "docx"
    if {"content.xml", "META-INF/manifest.xml"} <= names:
        return "odt"
    return "zip"


def _small_part(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).flag_bits & 1:
        raise FichierRefuse("chiffre", "l'archive est protégée par un mot de passe")
    with archive.open(name) as part:
        return part.read(_SMALL_PART)


def _decoded(head: bytes) -> str | None:
    """The beginning of a text, whatever its letters beyond ASCII become; None if it is binary."""
    mark, encoding = _encoding(head)
    text = head[len(mark) :].decode(encoding, "replace")
    return text if len(_CONTROL.findall(text)) <= _FEW * len(text) else None


def _encoding(head: bytes) -> tuple[bytes, str]:
    """Byte order mark, and an encoding that shows ASCII letters as they are."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return mark, encoding
    for parity, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        nulls = head[parity::2].count(0) / max(1, len(head) // 2)
        if nulls > _HALF and head[1 - parity :: 2].count(0) == 0:
            return b"", encoding
    return b"", "latin-1"


def _text_kind(head: str) -> str:
    if _HTML.match(head):
        return "html"
    if _XML.match(head) or head.lstrip().startswith("<svg"):
        return next((kind for pattern, kind in _MARKED_KINDS if pattern.search(head)), "xml")
    first, _, _ = head.lstrip().partition("\n")
    block = re.split(r"\r?\n\r?\n", head.lstrip(), maxsplit=1)[0]
    if _MAIL_HEADER.match(first) and _MAIL_PROOF.search(block):
        return "mhtml" if "multipart/related" in block.lower() else "courriel"
    return "texte"
