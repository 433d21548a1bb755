"""Reading of pages: headings, lists, boxes, questions, holes."""

from __future__ import annotations

import pytest

from corpus.loading.errors import FichierRefuse
from corpus.loading.html import read_html
from corpus.loading.limits import LIMITES
from corpus.loading.models import BlocCharge, DocumentCharge


def nothing(_done: int, _total: int) -> None:
    pass


def read(page: str) -> DocumentCharge:
    return read_html(page.encode(), LIMITES, nothing)


def shown(page: str) -> list[tuple[str, int, str]]:
    return [(b.nature, b.niveau, b.contenu.texte) for b in read(page).blocs]


def texts(page: str) -> list[str]:
    return [b.contenu.texte for b in read(page).blocs]


def only(page: str) -> BlocCharge:
    (bloc,) = read(page).blocs
    return bloc


def test_headings_keep_their_level_and_a_question_is_one() -> None:
    assert shown(
        "<h1>Clas</h1><h3>Pour qui&nbsp;?</h3><p>Eux</p><div role=heading aria-level=5>T</div>"
    ) == [
        ("titre", 1, "Clas"),
        ("question", 3, "Pour qui ?"),
        ("paragraphe", 0, "Eux"),
        ("titre", 5, "T"),
    ]


def test_a_heading_without_words_is_nothing() -> None:
    assert shown("<h2> <span></span></h2><p>a</p>") == [("paragraphe", 0, "a")]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>un <b>mot</b>let, <i>deux</i></p>", "un motlet, deux"),
        ("<p>ligne<br>suivante</p>", "ligne suivante"),
        ("<p>l&rsquo;&eacute;cole &#146;x&#8217; &amp; 5&nbsp;&euro;</p>", "l’école ’x’ & 5 €"),
        ("<p>anti<wbr>constitution\u00adnelle\u200bment</p>", "anticonstitutionnellement"),
        ("<p>la \ufb01n e\ufb03cace</p>", "la fin efficace"),
        ("<p>12 m<sup>2</sup></p>", "12 m2"),
        ("<p>l'apostrophe droite, l’autre</p>", "l'apostrophe droite, l’autre"),
        ("<p>e\u0301cole</p>", "e\u0301cole"),
        ("<p>a <!-- une note --> b</p>", "a b"),
    ],
)
def test_words_are_kept_as_a_reader_sees_them(source: str, words: str) -> None:
    assert texts(source) == [words]


def test_a_double_line_break_parts_paragraphs() -> None:
    assert texts("<p>un<br>deux<br><br>trois</p>") == ["un deux", "trois"]


def test_lines_with_typed_bullets_are_items() -> None:
    assert shown("<p>Il faut :<br>- un lieu<br>• une salle</p>") == [
        ("paragraphe", 0, "Il faut :"),
        ("element", 1, "- un lieu"),
        ("element", 1, "• une salle"),
    ]


def test_preformatted_lines_are_parted_by_blank_lines_only() -> None:
    assert texts("<pre>un\n  deux\n\ntrois</pre>") == ["un deux", "trois"]


def test_nested_lists_have_depth_and_marks() -> None:
    assert shown("<ul><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ul>") == [
        ("element", 1, "• a"),
        ("element", 2, "• b"),
        ("element", 1, "• c"),
        ("paragraphe", 0, "d"),
    ]


@pytest.mark.parametrize(
    ("attributes", "marks"),
    [
        ("", ["1.", "2.", "3."]),
        ("start=9", ["9.", "10.", "11."]),
        ("reversed", ["3.", "2.", "1."]),
        ("type=a", ["a.", "b.", "c."]),
        ("type=A start=26", ["Z.", "AA.", "AB."]),
        ("type=i start=4", ["iv.", "v.", "vi."]),
        ("type=I", ["I.", "II.", "III."]),
        ("style='list-style-type: lower-latin'", ["a.", "b.", "c."]),
        ("style='list-style-type: decimal-leading-zero'", ["01.", "02.", "03."]),
        ("style='list-style: square inside'", ["•", "•", "•"]),
    ],
)
def test_ordered_lists_show_their_numbers(attributes: str, marks: list[str]) -> None:
    page = f"<ol {attributes}><li>x</li><li>x</li><li>x</li></ol>"
    assert texts(page) == [f"{mark} x" for mark in marks]


def test_the_value_of_an_item_renumbers_those_after() -> None:
    assert texts("<ol><li>x<li value=7>y<li>z</ol>") == ["1. x", "7. y", "8. z"]


