"""Reading of Markdown files."""

from __future__ import annotations

import pytest

from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import LIMITES
from corpus.loading.markdown import read_markdown
from corpus.loading.models import DocumentCharge


def read(text: str) -> DocumentCharge:
    return read_markdown(text.encode(), LIMITES, lambda _done, _total: None)


def shown(text: str) -> list[tuple[str, int, str]]:
    return [(b.nature, b.niveau, b.contenu.texte) for b in read(text).blocs]


def texts(text: str) -> list[str]:
    return [b.contenu.texte for b in read(text).blocs]


def notes(text: str) -> list[list[str]]:
    return [[n.texte for n in b.notes] for b in read(text).blocs]


def test_headings_of_both_kinds_are_read() -> None:
    assert shown("# Un\n\nDeux\n----\n\n### Pour qui ?\n\nfin") == [
        ("titre", 1, "Un"),
        ("titre", 2, "Deux"),
        ("question", 3, "Pour qui ?"),
        ("paragraphe", 0, "fin"),
    ]


def test_emphasis_escapes_and_entities_leave_their_words() -> None:
    assert texts("Un **mot**let, _deux_ \\* `code` 2\\. l&rsquo;école\\\nsuite") == [
        "Un motlet, deux * code 2. l’école suite"
    ]


def test_lists_have_marks_and_depth() -> None:
    assert shown("- a\n  1) b\n  2) c\n- d\n\n3. e\n4. f\n") == [
        ("element", 1, "• a"),
        ("element", 2, "1) b"),
        ("element", 2, "2) c"),
        ("element", 1, "• d"),
        ("element", 1, "3. e"),
        ("element", 1, "4. f"),
    ]


def test_lines_with_typed_bullets_are_items() -> None:
    assert shown("Il faut :\n• un lieu\n• une\nsalle\n") == [
        ("paragraphe", 0, "Il faut :"),
        ("element", 1, "• un lieu"),
        ("element", 1, "• une salle"),
    ]


def test_tables_are_rows() -> None:
    assert shown("| A | B |\n|---|:-:|\n| 1 | **2** |\n") == [
        ("ligne_tableau", 0, "A\tB"),
        ("ligne_tableau", 0, "1\t2"),
    ]


def test_a_table_in_html_keeps_its_spans() -> None:
    page = "Avant\n\n<table><tr><td rowspan=2>Enfants<td>un<tr><td>deux</table>\n\nAprès"
    assert shown(page) == [
        ("paragraphe", 0, "Avant"),
        ("titre", 6, "Enfants"),
        ("ligne_tableau", 0, "un"),
        ("ligne_tableau", 0, "deux"),
        ("paragraphe", 0, "Après"),
    ]


def test_tags_of_html_go_and_their_words_stay() -> None:
    page = "Un <u>mot</u> <span class=x>deux</span>.<!-- non -->\n\n<script>non</script>\n\nfin"
    assert texts(page) == ["Un mot deux.", "fin"]


def test_a_blank_to_fill_in_is_no_tag() -> None:
    assert texts("Le projet de <nom de la structure> et <commune>.") == [
        "Le projet de <nom de la structure> et <commune>."
    ]


def test_a_note_is_attached_to_the_block_that_calls_it() -> None:
    page = "Un mot[^1] et deux[^b].\n\nFin.\n\n[^1]: La note.\n[^b]: Autre,\nà la ligne.\n"
    assert texts(page) == ["Un mot et deux.", "Fin."]
    assert notes(page) == [["La note.", "Autre, à la ligne."], []]


def test_a_note_of_one_word_or_of_several_paragraphs_is_whole() -> None:
    page = "Un[^1] deux[^2]\n\n[^1]: Circulaire\n\n[^2]: Début\n\n    - fin\n\nTexte"
    assert notes(page)[0] == ["Circulaire", "Début • fin"]
    assert texts(page)[1:] == ["Texte"]


def test_a_note_in_a_table_or_a_heading_is_attached_to_it() -> None:
    page = "## T[^1]\n\n| A | B[^2] |\n|---|---|\n\n[^1]: Une\n[^2]: Deux\n"
    assert notes(page) == [["Une"], ["Deux"]]


