from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from docx.oxml.ns import qn
from projets import poser
from test_report_content import (
    PROJETS,
    contexte,
    difficile,
    lire_html,
    rendu,
    tous_les_formats,
    tous_les_projets,
    verifie,
)

from assistant.eligibility import EntreeInutilisable
from assistant.eligibility.report import (
    FORMATS,
    RapportInutilisable,
    ecrire_rapport,
    rendre_rapport,
    writing,
)
from tests.travail import travail


@pytest.fixture(scope="module")
def pdf() -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(rendu(PROJETS["eligible"], "pdf")))


def test_the_pdf_is_tagged_titled_and_in_french(pdf: pypdf.PdfReader) -> None:
    racine: Any = pdf.trailer["/Root"]
    assert racine["/Lang"] == "fr-FR"
    assert racine["/MarkInfo"]["/Marked"].value is True
    assert racine["/StructTreeRoot"]
    assert racine["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert pdf.metadata is not None
    assert str(pdf.metadata.title).startswith("Rapport d'auto-contrôle – ")


def test_the_pdf_says_that_it_follows_pdf_ua_1(pdf: pypdf.PdfReader) -> None:
    racine: Any = pdf.trailer["/Root"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in racine["/Metadata"].get_data()


def test_the_pdf_has_headings_tables_with_header_cells_and_a_described_drawing(
    pdf: pypdf.PdfReader,
) -> None:
    balises = _balises(pdf.trailer["/Root"]["/StructTreeRoot"])  # type: ignore[index]
    noms = {nom for nom, _ in balises}
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/L", "/Figure"} <= noms
    dessins = [alt for nom, alt in balises if nom == "/Figure"]
    assert dessins
    assert all("717" in str(alt) for alt in dessins)


def _balises(noeud: Any) -> list[tuple[str, Any]]:
    trouvees: list[tuple[str, Any]] = []
    pile = [noeud]
    while pile:
        courant = pile.pop()
        courant = courant.get_object() if hasattr(courant, "get_object") else courant
        if isinstance(courant, list):
            pile += courant
        elif isinstance(courant, dict):
            if "/S" in courant:
                trouvees.append((str(courant["/S"]), courant.get("/Alt")))
            if "/K" in courant:
                pile.append(courant["/K"])
    return trouvees


def test_the_pdf_carries_all_its_fonts(pdf: pypdf.PdfReader) -> None:
    for page in pdf.pages:
        for police in page["/Resources"]["/Font"].values():  # type: ignore[index]
            for descendante in police.get_object()["/DescendantFonts"]:
                description = descendante.get_object()["/FontDescriptor"]
                assert {"/FontFile2", "/FontFile3"} & set(description)


def test_the_word_document_is_in_french_titled_and_owes_nothing_to_a_template() -> None:
    octets = rendu(PROJETS["eligible"], "docx")
    document = docx.Document(io.BytesIO(octets))
    proprietes = document.core_properties
    assert proprietes.title.startswith("Rapport d'auto-contrôle – ")
    assert proprietes.language == "fr-FR"
    assert proprietes.comments == ""
    assert "python-docx" not in f"{proprietes.author}{proprietes.last_modified_by}"
    langues = document.styles.element.findall(f".//{qn('w:lang')}")
    assert {langue.get(qn("w:val")) for langue in langues} == {"fr-FR"}
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        assert not {"docProps/thumbnail.jpeg", "docProps/app.xml"} & set(archive.namelist())


def test_the_word_document_has_headings_and_tables_with_header_rows() -> None:
    document = docx.Document(io.BytesIO(rendu(PROJETS["non_eligible"], "docx")))
    styles = [p.style.name for p in document.paragraphs if p.style is not None]
    assert styles.count("Title") == 1
    assert styles.count("Heading 1") == 9
    assert {"Heading 2", "Heading 3", "Quote", "List Bullet"} <= set(styles)
    assert document.tables
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_the_page_has_landmarks_one_title_and_scoped_headers() -> None:
    page = rendu(PROJETS["eligible"], "html").decode("utf-8")
    assert page.startswith('<!DOCTYPE html>\n<html lang="fr">')
    balises = lire_html(page).balises
    for nom in ("h1", "main", "header", "footer", "nav", "title"):
        assert balises.count(nom) == 1
    assert page.count("<th") - page.count("<thead") == page.count("<th scope=")
    assert "@media print" in page
    assert '<svg viewBox="0 0 640 102" role="img" aria-label="' in page


@tous_les_formats
@tous_les_projets
def test_the_same_report_always_has_the_same_bytes(nom: str, format_demande: str) -> None:
    assert rendu(PROJETS[nom], format_demande) == rendu(PROJETS[nom], format_demande)


@pytest.mark.parametrize("fichier", ["rapport.txt", "rapport", "rapport.pdf.exe", ".pdf"])
def test_another_suffix_is_refused_with_those_that_are_accepted(
    fichier: str, tmp_path: Path
) -> None:
    with pytest.raises(RapportInutilisable, match=r"\.pdf, \.docx, \.html, \.md") as refus:
        ecrire_rapport(*verifie(PROJETS["eligible"]), contexte(), tmp_path / fichier)
    assert isinstance(refus.value, EntreeInutilisable)
    assert refus.value.code_de_sortie == 2
    assert list(tmp_path.iterdir()) == []


def test_a_suffix_may_be_in_capitals(tmp_path: Path) -> None:
    ecrire_rapport(*verifie(PROJETS["eligible"]), contexte(), tmp_path / "RAPPORT.MD")
    assert (tmp_path / "RAPPORT.MD").read_bytes() == rendu(PROJETS["eligible"], "md")


def test_a_format_that_does_not_exist_is_refused() -> None:
    with pytest.raises(RapportInutilisable, match="odt"):
        rendre_rapport(*verifie(PROJETS["eligible"]), contexte(), "odt")


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(RapportInutilisable, match="absent"):
        ecrire_rapport(*verifie({}), contexte(), tmp_path / "absent" / "rapport.pdf")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    (tmp_path / "rapport.pdf").mkdir()
    with pytest.raises(RapportInutilisable, match="dossier"):
        ecrire_rapport(*verifie({}), contexte(), tmp_path / "rapport.pdf")


@tous_les_formats
def test_a_report_is_written_whole_and_leaves_nothing_beside(
    format_demande: str, tmp_path: Path
) -> None:
    chemin = tmp_path / f"rapport.{format_demande}"
    chemin.write_bytes(b"ancien")
    ecrire_rapport(*verifie(PROJETS["eligible"]), contexte(), chemin)
    assert chemin.read_bytes() == rendu(PROJETS["eligible"], format_demande)
    assert list(tmp_path.iterdir()) == [chemin]


def test_a_write_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chemin = tmp_path / "rapport.md"
    chemin.write_bytes(b"ancien")

    def disque_plein(_descripteur: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("corpus.files.os.fsync", disque_plein)
    with pytest.raises(OSError, match="No space"):
        ecrire_rapport(*verifie(PROJETS["eligible"]), contexte(), chemin)
    assert chemin.read_bytes() == b"ancien"
    assert list(tmp_path.iterdir()) == [chemin]


def test_every_format_has_its_media_type() -> None:
    assert set(writing.TYPES_MIME) == set(FORMATS)


def _enorme() -> dict[str, Any]:
    """As large as a project may be: 200 collectifs, 500 co-funders with names of 500 letters."""
    projet = difficile()
    collectifs = projet["collectifs"]
    projet["collectifs"] = [
        collectifs[rang % 3] | {"enfants": 4 + rang % 12, "prix_de_revient": 100 + rang}
        for rang in range(200)
    ]
    lignes = [
        {"financeur": f"{r} " + "#é " * 165, "type": "autre", "montant": r} for r in range(500)
    ]
    return poser(projet, "budget", {"cout_total": 9_000_000, "cofinancements": lignes})


@pytest.mark.long
@pytest.mark.parametrize("format_demande", FORMATS)
@pytest.mark.parametrize("construire", [_enorme])
def test_the_largest_project_is_reported_in_work_that_stays_in_proportion(
    construire: Callable[[], dict[str, Any]], format_demande: str
) -> None:
    grand = construire()
    petit = copy.deepcopy(grand)
    for lignes in (petit["collectifs"], petit["budget"]["cofinancements"]):
        del lignes[len(lignes) // 2 :]
    faits = []
    for dit in (petit, grand):
        projet, resultat = verifie(dit)
        rendus: list[bytes] = []
        rendre = partial(rendre_rapport, projet, resultat, contexte(), format_demande)
        faits.append(travail(lambda rendus=rendus, rendre=rendre: rendus.append(rendre())))
        assert rendus[0]
    assert faits[1].appels < 2.5 * faits[0].appels
