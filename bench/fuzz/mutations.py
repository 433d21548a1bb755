"""Ways to break a file, each drawn from a seed: the same case is always the same bytes."""

from __future__ import annotations

import copy
import io
import random
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Sequence

from lxml import etree

from corpus.models import Format

Mutation = Callable[[bytes, random.Random], bytes]

_ODD_NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"255",
    b"65536",
    b"2147483647",
    b"4294967296",
    b"9" * 20,
    b"1e9",
)
_ODD_BYTES = (
    b"\x00",
    b"\xff",
    b"\xfe\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xef\xbf\xbe",
    b"\x1b",
    b"\x0c",
)
_ODD_LETTERS = ("\u00ad", "\u2010", "\ufb03", "\u202e", "\u0301", "\U0001f600", "\u2028", "\ufffe")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_PDF_WORD = re.compile(rb"/[A-Za-z]+|\d+ \d+ R|\d+|<<|>>|\[|\]")
_TAG = re.compile(rb"<[^<>]{1,300}>")
_ATTRIBUTE = re.compile(rb'="[^"<>]{0,200}"')
_MARKS = (b"> ", b"- ", b"    ", b"[", b"](", b"**", b"`", b"```\n", b"|", b"<div>", b"[^1]", b"# ")
_MOST = 1024 * 1024
"""A mutated file does not grow beyond this."""
_MOST_ELEMENTS = 20_000
"""Nor a tree of elements: those who break files work under the limits of those who read them."""


def mutate(
    content: bytes, format_lu: Format, others: Sequence[bytes], draw: random.Random
) -> bytes:
    """Break a file a few times over, in the ways of its format."""
    for _ in range(draw.choice((1, 1, 1, 2, 3, 5, 8))):
        chosen = draw.choice(WAYS[format_lu])
        content = chosen(content, draw)[:_MOST]
    if draw.random() < 0.05:
        content = _spliced(content, draw.choice(others), draw)
    return content


def _place(content: bytes, draw: random.Random) -> tuple[int, int]:
    start = draw.randrange(len(content) + 1)
    return start, min(len(content), start + draw.choice((1, 2, 4, 16, 64, 256, 4096)))


def flipped(content: bytes, draw: random.Random) -> bytes:
    broken = bytearray(content)
    for _ in range(draw.choice((1, 2, 8, 32)) if broken else 0):
        broken[draw.randrange(len(broken))] ^= 1 << draw.randrange(8)
    return bytes(broken)


def overwritten(content: bytes, draw: random.Random) -> bytes:
    start, end = _place(content, draw)
    return content[:start] + draw.randbytes(end - start) + content[end:]


def truncated(content: bytes, draw: random.Random) -> bytes:
    return content[: draw.randrange(len(content) + 1)]


def removed(content: bytes, draw: random.Random) -> bytes:
    start, end = _place(content, draw)
    return content[:start] + content[end:]