def test_a_note_that_nothing_calls_is_kept_as_text() -> None:
    assert texts("Un mot.\n\n[^1]: La note.\n") == ["Un mot.", "1. La note."]


def test_a_call_without_note_is_left_as_it_is() -> None:
    assert texts("Un mot[^1].") == ["Un mot[^1]."]


def test_superscript_calls_of_html_are_notes() -> None:
    page = "Un mot<sup>1</sup>, 12 m<sup>2</sup>.\n\n<sup>1</sup> La note.\n"
    assert texts(page) == ["Un mot, 12 m2."]
    assert notes(page) == [["La note."]]


def test_code_is_no_place_for_notes_or_blocks() -> None:
    page = "```\n[^1]: code\n::: x\n```\n\nfin"
    assert texts(page) == ["[^1]: code ::: x", "fin"]


def test_marks_of_pandoc_are_read() -> None:
    page = "# Titre {#id .cl}\n\n[sou]{.underline}ligné, XX^e^ siècle\n"
    assert texts(page) == ["Titre", "souligné, XXe siècle"]


@pytest.mark.parametrize("opening", ["::: encadre", "::: {.encadre}", '<div class="encadre">\n'])
def test_a_box_of_pandoc_is_a_box(opening: str) -> None:
    end = "</div>" if opening.startswith("<") else ":::"
    blocs = read(f"{opening}\n**Important**\n\nx\n\n{end}\n\nfin").blocs
    assert [(b.nature, b.contenu.texte, b.a_part) for b in blocs] == [
        ("encadre", "Important", False),
        ("paragraphe", "x", False),
        ("paragraphe", "fin", True),
    ]


def test_an_address_is_kept_as_it_is_written() -> None:
    (bloc,) = read("<https://www.caf.fr/a%20b/r%C3%A9f>").blocs
    assert (bloc.nature, bloc.contenu.texte) == ("lien", "https://www.caf.fr/a%20b/r%C3%A9f")


def test_an_image_is_a_hole() -> None:
    (bloc,) = read("Carte : ![Les Caf](carte.png)").blocs
    assert (bloc.contenu.texte, bloc.trou) == ("Carte :", "une image : Les Caf")


def test_fields_at_the_head_are_properties() -> None:
    document = read('---\ntitle: "Le Clas"\nauthor: Cnaf\ndate: 06/04/2021\n---\n\nTexte\n')
    assert document.proprietes == {"titre": "Le Clas", "auteur": "Cnaf", "date": "2021-04-06"}
    assert [b.contenu.texte for b in document.blocs] == ["Texte"]


def test_a_rule_at_the_head_opens_no_fields() -> None:
    assert texts("---\nUn texte, puis un autre\n---\nfin") == ["Un texte, puis un autre", "fin"]


def test_a_table_drawn_with_dashes_is_told() -> None:
    page = "+-----+-----+\n| a   | b   |\n+-----+-----+\n"
    assert "tiret" in read(page).remarques[0]


def test_windows_files_are_read() -> None:
    content = "# Été\r\n\r\n- l’élève\r\n- deux\r\n".encode("cp1252")
    document = read_markdown(content, LIMITES, lambda _done, _total: None)
    assert [b.contenu.texte for b in document.blocs] == ["Été", "• l’élève", "• deux"]
    assert "Windows-1252" in document.remarques[0]


@pytest.mark.parametrize(
    ("text", "motif"),
    [
        ("", "vide"),
        ("\n  \n", "vide"),
        ("![](x.png)", "vide"),
        ("a\0b", "inconnu"),
        ("> " * 150 + "x", "trop_imbrique"),
        ("[^1]\n\n[^1]: " + "> " * 150 + "x", "trop_imbrique"),
    ],
)
def test_what_is_not_read_is_refused(text: str, motif: str) -> None:
    with pytest.raises(FichierRefuse) as caught:
        read(text)
    assert caught.value.motif == motif


def test_nested_quotes_at_an_accepted_depth_are_read() -> None:
    assert texts("> " * 90 + "mot") == ["mot"]


def test_reading_tells_that_it_goes_on() -> None:
    steps: list[tuple[int, int]] = []
    text = "Un paragraphe.\n\n" * 500
    read_markdown(text.encode(), LIMITES, lambda done, total: steps.append((done, total)))
    assert len(steps) > 10
