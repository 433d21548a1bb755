"""PDF set by a real program (typst): structure, notes, tables and columns are found again."""

from __future__ import annotations

import typst

from corpus.loading.limits import LIMITES
from corpus.loading.models import BlocCharge, DocumentCharge
from corpus.loading.pdf import read_pdf

PHRASES = (
    "Le contrat local d’accompagnement à la scolarité soutient les enfants après la classe. ",
    "Les séances se tiennent dans un lieu ouvert aux parents, deux fois par semaine. ",
    "Chaque collectif compte de huit à douze enfants, encadrés par deux adultes. ",
    "Le comité départemental examine les projets et veille à leur complémentarité. ",
)


def prose(number: int) -> str:
    """Give a paragraph of its own for each number."""
    return f"Alinéa {number}. " + "".join(PHRASES[(number + n) % 4] for n in range(4)).strip()


def composer(source: str) -> DocumentCharge:
    entete = '#set text(lang: "fr", size: 11pt)\n#set par(justify: true)\n'
    content = typst.compile((entete + source).encode(), format="pdf", ignore_system_fonts=True)
    return read_pdf(content, LIMITES, lambda _done, _total: None)


def de(document: DocumentCharge, nature: str) -> list[BlocCharge]:
    return [bloc for bloc in document.blocs if bloc.nature == nature]


def textes(document: DocumentCharge, nature: str) -> list[str]:
    return [bloc.contenu.texte for bloc in de(document, nature)]


def mots(document: DocumentCharge) -> str:
    return " ".join(bloc.contenu.texte for bloc in document.blocs)


def test_headings_take_their_level_from_their_size() -> None:
    document = composer(
        f"= Principes\n{prose(0)}\n== Les enfants\n{prose(1)}\n=== Au collège\n{prose(2)}\n"
        f"== Les parents\n{prose(3)}"
    )
    assert [(b.contenu.texte, b.niveau) for b in de(document, "titre")] == [
        ("Principes", 1),
        ("Les enfants", 2),
        ("Au collège", 3),
        ("Les parents", 2),
    ]
    assert textes(document, "paragraphe") == [prose(n) for n in range(4)]


def test_a_heading_that_asks_is_a_question() -> None:
    document = composer(f"== Qui peut être accueilli ?\n{prose(0)}")
    assert textes(document, "question") == ["Qui peut être accueilli ?"]


def test_bold_words_inside_a_paragraph_make_no_heading() -> None:
    document = composer(f"*Attention :* {prose(0)}\n\n{prose(1)} *gratuit*.")
    assert not textes(document, "titre")
    assert len(textes(document, "paragraphe")) == 2


def test_items_keep_their_mark_and_their_depth() -> None:
    document = composer(
        f"{prose(0)}\n- {prose(1)}\n- deuxième\n  - dedans\n  - encore\n- troisième\n\n{prose(2)}\n"
        "+ premier\n+ second\n"
    )
    assert [(b.niveau, b.contenu.texte[:14]) for b in de(document, "element")] == [
        (1, "• Alinéa 1. Le"[:14]),
        (1, "• deuxième"),
        (2, "‣ dedans"),
        (2, "‣ encore"),
        (1, "• troisième"),
        (1, "1. premier"),
        (1, "2. second"),
    ]
    assert textes(document, "element")[0] == f"• {prose(1)}"


def test_a_number_that_begins_a_line_inside_a_sentence_is_no_item() -> None:
    filler = "Le montant est calculé sur la base du prix plafond de l’année scolaire en cours soit "
    document = composer(
        "#set par(justify: false)\n"
        + " ".join(f"{filler} {n}) euros et" for n in range(1, 12))
        + " fin."
    )
    assert not textes(document, "element")


def test_words_cut_at_line_ends_are_rejoined_and_own_hyphens_kept() -> None:
    text = (
        "L’accompagnement socio-éducatif des collégiens nécessite incontestablement une "
        "complémentarité interinstitutionnelle, c’est-à-dire au-delà des responsabilités "
        "départementales habituellement reconnues aux établissements, peut-être davantage. "
    ) * 6
    document = composer(f"#set page(width: 7cm)\n{text}")
    assert mots(document).split() == text.split()


def test_ligatures_quotes_and_no_break_spaces_give_plain_words() -> None:
    document = composer("Un office « affilié » : financé, efficace, 1~500~€ ; fin difficile !")
    assert mots(document) == "Un office « affilié » : financé, efficace, 1 500 € ; fin difficile !"


def test_letters_with_separate_accents_are_composed() -> None:
    document = composer("Un e\u0301le\u0300ve de CM2 a\u0300 l’e\u0301cole.")
    assert mots(document) == "Un élève de CM2 à l’école."


def test_two_columns_are_read_one_after_the_other_with_their_paragraphs() -> None:
    paragraphs = [prose(n) for n in range(16)]
    document = composer(
        '#set page(columns: 2, numbering: "1 / 1", header: [Note de cadrage #h(1fr) Caf])\n'
        + "\n\n".join(paragraphs)
    )
    assert textes(document, "paragraphe") == paragraphs


