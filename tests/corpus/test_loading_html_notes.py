"""Reading of pages: footnotes of the tools that export HTML."""

from __future__ import annotations

import pytest

from corpus.loading.html import read_html
from corpus.loading.limits import LIMITES


def shown(page: str) -> list[tuple[str, list[str]]]:
    document = read_html(page.encode(), LIMITES, lambda _done, _total: None)
    return [(b.contenu.texte, [n.texte for n in b.notes]) for b in document.blocs]


PANDOC = (
    '<p>Un mot<a href="#fn1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a>'
    ' suit.</p><p>Fin.</p><section id="footnotes" class="footnotes" role="doc-endnotes"><hr>'
    '<ol><li id="fn1"><p>La note.<a href="#fnref1" class="footnote-back" role="doc-backlink">↩︎</a>'
    "</p></li></ol></section>"
)
EPUB = (
    '<p>Un mot<a epub:type="noteref" href="#n1">1</a> suit.</p><p>Fin.</p>'
    '<aside epub:type="footnote" id="n1"><p>La note.</p></aside>'
)
WORD = (
    '<p>Un mot<a href="#_ftn1" name="_ftnref1" title=""><span class=MsoFootnoteReference>'
    "[1]</span></a> suit.</p><p>Fin.</p><div><hr><div style='mso-element:footnote' id=ftn1>"
    '<p class=MsoFootnoteText><a href="#_ftnref1" name="_ftn1"><span>[1]</span></a> La</p>'
    "<p>note.</p></div></div>"
)
LIBREOFFICE = (
    '<p>Un mot<a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup>'
    '</a> suit.</p><p>Fin.</p><div id="sdfootnote1"><p class="sdfootnote"><a class="sdfootnotesym"'
    ' name="sdfootnote1sym" href="#sdfootnote1anc">1</a>La note.</p></div>'
)
SITE = (
    '<p>Un mot<sup>[<a href="#note-1">1</a>]</sup> suit.</p><p>Fin.</p><h2>Notes</h2>'
    '<p id="note-1"><sup>1</sup> La note.</p>'
)
TYPED = "<p>Un mot<sup>1</sup> suit.</p><p>Fin.</p><p><sup>1</sup> La note.</p>"
NUMBERED = '<p>Un mot<sup><a href="#n1">1</a></sup> suit.</p><p>Fin.</p><p id="n1">1. La note.</p>'
WIKI = (
    '<p>Un mot<sup class=reference id=cite_ref-1><a href="#cite_note-1">[1]</a></sup> suit.</p>'
    "<p>Fin.</p><ol><li id=cite_note-1><span class=mw-cite-backlink>"
    '<a href="#cite_ref-1">↑</a></span> La note.</li></ol>'
)


@pytest.mark.parametrize("page", [PANDOC, EPUB, WORD, LIBREOFFICE, SITE, TYPED, NUMBERED, WIKI])
def test_a_note_goes_with_the_block_that_calls_it_without_its_number(page: str) -> None:
    assert shown(page) == [("Un mot suit.", ["La note."]), ("Fin.", [])]


def test_two_calls_in_one_superscript_are_two_notes() -> None:
    page = (
        "<p>Un mot<sup><a href=#n1>1</a>, <a href=#n2>2</a></sup>.</p>"
        "<ol><li id=n1>Une.<li id=n2>Deux.</ol>"
    )
    assert shown(page) == [("Un mot.", ["Une.", "Deux."])]


def test_a_note_called_twice_is_attached_once() -> None:
    page = (
        "<p>Un<sup><a href=#n1>1</a></sup></p><p>Deux<sup><a href=#n1>1</a></sup></p>"
        "<ol><li id=n1>Note.</ol>"
    )
    assert shown(page) == [("Un", ["Note."]), ("Deux", [])]


def test_a_note_that_nothing_calls_stays_in_the_text() -> None:
    page = "<p>Un</p><aside role=doc-footnote id=n1><p>Note.</p></aside>"
    assert shown(page) == [("Un", []), ("Note.", [])]


def test_a_note_called_in_a_cell_or_a_heading_goes_with_it() -> None:
    page = (
        "<h2>T<sup><a href=#n1>1</a></sup></h2><table><tr><td>a<td>b<sup><a href=#n2>2</a></sup>"
        "</table><ol><li id=n1>Une.<li id=n2>Deux.</ol>"
    )
    assert shown(page) == [("T", ["Une."]), ("a\tb", ["Deux."])]


def test_a_note_out_of_the_main_part_is_found() -> None:
    page = (
        "<main><p>Un<a role=doc-noteref href=#n1>1</a></p></main>"
        "<footer><p id=n1>Note.</p></footer>"
    )
    assert shown(page) == [("Un", ["Note."])]


def test_a_power_is_no_call() -> None:
    page = "<p>12 m<sup>2</sup></p><p><sup>2</sup> H<sup>2</sup></p>"
    assert shown(page) == [("12 m2", []), ("2 H2", [])]


def test_a_link_to_a_part_of_the_page_is_no_call() -> None:
    page = "<p>Voir <a href=#p2>2</a></p><h2 id=p2>Deux</h2><p>x</p>"
    assert shown(page) == [("Voir 2", []), ("Deux", []), ("x", [])]


def test_a_number_that_belongs_to_a_note_stays() -> None:
    page = "<p>Un<sup><a href=#n1>1</a></sup></p><ol><li id=n1>1 enfant sur 2.</ol>"
    assert shown(page) == [("Un", ["1 enfant sur 2."])]


def test_the_heading_of_notes_stays_where_other_text_follows() -> None:
    page = "<p>Un<sup><a href=#n1>1</a></sup></p><h2>Notes</h2><p>À lire.</p><p id=n1>1 Note.</p>"
    assert [text for text, _ in shown(page)] == ["Un", "Notes", "À lire."]