def test_a_list_without_marks_shows_none() -> None:
    assert shown("<ul style='list-style:none'><li>x</ul>") == [("element", 1, "x")]


def test_the_number_of_an_item_that_is_a_heading_stays_on_it() -> None:
    assert shown("<ol><li><h3>Lieu</h3><p>ici</p></ol>") == [
        ("titre", 3, "1. Lieu"),
        ("paragraphe", 0, "ici"),
    ]


def test_items_of_word_are_items() -> None:
    page = (
        "<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span>·"
        "<span>&nbsp;&nbsp;</span></span>un lieu</p>"
    )
    assert shown(page) == [("element", 2, "• un lieu")]


def test_definitions_stand_under_their_terms() -> None:
    assert shown("<dl><dt>Qui ?<dd>Eux</dd><div><dt>Clas</dt><dd>Contrat</dd></div></dl>") == [
        ("question", 6, "Qui ?"),
        ("paragraphe", 0, "Eux"),
        ("titre", 6, "Clas"),
        ("paragraphe", 0, "Contrat"),
    ]


def test_a_folded_part_is_read_under_what_unfolds_it() -> None:
    page = "<h2>Aide</h2><details><summary>Quoi ?</summary>Une aide</details><p>Suite</p>"
    blocs = read(page).blocs
    assert [(b.nature, b.niveau) for b in blocs] == [
        ("titre", 2),
        ("question", 4),
        ("paragraphe", 0),
        ("paragraphe", 0),
    ]
    assert [b.a_part for b in blocs] == [False, False, False, True]


def test_a_heading_in_a_summary_keeps_its_level() -> None:
    page = "<details><summary><h2>Quelles conditions?</h2></summary><p>Le référentiel</p></details>"
    assert shown(page)[0] == ("question", 2, "Quelles conditions?")


@pytest.mark.parametrize("hiding", ["hidden", "aria-hidden=true", "style='display: none'"])
def test_the_panel_of_a_visible_button_is_read(hiding: str) -> None:
    page = (
        "<h3 class=fr-accordion__title><button class=fr-accordion__btn aria-expanded=false "
        f"aria-controls=p1>Pour qui ?</button></h3><div id=p1 {hiding}><p>Les structures</p></div>"
    )
    assert shown(page) == [("question", 3, "Pour qui ?"), ("paragraphe", 0, "Les structures")]


def test_a_button_out_of_headings_that_unfolds_a_panel_is_a_heading() -> None:
    page = (
        "<button aria-controls=p aria-expanded=false>Montant</button><div id=p hidden>2 563 €</div>"
    )
    assert shown(page) == [("titre", 4, "Montant"), ("paragraphe", 0, "2 563 €")]


def test_a_tab_heads_its_panel() -> None:
    page = (
        "<ul role=tablist><li><button role=tab aria-controls=a>Un</button>"
        "<li><button role=tab aria-controls=b>Deux</button></ul>"
        "<div role=tabpanel id=a>x</div><div role=tabpanel id=b hidden>y</div>"
    )
    assert texts(page) == ["Un", "x", "Deux", "y"]


def test_other_buttons_and_commands_are_no_text() -> None:
    page = (
        "<p>Texte</p><button>Imprimer</button><button aria-controls=p>Lire la suite</button>"
        "<div id=p hidden><p>La suite</p></div>"
    )
    assert texts(page) == ["Texte", "La suite"]


@pytest.mark.parametrize(
    "box",
    [
        "<div class=encadre><p><strong>Important</strong></p><p>x</p></div>",
        "<div class=fr-callout><h3 class=fr-callout__title>Important</h3><p>x</p></div>",
        "<div class='fr-alert fr-alert--info'><p class=fr-alert__title>Important</p><p>x</p></div>",
        "<aside><h4>Important</h4><p>x</p></aside>",
        "<div role=note>Important<p>x</p></div>",
    ],
)
def test_a_box_has_its_heading_and_ends(box: str) -> None:
    blocs = read(f"<main><p>Avant</p>{box}<p>Après</p></main>").blocs
    assert [(b.nature, b.niveau, b.contenu.texte, b.a_part) for b in blocs] == [
        ("paragraphe", 0, "Avant", False),
        ("encadre", 4, "Important", False),
        ("paragraphe", 0, "x", False),
        ("paragraphe", 0, "Après", True),
    ]


def test_a_box_without_heading_is_text() -> None:
    assert shown("<div class=fr-highlight><p>À retenir par tous.</p></div>") == [
        ("paragraphe", 0, "À retenir par tous.")
    ]


