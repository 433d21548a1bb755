"""A page of a hostile file is drawn in a process apart, the quoted words framed, or refused."""

from __future__ import annotations

import io
from collections.abc import Callable
from hashlib import sha256

import pypdf
import pytest
import typst
from PIL import Image, ImageChops

from assistant.verification.page_image import PageIllisible, draw_page, pages_of
from assistant.verification.page_worker import DessinDemande
from corpus.canonical import build_loaded
from corpus.loading.models import DocumentCharge
from corpus.loading.opening import load_bytes
from corpus.models import Boite, DocumentCanonique, FicheDocument

MakeFiche = Callable[..., FicheDocument]
MARKUP = """#set page(width: 300pt, height: 200pt, margin: 30pt)
#set text(font: "Libertinus Serif", size: 12pt)
Une phrase de la première page.
#pagebreak()
Le groupe compte huit enfants au plus."""


@pytest.fixture(scope="module")
def pdf() -> bytes:
    made: bytes = typst.compile(MARKUP.encode(), format="pdf", ignore_system_fonts=True)
    return made


@pytest.fixture(scope="module")
def document(pdf: bytes, make_fiche: MakeFiche) -> DocumentCanonique:
    charge = load_bytes(pdf, "essai.pdf")
    assert isinstance(charge, DocumentCharge)
    fiche = make_fiche(format="pdf", mise_en_page=None, sha256=sha256(pdf).hexdigest())
    return build_loaded(charge, fiche)


def span(document: DocumentCanonique, words: str) -> tuple[int, int]:
    start = document.texte.index(words)
    return start, start + len(words)


def drawn(pdf: bytes, page: int, boites: tuple[Boite, ...]) -> Image.Image:
    return Image.open(io.BytesIO(draw_page(pdf, DessinDemande(page=page, boites=boites))))


def test_the_quoted_words_and_they_alone_are_tinted(
    pdf: bytes, document: DocumentCanonique
) -> None:
    ((page, boites),) = pages_of(document, *span(document, "huit enfants"))
    assert page == 2
    bare, framed = drawn(pdf, page, ()), drawn(pdf, page, boites)
    assert bare.size == framed.size == (1000, 667)
    scale = framed.width / 300
    where = ImageChops.difference(bare, framed).getbbox()
    assert where is not None
    words = (
        min(b.x0 for b in boites),
        min(b.haut for b in boites),
        max(b.x1 for b in boites),
        max(b.bas for b in boites),
    )
    # A frame stands a little outside of its words.
    assert where == pytest.approx([side * scale for side in words], abs=4 * scale)


def test_words_over_two_pages_are_drawn_on_both(document: DocumentCanonique) -> None:
    start, end = span(document, "première")[0], span(document, "groupe")[1]
    assert [page for page, _ in pages_of(document, start, end)] == [1, 2]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 rien", b"<html><script>1</script></html>"])
def test_what_is_no_pdf_is_refused(content: bytes) -> None:
    with pytest.raises(PageIllisible, match="abîmé"):
        draw_page(content, DessinDemande(page=1))


@pytest.mark.parametrize("page", [0, 3, -1, 10**6])
def test_a_page_that_the_file_does_not_have_is_refused(pdf: bytes, page: int) -> None:
    with pytest.raises(PageIllisible, match="le fichier en compte 2"):
        draw_page(pdf, DessinDemande(page=page))


def test_a_page_that_takes_too_much_memory_is_refused(pdf: bytes) -> None:
    with pytest.raises(PageIllisible):
        draw_page(pdf, DessinDemande(page=1, memoire=48 * 1024 * 1024))


def test_an_image_that_is_too_heavy_is_refused(pdf: bytes) -> None:
    with pytest.raises(PageIllisible):
        draw_page(pdf, DessinDemande(page=1, image=500))


@pytest.mark.long
def test_a_page_of_giant_size_stays_within_the_bounds() -> None:
    writer = pypdf.PdfWriter()
    for size in ((14_400, 14_400), (10, 14_400), (14_400, 10)):
        writer.add_blank_page(*size)
    content = io.BytesIO()
    writer.write(content)
    for page in (1, 2, 3):
        image = drawn(content.getvalue(), page, ())
        assert image.width <= 1000
        assert image.height <= 4000


@pytest.mark.long
def test_a_page_that_never_ends_is_stopped_in_bounded_time() -> None:
    """Forms that draw one another ten times, ten levels deep: 10 000 000 000 strokes."""
    deep = 10
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"]
    objects.append(
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
        b" /Resources << /XObject << /F 5 0 R >> >> >>"
    )
    calls = b"/F Do " * 10
    objects.append(b"<< /Length %d >> stream\n%s\nendstream" % (len(calls), calls))
    for level in range(deep):
        stroke = calls if level + 1 < deep else b"0 0 m 600 800 l S"
        inner = b"/Resources << /XObject << /F %d 0 R >> >>" % (6 + level)
        objects.append(
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 600 800] %s /Length %d >> stream\n%s\n"
            b"endstream" % (inner if level + 1 < deep else b"", len(stroke), stroke)
        )
    body = b"%PDF-1.7\n" + b"".join(
        b"%d 0 obj %s endobj\n" % (number, content)
        for number, content in enumerate(objects, start=1)
    )
    pdf = body + b"trailer << /Root 1 0 R /Size %d >>\n%%%%EOF" % (len(objects) + 1)
    with pytest.raises(PageIllisible):
        draw_page(pdf, DessinDemande(page=1, secondes=4))
