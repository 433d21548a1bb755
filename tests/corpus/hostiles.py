"""Files made to harm whoever reads them, built here byte by byte: none of them is kept."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from functools import cache

import typst
from PIL import Image
from pypdf import PdfReader, PdfWriter

MIB = 1024 * 1024
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" office:version="1.3"'
)
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_PARAGRAPH = "<w:p><w:r><w:t>Un paragraphe du Clas.</w:t></w:r></w:p>"


# --- PDF -----------------------------------------------------------------------------------------


@cache
def sound_pdf(pages: int = 1) -> bytes:
    """An ordinary PDF of some pages."""
    page = "= Le financement du Clas\n\n" + "La Caf verse une aide pour chaque groupe. " * 40
    return typst.compile("\n#pagebreak()\n".join([page] * pages).encode("utf-8"))


def encrypted_pdf(password: str = "secret", algorithm: str = "AES-256") -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(sound_pdf())))
    writer.encrypt(password, "proprietaire", algorithm=algorithm)
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def scanned_pdf(pages: int = 2) -> bytes:
    """Pages that are images, with no text under them."""
    image = Image.effect_noise((300, 400), 60)
    kept = io.BytesIO()
    image.save(kept, "PDF", save_all=True, append_images=[image] * (pages - 1))
    return kept.getvalue()


def written_pdf(objects: Mapping[int, bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of the objects given, with a right table of places."""
    out = bytearray(b"%PDF-1.7\n")
    places: dict[int, int] = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places.get(number, 0)
    out += b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def pdf_of(contents: bytes, *, resources: bytes = b"", **more: bytes) -> bytes:
    """One page whose contents are the object given; ``o7`` gives object 7."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> %s >> >>" % resources,
        4: contents,
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }
    objects |= {int(name[1:]): body for name, body in more.items()}
    return written_pdf(objects)


SHOWN = b"BT /F1 12 Tf 72 700 Td (Un texte bien visible du Clas) Tj ET"


def pages_in_circle() -> bytes:
    """A tree of pages whose branch holds the tree."""
    return written_pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 9 >>",
            3: b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 9 >>",
        }
    )


def reference_to_itself() -> bytes:
    return pdf_of(b"4 0 R")


def length_of_itself() -> bytes:
    body = b"<< /Length 4 0 R >>\nstream\n" + SHOWN + b"\nendstream"
    return pdf_of(body)


def form_that_draws_itself() -> bytes:
    entries = (
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 7 0 R >> >>"
    )
    return pdf_of(
        stream(SHOWN + b" /X Do"),
        resources=b"/XObject << /X 7 0 R >>",
        o7=stream(SHOWN + b" /X Do /X Do", entries),
    )


def tables_in_circle() -> bytes:
    """A table of places that says that an older one stands where it stands."""
    content = pdf_of(stream(SHOWN))
    start = content.rindex(b"xref\n0 ")
    return content.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % start)


def announced_length(length: int = 2**31 - 1) -> bytes:
    body = b"<< /Length %d >>\nstream\n%s\nendstream" % (length, SHOWN)
    return pdf_of(body)


def announced_pages(count: int = 10**9) -> bytes:
    return pdf_of(stream(SHOWN)).replace(b"/Count 1 ", b"/Count %d " % count)


def pdf_bomb(size: int, layers: int = 2) -> bytes:
    """Contents that unpack to ``size`` bytes of moves that draw nothing."""
    packed = SHOWN + b" " + b"0 0 m\n" * (size // 6)
    for _ in range(layers):
        packed = zlib.compress(packed, 9 if len(packed) < MIB else 1)
    filters = b" ".join([b"/FlateDecode"] * layers)
    return pdf_of(stream(packed, b"/Filter [%s]" % filters))


def wide_predictor(columns: int = 2**31 - 1) -> bytes:
    packed = zlib.compress(SHOWN)
    parameters = b"<< /Predictor 12 /Columns %d /Colors 32 /BitsPerComponent 32 >>" % columns
    return pdf_of(stream(packed, b"/Filter /FlateDecode /DecodeParms " + parameters))


def nested_arrays(depth: int = 100_000) -> bytes:
    return pdf_of(stream(SHOWN + b" " + b"[" * depth + b"]" * depth + b" TJ"))


def nested_dictionary(depth: int = 100_000) -> bytes:
    nested = b"<< /A " * depth + b"1" + b" >>" * depth
    return pdf_of(stream(SHOWN), resources=b"/Properties << /P 7 0 R >>", o7=nested)


_IDENTITY = b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"


def composed_font(
    entries: bytes = b"", *, of_font: bytes = b"", direction: bytes = b"H", **more: bytes
) -> bytes:
    """A page in a font of codes of two bytes, with entries of its own."""
    return pdf_of(
        stream(b"BT /F1 12 Tf 72 700 Td <00430061> Tj ET"),
        o5=b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-%s "
        b"/DescendantFonts [8 0 R] %s >>" % (direction, entries),
        o8=b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X %s %s >>" % (_IDENTITY, of_font),
        **more,
    )


def mapped_font(ranges: bytes) -> bytes:
    """A font whose map of characters holds the ranges given."""
    table = b"/CIDInit /ProcSet findresource begin begincmap\n" + ranges + b"\nendcmap"
    return composed_font(b"/ToUnicode 7 0 R", o7=stream(table))


def endless_mapping() -> bytes:
    """A font that maps every code of four bytes to a letter."""
    return mapped_font(b"1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange")


def endless_numbering() -> bytes:
    """The same, said the other way round."""
    return mapped_font(b"1 begincidrange <00000000> <FFFFFFFF> 0 endcidrange")


def endless_widths() -> bytes:
    """A font that gives one width to two milliards of letters."""
    return composed_font(of_font=b"/DW 500 /W [1 2000000000 500]")


def endless_heights() -> bytes:
    """The same, in a font that is written downwards."""
    return composed_font(of_font=b"/W2 [1 2000000000 -500 250 880]", direction=b"V")


def endless_signs() -> bytes:
    """An embedded font that has a sign for every code of four bytes."""
    groups = struct.pack(">HHIII", 12, 0, 28, 0, 1) + struct.pack(">III", 0, 0xFFFF_FFFF, 0)
    cmap = struct.pack(">HHHHI", 0, 1, 3, 10, 12) + groups
    table = struct.pack(">4sIII", b"cmap", 0, 28, len(cmap))
    font = b"\x00\x01\x00\x00" + struct.pack(">HHHH", 1, 16, 0, 0) + table + cmap
    return composed_font(
        of_font=b"/FontDescriptor 9 0 R",
        o9=b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontFile2 10 0 R >>",
        o10=stream(font),
    )


def outline_in_circle() -> bytes:
    content = pdf_of(
        stream(SHOWN),
        o7=b"<< /Type /Outlines /First 8 0 R /Last 8 0 R /Count 1 >>",
        o8=b"<< /Title (Titre) /Parent 7 0 R /Next 8 0 R /First 8 0 R /Dest [3 0 R /Fit] >>",
    )
    return content.replace(b"/Pages 2 0 R >>", b"/Pages 2 0 R /Outlines 7 0 R >>")


# --- DOCX and ODT --------------------------------------------------------------------------------


def zipped(members: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in dict(members).items():
            made.writestr(name, content)
    return kept.getvalue()


def docx_members(document: bytes) -> dict[str, bytes]:
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
        'package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_WORD_TYPE}"/></Types>'
    )
    relations = (
        f'<?xml version="1.0"?><Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    return {
        "[Content_Types].xml": types.encode(),
        "_rels/.rels": relations.encode(),
        "word/document.xml": document,
    }


def docx_of(body: str, doctype: str = "") -> bytes:
    document = (
        f'<?xml version="1.0"?>{doctype}<w:document {_W}><w:body>{body}</w:body></w:document>'
    )
    return zipped(docx_members(document.encode()))


def sound_docx() -> bytes:
    return docx_of(_PARAGRAPH * 20)


def odt_of(body: str, doctype: str = "") -> bytes:
    content = (
        f'<?xml version="1.0"?>{doctype}<office:document-content {_ODF}><office:body><office:text>'
        f"{body}</office:text></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest manifest:version="1.3" '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.text"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": manifest.encode(),
        }
    )


def billion_laughs(root: str) -> str:
    """Ten entities, each ten times the one before."""
    lines = ['<!ENTITY a0 "ha">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11)]
    return f"<!DOCTYPE {root} [{''.join(lines)}]>"


def laughing_docx() -> bytes:
    text = "<w:p><w:r><w:t>&a10;</w:t></w:r></w:p>"
    return docx_of(_PARAGRAPH + text, billion_laughs("w:document"))


def laughing_odt() -> bytes:
    return odt_of("<text:p>&a10;</text:p>", billion_laughs("office:document-content"))


def prying_docx(path: str) -> bytes:
    """A text that holds, as an entity, another file of the reader's machine."""
    doctype = f'<!DOCTYPE w:document [<!ENTITY prise SYSTEM "file://{path}">]>'
    return docx_of(_PARAGRAPH + "<w:p><w:r><w:t>&prise;</w:t></w:r></w:p>", doctype)