def test_a_line_in_bold_alone_is_a_heading_but_a_sentence_is_none() -> None:
    page = "<h2>T</h2><p><b>Les moyens</b></p><p>a</p><p><b>C'est dit.</b></p><p><b>a</b> b</p>"
    assert [b[:2] for b in shown(page)] == [
        ("titre", 2),
        ("titre", 3),
        ("paragraphe", 0),
        ("paragraphe", 0),
        ("paragraphe", 0),
    ]


def test_an_address_alone_is_a_link() -> None:
    assert only("<p><a href=x>https://www.caf.fr/a%20b</a></p>").nature == "lien"


def test_an_image_is_a_hole_after_the_words_before_it() -> None:
    document = read("<p>Carte :</p><p><img src=x alt='Les Caf'></p><p>Suite</p>")
    assert [b.trou for b in document.blocs] == ["une image : Les Caf", None]
    assert "une image : Les Caf" in document.remarques[0]


def test_a_decoration_is_no_hole() -> None:
    page = "<p>a<img src=x alt=''><img src=y width=1><svg><path/></svg></p>"
    document = read(page)
    assert document.blocs[0].trou is None
    assert document.remarques == ()


def test_a_film_and_an_image_without_description_are_holes() -> None:
    assert only("<p>a<iframe title='Le Clas'></iframe><img src=x></p>").trou == (
        "un contenu d'un autre site : Le Clas, une image"
    )


def test_a_figure_has_its_legend() -> None:
    page = "<p>a</p><figure><img src=x alt=Logo><figcaption>Le logo</figcaption></figure>"
    assert texts(page) == ["a", "Le logo"]


def test_an_image_before_all_words_is_not_forgotten() -> None:
    assert only("<img src=x alt=Logo><p>a</p>").trou == "une image : Logo"


def test_struck_words_are_left_out_and_told() -> None:
    document = read("<p>3 <del>4</del> groupes <s>au plus</s></p>")
    assert document.blocs[0].contenu.texte == "3 groupes"
    assert document.remarques == ("2 passages barrés sont laissés de côté",)


def test_a_page_says_its_title_author_and_date() -> None:
    page = (
        "<head><title>Le Clas - caf.fr</title><meta name=author content='Cnaf'>"
        "<meta property='article:published_time' content='2021-04-06T10:00:00Z'></head><p>a</p>"
    )
    assert read(page).proprietes == {
        "titre": "Le Clas - caf.fr",
        "auteur": "Cnaf",
        "date": "2021-04-06",
    }


def test_a_french_date_is_written_as_iso_and_a_false_one_is_not() -> None:
    assert read("<meta name=date content=06/04/2021><p>a").proprietes == {"date": "2021-04-06"}
    assert read("<meta name=date content=2021-24-06><p>a").proprietes == {}


@pytest.mark.parametrize("opening", ["<div>", "<ul><li>", "<h1><div>", "<table><tr><td>", "<b>"])
def test_elements_nested_without_end_are_refused(opening: str) -> None:
    with pytest.raises(FichierRefuse, match="emboîte") as caught:
        read(opening * 300 + "x")
    assert caught.value.motif == "trop_imbrique"


@pytest.mark.parametrize(
    "opening", ["<div>", "<ul><li>", "<table><tr><td>", "<b>", "<details>", "<blockquote>"]
)
def test_words_at_an_accepted_depth_are_read(opening: str) -> None:
    page = opening * (190 // opening.count("<")) + "mot"
    assert " ".join(texts(page)).split()[-1] == "mot"


def test_what_would_exhaust_the_stack_is_refused() -> None:
    with pytest.raises(FichierRefuse) as caught:
        read_html(b"<div>" * 800 + b"x", LIMITES.model_copy(update={"imbrication": 900}), nothing)
    assert caught.value.motif == "trop_imbrique"


def test_entities_that_a_page_declares_are_never_expanded() -> None:
    bomb = "<!DOCTYPE html [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><p>rire &b;</p>"
    assert texts(bomb) == ["rire &b;"]


def test_a_page_reads_no_file_and_no_network() -> None:
    page = "<!DOCTYPE html [<!ENTITY f SYSTEM 'file:///etc/hostname'>]><p>nom &f;</p>"
    assert texts(page) == ["nom &f;"]


def test_reading_tells_that_it_goes_on() -> None:
    steps: list[tuple[int, int]] = []
    read_html(
        b"<p>mot mot mot mot mot mot mot mot mot mot mot mot</p>" * 3_000,
        LIMITES,
        lambda done, total: steps.append((done, total)),
    )
    assert len(steps) > 4
    assert all(0 <= done < total for done, total in steps)
