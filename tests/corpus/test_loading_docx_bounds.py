"""Word documents that are damaged, locked, disguised or too big; and the rare good ones."""

from __future__ import annotations

import zipfile
from itertools import pairwise
from typing import Any

import pytest
from office_files import (
    docx,
    docx_body,
    edited,
    lire_docx,
    paragraphe,
    substituted,
    textes,
    unzipped,
    zipped,
)

from corpus.loading.docx import read_docx
from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import LIMITES

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
GOOD = docx_body(paragraphe("Le texte."))


def _motif(content: bytes, **limits: float) -> str:
    with pytest.raises(FichierRefuse) as refused:
        lire_docx(content, LIMITES.model_copy(update=limits))
    assert str(refused.value)
    return refused.value.motif


def test_an_encrypted_document_is_told_from_an_old_one() -> None:
    assert _motif(OLE + "EncryptedPackage".encode("utf-16-le")) == "chiffre"
    with pytest.raises(FichierRefuse, match="DOCX ou en PDF") as refused:
        lire_docx(OLE + "WordDocument".encode("utf-16-le"))
    assert refused.value.motif == "inconnu"


def test_what_is_no_document_at_all_is_refused() -> None:
    assert _motif(b"") == "vide"
    assert _motif(b"Bonjour") == "deguise"
    assert _motif(zipped({"xl/workbook.xml": b"<a/>"})) == "deguise"
    assert _motif(zipped({"lisezmoi.txt": b"a"})) == "endommage"


@pytest.mark.parametrize("kept", [100, 2_000, len(GOOD) - 30])
def test_a_truncated_archive_is_damaged(kept: int) -> None:
    assert _motif(GOOD[:kept]) == "endommage"


def test_a_part_with_a_wrong_checksum_is_damaged() -> None:
    stored = zipped(unzipped(GOOD), zipfile.ZIP_STORED)
    assert _motif(stored.replace(b"Le texte.", b"Le tExte.")) == "endommage"


@pytest.mark.parametrize(
    "document",
    [b"", b"<w:document", b"<a/>", b"\xff\xfe\x00", b"<a>&inconnue;</a>"],
)
def test_a_main_part_that_is_not_what_it_should_be_is_damaged(document: bytes) -> None:
    assert _motif(edited(GOOD, {"word/document.xml": document})) == "endommage"


def test_a_missing_main_part_is_damage() -> None:
    assert _motif(edited(GOOD, {"word/document.xml": None})) == "endommage"


@pytest.mark.parametrize(
    "part",
    ["word/styles.xml", "word/numbering.xml", "docProps/core.xml", "[Content_Types].xml"],
)
def test_a_document_without_a_part_it_could_do_without_is_read(part: str) -> None:
    assert textes(lire_docx(edited(GOOD, {part: None}))) == ["Le texte."]


def test_entities_are_refused_and_never_expanded() -> None:
    bomb = "<!DOCTYPE a [<!ENTITY x 'ha'><!ENTITY y '&x;&x;&x;&x;'>]>"
    content = substituted(GOOD, "word/document.xml", "<w:document ", f"{bomb}<w:document ")
    assert _motif(substituted(content, "word/document.xml", "Le texte.", "&y;")) == "endommage"
    outside = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"
    content = substituted(GOOD, "word/document.xml", "<w:document ", f"{outside}<w:document ")
    assert _motif(substituted(content, "word/document.xml", "Le texte.", "&x;")) == "endommage"


def test_too_many_parts_too_much_unpacked_or_too_much_text_is_refused() -> None:
    assert _motif(GOOD, membres=5) == "trop_gros"
    assert _motif(GOOD, octets_decompresses=5_000) == "trop_gros"
    assert _motif(GOOD, caracteres=5) == "trop_gros"


def test_a_part_that_unpacks_to_far_more_than_it_weighs_is_refused() -> None:
    spaces = b"<a>" + b" " * (1024 * 1024) + b"</a>"
    with pytest.raises(FichierRefuse, match="décompressé") as refused:
        lire_docx(edited(GOOD, {"word/document.xml": b"<a>" + spaces * 20 + b"</a>"}))
    assert refused.value.motif == "trop_gros"


def test_one_enormous_text_is_refused() -> None:
    text = b"<a>" + b"x" * (12 * 1024 * 1024) + b"</a>"
    assert _motif(edited(GOOD, {"word/document.xml": text})) == "trop_gros"


@pytest.mark.parametrize("depth", [150, 240, 5_000])
def test_elements_nested_too_deep_are_refused(depth: int) -> None:
    nested = "<w:smartTag>" * depth + "</w:smartTag>" * depth
    assert _motif(docx_body(f"<w:p>{nested}</w:p>"), imbrication=100) == "trop_imbrique"


