"""What a file is told to be, by its bytes then by its name."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.loading.errors import FichierRefuse, Motif
from corpus.loading.recognition import GENRES, recognise_format
from corpus.models import Format

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 64
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32
PDF = b"%PDF-1.7\n1 0 obj\nendobj\nstartxref\n0\n%%EOF\n"
WORD = b"application/vnd.openxmlformats-officedocument.wordprocessingml."


def archive(members: Mapping[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    return kept.getvalue()


def office(main_type: bytes) -> bytes:
    return archive({"[Content_Types].xml": b"<Types>" + main_type + b"</Types>"})


def opendocument(kind: str) -> bytes:
    return archive({"mimetype": f"application/vnd.oasis.opendocument.{kind}".encode()})


DOCX = office(WORD + b"document.main+xml")


def refused(content: bytes, name: str) -> FichierRefuse:
    with pytest.raises(FichierRefuse) as caught:
        recognise_format(content, name)
    return caught.value


@pytest.mark.parametrize(
    ("content", "name", "known"),
    [
        (PDF, "note.pdf", "pdf"),
        (PDF, "NOTE.PDF", "pdf"),
        (PDF, "sans-extension", "pdf"),
        (b"\r\n" * 40 + PDF, "note.pdf", "pdf"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + PDF, "note", "pdf"),
        (DOCX, "note.docx", "docx"),
        (archive({"word/document.xml": b"<w/>"}), "note.docx", "docx"),
        (opendocument("text"), "note.odt", "odt"),
        (archive({"content.xml": b"<c/>", "META-INF/manifest.xml": b"<m/>"}), "note.odt", "odt"),
        (b"<!DOCTYPE html><p>Oui", "page.html", "html"),
        (b"\xef\xbb\xbf\n<!-- saved --><!-- twice -->\n<HTML lang=fr>", "page.htm", "html"),
        (b'<?xml version="1.0"?><html xmlns="x">', "page.xhtml", "html"),
        ("\ufeff<!doctype html><p>Été".encode("utf-16-le"), "page.html", "html"),
        (b"<p>Un morceau de page</p>", "page.html", "html"),
        (b"# Titre", "note.md", "markdown"),
        (b"<div align='center'>Clas</div>\n\n# Titre", "LISEZMOI.markdown", "markdown"),
        ("Été".encode("windows-1252"), "note.txt", "texte"),
        ("\ufeffÉté".encode("utf-16-be"), "note.txt", "texte"),
        ("Une longue note.".encode("utf-16-le"), "note.txt", "texte"),
        ("Été".encode(), "note", "texte"),
        ("Été".encode(), "Note du Clas v1.2", "texte"),
        (b"BMC et MZ sont des sigles.", "sigles.txt", "texte"),
        (b"Un PDF commence par %PDF-1.7.", "note.txt", "texte"),
        (b"From: une note qui commence comme un courriel", "note.txt", "texte"),
    ],
)
def test_the_format_is_told(content: bytes, name: str, known: Format) -> None:
    assert recognise_format(content, name) == known


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (PNG, "scan.pdf", ["un PDF (.pdf)", "une image PNG"]),
        (DOCX, "note.pdf", ["un PDF (.pdf)", "un document Word (DOCX)"]),
        (PDF, "note.docx", ["un document Word (DOCX) (.docx)", "un PDF"]),
        (PDF, "note.txt", ["du texte brut (.txt)", "un PDF"]),
        (PDF, "photo.png", ["une image PNG (.png)", "un PDF"]),
        (b"Du texte seul", "note.pdf", ["un PDF (.pdf)", "du texte brut"]),
        (b"Du texte seul", "note.docx", ["(.docx)", "du texte brut"]),
        (b"<!doctype html>", "note.txt", ["du texte brut (.txt)", "une page HTML"]),
        (b"<html>", "note.doc", ["un ancien document Word (DOC) (.doc)", "une page HTML"]),
        (opendocument("text"), "note.docx", ["(DOCX) (.docx)", "(ODT)"]),
        (archive({"autre": b""}), "note.docx", ["(.docx)", "une archive ZIP"]),
        (b"\x7fELF\x02\x01", "note.pdf", ["(.pdf)", "un programme"]),
        (b"\x00\x01\x02\x03" * 99, "note.txt", ["(.txt)", "binaire"]),
    ],
)
def test_a_name_that_says_another_thing_than_the_bytes_is_refused(
    content: bytes, name: str, words: list[str]
) -> None:
    refus = refused(content, name)
    assert refus.motif == "deguise"
    for word in words:
        assert word in str(refus)


@pytest.mark.parametrize(
    ("content", "name", "word"),
    [
        (PNG, "scan.png", "une image PNG"),
        (PNG, "scan", "une image PNG"),
        (b"\xff\xd8\xff\xe0", "photo.jpg", "une image JPEG"),
        (b"II*\x00\x08", "fax.tif", "une image TIFF"),
        (b"{\\rtf1\\ansi", "note.rtf", "un document RTF"),
        (OLE + "WordDocument".encode("utf-16-le"), "note.doc", "(DOC)"),
        (OLE + "Workbook".encode("utf-16-le"), "budget.xls", "(XLS)"),
        (OLE, "inconnu", "ancien logiciel"),
        (office(b"spreadsheetml.sheet.main+xml"), "budget.xlsx", "(XLSX)"),
        (office(b"presentationml.presentation.main+xml"), "bilan.pptx", "(PPTX)"),
        (office(b"ms-word.document.macroEnabled.main+xml"), "note.docm", "macros"),
        (opendocument("spreadsheet"), "budget.ods", "(ODS)"),
        (opendocument("text-template"), "modele.ott", "n'est pas un texte"),
        (archive({"mimetype": b"application/epub+zip"}), "livre.epub", "EPUB"),
        (archive({"un.pdf": PDF}), "envoi.zip", "une archive ZIP"),
        (b"PK\x03\x04 et rien", "envoi.zip", "une archive ZIP"),
        (
            b"From: a@b.fr\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html>",
            "page.mhtml",
            "MHTML",
        ),
        (b"Received: de la poste\r\nSubject: Clas\r\n\r\nBonjour", "lettre.eml", "un courriel"),
        (b"MZ\x90\x00\x03\x00\x00\x00\x04\x00", "outil.exe", "un programme"),
        (b"%!PS-Adobe-3.0", "note.ps", "PostScript"),
        (b"<?xml version='1.0'?><office:document>", "note.fodt", "FODT"),
        (b"<?xml version='1.0'?><rss>", "flux.xml", "un fichier XML"),
        (b"a;b\n1;2", "tableau.csv", "CSV"),
        (b"\x00\x00\x00\x18ftypheic", "photo.heic", "HEIC"),
    ],
)
def test_another_kind_of_file_is_named_with_the_accepted_formats(
    content: bytes, name: str, word: str
) -> None:
    refus = refused(content, name)
    assert refus.motif == "inconnu"
    assert word in str(refus)
    assert "PDF, DOCX, ODT, HTML, Markdown et texte brut" in str(refus)


@pytest.mark.parametrize("content", [b"", b" \r\n\t ", b"\xef\xbb\xbf", b"\x00" * 4096])
def test_a_file_without_a_single_character_is_empty(content: bytes) -> None:
    assert refused(content, "note.pdf").motif == "vide"


@pytest.mark.parametrize(
    ("content", "motif"),
    [
        pytest.param(DOCX[:60], "endommage", id="docx coupé"),
        (b"PK\x03\x04", "endommage"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "chiffre"),
    ],
)
def test_an_envelope_that_shows_why_is_enough(content: bytes, motif: Motif) -> None:
    assert refused(content, "note.docx").motif == motif


def test_a_list_of_contents_that_unpacks_to_much_is_read_in_part() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", b" " * (64 << 20) + WORD + b"document.main+xml")
    content = bomb.getvalue()
    tracemalloc.start()
    try:
        assert refused(content, "note.docx").motif == "deguise"
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 8 << 20


@pytest.mark.timeout(60)
def test_a_page_of_a_thousand_comments_is_told_without_trying_every_way() -> None:
    """Tried in 2^1000 ways, it would never be."""
    assert recognise_format(b"<!-- a -->" * 1_000 + b"<p", "page.html") == "html"


def test_each_extension_belongs_to_one_kind() -> None:
    every = [extension for genre in GENRES.values() for extension in genre.extensions]
    assert len(every) == len(set(every))


@settings(max_examples=200, deadline=None)
@given(
    start=st.sampled_from([b"", PDF, DOCX, OLE, PNG, b"<html>", b"PK\x03\x04", b"\xff\xfe"]),
    rest=st.binary(max_size=200),
    cut=st.integers(min_value=0, max_value=400),
    name=st.sampled_from(["a.pdf", "a.docx", "a.odt", "a.html", "a.txt", "a.md", "a"]),
)
def test_any_bytes_are_told_or_refused(start: bytes, rest: bytes, cut: int, name: str) -> None:
    content = (start[:cut] + rest)[: cut + 100]
    try:
        assert recognise_format(content, name) in {g.format for g in GENRES.values()}
    except FichierRefuse as refus:
        assert str(refus)  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"\x89PNG\r\n\x1a\n\x00", "a.png", "c'est une image PNG, qui n'est pas lue ;"),
        (b"{\\rtf1}", "a.rtf", "c'est un document RTF, qui n'est pas lu ;"),
        (b'{"a": 1}', "a.json", "c'est un fichier de données JSON, qui n'est pas lu ;"),
    ],
)
def test_what_is_not_read_agrees_with_its_gender(content: bytes, name: str, said: str) -> None:
    assert str(refused(content, name)).startswith(said)
