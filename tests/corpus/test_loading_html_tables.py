"""Reading of pages: tables."""

from __future__ import annotations

from corpus.loading.html import read_html
from corpus.loading.limits import LIMITES


def shown(page: str) -> list[tuple[str, str]]:
    document = read_html(page.encode(), LIMITES, lambda _done, _total: None)
    return [(b.nature, b.contenu.texte) for b in document.blocs]


def test_a_row_is_its_cells_and_empty_ones_are_left_out() -> None:
    page = "<table><tr><th>A<th>B<th>C<tr><td>1<td> <td>3<tr><td><td></table>"
    assert shown(page) == [("ligne_tableau", "A\tB\tC"), ("ligne_tableau", "1\t3")]


def test_a_caption_stands_before_the_rows_and_a_foot_after() -> None:
    page = (
        "<table><caption>Montants</caption><tfoot><tr><td>Total<td>9</tfoot>"
        "<thead><tr><th>Poste<th>€</thead><tbody><tr><td>Aide<td>9</tbody></table>"
    )
    assert shown(page) == [
        ("paragraphe", "Montants"),
        ("ligne_tableau", "Poste\t€"),
        ("ligne_tableau", "Aide\t9"),
        ("ligne_tableau", "Total\t9"),
    ]


def test_lines_and_lists_in_a_cell_stay_on_its_row() -> None:
    page = "<table><tr><td>a<br>b<td><p>c</p><ul><li>d<li>e</ul></table>"
    assert shown(page) == [("ligne_tableau", "a b\tc • d • e")]


def test_a_left_cell_over_several_rows_heads_them() -> None:
    page = "<table><tr><td rowspan=2>Enfants<td>un<tr><td>deux<tr><td>Parents<td>trois</table>"
    assert shown(page) == [
        ("titre", "Enfants"),
        ("ligne_tableau", "un"),
        ("ligne_tableau", "deux"),
        ("titre", "Parents"),
        ("ligne_tableau", "trois"),
    ]


def test_the_heading_of_a_row_of_two_columns_heads_it() -> None:
    page = "<table><tr><th>Durée<th>Nombre<tr><th scope=row>2 h<td>12 enfants</table>"
    assert shown(page) == [
        ("ligne_tableau", "Durée\tNombre"),
        ("titre", "2 h"),
        ("ligne_tableau", "12 enfants"),
    ]


def test_a_label_beside_a_sentence_heads_it() -> None:
    page = (
        "<table><tr><td>Collectif<td>Un collectif d'enfants est constitué de 8 à 12 enfants."
        "</table>"
    )
    assert [nature for nature, _ in shown(page)] == ["titre", "ligne_tableau"]


def test_short_cells_of_two_columns_stay_together() -> None:
    page = "<table><tr><td>Prestation<td>2 563 €<tr><td>Bonus<td>300 €</table>"
    assert shown(page) == [
        ("ligne_tableau", "Prestation\t2 563 €"),
        ("ligne_tableau", "Bonus\t300 €"),
    ]


def test_cells_that_span_are_read_once_where_they_begin() -> None:
    page = "<table><tr><td colspan=2>ab<td rowspan=2>c<tr><td>d<td>e<tr><td>f<td>g<td>h</table>"
    assert [text for _, text in shown(page)] == ["ab\tc", "d\te", "f\tg\th"]


def test_a_heading_over_all_columns_heads_the_rows_under_it() -> None:
    page = "<table><tr><td>a<td>b<td>c<tr><th colspan=3>Partie<tr><td>d<td>e<td>f</table>"
    assert shown(page)[1] == ("titre", "Partie")


def test_spans_without_measure_are_bounded() -> None:
    page = "<table><tr><td colspan=99999 rowspan=99999>a<td>b<tr><td>c</table>"
    assert [text for _, text in shown(page)] == ["a\tb", "c"]


def test_tables_that_lay_a_page_out_are_flattened() -> None:
    assert shown("<table><tr><td><p>a</p><p>b</p></table>") == [
        ("paragraphe", "a"),
        ("paragraphe", "b"),
    ]
    assert shown("<table role=presentation><tr><td>a<td>b</table>") == [
        ("paragraphe", "a"),
        ("paragraphe", "b"),
    ]
    page = "<table><tr><td>Menu<td><h2>T</h2><table><tr><td>1<td>2</table></table>"
    assert shown(page) == [("paragraphe", "Menu"), ("titre", "T"), ("ligne_tableau", "1\t2")]


def test_hidden_rows_are_not_read() -> None:
    page = "<table><tr hidden><td>x<td>y<tr><td>a<td>b</table>"
    assert shown(page) == [("ligne_tableau", "a\tb")]


def test_text_strayed_in_a_table_is_not_lost() -> None:
    page = "<table>seul<tr>entre<td>a<td>b</tr></table>"
    assert " ".join(text for _, text in shown(page)).split() == ["seul", "entre", "a", "b"]


def test_an_image_in_a_cell_is_a_hole_of_its_row() -> None:
    page = "<table><tr><td>a<td>b<img src=x alt=Logo></table>"
    document = read_html(page.encode(), LIMITES, lambda _done, _total: None)
    assert document.blocs[0].trou == "une image : Logo"