def test_tables_nested_as_deep_as_allowed_are_read() -> None:
    inner = paragraphe("fond")
    for _ in range(60):
        inner = f"<w:tbl><w:tr><w:tc>{inner}</w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"
    assert textes(lire_docx(docx_body(inner))) == ["fond"]


def test_a_style_based_on_itself_ends() -> None:
    content = substituted(
        docx_body(paragraphe("Le texte.", '<w:pStyle w:val="Heading1"/>')),
        "word/styles.xml",
        '<w:name w:val="heading 1"/><w:basedOn w:val="Normal"/>',
        '<w:name w:val="heading 1"/><w:basedOn w:val="Heading1"/>',
    )
    assert lire_docx(content).blocs[0].nature == "titre"


def test_a_note_called_many_times_is_read_once() -> None:
    note = '<w:footnotes xmlns:w="{}"><w:footnote w:id="2">{}</w:footnote></w:footnotes>'.format(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main", paragraphe("longue")
    )
    calls = '<w:r><w:t>x</w:t><w:footnoteReference w:id="2"/></w:r>' * 50
    charge = lire_docx(docx_body(f"<w:p>{calls}</w:p>", footnotes=note))
    assert len(charge.blocs[0].notes) == 1


@pytest.mark.parametrize("value", ["-5", "99999999999999999999", "abc", ""])
def test_senseless_numbers_are_survived(value: str) -> None:
    row = (
        f'<w:tbl><w:tr><w:trPr><w:gridBefore w:val="{value}"/></w:trPr><w:tc><w:tcPr>'
        f'<w:gridSpan w:val="{value}"/></w:tcPr>{paragraphe("a")}</w:tc></w:tr></w:tbl>'
    )
    outlined = paragraphe(
        "b",
        f'<w:outlineLvl w:val="{value}"/><w:numPr><w:ilvl w:val="{value}"/>'
        f'<w:numId w:val="1"/></w:numPr>',
    )
    assert len(lire_docx(docx_body(row + outlined)).blocs) == 2


def test_an_empty_document_says_so_and_one_of_images_too() -> None:
    assert _motif(docx(lambda document: document.add_paragraph(" "))) == "vide"
    drawing = (
        "<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData><a:blip/></a:graphicData>"
        "</a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    assert _motif(docx_body(drawing * 3)) == "numerise"


def test_macros_are_told_and_not_read() -> None:
    content = substituted(
        edited(GOOD, {"word/vbaProject.bin": OLE}),
        "[Content_Types].xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    charge = lire_docx(content)
    assert textes(charge) == ["Le texte."]
    assert charge.remarques == ("le fichier contient des macros, qui ne sont ni lues ni exécutées",)


def test_the_strict_variant_of_the_format_is_read() -> None:
    def build(document: Any) -> None:
        document.add_heading("Titre", 2)

    content = docx(build)
    for part in ("word/document.xml", "word/styles.xml"):
        content = substituted(
            content,
            part,
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        )
    assert lire_docx(content).blocs[0].niveau == 2


def test_part_names_with_backslashes_and_capitals_are_found() -> None:
    parts = unzipped(GOOD)
    renamed = {name.replace("/", "\\").replace("word", "Word"): parts[name] for name in parts}
    assert textes(lire_docx(zipped(renamed))) == ["Le texte."]


def test_external_relationships_are_never_followed() -> None:
    content = substituted(
        GOOD,
        "word/_rels/document.xml.rels",
        "<Relationship ",
        '<Relationship Id="dehors" TargetMode="External" Target="http://127.0.0.1:9/f.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"/>'
        "<Relationship ",
    )
    assert textes(lire_docx(content)) == ["Le texte."]


def test_progress_goes_on_along_a_long_document() -> None:
    told: list[tuple[int, int]] = []
    content = docx_body(paragraphe("Le texte.") * 1_000)
    read_docx(content, LIMITES, lambda done, total: told.append((done, total)))
    assert told[-1] == (1_000, 1_000)
    read = [done for done, total in told if total == 0]
    assert len(set(read)) > 5
    assert all(before != after for before, after in pairwise(told))


def test_many_paragraphs_joined_into_one_are_counted_once() -> None:
    cut = paragraphe("abcd ", '<w:rPr><w:del w:id="1"/></w:rPr>') * 1_000
    limits = LIMITES.model_copy(update={"caracteres": 6_000})
    assert len(textes(lire_docx(docx_body(cut + paragraphe("fin")), limits))) == 1
