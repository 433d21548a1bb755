"""Pages of PDF drawn by hand: their order, what surrounds the text, files that refuse."""

from __future__ import annotations

import io

import pytest
from drawn_pdf import LINES, ecrire, fabriquer, fin, lignes, lire, mots, refus, texte
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
)

from corpus.loading.limits import LIMITES
from corpus.loading.pdf import read_pdf


def test_a_page_that_is_but_an_image_leaves_a_hole_and_a_remark() -> None:
    scan = "q 595 0 0 842 0 0 cm /Im1 Do Q\n"
    document = lire(fabriquer(lignes(80, 700, LINES), scan, lignes(80, 700, ["La suite."])))
    assert [bloc.trou for bloc in document.blocs if bloc.trou] == [
        "la page 2, qui n'est qu'une image"
    ]
    assert "page 2 : aucun texte, une image seulement" in document.remarques


def test_a_scan_without_any_text_is_refused_by_its_pages() -> None:
    refused = refus(fabriquer(*["q 595 0 0 842 0 0 cm /Im1 Do Q\n"] * 3))
    assert refused.motif == "numerise"
    assert "pages 1 à 3" in str(refused)


def test_blank_pages_are_refused_as_empty() -> None:
    assert refus(fabriquer("", "")).motif == "vide"


def test_two_columns_drawn_line_by_line_are_read_one_after_the_other() -> None:
    left = [f"gauche {n} avec assez de mots pour remplir" for n in range(8)]
    right = [f"droite {n} avec assez de mots pour remplir" for n in range(8)]
    drawn = "".join(
        texte(60, 700 - 14 * n, left[n]) + texte(320, 700 - 14 * n, right[n]) for n in range(8)
    )
    assert mots(lire(fabriquer(drawn))) == " ".join([*left, *right])


def test_a_wide_title_over_two_columns_is_read_before_them() -> None:
    left = [f"gauche {n} avec assez de mots pour remplir" for n in range(8)]
    right = [f"droite {n} avec assez de mots pour remplir" for n in range(8)]
    drawn = "".join(
        texte(60, 680 - 14 * n, left[n]) + texte(320, 680 - 14 * n, right[n]) for n in range(8)
    ) + texte(60, 720, "Un titre qui court sur les deux colonnes de la page", size=18)
    document = lire(fabriquer(drawn))
    assert document.blocs[0].nature == "titre"
    assert mots(document).startswith("Un titre")
    assert mots(document).index("droite 0") > mots(document).index("gauche 7")


def test_lines_drawn_from_the_bottom_up_are_read_from_the_top() -> None:
    drawn = "".join(texte(80, 700 - 14 * n, LINES[n]) for n in (3, 1, 2, 0))
    assert mots(lire(fabriquer(drawn))) == " ".join(LINES)


def test_a_lone_page_number_is_no_text() -> None:
    document = lire(fabriquer(lignes(80, 700, LINES) + texte(295, 30, "1")))
    assert mots(document) == " ".join(LINES)


def test_running_lines_with_their_page_numbers_are_no_text() -> None:
    pages = [
        texte(80, 810, "Caf de l'exemple - note de cadrage")
        + lignes(80, 700 - n, [f"{line} ({n})" for line in LINES])
        + texte(260, 30, f"page {n + 1} sur 4")
        for n in range(4)
    ]
    read = mots(lire(fabriquer(*pages)))
    assert "note de cadrage" not in read
    assert "sur 4" not in read
    assert all(f"{line} ({n})" in read for n in range(4) for line in LINES)


def test_a_first_line_that_stands_at_one_place_on_two_pages_is_text() -> None:
    pages = [
        texte(80, 760, f"Fiche {n}", font="F2", size=16) + lignes(80, 730, LINES) for n in (1, 2)
    ]
    read = mots(lire(fabriquer(*pages)))
    assert "Fiche 1" in read
    assert "Fiche 2" in read


def test_a_protected_file_is_refused_as_such() -> None:
    writer = fabriquer(lignes(80, 700, LINES))
    writer.encrypt("secret", algorithm="RC4-128")
    assert refus(writer).motif == "chiffre"


def test_a_file_that_opens_without_password_is_read() -> None:
    writer = fabriquer(lignes(80, 700, LINES))
    writer.encrypt("", "proprietaire", algorithm="RC4-128")
    assert mots(lire(writer)) == " ".join(LINES)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_a_cut_file_is_read_or_refused_but_never_fails_otherwise(share: float) -> None:
    content = ecrire(fabriquer(*[lignes(80, 700, LINES)] * 3))
    assert fin(content[: int(len(content) * share)]) in {"lu", "endommage", "vide"}


def test_what_is_no_pdf_is_refused() -> None:
    assert refus(b"%PDF-1.7\nrien de plus").motif == "endommage"
    assert refus(b"").motif == "vide"


