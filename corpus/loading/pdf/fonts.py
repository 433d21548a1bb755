"""The fonts of a PDF, their tables counted before they are unrolled: a few bytes may ask for all.

``/W [1 2000000000 500]`` gives a width to each of two milliards of characters, and a map of
characters or the table of an embedded font may say as much: pdfminer would make an entry of each.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO, cast

from pdfminer.cmapdb import CMapParser, FileUnicodeMap
from pdfminer.pdffont import PDFCIDFont, PDFFont, PDFSimpleFont, TrueTypeFont
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdftypes import (
    LITERALS_FLATE_DECODE,
    PDFStream,
    dict_value,
    list_value,
    resolve1,
    stream_value,
)
from pdfminer.psparser import LIT, PSKeyword
from pdfminer.utils import choplist, nunpack

from corpus.loading.errors import FichierRefuse

MOST_CODES = 1 << 17
"""Entries of one table of a font: twice all that codes of two bytes can name."""
_CODES_OF_ONE_BYTE = 256
_MOST_DIFFERENCES = 4 * _CODES_OF_ONE_BYTE
_MOST_SUBTABLES = 64
_SUM = 3
"""Bytes at the end of compressed data that may be wrong."""
_MOST_UNICODE = 0xFFFF_FFFF
_COMPOSED = ("CIDFontType0", "CIDFontType2")
_OWN_TABLE = ("Adobe-Identity", "Adobe-UCS")
"""Collections whose characters the embedded font alone names."""
_BROKEN_TABLE = (
    TrueTypeFont.CMapNotFound,
    struct.error,
    AssertionError,
    LookupError,
    OSError,
    TypeError,
    ValueError,
)
_DEFAULT: Mapping[str, object] = {
    "Subtype": LIT("Type1"),
    "BaseFont": LIT("Helvetica"),
    "Encoding": LIT("WinAnsiEncoding"),
}
"""Font of a text whose own is not in the file: its letters then stand apart, as viewers do."""


class _Count:
    """Adds up the entries of one table."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._total = 0

    def add(self, entries: int) -> None:
        """Count some more.

        Raises:
            FichierRefuse: ``trop_gros``, the table is beyond ``MOST_CODES``.
        """
        self._total += max(0, entries)
        if self._total > MOST_CODES:
            raise FichierRefuse(
                "trop_gros",
                f"une police qui donne {self._table} de plus de {MOST_CODES} caractères ;"
                " enregistrez le document de nouveau en PDF",
            )


class Fonts(PDFResourceManager):
    """Makes the fonts that the pages name, each once, none with a table beyond bounds."""

    def __init__(self) -> None:
        super().__init__(caching=True)
        self._default: PDFFont | None = None

    def get_font(self, objid: object, spec: Mapping[str, object]) -> PDFFont:
        """Make the font of a description, or give the one already made of this object.

        Raises:
            FichierRefuse: one of its tables is beyond bounds.
        """
        if not spec:
            if self._default is None:
                self._default = super().get_font(None, _DEFAULT)
            return self._default
        kind = getattr(spec.get("Subtype"), "name", None)
        if (objid and objid in self._cached_fonts) or kind == "Type0":
            # A composed font comes back here for the font that it is made of.
            return super().get_font(objid, spec)
        bounded, table, embedded = _bounded(spec, composed=kind in _COMPOSED)
        font = super().get_font(objid, bounded)
        if table is not None and isinstance(font, (PDFSimpleFont, PDFCIDFont)):
            font.unicode_map = read_map(mend(table).get_data())
        elif embedded is not None and isinstance(font, PDFCIDFont):
            font.unicode_map = font.unicode_map or _own_map(font, embedded)
        return font