def test_a_title_over_two_columns_comes_first() -> None:
    paragraphs = [prose(n) for n in range(8)]
    document = composer(
        '#set page(columns: 2)\n#place(top, scope: "parent", float: true, '
        "text(18pt)[*Un titre qui court sur les deux colonnes*])\n" + "\n\n".join(paragraphs)
    )
    assert mots(document).startswith("Un titre qui court sur les deux colonnes")
    assert textes(document, "paragraphe") == paragraphs


def test_a_changing_running_title_is_no_text() -> None:
    source = (
        '#set page(height: 12cm, header: context text(8pt, style: "italic")[#query('
        "selector(heading).before(here())).at(-1, default: (body: [Note])).body], "
        'numbering: "1")\n'
    )
    source += "\n".join(f"= Partie {'ABCDEFGH'[n]}\n{prose(n)}\n\n{prose(n + 1)}" for n in range(8))
    document = composer(source)
    assert textes(document, "titre") == [f"Partie {letter}" for letter in "ABCDEFGH"]
    expected = [prose(n + m) for n in range(8) for m in (0, 1)]
    assert textes(document, "paragraphe") == expected


def test_footnotes_go_to_the_block_that_calls_them_without_their_number() -> None:
    document = composer(
        f"Un texte appelé#footnote[Première note, sur deux institutions.] ici. {prose(0)}\n\n"
        f"{prose(1)} Un autre#footnote[Seconde note.]. Une surface de 12 m#super[2].\n\n{prose(2)}"
    )
    assert [[note.texte for note in bloc.notes] for bloc in document.blocs] == [
        ["Première note, sur deux institutions."],
        ["Seconde note."],
        [],
    ]
    assert "appelé ici" in document.blocs[0].contenu.texte
    assert document.blocs[1].contenu.texte.endswith("Un autre. Une surface de 12 m2.")


def test_footnotes_at_the_foot_of_columns_are_found() -> None:
    paragraphs = [prose(n) for n in range(14)]
    called = "\n\n".join(
        f"{text}#footnote[Note du paragraphe {n}.]" if n % 4 == 0 else text
        for n, text in enumerate(paragraphs)
    )
    document = composer(f"#set page(columns: 2)\n{called}")
    found = {b.contenu.texte: [note.texte for note in b.notes] for b in document.blocs}
    assert found == {
        text: [f"Note du paragraphe {n}."] if n % 4 == 0 else []
        for n, text in enumerate(paragraphs)
    }


def test_a_footnote_that_goes_on_over_the_page_is_one_note() -> None:
    note = " ".join(prose(n) for n in range(12))
    document = composer(
        f"#set page(height: 14cm)\n{prose(0)}#footnote[{note}]\n\n"
        + "\n\n".join(prose(n) for n in range(1, 7))
    )
    assert [n.texte for bloc in document.blocs for n in bloc.notes] == [note]
    assert textes(document, "paragraphe") == [prose(n) for n in range(7)]


TABLEAU = (
    "#table(columns: (1fr, 1fr, 1fr), table.header([Critère], [Seuil], [Pièce]), "
    + ", ".join(f"[Critère {n}], [au moins {n}], [pièce {n} signée]" for n in range(30))
    + ")"
)
LIGNES = [f"Critère {n}\tau moins {n}\tpièce {n} signée" for n in range(30)]


def test_a_ruled_table_gives_a_row_a_line_and_its_repeated_header_once() -> None:
    document = composer(f"#set page(height: 15cm)\n{prose(0)}\n{TABLEAU}\n{prose(1)}")
    assert textes(document, "ligne_tableau") == ["Critère\tSeuil\tPièce", *LIGNES]
    assert textes(document, "paragraphe") == [prose(0), prose(1)]


def test_a_running_title_above_a_table_over_pages_is_no_text() -> None:
    rows = ", ".join(f"[{n}], [Association numéro {n}], [Favorable]" for n in range(90))
    document = composer(
        "#set page(header: align(center)[Compte rendu du comité])\n= Réunion\n"
        f"#table(columns: 3, table.header([N°], [Porteur], [Avis]), {rows})"
    )
    assert document.pages == 3
    assert "Compte rendu" not in mots(document)
    assert textes(document, "ligne_tableau").count("N°\tPorteur\tAvis") == 1


def test_a_table_with_horizontal_rules_only_gives_its_rows() -> None:
    open_table = TABLEAU.replace("#table(", "#table(stroke: (x: none, y: 0.5pt), ").replace(
        ", ".join(f"[Critère {n}], [au moins {n}], [pièce {n} signée]" for n in range(12, 30)), ""
    )
    document = composer(f"{prose(0)}\n{open_table}\n{prose(1)}")
    assert textes(document, "ligne_tableau") == ["Critère\tSeuil\tPièce", *LIGNES[:12]]