def test_a_page_that_unpacks_to_too_much_is_refused() -> None:
    writer = fabriquer(texte(80, 700, "petit") + " " * 30_000_000)
    writer.pages[0].compress_content_streams()
    content = ecrire(writer)
    assert len(content) < 100_000
    limits = LIMITES.model_copy(update={"octets_decompresses": 20_000_000})
    assert refus(content, limits).motif == "trop_gros"


def test_too_many_pages_or_characters_are_refused() -> None:
    content = ecrire(fabriquer(*[lignes(80, 700, LINES)] * 4))
    assert refus(content, LIMITES.model_copy(update={"pages": 3})).motif == "trop_de_pages"
    assert refus(content, LIMITES.model_copy(update={"caracteres": 300})).motif == "trop_gros"


def test_drawings_nested_in_themselves_end() -> None:
    writer = fabriquer(texte(80, 700, "dehors") + "/Fm1 Do\n")
    form = DecodedStreamObject()
    form.set_data(b"BT /F1 11 Tf 80 600 Td (dedans) Tj ET /Fm1 Do")
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject([NumberObject(n) for n in (0, 0, 595, 842)]),
        }
    )
    reference = writer._add_object(form)
    resources = writer.pages[0]["/Resources"]
    resources["/XObject"][NameObject("/Fm1")] = reference
    form[NameObject("/Resources")] = resources
    assert mots(lire(writer)) == "dehors dedans"


def test_brackets_nested_without_end_in_a_page_are_borne() -> None:
    writer = fabriquer(texte(80, 700, "avant") + "[" * 50_000)
    assert fin(ecrire(writer)) in {"lu", "trop_imbrique", "endommage", "trop_gros"}


def test_characters_without_meaning_are_marked_and_told() -> None:
    writer = fabriquer(texte(80, 700, "Lisible") + "BT /F3 11 Tf 80 600 Td <00010002> Tj ET\n")
    fonts = writer.pages[0]["/Resources"]["/Font"]
    fonts[NameObject("/F3")] = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type0"),
            NameObject("/BaseFont"): NameObject("/Inconnue"),
            NameObject("/Encoding"): NameObject("/Identity-H"),
            NameObject("/DescendantFonts"): ArrayObject(
                [
                    DictionaryObject(
                        {
                            NameObject("/Type"): NameObject("/Font"),
                            NameObject("/Subtype"): NameObject("/CIDFontType2"),
                            NameObject("/BaseFont"): NameObject("/Inconnue"),
                            NameObject("/CIDSystemInfo"): DictionaryObject({}),
                            NameObject("/FontDescriptor"): DictionaryObject({}),
                        }
                    )
                ]
            ),
        }
    )
    document = lire(writer)
    assert "Lisible" in mots(document)
    assert any("page 1 : des caractères que le fichier" in line for line in document.remarques)


def test_a_watermark_across_the_page_is_told_and_not_read() -> None:
    drawn = (
        lignes(80, 700, LINES)
        + "q 0.7 0.7 -0.7 0.7 150 250 cm\n"
        + texte(0, 0, "PROJET", size=60)
        + "Q\n"
    )
    document = lire(fabriquer(drawn))
    assert mots(document) == " ".join(LINES)
    assert any("filigrane" in line for line in document.remarques)


def test_a_table_drawn_without_rules_keeps_its_rows() -> None:
    rows = [("Nom", "Groupes", "Part"), ("Caf", "12", "50 %"), ("Ville", "8", "30 %")]
    drawn = lignes(80, 760, LINES[:2])
    for n, row in enumerate(rows):
        drawn += "".join(
            texte(x, 700 - 16 * n, cell) for x, cell in zip((80, 250, 400), row, strict=True)
        )
    drawn += lignes(80, 620, LINES[2:])
    found = [bloc for bloc in lire(fabriquer(drawn)).blocs if bloc.nature == "ligne_tableau"]
    assert [bloc.contenu.texte for bloc in found] == [
        "Nom\tGroupes\tPart",
        "Caf\t12\t50 %",
        "Ville\t8\t30 %",
    ]


def test_each_page_is_told_as_it_is_read() -> None:
    told: list[tuple[int, int]] = []
    content = ecrire(fabriquer(*[lignes(80, 700, LINES)] * 3))
    read_pdf(content, LIMITES, lambda done, total: told.append((done, total)))
    assert told[:3] == [(1, 3), (2, 3), (3, 3)]
    # Then the pages are laid out together, and it still tells that it is at work.
    assert told[3:] == [(3, 3)] * 3


def test_the_file_tells_its_title_author_and_date() -> None:
    writer = fabriquer(lignes(80, 700, LINES))
    writer.add_metadata(
        {"/Title": "Note de cadrage", "/Author": "Caf", "/CreationDate": "D:20250904101500+02'00'"}
    )
    assert lire(writer).proprietes == {
        "titre": "Note de cadrage",
        "auteur": "Caf",
        "date": "2025-09-04",
    }


def test_the_pages_of_a_rewritten_file_are_the_same() -> None:
    content = ecrire(fabriquer(*[lignes(80, 700, LINES)] * 2))
    again = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    again.compress_identical_objects()
    assert lire(content).blocs == lire(again).blocs