class Interpreter(PDFPageInterpreter):
    """Draws pages; a drawing placed in a page finds there the fonts that it does not bring."""

    inherited: Mapping[object, PDFFont]

    def __init__(self, fonts: PDFResourceManager, device: Any) -> None:  # noqa: ANN401 (untyped)
        super().__init__(fonts, device)
        self.inherited = {}

    def subinterp(self) -> Interpreter:
        """Give the interpreter of a drawing."""
        inner = cast("Interpreter", super().subinterp())
        inner.inherited = self.fontmap
        return inner

    def init_resources(self, resources: dict[object, object]) -> None:
        """Take the resources of a page or of a drawing."""
        super().init_resources(resources)
        self.fontmap = {**self.inherited, **self.fontmap}

    def execute(self, streams: Sequence[object]) -> None:
        """Draw what some streams hold."""
        for stream in streams:
            mend(stream_value(stream))
        super().execute(streams)


def mend(stream: PDFStream) -> PDFStream:
    """Give a stream whose compressed data is whole, what can be read of it at least.

    What is cut or wrong in its sum is unpacked by pdfminer byte by byte, in a time that grows
    with the square of its length. As there, data that is wrong before its last bytes is lost.
    """
    filters = stream.get_filters() if stream.rawdata else []
    if not filters or filters[0][0] not in LITERALS_FLATE_DECODE:
        return stream
    packed = stream.rawdata or b""
    if stream.decipher and stream.objid is not None and stream.genno is not None:
        packed = stream.decipher(stream.objid, stream.genno, packed, stream.attrs)
    try:
        zlib.decompress(packed)
    except zlib.error:
        stream.rawdata = zlib.compress(_unpacked(packed), 0)
        stream.decipher = None
    return stream


def _unpacked(packed: bytes) -> bytes:
    reader = zlib.decompressobj()
    found = b""
    try:
        found = reader.decompress(packed[:-_SUM])
        for byte in packed[-_SUM:]:
            found += reader.decompress(bytes([byte]))
    except zlib.error:
        return found
    return found


def read_map(content: bytes) -> FileUnicodeMap:
    """Read what character each code of a font stands for (``/ToUnicode``), up to a broken entry.

    Raises:
        FichierRefuse: it has too many entries.
    """
    read = FileUnicodeMap()
    try:
        _MapParser(read, io.BytesIO(content)).run()
    except FichierRefuse:
        raise
    except _BROKEN_TABLE:
        return read
    return read


def _bounded(
    spec: Mapping[str, object], *, composed: bool
) -> tuple[dict[str, object], PDFStream | None, PDFStream | None]:
    """Count or cut the tables of a font.

    Gives the description for pdfminer, with nothing left in it to unroll, then the map of
    characters and the embedded font that are to be read here.
    """
    kept = dict(spec)
    for key, numbers in (("W", 3), ("W2", 5)):
        if key in kept:
            _count_widths(list_value(kept[key]), numbers)
    table = embedded = None
    if isinstance(resolve1(kept.get("ToUnicode")), PDFStream):
        table = stream_value(kept["ToUnicode"])
        kept["ToUnicode"] = PDFStream({}, b"")
    if composed:
        descriptor = dict(dict_value(kept.get("FontDescriptor", {})))
        if "FontFile2" in descriptor:
            embedded = stream_value(descriptor.pop("FontFile2"))
            kept["FontDescriptor"] = descriptor
        return kept, table, embedded
    if "Encoding" not in kept:
        mend(stream_value(dict_value(kept.get("FontDescriptor", {})).get("FontFile")))
    if "Widths" in kept:
        kept["Widths"] = list_value(kept["Widths"])[:_CODES_OF_ONE_BYTE]
    encoding = resolve1(kept.get("Encoding"))
    if isinstance(encoding, dict) and "Differences" in encoding:
        short = list_value(encoding["Differences"])[:_MOST_DIFFERENCES]
        kept["Encoding"] = {**encoding, "Differences": short}
    return kept, table, embedded


def _count_widths(values: Iterable[object], numbers: int) -> None:
    """Count the widths of ``first [width …]`` and of ``first last width…`` (``numbers`` long)."""
    count = _Count("la largeur")
    waiting: list[float] = []
    for value in map(resolve1, values):
        if isinstance(value, list):
            count.add(len(value))
            waiting = []
        elif isinstance(value, (int, float)):
            waiting.append(value)
            if len(waiting) == numbers:
                count.add(int(waiting[1]) - int(waiting[0]) + 1)
                waiting = []


