"""Headings and lists of Word documents."""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from office_files import (
    W,
    blocs,
    docx,
    docx_body,
    lire_docx,
    pandoc,
    paragraphe,
    substituted,
    textes,
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
