"""Tables, boxes, notes and what surrounds the text of Word documents."""

from __future__ import annotations

from typing import Any

import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from office_files import (
    W,
    blocs,
    docx,
    docx_body,
    edited,
    lire_docx,
    pandoc,
    paragraphe,
    textes,
    unzipped,
)


def test_a_table_is_rows_of_cells_without_the_empty_ones() -> None:
    def build(document: Any) -> None:
        table = document.add_table(3, 3)
        for place, text in enumerate(["Critère", "Seuil", "Note", "Âge", "", "x", "", "", ""]):
            table.cell(place // 3, place % 3).text = text
        table.cell(1, 0).add_paragraph("en années")

    assert blocs(lire_docx(docx(build))) == [
        ("ligne_tableau", 0, "Critère\tSeuil\tNote"),
        ("ligne_tableau", 0, "Âge en années\tx"),
    ]


def test_merged_cells_are_said_once() -> None:
    def build(document: Any) -> None:
        table = document.add_table(3, 3)
        for row in range(3):
            for column in range(3):
                table.cell(row, column).text = f"{row}{column}"
        for row, column in ((0, 1), (2, 0)):
            table.cell(row, column).text = ""
        table.cell(0, 0).merge(table.cell(0, 1))
        table.cell(1, 0).merge(table.cell(2, 0))

    assert textes(lire_docx(docx(build))) == ["00\t02", "10\t11\t12", "21\t22"]


def test_a_left_cell_over_several_rows_heads_them() -> None:
    def build(document: Any) -> None:
        table = document.add_table(4, 2)
        cells = ["Thème", "Règle", "Public", "CP", "", "Collège", "Lieu", "École"]
        for place, text in enumerate(cells):
            table.cell(place // 2, place % 2).text = text
        table.cell(1, 0).merge(table.cell(2, 0))
        header = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(header)

    assert blocs(lire_docx(docx(build))) == [
        ("ligne_tableau", 0, "Thème\tRègle"),
        ("titre", 6, "Public"),
        ("ligne_tableau", 0, "CP"),
        ("ligne_tableau", 0, "Collège"),
        ("titre", 6, "Lieu"),
        ("ligne_tableau", 0, "École"),
    ]


def test_a_table_inside_a_cell_is_part_of_its_text() -> None:
    def build(document: Any) -> None:
        table = document.add_table(1, 2)
        table.cell(0, 0).text = "avant"
        inner = table.cell(0, 1).add_table(1, 2)
        inner.cell(0, 0).text, inner.cell(0, 1).text = "a", "b"

    assert textes(lire_docx(docx(build))) == ["avant\ta b"]


def test_a_table_of_one_cell_is_a_box_under_its_bold_first_line() -> None:
    def build(document: Any) -> None:
        document.add_heading("Partie", 1)
        cell = document.add_table(1, 1).cell(0, 0)
        cell.paragraphs[0].add_run("À retenir :").bold = True
        cell.add_paragraph("Un projet par an.")
        cell.add_paragraph("point", style="List Bullet")
        document.add_paragraph("Suite du texte.")

    charge = lire_docx(docx(build))
    assert blocs(charge) == [
        ("titre", 1, "Partie"),
        ("encadre", 4, "À retenir :"),
        ("paragraphe", 0, "Un projet par an."),
        ("element", 1, "• point"),
        ("paragraphe", 0, "Suite du texte."),
    ]
    assert [bloc.a_part for bloc in charge.blocs] == [False, False, False, False, True]


def test_a_table_of_one_cell_without_bold_line_is_ordinary_text() -> None:
    def build(document: Any) -> None:
        cell = document.add_table(1, 1).cell(0, 0)
        cell.text = "Une phrase."
        cell.add_paragraph("Une autre.")

    assert [nature for nature, _, _ in blocs(lire_docx(docx(build)))] == ["paragraphe"] * 2


def test_a_table_whose_cells_hold_headings_only_lays_the_page_out() -> None:
    def build(document: Any) -> None:
        table = document.add_table(1, 2)
        for column, name in enumerate(("Gauche", "Droite")):
            table.cell(0, column).text = name
            table.cell(0, column).paragraphs[0].style = "Heading 2"
            table.cell(0, column).add_paragraph(f"Texte {name.lower()}.")

    assert textes(lire_docx(docx(build))) == ["Gauche", "Texte gauche.", "Droite", "Texte droite."]


def test_rows_deleted_or_hidden_are_left_out() -> None:
    rows = "".join(
        f"<w:tr><w:trPr>{said}</w:trPr><w:tc>{paragraphe(text)}</w:tc>"
        f"<w:tc>{paragraphe('y')}</w:tc></w:tr>"
        for text, said in (("gardé", ""), ("ôté", "<w:del/>"), ("caché", "<w:hidden/>"))
    )
    assert textes(lire_docx(docx_body(f"<w:tbl>{rows}</w:tbl>"))) == ["gardé\ty"]


def test_footnotes_and_endnotes_go_with_the_block_that_calls_them() -> None:
    charge = lire_docx(pandoc("Un^[La note *une*.] et deux^[La note deux.].\n\nSeul.\n", "docx"))
    assert textes(charge) == ["Un et deux.", "Seul."]
    notes = [[note.texte for note in bloc.notes] for bloc in charge.blocs]
    assert notes == [["La note une.", "La note deux."], []]


def test_a_note_with_a_mark_of_its_own_loses_the_mark_on_both_sides() -> None:
    notes = (
        f'<w:endnotes {W}><w:endnote w:type="separator" w:id="-1"><w:p/></w:endnote>'
        f'<w:endnote w:id="5">{paragraphe("* Voir le texte.")}</w:endnote></w:endnotes>'
    )
    call = (
        "<w:p><w:r><w:t>Mot</w:t></w:r><w:r>"
        '<w:endnoteReference w:customMarkFollows="1" w:id="5"/><w:t>*</w:t></w:r></w:p>'
    )
    charge = lire_docx(docx_body(call, endnotes=notes))
    assert textes(charge) == ["Mot"]
    assert [note.texte for note in charge.blocs[0].notes] == ["Voir le texte."]


@pytest.mark.parametrize("wrapped", ["docPartGallery", "champ"])
def test_a_table_of_contents_is_left_out(wrapped: str) -> None:
    entries = paragraphe("Cadre 3") + paragraphe("Public 4")
    if wrapped == "docPartGallery":
        toc = (
            '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
            f"</w:docPartObj></w:sdtPr><w:sdtContent>{entries}</w:sdtContent></w:sdt>"
        )
    else:
        begin = (
            '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o "1-3" '
            '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r></w:p>'
        )
        end = '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        toc = begin + entries + end
    assert textes(lire_docx(docx_body(toc + paragraphe("Le texte.")))) == ["Le texte."]


def test_lines_in_the_styles_of_a_table_of_contents_are_left_out() -> None:
    def build(document: Any) -> None:
        document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
        document.add_paragraph("Cadre\t3", style="toc 1")
        document.add_paragraph("Le texte.")

    assert textes(lire_docx(docx(build))) == ["Le texte."]


@pytest.mark.parametrize(
    ("header", "footer", "told"),
    [
        (
            "Réf. CLAS-117",
            "Caf du Gard",
            ("l'en-tête et le pied de page laissés de côté : « Réf. CLAS-117 » ; « Caf du Gard »",),
        ),
        ("Réf. CLAS-117", "Page 1 sur 2", ("l'en-tête laissé de côté : « Réf. CLAS-117 »",)),
        ("", "Réf. " * 30, (f"le pied de page laissé de côté : « {'Réf. ' * 15}Réf.… »",)),
        ("", "– 3 / 12 –", ()),
    ],
)
def test_headers_and_footers_are_not_text_and_are_told(
    header: str, footer: str, told: tuple[str, ...]
) -> None:
    def build(document: Any) -> None:
        document.add_section()
        for section in document.sections:
            section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
            section.header.paragraphs[0].text = header
            section.footer.paragraphs[0].text = footer
        document.add_paragraph("Le texte.")

    charge = lire_docx(docx(build))
    assert textes(charge) == ["Le texte."]
    assert charge.remarques == told


def test_a_damaged_header_takes_nothing_from_the_text() -> None:
    def build(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "En-tête"
        document.add_paragraph("Le texte.")

    content = docx(build)
    (header,) = (name for name in unzipped(content) if "header" in name)
    charge = lire_docx(edited(content, {header: b"<w:hdr"}))
    assert (textes(charge), charge.remarques) == (["Le texte."], ())


def test_a_url_alone_is_a_link() -> None:
    charge = lire_docx(docx_body(paragraphe("https://www.caf.fr/clas")))
    assert blocs(charge) == [("lien", 0, "https://www.caf.fr/clas")]


def test_the_file_says_its_title_author_and_date() -> None:
    def build(document: Any) -> None:
        document.core_properties.title = "Le guide"
        document.core_properties.author = "La caisse"
        document.add_paragraph("x")

    charge = lire_docx(docx(build))
    assert charge.proprietes["titre"] == "Le guide"
    assert charge.proprietes["auteur"] == "La caisse"
    assert charge.proprietes["date"] == "2013-12-23"
    assert charge.pages is None
