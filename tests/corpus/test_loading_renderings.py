"""The five texts, made files by real tools, are read back whole, in order, with their structure."""

from __future__ import annotations

import io
import zipfile
from functools import cache

import pdfplumber
import pypdf
import pytest

from bench.rendus import FORMATS, FORMES, LONGUES, Forme, OutilAbsent, rendre
from bench.rendus.arbre import Liste, Tableau, Titre, arbre
from bench.rendus.lecture import Lecture, relire
from bench.rendus.mesure import comparer
from corpus.library import load_corpus
from corpus.loading.recognition import recognise_format
from corpus.models import Bloc, DocumentCanonique

TEXTES = ("000", "001", "002", "003", "004")
BUT = 0.995
LU_SANS_MISE_EN_PAGE: tuple[Forme, ...] = tuple(f for f in FORMES if FORMATS[f] != "pdf")
TITRE_DE_CELLULE = "S’inscrire dans une dynamique de partenariat local"
"""In 001, alone beside the only row of its table: a cell like another, but for a format that says
which cells are headings."""
SUFFIXES = {"markdown": "md"}


@cache
def _documents() -> dict[str, DocumentCanonique]:
    return dict(load_corpus().documents)


@cache
def _relue(nom: str, forme: Forme) -> Lecture:
    try:
        return relire(_documents()[nom], forme)
    except OutilAbsent as erreur:
        pytest.skip(str(erreur))


def _lente(nom: str, forme: Forme) -> bool:
    """Whether to make or read a file takes seconds."""
    return forme in LONGUES or (nom in ("001", "004") and forme.startswith("typst"))


def chaque_texte_en(formes: tuple[Forme, ...]) -> pytest.MarkDecorator:
    """Each text in each of some forms; those that take seconds are for the long suite."""
    return pytest.mark.parametrize(
        ("nom", "forme"),
        [
            pytest.param(nom, forme, marks=pytest.mark.long) if _lente(nom, forme) else (nom, forme)
            for nom in TEXTES
            for forme in formes
        ],
    )


chaque_forme = chaque_texte_en(FORMES)


@chaque_forme
def test_the_words_come_back_in_their_order(nom: str, forme: Forme) -> None:
    mesure = _relue(nom, forme).mesure
    assert mesure.mots >= BUT, "\n".join(mesure.ecarts)


@chaque_forme
def test_no_words_of_the_furniture_are_read(nom: str, forme: Forme) -> None:
    document = _documents()[nom]
    ajoutes = len(document.fiche.titre.split()) + 10 if forme == "site-html" else 0
    mesure = _relue(nom, forme).mesure
    assert mesure.mots_en_trop <= ajoutes + (1 - BUT) * mesure.mots_attendus, mesure.ecarts


@chaque_forme
def test_the_headings_are_found_and_no_others(nom: str, forme: Forme) -> None:
    titres = _relue(nom, forme).mesure.titres
    assert set(titres.manquants) <= {TITRE_DE_CELLULE}
    assert titres.en_trop == ()


@chaque_texte_en(LU_SANS_MISE_EN_PAGE)
def test_every_item_row_and_note_is_found_where_the_file_tells_them(nom: str, forme: Forme) -> None:
    mesure = _relue(nom, forme).mesure
    assert mesure.elements.manquants == mesure.elements.en_trop == ()
    assert mesure.notes.manquants == mesure.notes.en_trop == ()
    if nom != "001" or FORMATS[forme] in ("html", "markdown"):
        assert mesure.lignes.manquants == mesure.lignes.en_trop == ()


@chaque_texte_en(("typst-1", "typst-2"))
def test_every_list_item_is_found_on_laid_out_pages(nom: str, forme: Forme) -> None:
    elements = _relue(nom, forme).mesure.elements
    assert elements.manquants == elements.en_trop == ()


@pytest.mark.long
@pytest.mark.parametrize("nom", TEXTES)
def test_list_items_are_found_on_pages_made_by_libreoffice(nom: str) -> None:
    elements = _relue(nom, "lo-pdf").mesure.elements
    assert elements.manquants == elements.en_trop == ()


@chaque_texte_en(("typst-1", "typst-2", "lo-pdf"))
def test_rows_and_notes_are_found_on_laid_out_pages(nom: str, forme: Forme) -> None:
    mesure = _relue(nom, forme).mesure
    assert mesure.lignes.part >= (0.85 if forme == "lo-pdf" else 0.9), mesure.lignes.manquants
    assert mesure.notes.part >= (0.75 if forme == "typst-2" else 1.0), mesure.notes.manquants


