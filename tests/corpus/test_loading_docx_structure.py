"""Headings, lists, tables and boxes of Word documents."""

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
    substituted,
    textes,
    unzipped,
)


def _level(rank: int, number_format: str, text: str, start: int = 1, extra: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{rank}"><w:start w:val="{start}"/><w:numFmt w:val="{number_format}"/>'
        f'{extra}<w:lvlText w:val="{text}"/></w:lvl>'
    )


NEVER_RESTARTS = '<w:lvlRestart w:val="0"/>'
NUMBERING = (
    f"<w:numbering {W}>"
    '<w:abstractNum w:abstractNumId="1">'
    f"{_level(0, 'decimal', '%1.')}{_level(1, 'decimal', '%1.%2')}{_level(2, 'lowerRoman', '%3)')}"
    f"{_level(3, 'upperLetter', '%1-%4', extra=NEVER_RESTARTS)}</w:abstractNum>"
    '<w:abstractNum w:abstractNumId="2">'
    f"{_level(0, 'upperRoman', 'Article %1 –', 4)}"
    f"{_level(1, 'decimal', '%1.%2', extra='<w:isLgl/>')}</w:abstractNum>"
    '<w:abstractNum w:abstractNumId="3">'
    f"{_level(0, 'lowerLetter', '%1)', 25)}{_level(1, 'bullet', '&#xF0B7;')}</w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="3"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="1"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>'
    "</w:numbering>"
)


def _items(*places: tuple[int, int]) -> list[str]:
    body = "".join(
        paragraphe("x", f'<w:numPr><w:ilvl w:val="{rank}"/><w:numId w:val="{number}"/></w:numPr>')
        for number, rank in places
    )
    return [
        text.removesuffix(" x") for text in textes(lire_docx(docx_body(body, numbering=NUMBERING)))
    ]


def test_headings_follow_their_styles_and_the_title_comes_first() -> None:
    def build(document: Any) -> None:
        document.add_heading("Le document", 0)
        document.add_heading("Cadre", 1)
        document.add_heading("Qui est concerné ?", 2)
        document.add_paragraph("Tous les enfants.")
        document.add_heading("Détail", 9)

    assert blocs(lire_docx(docx(build))) == [
        ("titre", 1, "Le document"),
        ("titre", 1, "Cadre"),
        ("question", 2, "Qui est concerné ?"),
        ("paragraphe", 0, "Tous les enfants."),
        ("titre", 6, "Détail"),
    ]


def test_a_style_based_on_a_heading_is_a_heading() -> None:
    def build(document: Any) -> None:
        base = document.styles.add_style("Rubrique", WD_STYLE_TYPE.PARAGRAPH)
        base.base_style = document.styles["Heading 2"]
        last = document.styles.add_style("Rubrique bleue", WD_STYLE_TYPE.PARAGRAPH)
        last.base_style = base
        document.add_paragraph("Financement", style="Rubrique bleue")

    assert blocs(lire_docx(docx(build))) == [("titre", 2, "Financement")]


def test_a_localised_heading_style_without_outline_level_is_a_heading() -> None:
    def build(document: Any) -> None:
        document.styles.add_style("Titre 3", WD_STYLE_TYPE.PARAGRAPH)
        document.add_paragraph("Les parents", style="Titre 3")
        document.add_paragraph("Ils sont associés.")

    assert blocs(lire_docx(docx(build)))[0] == ("titre", 3, "Les parents")


def test_an_outline_level_on_the_paragraph_itself_prevails_over_its_style() -> None:
    content = docx_body(
        paragraphe("Évaluation", '<w:outlineLvl w:val="3"/>')
        + paragraphe("Corps", '<w:pStyle w:val="Heading1"/><w:outlineLvl w:val="9"/>')
    )
    assert blocs(lire_docx(content)) == [("titre", 4, "Évaluation"), ("paragraphe", 0, "Corps")]


def test_without_any_heading_style_short_bold_paragraphs_are_headings() -> None:
    bold = "<w:b/>"
    content = docx_body(
        paragraphe("Le public", run=bold)
        + paragraphe("Les élèves du CP à la terminale.")
        + paragraphe("Qui finance ?", run=bold)
        + paragraphe("Attention, ceci est une phrase.", run=bold)
        + paragraphe("mot " * 40, run=bold)
        + paragraphe("Non gras", run='<w:b w:val="0"/>')
    )
    assert [(nature, niveau) for nature, niveau, _ in blocs(lire_docx(content))] == [
        ("titre", 4),
        ("paragraphe", 0),
        ("question", 4),
        ("paragraphe", 0),
        ("paragraphe", 0),
        ("paragraphe", 0),
    ]


def test_with_a_heading_style_bold_paragraphs_are_body_text() -> None:
    content = docx_body(
        paragraphe("Titre", '<w:outlineLvl w:val="0"/>') + paragraphe("Gras", run="<w:b/>")
    )
    assert blocs(lire_docx(content))[1] == ("paragraphe", 0, "Gras")


