"""Headings, lists, tables, boxes and notes of OpenDocument texts."""

from __future__ import annotations

import re

import pytest
from office_files import blocs, edited, lire_odt, odt_body, pandoc, textes, unzipped


def _number(rank: int, how: str, suffix: str = "", **said: str) -> str:
    others = {"prefix": "", "display": "1", "start": "1", "sync": "false", **said}
    return (
        f'<text:list-level-style-number text:level="{rank}" style:num-format="{how}" '
        f'style:num-suffix="{suffix}" style:num-prefix="{others["prefix"]}" '
        f'text:display-levels="{others["display"]}" text:start-value="{others["start"]}" '
        f'style:num-letter-sync="{others["sync"]}"/>'
    )


def _style(name: str, *levels: str) -> str:
    return f'<text:list-style style:name="{name}">{"".join(levels)}</text:list-style>'


STYLES = (
    _style(
        "LA",
        _number(1, "1", "."),
        _number(2, "1", ")", display="2"),
        _number(3, "a", ")"),
        _number(4, "i", ".", prefix="("),
    )
    + _style("LB", _number(1, "A", ".", start="25"), _number(2, "I", "."))
    + _style("LC", _number(1, "a", ".", start="26", sync="true"))
    + _style("LP", '<text:list-level-style-bullet text:level="1" text:bullet-char="➢"/>')
    + '<style:style style:name="Gras" style:family="text"><style:text-properties '
    'fo:font-weight="bold"/></style:style>'
    '<style:style style:name="Ombre" style:family="paragraph" '
    'style:parent-style-name="Heading_20_2"/>'
)


def _item(text: str, inner: str = "", said: str = "") -> str:
    return f"<text:list-item {said}><text:p>{text}</text:p>{inner}</text:list-item>"


def _list(style: str, *items: str, said: str = "") -> str:
    named = f'text:style-name="{style}"' if style else ""
    return f"<text:list {named} {said}>{''.join(items)}</text:list>"


def _marks(body: str) -> list[str]:
    return [text.removesuffix(" x") for text in textes(lire_odt(odt_body(body, STYLES)))]


def test_headings_follow_their_outline_level() -> None:
    body = (
        '<text:p text:style-name="Title">Le document</text:p>'
        '<text:h text:outline-level="2">Cadre</text:h>'
        '<text:h text:outline-level="3">Qui ?</text:h>'
        '<text:p text:style-name="Ombre">Public</text:p>'
        '<text:h text:outline-level="9">Détail</text:h><text:p>Corps.</text:p>'
    )
    styles = STYLES.replace('style:name="Ombre"', 'style:name="Ombre" style:display-name="Titre 2"')
    assert blocs(lire_odt(odt_body(body, styles))) == [
        ("titre", 1, "Le document"),
        ("titre", 2, "Cadre"),
        ("question", 3, "Qui ?"),
        ("titre", 2, "Public"),
        ("titre", 6, "Détail"),
        ("paragraphe", 0, "Corps."),
    ]


def test_without_any_heading_short_bold_paragraphs_are_headings() -> None:
    bold = '<text:p><text:span text:style-name="Gras">{}</text:span></text:p>'
    body = bold.format("Le public") + "<text:p>Texte.</text:p>" + bold.format("Fin de phrase.")
    assert [(nature, niveau) for nature, niveau, _ in blocs(lire_odt(odt_body(body, STYLES)))] == [
        ("titre", 4),
        ("paragraphe", 0),
        ("paragraphe", 0),
    ]


def test_pandoc_lists_keep_marks_depth_and_start() -> None:
    text = "- un\n- deux\n    - trois\n\ntexte\n\n3. quatre\n4. cinq\n    a. six\n    b. sept\n"
    assert blocs(lire_odt(pandoc(text, "odt"))) == [
        ("element", 1, "• un"),
        ("element", 1, "• deux"),
        ("element", 2, "• trois"),
        ("paragraphe", 0, "texte"),
        ("element", 1, "3. quatre"),
        ("element", 1, "4. cinq"),
        ("element", 2, "a. six"),
        ("element", 2, "b. sept"),
    ]