@pytest.mark.parametrize("forme", ["typst-1", "typst-2", "pandoc-docx", "pandoc-odt", "site-html"])
def test_a_rendering_is_a_file_of_its_format(forme: Forme) -> None:
    contenu = rendre(_documents()["003"], forme)
    suffixe = SUFFIXES.get(FORMATS[forme], FORMATS[forme])
    assert recognise_format(contenu, f"rendu.{suffixe}") == FORMATS[forme]


def test_laid_out_pages_bear_a_header_and_a_footer() -> None:
    pages = pypdf.PdfReader(io.BytesIO(rendre(_documents()["002"], "typst-2"))).pages
    textes = [page.extract_text() for page in pages]
    assert all(f"page {n} sur {len(pages)}" in texte for n, texte in enumerate(textes, start=1))
    assert all(_documents()["002"].fiche.titre_court in texte for texte in textes)


@pytest.mark.parametrize(("forme", "traverse"), [("typst-1", True), ("typst-2", False)])
def test_two_columns_leave_a_gutter_in_the_middle(forme: Forme, *, traverse: bool) -> None:
    with pdfplumber.open(io.BytesIO(rendre(_documents()["002"], forme))) as pdf:
        page = pdf.pages[0]
        corps = page.crop((0, page.height * 0.12, page.width, page.height * 0.9))
        au_milieu = [c for c in corps.chars if c["x0"] < page.width / 2 < c["x1"]]
    assert bool(au_milieu) is traverse


@pytest.mark.long
def test_a_page_made_by_libreoffice_bears_a_header_and_a_footer() -> None:
    document = _documents()["003"]
    try:
        contenu = rendre(document, "lo-pdf")
    except OutilAbsent as erreur:
        pytest.skip(str(erreur))
    premiere = pypdf.PdfReader(io.BytesIO(contenu)).pages[0].extract_text()
    assert document.fiche.titre_court in premiere
    assert "page 1 sur 2" in premiere


def test_footnotes_are_real_ones() -> None:
    document = _documents()["004"]
    with zipfile.ZipFile(io.BytesIO(rendre(document, "pandoc-docx"))) as docx:
        notes = docx.read("word/footnotes.xml").decode("utf-8")
    with zipfile.ZipFile(io.BytesIO(rendre(document, "pandoc-odt"))) as odt:
        corps = odt.read("content.xml").decode("utf-8")
    attendues = sum(bloc.nature == "note" for bloc in document.blocs)
    assert notes.count("<w:footnoteRef ") == corps.count('text:note-class="footnote"') == attendues


def test_a_tree_makes_lists_of_the_numbers_and_tables_of_the_spanning_cells() -> None:
    noeuds = arbre(_documents()["004"])
    numerotees = [n for n in noeuds if isinstance(n, Liste) and n.depart is not None]
    (tableau,) = [n for n in noeuds if isinstance(n, Tableau)]
    assert [len(liste.entrees) for liste in numerotees] == [4]
    assert all(groupe.gauche is not None for groupe in tableau.groupes)
    assert not any(isinstance(n, Titre) and n.niveau == 6 for n in noeuds)


def _avec(document: DocumentCanonique, blocs: tuple[Bloc, ...]) -> DocumentCanonique:
    return document.model_copy(update={"blocs": blocs})


def test_a_text_measured_against_itself_is_whole() -> None:
    document = _documents()["004"]
    mesure = comparer(document, document)
    assert mesure.mots == 1.0
    assert mesure.mots_en_trop == 0
    assert mesure.titres.part == mesure.elements.part == mesure.lignes.part == 1.0
    assert mesure.ecarts == ()


def test_words_that_are_missing_or_moved_are_counted() -> None:
    document = _documents()["002"]
    moitie = document.texte.index("\n\n", len(document.texte) // 2)
    coupe = document.model_copy(update={"texte": document.texte[:moitie]})
    retourne = document.model_copy(
        update={"texte": document.texte[moitie:] + "\n\n" + document.texte[:moitie]}
    )
    assert comparer(document, coupe).mots < 0.6
    assert comparer(document, retourne).mots < 0.6
    assert comparer(coupe, document).mots_en_trop > 500


def test_a_heading_read_as_a_paragraph_is_missing_and_the_reverse_is_false() -> None:
    document = _documents()["002"]
    premier = next(bloc for bloc in document.blocs if bloc.nature == "titre")
    blocs = tuple(
        bloc.model_copy(update={"nature": "paragraphe"}) if bloc == premier else bloc
        for bloc in document.blocs
    )
    sans = _avec(document, blocs)
    assert (
        comparer(document, sans).titres.trouves == comparer(document, document).titres.trouves - 1
    )
    assert comparer(sans, document).titres.faux == 1