def test_a_very_long_paragraph_in_a_heading_style_is_body_text() -> None:
    content = docx_body(paragraphe("mot " * 100, '<w:outlineLvl w:val="0"/>'))
    assert lire_docx(content).blocs[0].nature == "paragraphe"


def test_pandoc_lists_keep_marks_depth_and_start() -> None:
    text = "- un\n- deux\n    - trois\n\ntexte\n\n3. quatre\n4. cinq\n    a. six\n    b. sept\n"
    assert blocs(lire_docx(pandoc(text, "docx"))) == [
        ("element", 1, "• un"),
        ("element", 1, "• deux"),
        ("element", 2, "• trois"),
        ("paragraphe", 0, "texte"),
        ("element", 1, "3. quatre"),
        ("element", 1, "4. cinq"),
        ("element", 2, "a. six"),
        ("element", 2, "b. sept"),
    ]


def test_the_second_paragraph_of_an_item_has_no_mark() -> None:
    charge = lire_docx(pandoc("1. un\n\n    suite\n\n2. deux\n", "docx"))
    assert blocs(charge) == [
        ("element", 1, "1. un"),
        ("paragraphe", 0, "suite"),
        ("element", 1, "2. deux"),
    ]


def test_list_styles_of_python_docx_are_items_at_the_depth_of_their_name() -> None:
    def build(document: Any) -> None:
        document.add_paragraph("un", style="List Bullet")
        document.add_paragraph("deux", style="List Bullet 2")
        document.add_paragraph("trois", style="List Number")
        document.add_paragraph("quatre", style="List Number")

    assert blocs(lire_docx(docx(build))) == [
        ("element", 1, "• un"),
        ("element", 2, "• deux"),
        ("element", 1, "1. trois"),
        ("element", 1, "2. quatre"),
    ]


def test_numbers_of_several_levels_are_written_as_their_pattern_says() -> None:
    marks = _items((1, 0), (1, 0), (1, 1), (1, 1), (1, 2), (1, 2), (1, 0), (1, 1))
    assert marks == ["1.", "2.", "2.1", "2.2", "i)", "ii)", "3.", "3.1"]


def test_a_level_that_never_restarts_goes_on_counting() -> None:
    assert _items((1, 0), (1, 3), (1, 0), (1, 3)) == ["1.", "1-A", "2.", "2-B"]


def test_roman_numbers_start_where_asked_and_legal_levels_use_digits() -> None:
    assert _items((2, 0), (2, 1), (2, 0)) == ["Article IV –", "4.1", "Article V –"]


def test_letters_are_doubled_after_z_and_bullets_are_dots() -> None:
    assert _items((3, 0), (3, 0), (3, 0), (3, 1)) == ["y)", "z)", "aa)", "•"]


def test_a_list_that_overrides_its_start_restarts_once() -> None:
    assert _items((1, 0), (1, 0), (4, 0), (4, 0), (1, 0)) == ["1.", "2.", "7.", "8.", "9."]


def test_a_level_passed_over_has_its_first_number() -> None:
    assert _items((1, 0), (1, 2), (1, 1)) == ["1.", "i)", "1.2"]


def test_list_number_zero_takes_the_mark_of_the_style_away() -> None:
    body = paragraphe(
        "libre", '<w:pStyle w:val="ListBullet"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    )
    assert blocs(lire_docx(docx_body(body))) == [("paragraphe", 0, "libre")]


def test_numbered_headings_carry_the_number_of_the_level_that_names_their_style() -> None:
    styled = '<w:pStyle w:val="{}"/>'.format
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="9">'
        f"{_level(0, 'decimal', '%1.', extra=styled('Heading1'))}"
        f"{_level(1, 'decimal', '%1.%2', extra=styled('Heading2'))}"
        '</w:abstractNum><w:num w:numId="9"><w:abstractNumId w:val="9"/></w:num></w:numbering>'
    )
    styles = ("Heading1", "Heading2", "Heading2", "Heading1")
    body = "".join(paragraphe("Titre", f'<w:pStyle w:val="{style}"/>') for style in styles)
    content = docx_body(body, numbering=numbering)
    for number in ("1", "2"):
        content = substituted(
            content,
            "word/styles.xml",
            f'<w:outlineLvl w:val="{int(number) - 1}"/>',
            f'<w:outlineLvl w:val="{int(number) - 1}"/><w:numPr><w:numId w:val="9"/></w:numPr>',
        )
    assert textes(lire_docx(content)) == ["1. Titre", "1.1 Titre", "1.2 Titre", "2. Titre"]


def test_bullets_typed_by_hand_are_items() -> None:
    charge = lire_docx(docx_body(paragraphe("- un point ;") + paragraphe("1) un autre.")))
    assert blocs(charge) == [("element", 1, "- un point ;"), ("element", 1, "1) un autre.")]


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