def prying_odt(path: str) -> bytes:
    doctype = f'<!DOCTYPE office:document-content [<!ENTITY prise SYSTEM "file://{path}">]>'
    return odt_of("<text:p>Un paragraphe.</text:p><text:p>&prise;</text:p>", doctype)


def docx_bomb(size: int) -> bytes:
    """A part that unpacks to about a thousand times its place."""
    return docx_of(_PARAGRAPH + " " * size)


def odt_bomb(size: int) -> bytes:
    return odt_of("<text:p>Un paragraphe.</text:p>" + " " * size)


def nested_docx(depth: int = 20_000) -> bytes:
    """Tables in tables."""
    opened, closed = "<w:tbl><w:tr><w:tc>", f"{_PARAGRAPH}</w:tc></w:tr></w:tbl>"
    return docx_of(opened * depth + closed * depth)


def nested_odt(depth: int = 20_000) -> bytes:
    """Lists in lists."""
    opened, closed = "<text:list><text:list-item>", "</text:list-item></text:list>"
    return odt_of(opened * depth + "<text:p>Au fond.</text:p>" + closed * depth)


def crowded_docx(members: int) -> bytes:
    """An archive of many small files."""
    more = {f"word/media/{n}.xml": b"<a/>" for n in range(members)}
    return zipped(docx_members(f"<w:document {_W}><w:body/></w:document>".encode()) | more)