def test_numbers_of_several_levels_are_written_as_their_style_says() -> None:
    deep = _list("", _item("x"), _item("x", _list("", _item("x"))))
    body = _list("LA", _item("x"), _item("x", _list("", _item("x"), _item("x", deep))), _item("x"))
    assert _marks(body) == ["1.", "2.", "2.1)", "2.2)", "a)", "b)", "(i.", "3."]


def test_letters_after_z_follow_the_style() -> None:
    body = _list("LB", *[_item("x")] * 3) + _list("LC", *[_item("x")] * 2)
    assert _marks(body) == ["Y.", "Z.", "AA.", "z.", "aa."]


def test_a_list_restarts_unless_it_continues_another() -> None:
    body = (
        _list("LA", _item("x"), _item("x"), said='xml:id="un"')
        + _list("LA", _item("x"))
        + _list("LA", _item("x"), said='text:continue-numbering="true"')
        + _list("LB", _item("x"))
        + _list("LA", _item("x"), said='text:continue-list="un"')
        + _list("LA", _item("x"), said='text:continue-list="jamais-vu"')
    )
    assert _marks(body) == ["1.", "2.", "1.", "2.", "Y.", "3.", "1."]


def test_items_may_say_their_number_and_headers_have_none() -> None:
    header = "<text:list-header><text:p>x</text:p></text:list-header>"
    body = _list("LA", header, _item("x"), _item("x", said='text:start-value="9"'), _item("x"))
    assert _marks(body) == ["x", "1.", "9.", "10."]


def test_the_second_paragraph_of_an_item_has_no_mark() -> None:
    body = _list("LA", _item("un</text:p><text:p>suite"), _item("deux"))
    assert blocs(lire_odt(odt_body(body, STYLES))) == [
        ("element", 1, "1. un"),
        ("paragraphe", 0, "suite"),
        ("element", 1, "2. deux"),
    ]


def test_an_item_may_have_a_list_style_of_its_own() -> None:
    body = _list("LA", _item("x"), _item("x", said='text:style-override="LP"'))
    assert _marks(body) == ["1.", "•"]


def test_sublists_start_anew_in_each_item() -> None:
    body = _list("LA", *[_item("x", _list("", _item("x")))] * 2)
    assert _marks(body) == ["1.", "1.1)", "2.", "2.1)"]


def test_headings_carry_the_numbers_of_the_outline() -> None:
    outline = (
        '<text:outline-style style:name="Outline"><text:outline-level-style text:level="1" '
        'style:num-format="I" style:num-suffix="."/><text:outline-level-style text:level="2" '
        'style:num-format="1" text:display-levels="2"/></text:outline-style>'
    )
    heading = '<text:h text:outline-level="{}" {}>T</text:h>'.format
    body = heading(1, "") + heading(2, "") + heading(2, "")
    body += heading(1, 'text:is-list-header="true"') + heading(1, "")
    assert textes(lire_odt(odt_body(body, "", outline))) == [
        "I. T",
        "I.1 T",
        "I.2 T",
        "T",
        "II. T",
    ]


def _cell(text: str, said: str = "") -> str:
    return f"<table:table-cell {said}><text:p>{text}</text:p></table:table-cell>"


COVERED = "<table:covered-table-cell/>"


def _table(*rows: str) -> str:
    inner = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return f"<table:table>{inner}</table:table>"


def test_a_table_is_rows_of_cells_and_merged_cells_are_said_once() -> None:
    body = _table(
        _cell("a", 'table:number-columns-spanned="2"') + COVERED + _cell("b"),
        _cell("c", 'table:number-rows-spanned="2"') + _cell("") + _cell("d</text:p><text:p>e"),
        COVERED + _cell("f") + _cell("g"),
    )
    assert blocs(lire_odt(odt_body(body))) == [
        ("ligne_tableau", 0, "a\tb"),
        ("ligne_tableau", 0, "c\td e"),
        ("ligne_tableau", 0, "f\tg"),
    ]