def repeated(content: bytes, draw: random.Random) -> bytes:
    start, end = _place(content, draw)
    times = max(1, min(draw.choice((2, 10, 1_000, 50_000)), _MOST // max(1, end - start)))
    return content[:start] + content[start:end] * times + content[end:]


def inserted(content: bytes, draw: random.Random) -> bytes:
    start, _ = _place(content, draw)
    odd = draw.choice((*_ODD_BYTES, *(letter.encode("utf-8") for letter in _ODD_LETTERS)))
    return content[:start] + odd * draw.choice((1, 3)) + content[start:]


def renumbered(content: bytes, draw: random.Random) -> bytes:
    """Put an odd number in place of one that stands there."""
    found = list(re.finditer(rb"\d+", content))
    if not found:
        return content
    at = draw.choice(found)
    return content[: at.start()] + draw.choice(_ODD_NUMBERS) + content[at.end() :]


def _spliced(content: bytes, other: bytes, draw: random.Random) -> bytes:
    return content[: draw.randrange(len(content) + 1)] + other[draw.randrange(len(other) + 1) :]


def pdf_words(content: bytes, draw: random.Random) -> bytes:
    """Swap two words of the same kind (names, numbers, references, brackets) outside of streams."""
    found = list(_PDF_WORD.finditer(content))
    if len(found) < 2:
        return content
    one = draw.choice(found)
    alike = [word for word in found if word[0][:1] == one[0][:1]]
    other = draw.choice(alike if draw.random() < 0.8 else found)
    return content[: one.start()] + other[0] + content[one.end() :]


def pdf_stream(content: bytes, draw: random.Random) -> bytes:
    """Break what a compressed stream holds, and compress it again."""
    found = list(_STREAM.finditer(content))
    if not found:
        return content
    stream = draw.choice(found)
    unpacked = zlib.decompressobj()
    try:
        inner = unpacked.decompress(stream[1], 2 * _MOST)
    except zlib.error:
        return content
    way = draw.choice((flipped, removed, repeated, overwritten, renumbered, pdf_words))
    packed = zlib.compress(way(inner, draw)[:_MOST], 1)
    content = content[: stream.start(1)] + packed + content[stream.end(1) :]
    # The length that the file announces is made right now and then: the stream is then read whole.
    announced = re.compile(rb"/Length %d\b" % len(stream[1]))
    return announced.sub(b"/Length %d" % len(packed), content) if draw.random() < 0.7 else content


def tags(content: bytes, draw: random.Random) -> bytes:
    """Remove, repeat, move or nest a tag."""
    found = list(_TAG.finditer(content))
    if not found:
        return inserted(content, draw)
    one, other = draw.choice(found), draw.choice(found)
    put = draw.choice(
        (b"", other[0], one[0] * 2, one[0] * draw.choice((100, 5_000)), other[0] + one[0])
    )
    return content[: one.start()] + put + content[one.end() :]


def elements(content: bytes, draw: random.Random) -> bytes:
    """Remove, double, move, nest or rename whole elements: what comes out is still well formed."""
    try:
        root = etree.fromstring(content, etree.XMLParser(recover=True, resolve_entities=False))
    except (etree.XMLSyntaxError, ValueError):
        return tags(content, draw)
    every = [] if root is None else [e for e in root.iter() if isinstance(e.tag, str)][1:]
    if not every:
        return tags(content, draw)
    for _ in range(draw.choice((1, 1, 3, 10))):
        if sum(1 for _ in root.iter()) > _MOST_ELEMENTS:
            break
        one, other = draw.choice(every), draw.choice(every)
        _rearranged(one, other, draw)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _rearranged(one: etree._Element, other: etree._Element, draw: random.Random) -> None:
    parent = one.getparent()
    match draw.randrange(8):
        case 0 if parent is not None:
            parent.remove(one)
        case 1 if parent is not None:
            size = 1 + sum(1 for _ in one.iterdescendants())
            for _ in range(min(draw.choice((1, 3, 500)), 1 + _MOST_ELEMENTS // size)):
                parent.insert(draw.randrange(len(parent) + 1), copy.deepcopy(one))
        case 2:
            other.append(copy.deepcopy(one))
        case 3:
            one.tag, other.tag = other.tag, one.tag
        case 4 if one.attrib:
            name = draw.choice(list(one.attrib))
            one.attrib[name] = draw.choice(_ODD_NUMBERS).decode("ascii")
        case 5 if one.attrib:
            del one.attrib[draw.choice(list(one.attrib))]
        case 6:
            one.text = (one.text or "") + draw.choice(_ODD_LETTERS[:-1]) * draw.choice((1, 3, 999))
        case _:
            one.text, other.text = other.text, one.text
            one.tail, other.tail = other.tail, one.tail


def attributes(content: bytes, draw: random.Random) -> bytes:
    """Give an attribute an odd value, or another's."""
    found = list(_ATTRIBUTE.finditer(content))
    if not found:
        return tags(content, draw)
    one = draw.choice(found)
    odd = draw.choice((*_ODD_NUMBERS, b"", b"../../etc/passwd", b"&a;", b"\xc3"))
    put = draw.choice((b'="' + odd + b'"', draw.choice(found)[0]))
    return content[: one.start()] + put + content[one.end() :]


def marks(content: bytes, draw: random.Random) -> bytes:
    """Put marks of Markdown where lines begin, or anywhere, many at times."""
    lines = content.split(b"\n")
    put = draw.choice(_MARKS) * draw.choice((1, 1, 2, 50, 3_000))
    rank = draw.randrange(len(lines))
    lines[rank] = put + lines[rank] if draw.random() < 0.6 else lines[rank] + put
    return b"\n".join(lines)


def member(content: bytes, draw: random.Random) -> bytes:
    """Break a part inside an archive, or swap, lose, double or rename parts, and pack it again."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError, KeyError):
        return flipped(content, draw)
    if not parts:
        return content
    rank = draw.randrange(len(parts))
    # Parts of text are what loaders read: they are broken more often than pictures.
    written = [number for number, (name, _) in enumerate(parts) if name.endswith((".xml", ".rels"))]
    if written and draw.random() < 0.8:
        rank = draw.choice(written)
    name, part = parts[rank]
    match draw.randrange(8):
        case 0:
            parts[rank] = (name, parts[draw.randrange(len(parts))][1])
        case 1:
            del parts[rank]
        case 2:
            parts.append((name, draw.choice((part, b"", b"<a/>"))))
        case 3:
            parts[rank] = (draw.choice(("../" + name, "/" + name, name.upper(), "é" + name)), part)
        case _:
            way = draw.choice(
                (tags, tags, attributes, flipped, removed, truncated, inserted, repeated)
            )
            parts[rank] = (name, way(part, draw)[:_MOST])
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        # Two parts of one name are meant.
        warnings.simplefilter("ignore", UserWarning)
        for part_name, part_content in parts:
            archive.writestr(part_name, part_content)
    return kept.getvalue()


def archive_fields(content: bytes, draw: random.Random) -> bytes:
    """Lie in the headers of an archive: sizes, methods, flags, places."""
    found = [m.start() for m in re.finditer(rb"PK(?:\x01\x02|\x03\x04|\x05\x06)", content)]
    if not found:
        return content
    place = draw.choice(found) + draw.randrange(4, 46)
    odd = struct.pack(
        "<I", draw.choice((0, 1, 8, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, draw.getrandbits(32)))
    )
    width = draw.choice((1, 2, 4))
    return content[:place] + odd[:width] + content[place + width :]


_BYTES: tuple[Mutation, ...] = (flipped, overwritten, truncated, removed, repeated, inserted)
_ARCHIVE: tuple[Mutation, ...] = (*[member] * 20, archive_fields, flipped, truncated)

WAYS: dict[Format, tuple[Mutation, ...]] = {
    "pdf": (*_BYTES, renumbered, pdf_words, pdf_words, pdf_stream, pdf_stream, pdf_stream),
    "docx": _ARCHIVE,
    "odt": _ARCHIVE,
    "html": (*_BYTES, *[tags] * 3, *[elements] * 3, attributes, renumbered),
    "markdown": (*_BYTES, marks, marks, marks, tags),
    "texte": _BYTES,
}