def test_a_row_cut_by_the_end_of_the_page_is_one_row() -> None:
    long = " ".join(prose(n).replace("Alinéa", "point") for n in range(4))
    document = composer(
        f"#set page(height: 13cm)\n{prose(0)}\n#table(columns: (1fr, 2fr), [Critère], [Détail], "
        f"[Premier], [{prose(1)}], [Second], [{long}])\n"
    )
    assert textes(document, "ligne_tableau") == [
        "Critère\tDétail",
        f"Premier\t{prose(1)}",
        f"Second\t{long}",
    ]


def test_a_left_cell_over_several_rows_is_a_heading_of_its_rows() -> None:
    document = composer(
        "#table(columns: (1fr, 2fr), table.cell(rowspan: 2)[Les enfants], [Un appui], [Un lieu], "
        "table.cell(rowspan: 2)[Les parents], [Un échange], [Un temps convivial])"
    )
    assert [(b.nature, b.niveau, b.contenu.texte) for b in document.blocs] == [
        ("titre", 6, "Les enfants"),
        ("ligne_tableau", 0, "Un appui"),
        ("ligne_tableau", 0, "Un lieu"),
        ("titre", 6, "Les parents"),
        ("ligne_tableau", 0, "Un échange"),
        ("ligne_tableau", 0, "Un temps convivial"),
    ]


def test_the_heading_of_a_frame_is_that_of_a_box() -> None:
    document = composer(
        f"{prose(0)}\n#block(stroke: 1pt, inset: 8pt)[*Important*\n\n{prose(1)}]\n{prose(2)}"
    )
    assert [(b.nature, b.a_part) for b in document.blocs] == [
        ("paragraphe", False),
        ("encadre", False),
        ("paragraphe", False),
        ("paragraphe", True),
    ]


def test_a_frame_beside_the_text_does_not_cut_its_sentences() -> None:
    aside = "block(stroke: 1pt, inset: 8pt)[*À noter*\n\nLe dossier se dépose en ligne avant juin.]"
    document = composer(
        f"{prose(0)}\n#grid(columns: (2fr, 1fr), gutter: 12pt, [{prose(1)}\n\n{prose(2)}], "
        f"{aside})\n{prose(3)}"
    )
    assert {prose(n) for n in range(4)} <= set(textes(document, "paragraphe"))
    assert "Le dossier se dépose en ligne avant juin." in textes(document, "paragraphe")


def test_a_landscape_page_among_others_is_read() -> None:
    document = composer(
        f"{prose(0)}\n#page(flipped: true)[{prose(1)}]\n#page()[#rotate(90deg, reflow: true)["
        f"#block(width: 18cm)[{prose(2)}]]]\n{prose(3)}"
    )
    assert textes(document, "paragraphe") == [prose(n) for n in range(4)]
    assert [bloc.page for bloc in document.blocs] == [1, 2, 3, 4]


def test_a_paragraph_over_a_page_is_one_paragraph_with_places_on_both() -> None:
    paragraphs = [f"{prose(n)} {prose(n + 10)}" for n in range(5)]
    document = composer(
        "#set page(height: 9cm)\n#set text(costs: (widow: 0%, orphan: 0%))\n"
        + "\n\n".join(paragraphs)
    )
    assert textes(document, "paragraphe") == paragraphs
    assert {1, 2} in [{box.page for box in bloc.contenu.boites} for bloc in document.blocs]


def test_indented_paragraphs_without_blanks_are_parted() -> None:
    paragraphs = [prose(n) for n in range(6)]
    document = composer(
        "#set par(first-line-indent: (amount: 1.5em, all: true), spacing: 0.65em)\n"
        + "\n\n".join(paragraphs)
    )
    assert textes(document, "paragraphe") == paragraphs


def test_every_word_has_its_place() -> None:
    document = composer(f"= Titre\n{prose(0)}\n- {prose(1)}\n{TABLEAU}")
    for bloc in document.blocs:
        located = {bloc.contenu.texte[b.debut : b.fin] for b in bloc.contenu.boites}
        assert set(bloc.contenu.texte.split()) <= located | set("".join(located).split())
        assert all(0 <= b.x0 < b.x1 and 0 <= b.haut < b.bas for b in bloc.contenu.boites)


def test_a_long_link_is_read_whole() -> None:
    link = "https://www.exemple.fr/documents/referentiel-national/accompagnement_a_la_scolarite/2025.pdf"
    document = composer(f'#set page(width: 9cm)\n{prose(0)}\n\n#link("{link}")\n\n{prose(1)}')
    assert textes(document, "lien") == [link]


def test_a_small_file_with_one_page_keeps_all_its_words() -> None:
    document = composer(f'#set page(header: [Caf], numbering: "1")\n{prose(0)}\n\n{prose(1)}')
    assert prose(0) in textes(document, "paragraphe")
    assert prose(1) in textes(document, "paragraphe")