def test_a_left_cell_over_several_rows_heads_them() -> None:
    header = (
        "<table:table-header-rows><table:table-row>"
        f"{_cell('Thème')}{_cell('Règle')}</table:table-row></table:table-header-rows>"
    )
    body = _table(
        _cell("Public", 'table:number-rows-spanned="2"') + _cell("CP"),
        COVERED + _cell("Collège"),
        _cell("Lieu") + _cell("École"),
    ).replace("<table:table>", f"<table:table>{header}")
    assert blocs(lire_odt(odt_body(body))) == [
        ("ligne_tableau", 0, "Thème\tRègle"),
        ("titre", 6, "Public"),
        ("ligne_tableau", 0, "CP"),
        ("ligne_tableau", 0, "Collège"),
        ("titre", 6, "Lieu"),
        ("ligne_tableau", 0, "École"),
    ]


def test_hidden_rows_are_left_out_and_nested_tables_flattened() -> None:
    body = _table(
        _cell("vu") + f"<table:table-cell>{_table(_cell('a') + _cell('b'))}</table:table-cell>",
        _cell("caché") + _cell("x"),
    )
    body = body.replace(
        "<table:table-row><table:table-cell ><text:p>caché",
        '<table:table-row table:visibility="collapse"><table:table-cell ><text:p>caché',
    )
    assert textes(lire_odt(odt_body(body))) == ["vu\ta b"]


@pytest.mark.parametrize("kind", ["table", "cadre"])
def test_a_box_is_read_under_its_bold_first_line(kind: str) -> None:
    inside = '<text:span text:style-name="Gras">À retenir</text:span></text:p><text:p>Une règle.'
    box = _table(_cell(inside))
    if kind == "cadre":
        box = (
            "<text:p><draw:frame><draw:text-box><text:p>"
            f"{inside}</text:p></draw:text-box></draw:frame></text:p>"
        )
    body = f'<text:h text:outline-level="1">Partie</text:h>{box}<text:p>Suite.</text:p>'
    charge = lire_odt(odt_body(body, STYLES))
    assert blocs(charge) == [
        ("titre", 1, "Partie"),
        ("encadre", 4, "À retenir"),
        ("paragraphe", 0, "Une règle."),
        ("paragraphe", 0, "Suite."),
    ]
    assert [bloc.a_part for bloc in charge.blocs] == [False, False, False, True]


def test_footnotes_and_endnotes_go_with_the_block_that_calls_them() -> None:
    charge = lire_odt(pandoc("Un^[La note *une*.] et deux^[La note deux.].\n\nSeul.\n", "odt"))
    assert textes(charge) == ["Un et deux.", "Seul."]
    notes = [[note.texte for note in bloc.notes] for bloc in charge.blocs]
    assert notes == [["La note une.", "La note deux."], []]


def test_the_file_says_its_title_author_and_date() -> None:
    text = "---\ntitle: Le guide\nauthor: La caisse\ndate: 2025-09-01\n---\n\nTexte.\n"
    charge = lire_odt(pandoc(text, "odt"))
    assert charge.proprietes["titre"] == "Le guide"
    assert charge.proprietes["auteur"] == "La caisse"
    assert len(charge.proprietes["date"]) == len("2025-09-01")


def test_comments_headers_and_footers_are_left_out_and_told() -> None:
    note = "<office:annotation><text:p>À revoir</text:p></office:annotation>"
    content = odt_body(f"<text:p>Le{note} texte{note}.</text:p>")
    styles = unzipped(content)["styles.xml"].decode()
    page = re.search(r"<style:master-page\b[^>]*?(/?)>", styles)
    assert page is not None
    margins = (
        "<style:header><text:p>Réf. CLAS-117</text:p></style:header>"
        "<style:header-left style:display='false'><text:p>Caché</text:p></style:header-left>"
        "<style:footer><text:p>Page <text:page-number>1</text:page-number></text:p></style:footer>"
    )
    opened = page[0].replace("/>", ">")
    closed = "</style:master-page>" if page[1] else ""
    changed = styles.replace(page[0], opened + margins + closed, 1).encode()
    charge = lire_odt(edited(content, {"styles.xml": changed}))
    assert textes(charge) == ["Le texte."]
    assert charge.remarques == (
        "2 commentaires laissés de côté",
        "l'en-tête laissé de côté : « Réf. CLAS-117 »",
    )
