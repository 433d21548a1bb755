"""PDF drawn by hand, operator by operator: what a page shows is read, and nothing else."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
)

from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import LIMITES, Limites
from corpus.loading.models import DocumentCharge
from corpus.loading.pdf import read_pdf

LINES = [
    "Le contrat local accompagne les enfants apres la classe.",
    "Il se tient dans un lieu ouvert a tous les parents.",
    "Chaque groupe compte de huit a douze enfants.",
    "Deux adultes au moins encadrent chaque groupe.",
]


def police(name: str) -> DictionaryObject:
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject(f"/{name}"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )


def image(writer: PdfWriter) -> StreamObject:
    stream = DecodedStreamObject()
    stream.set_data(b"\xff" * 3)
    stream.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(1),
            NameObject("/Height"): NumberObject(1),
            NameObject("/BitsPerComponent"): NumberObject(8),
            NameObject("/ColorSpace"): NameObject("/DeviceRGB"),
        }
    )
    return writer._add_object(stream)


def ecrire(writer: PdfWriter) -> bytes:
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def fabriquer(*contents: str, rotate: int = 0, size: tuple[float, float] = (595, 842)) -> PdfWriter:
    """Make a PDF of pages drawn by these operators; /F1 Helvetica, /F2 bold, /Im1 a picture."""
    writer = PdfWriter()
    for content in contents:
        page = writer.add_blank_page(*size)
        stream = DecodedStreamObject()
        stream.set_data(content.encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(stream)
        page[NameObject("/Resources")] = DictionaryObject(
            {
                NameObject("/Font"): DictionaryObject(
                    {
                        NameObject("/F1"): police("Helvetica"),
                        NameObject("/F2"): police("Helvetica-Bold"),
                    }
                ),
                NameObject("/XObject"): DictionaryObject({NameObject("/Im1"): image(writer)}),
            }
        )
        if rotate:
            page.rotate(rotate)
    return writer


def texte(x: float, y: float, words: str, *, font: str = "F1", size: float = 11) -> str:
    return f"BT /{font} {size} Tf {x} {y} Td ({words}) Tj ET\n"


def lignes(x: float, y: float, lines: list[str], *, step: float = 14, size: float = 11) -> str:
    return "".join(texte(x, y - n * step, line, size=size) for n, line in enumerate(lines))


def lire(content: bytes | PdfWriter, limits: Limites = LIMITES) -> DocumentCharge:
    if isinstance(content, PdfWriter):
        content = ecrire(content)
    return read_pdf(content, limits, lambda _done, _total: None)


def mots(document: DocumentCharge) -> str:
    return " ".join(bloc.contenu.texte for bloc in document.blocs)


def refus(content: bytes | PdfWriter, limits: Limites = LIMITES) -> FichierRefuse:
    with pytest.raises(FichierRefuse) as refused:
        lire(content, limits)
    return refused.value


def fin(content: bytes) -> str:
    """Tell how reading ends: « lu », or why the file is refused."""
    try:
        lire(content)
    except FichierRefuse as refused:
        return refused.motif
    return "lu"


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
