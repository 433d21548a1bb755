"""PDF drawn by hand, operator by operator, and how they are read."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfWriter
from pypdf.generic import (
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
)

from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import LIMITES, Limites
from corpus.loading.models import DocumentCharge
from corpus.loading.pdf import read_pdf

LINES = [
    "Le contrat local accompagne les enfants apres la classe.",
    "Il se tient dans un lieu ouvert a tous les parents.",
    "Chaque groupe compte de huit a douze enfants.",
    "Deux adultes au moins encadrent chaque groupe.",
]


def police(name: str) -> DictionaryObject:
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject(f"/{name}"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )


def image(writer: PdfWriter) -> StreamObject:
    stream = DecodedStreamObject()
    stream.set_data(b"\xff" * 3)
    stream.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(1),
            NameObject("/Height"): NumberObject(1),
            NameObject("/BitsPerComponent"): NumberObject(8),
            NameObject("/ColorSpace"): NameObject("/DeviceRGB"),
        }
    )
    return writer._add_object(stream)


def ecrire(writer: PdfWriter) -> bytes:
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def fabriquer(*contents: str, rotate: int = 0, size: tuple[float, float] = (595, 842)) -> PdfWriter:
    """Make a PDF of pages drawn by these operators; /F1 Helvetica, /F2 bold, /Im1 a picture."""
    writer = PdfWriter()
    for content in contents:
        page = writer.add_blank_page(*size)
        stream = DecodedStreamObject()
        stream.set_data(content.encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(stream)
        page[NameObject("/Resources")] = DictionaryObject(
            {
                NameObject("/Font"): DictionaryObject(
                    {
                        NameObject("/F1"): police("Helvetica"),
                        NameObject("/F2"): police("Helvetica-Bold"),
                    }
                ),
                NameObject("/XObject"): DictionaryObject({NameObject("/Im1"): image(writer)}),
            }
        )
        if rotate:
            page.rotate(rotate)
    return writer


def texte(x: float, y: float, words: str, *, font: str = "F1", size: float = 11) -> str:
    return f"BT /{font} {size} Tf {x} {y} Td ({words}) Tj ET\n"


def lignes(x: float, y: float, lines: list[str], *, step: float = 14, size: float = 11) -> str:
    return "".join(texte(x, y - n * step, line, size=size) for n, line in enumerate(lines))


def lire(content: bytes | PdfWriter, limits: Limites = LIMITES) -> DocumentCharge:
    if isinstance(content, PdfWriter):
        content = ecrire(content)
    return read_pdf(content, limits, lambda _done, _total: None)


def mots(document: DocumentCharge) -> str:
    return " ".join(bloc.contenu.texte for bloc in document.blocs)


def refus(content: bytes | PdfWriter, limits: Limites = LIMITES) -> FichierRefuse:
    with pytest.raises(FichierRefuse) as refused:
        lire(content, limits)
    return refused.value


def fin(content: bytes) -> str:
    """Tell how reading ends: « lu », or why the file is refused."""
    try:
        lire(content)
    except FichierRefuse as refused:
        return refused.motif
    return "lu"
