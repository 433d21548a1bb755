"""PDF drawn by hand, operator by operator: what a page shows is read, and nothing else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from drawn_pdf import LINES, fabriquer, lignes, lire, mots, texte
from pypdf.generic import (
    ArrayObject,
    FloatObject,
    NameObject,
)


def test_words_come_with_their_place_on_the_page_and_in_the_block() -> None:
    document = lire(fabriquer(texte(100, 700, "Bonjour a tous", size=20)))
    bloc = document.blocs[0]
    assert [bloc.contenu.texte[b.debut : b.fin] for b in bloc.contenu.boites] == [
        "Bonjour",
        "a",
        "tous",
    ]
    first = bloc.contenu.boites[0]
    assert first.page == 1
    assert first.x0 == pytest.approx(100, abs=1)
    assert first.haut < 842 - 700 < first.bas
    assert all(before.x1 <= after.x0 for before, after in pairwise(bloc.contenu.boites))


def test_places_are_those_of_the_page_as_shown_when_it_is_turned() -> None:
    content = fabriquer(lignes(100, 700, LINES), rotate=90)
    first = lire(content).blocs[0].contenu.boites[0]
    # Turned a quarter clockwise, what was 100 from the left stands 100 from the top.
    assert first.haut == pytest.approx(100, abs=1)
    assert first.x0 < 700 < first.x1


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_turned_page_is_read_in_its_own_direction(rotate: int) -> None:
    content = fabriquer(lignes(100, 700, LINES), rotate=rotate)
    assert mots(lire(content)) == " ".join(LINES)


@pytest.mark.parametrize("matrix", ["0 1 -1 0 200 100", "0 -1 1 0 200 700", "-1 0 0 -1 500 400"])
def test_text_written_across_the_page_is_read(matrix: str) -> None:
    drawn = f"q {matrix} cm\n" + lignes(0, 0, LINES) + "Q\n"
    assert mots(lire(fabriquer(drawn))) == " ".join(LINES)


def test_a_page_turned_to_show_text_written_across_it_gives_plain_places() -> None:
    drawn = "q 0 1 -1 0 200 100 cm\n" + lignes(0, 0, LINES) + "Q\n"
    boxes = lire(fabriquer(drawn, rotate=90)).blocs[0].contenu.boites
    assert boxes[0].x0 < boxes[1].x0
    assert boxes[0].haut == pytest.approx(boxes[1].haut, abs=0.2)


def test_letters_placed_one_by_one_without_spaces_make_words() -> None:
    drawn, x = "", 80.0
    for word in ("accompagnement", "scolaire"):
        for letter in word:
            drawn += texte(x, 700, letter, size=10)
            x += {"i": 2.22, "l": 2.22, "m": 8.33, "r": 3.33, "t": 2.78, "s": 5, "c": 5}.get(
                letter, 5.56
            )
        x += 2.8
    assert mots(lire(fabriquer(drawn))) == "accompagnement scolaire"


def test_spaced_letters_are_not_parted_into_words() -> None:
    drawn = "BT /F1 12 Tf 2 Tc 80 700 Td (IMPORTANT RAPPEL) Tj ET\n"
    assert mots(lire(fabriquer(drawn))) == "IMPORTANT RAPPEL"


def test_letters_printed_twice_to_look_bold_are_read_once() -> None:
    drawn = texte(80, 700, "Annee scolaire") + texte(80.4, 700, "Annee scolaire")
    assert mots(lire(fabriquer(drawn))) == "Annee scolaire"


def test_double_letters_are_kept() -> None:
    assert mots(lire(fabriquer(texte(80, 700, "intelligible")))) == "intelligible"


def test_an_accent_drawn_over_its_letter_is_one_letter() -> None:
    drawn = (
        texte(80, 700, "ann")
        + texte(98.5, 700, "e")
        + texte(99.6, 700, "´")
        + texte(104.6, 700, "e")
    )
    assert mots(lire(fabriquer(drawn))) == "année"


def test_text_outside_the_visible_part_of_the_page_is_not_read() -> None:
    writer = fabriquer(
        texte(100, 700, "visible") + texte(100, 20, "coupe") + texte(700, 300, "loin")
    )
    writer.pages[0][NameObject("/CropBox")] = ArrayObject(
        [FloatObject(value) for value in (50, 50, 550, 800)]
    )
    document = lire(writer)
    assert mots(document) == "visible"
    assert document.blocs[0].contenu.boites[0].x0 == pytest.approx(50, abs=1)


def test_white_text_on_white_paper_is_not_read_and_it_is_said() -> None:
    drawn = texte(100, 700, "lisible") + "1 g\n" + texte(100, 600, "secret")
    document = lire(fabriquer(drawn))
    assert mots(document) == "lisible"
    assert any("blanc" in remark for remark in document.remarques)


def test_white_text_on_a_dark_band_is_read() -> None:
    drawn = "0 0 0.5 rg 90 690 200 30 re f 1 g\n" + texte(100, 700, "Titre clair")
    assert mots(lire(fabriquer(drawn))) == "Titre clair"


def test_tiny_text_is_not_read() -> None:
    drawn = texte(100, 700, "lisible") + texte(100, 600, "minuscule", size=0.5)
    assert mots(lire(fabriquer(drawn))) == "lisible"


def test_invisible_text_is_not_read_without_a_scan() -> None:
    drawn = texte(100, 700, "lisible") + "BT 3 Tr /F1 11 Tf 100 600 Td (cache) Tj ET\n"
    assert mots(lire(fabriquer(drawn))) == "lisible"


def test_the_text_recognized_on_a_scan_is_read_and_it_is_said() -> None:
    scan = "q 595 0 0 842 0 0 cm /Im1 Do Q 3 Tr\n" + lignes(80, 700, LINES)
    document = lire(fabriquer(scan, scan, scan))
    assert LINES[0] in mots(document)
    assert any(
        remark.startswith("pages 1 à 3 : texte reconnu sur une image")
        for remark in document.remarques
    )