def repeated_rows_odt(count: int = 2**31 - 1) -> bytes:
    """A table that says that its row stands two billion times, and so for its cell."""
    return odt_of(
        f'<table:table><table:table-row table:number-rows-repeated="{count}"><table:table-cell '
        f'table:number-columns-repeated="{count}"><text:p>Une case.</text:p></table:table-cell>'
        "</table:table-row></table:table>"
    )


def repeated_spaces_odt(count: int = 2**31 - 1) -> bytes:
    return odt_of(f'<text:p>Avant<text:s text:c="{count}"/>après.</text:p>')


# --- HTML and Markdown ---------------------------------------------------------------------------


def html_of(body: str) -> bytes:
    head = "<!doctype html><html lang=fr><head><meta charset=utf-8><title>Clas</title></head>"
    return f"{head}<body><main><h1>Le Clas</h1>{body}</main></body></html>".encode()


def nested_html(depth: int = 100_000) -> bytes:
    return html_of("<div>" * depth + "<p>Au fond.</p>" + "</div>" * depth)


def spanning_html(count: int = 10**9) -> bytes:
    """A cell that says that it spans a milliard of rows and columns."""
    cell = f"<td rowspan={count} colspan={count}>Une case</td><td>Une autre</td>"
    return html_of(f"<table><tr>{cell}</tr><tr>{cell}</tr></table>")


def unclosed_html(count: int = 50_000) -> bytes:
    return html_of("<p>" + "".join(f"<b><i><a href=#{n}>mot " for n in range(count)))


def counting_html(start: int = 10**18) -> bytes:
    return html_of(f"<ol start={start} type=I><li>Un</li><li>Deux</li></ol>")


def nested_markdown(depth: int = 20_000) -> bytes:
    return ("# Clas\n\n" + ">" * depth + " au fond\n\n" + "- " * depth + "au fond\n").encode()


def bracketed_markdown(count: int = 10_000) -> bytes:
    return ("# Clas\n\n" + "[" * count + "mot" + "](a" * count + "*_`" * count + "\n").encode()