class _MapParser(CMapParser):
    """Reads a map of characters, each range counted before it is unrolled."""

    def __init__(self, read: FileUnicodeMap, content: BinaryIO) -> None:
        super().__init__(read, content)
        self._count = _Count("la lecture")

    def do_keyword(self, pos: int, token: PSKeyword) -> None:
        """Take one word of the map."""
        if token in (self.KEYWORD_ENDBFRANGE, self.KEYWORD_ENDCIDRANGE):
            kinds = (bytes, list) if token is self.KEYWORD_ENDBFRANGE else (int,)
            for (_, first), (_, last), (place, value) in choplist(3, self.popall()):
                if isinstance(value, kinds) and self._bounds(first, last, value):
                    self.push((place, first), (place, last), (place, value))
        elif token is self.KEYWORD_USECMAP:
            # A map of characters has no use for those of the library, which are large.
            self.popall()
            return
        super().do_keyword(pos, token)

    def _bounds(self, first: object, last: object, value: object) -> bool:
        """Count a range; false if it cannot be one, and is then left out."""
        if not isinstance(first, bytes) or not isinstance(last, bytes) or len(first) != len(last):
            return False
        entries = nunpack(last) - nunpack(first) + 1
        if isinstance(value, list):
            entries = min(entries, len(value))
        self._count.add(entries)
        start = nunpack(value[-4:]) if isinstance(value, bytes) else 0
        return start + entries - 1 <= _MOST_UNICODE


class _OwnTable(TrueTypeFont):
    """The characters that an embedded font says its signs stand for."""

    def create_unicode_map(self) -> FileUnicodeMap:
        """Read its tables.

        Raises:
            FichierRefuse: one of them has too many entries.
        """
        start, _ = self.tables.get(b"cmap", (0, 0))
        self.fp.seek(start + 2)
        (subtables,) = struct.unpack(">H", self.fp.read(2))
        if subtables > _MOST_SUBTABLES:
            raise TrueTypeFont.CMapNotFound
        return super().create_unicode_map()

    def parse_cmap_format_2(self, fp: BinaryIO, char2gid: dict[int, int]) -> None:
        """Leave out this form, which is not of Unicode."""

    def parse_cmap_format_4(self, fp: BinaryIO, char2gid: dict[int, int]) -> None:
        """Read ranges of codes of two bytes, which may overlap."""
        start = fp.tell()
        _, _, twice, _, _, _ = struct.unpack(">6H", fp.read(12))
        ranges = twice // 2
        lasts = struct.unpack(f">{ranges}H", fp.read(2 * ranges))
        fp.read(2)
        firsts = struct.unpack(f">{ranges}H", fp.read(2 * ranges))
        _count_ranges(zip(firsts, lasts, strict=True))
        fp.seek(start)
        super().parse_cmap_format_4(fp, char2gid)

    def parse_cmap_format_12(self, fp: BinaryIO, char2gid: dict[int, int]) -> None:
        """Read ranges of codes of four bytes."""
        start = fp.tell()
        _, _, _, ranges = struct.unpack(">HIII", fp.read(14))
        _count_ranges(struct.unpack(">II4x", fp.read(12)) for _ in range(ranges))
        fp.seek(start)
        super().parse_cmap_format_12(fp, char2gid)


def _count_ranges(ranges: Iterable[tuple[int, ...]]) -> None:
    count = _Count("la forme")
    for first, last in ranges:
        count.add(last - first + 1)


def _own_map(font: PDFCIDFont, embedded: PDFStream) -> FileUnicodeMap | None:
    """Read the characters of an embedded font; none where its table is broken."""
    if font.cidcoding not in _OWN_TABLE:
        return None
    try:
        return _OwnTable(font.basefont, io.BytesIO(mend(embedded).get_data())).create_unicode_map()
    except FichierRefuse:
        raise
    except _BROKEN_TABLE:
        return None
