"""Keeping the documents, for real: withdrawn, brought back, changed, followed, checked, exported.

Only the keyboard is used on the page.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from accessibilite import violations
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from tenir import (
    PDF,
    actes,
    choisir,
    deplier,
    ecrire,
    faire,
    fenetre,
    ouvrir,
    preparer_une_place,
    telecharger,
)

from assistant.configuration import Configuration
from assistant.publication.ajouts import Souhaits, keep_file, prepare_file
from assistant.publication.brouillons import drop
from assistant.publication.etat import open_base
from corpus.base.intake import Apport

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def suivi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the server watches."""
    return tmp_path_factory.mktemp("dossier-suivi")


@pytest.fixture(scope="module")
def place(models_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    return preparer_une_place(models_folder, tmp_path_factory.mktemp("documents"))


@pytest.fixture(scope="module")
def textes(
    navigateur: Browser,
    place: Configuration,
    suivi: Path,
    lancer_serveur: Callable[[dict[str, str]], str],
) -> str:
    assert navigateur.is_connected()
    return lancer_serveur(
        {
            "CLAS_DONNEES": str(place.donnees),
            "CLAS_AGENTS_LOCAL": "1",
            "CLAS_DOSSIER_SUIVI": str(suivi),
        }
    )


@pytest.fixture
def page(navigateur: Browser, place: Configuration, textes: str) -> Iterator[Page]:
    """The page, nothing being prepared."""
    drop(place, "Essai")
    contexte = fenetre(navigateur)
    onglet = contexte.new_page()
    ouvrir(onglet, textes)
    yield onglet
    contexte.close()


def test_a_document_is_withdrawn_knowing_what_rests_on_it_then_brought_back(
    page: Page, place: Configuration
) -> None:
    avant = len(actes(place))
    choisir(page, "Quel document", "003")
    expect(page.get_by_text("S'appuient dessus, en service :")).to_be_visible()
    deplier(page, "Retirer ce document")
    expect(page.locator(".clas-avis-titre", has_text="S'appuient dessus")).to_be_visible()
    faire(page, "Retirer ce document", "Raison attendue")
    assert len(actes(place)) == avant

    ecrire(page, "Pourquoi le retirer", "Une page plus récente la remplace")
    faire(page, "Retirer ce document", "Document 003 retiré dans le brouillon")
    retrait = open_base(place).read_journal()[-1]
    assert (retrait.action, retrait.objet) == ("retirer", "document 003")
    assert retrait.detail == "Une page plus récente la remplace"
    expect(page.locator(".clas-ou-en-est-on")).to_contain_text("1 document retiré")
    expect(page.get_by_text("Publication impossible pour l'instant")).to_be_visible()
    assert violations(page) == []

    deplier(page, "Remettre ce document")
    faire(page, "Remettre ce document", "Document 003 remis dans le brouillon")
    expect(page.locator(".clas-ou-en-est-on")).to_contain_text("Un brouillon qui ne change rien")
    assert actes(place)[avant:] == ["retirer", "reprendre"]


def test_the_entry_of_a_document_is_changed_and_a_wrong_value_is_refused_in_words(
    page: Page, place: Configuration
) -> None:
    choisir(page, "Quel document", "002")
    deplier(page, "Changer sa fiche")
    fin = "Dernière année de validité (vide : encore en vigueur)"
    ecrire(page, fin, "2026")
    faire(page, "Changer la fiche", f"{fin} : « 2026 » ; attendu deux années")
    assert open_base(place).read_draft() is None

    # What was typed is still there, to be mended.
    expect(page.get_by_role("textbox", name=fin, exact=True)).to_have_value("2026")
    ecrire(page, fin, "2025-2026")
    ecrire(page, "Titre court, montré avec les citations", "Cahier des charges (Rhône)")
    choisir(page, "Portée", "Ain (01)")
    faire(page, "Changer la fiche", "Fiche du document 002 changée dans le brouillon")
    brouillon = open_base(place).read_draft()
    assert brouillon is not None
    fiche = next(e.fiche for e in brouillon.documents if e.fiche.id == "002")
    assert fiche.derniere_annee == "2025-2026"
    assert fiche.titre_court == "Cahier des charges (Rhône)"
    assert fiche.portee == "01"
    change = "dernière année de validité : 2024-2025 avant, 2025-2026 après"
    expect(page.get_by_text(change)).to_be_visible()


def test_a_watched_folder_gives_what_is_new_in_it_and_nothing_else(
    page: Page, suivi: Path, place: Configuration
) -> None:
    (suivi / "note.txt").write_text(
        "Note de la Caf du Gard\n\nChaque personne reçoit une réponse écrite sous un mois.\n",
        "utf-8",
    )
    (suivi / "vide.pdf").write_bytes(b"%PDF-1.7")
    bouton = "Prendre ce qui a changé dans le dossier"
    faire(page, bouton, "1 fichier ajouté au brouillon, 0 inchangé, 1 refusé, 0 disparu.")
    expect(page.locator("#bilan-du-dossier")).to_contain_text("note.txt : ajouté au brouillon")
    expect(page.locator("#bilan-du-dossier")).to_contain_text("vide.pdf : refusé")
    faire(page, bouton, "0 fichier ajouté au brouillon, 1 inchangé, 1 refusé, 0 disparu.")
    brouillon = open_base(place).read_draft()
    assert brouillon is not None
    assert len(brouillon.documents) == 6


def test_the_base_is_checked_and_what_is_wrong_is_said_with_its_remedy(
    page: Page, place: Configuration
) -> None:
    faire(page, "Vérifier la base", "Base vérifiée, tout est en ordre")
    texte = next((place.donnees / "corpus" / "textes").glob("003@*.json"))
    sauf = texte.read_bytes()
    texte.write_bytes(sauf.replace(b"parents", b"enfants", 1))
    try:
        faire(page, "Vérifier la base", "Base vérifiée : ")
        expect(page.get_by_role("region", name="Anomalies")).to_contain_text("est altéré")
    finally:
        texte.write_bytes(sauf)


def test_the_journal_and_the_rule_book_are_downloaded(page: Page, place: Configuration) -> None:
    nom, octets = telecharger(page, "Journal, CSV")
    assert nom.startswith("journal-des-textes-")
    lignes = list(csv.reader(io.StringIO(octets.decode("utf-8-sig")), delimiter=";"))
    assert lignes[0] == ["date", "auteur", "action", "objet", "détail"]
    assert [ligne[2] for ligne in lignes[1:]] == actes(place)
    nom, octets = telecharger(page, "Livre des règles, CSV")
    assert nom.startswith("livre-des-regles-")
    lignes = list(csv.reader(io.StringIO(octets.decode("utf-8-sig")), delimiter=";"))
    assert lignes[0][:4] == ["portée", "sorte", "code", "titre"]
    assert any("7885" in mot for ligne in lignes for mot in ligne)
    for bouton, titre in (
        ("Journal, PDF", "Journal de la base documentaire"),
        ("Livre des règles, PDF", "Livre des règles"),
    ):
        _, octets = telecharger(page, bouton)
        assert titre in PdfReader(io.BytesIO(octets)).pages[0].extract_text()


def test_nothing_is_done_by_the_address_of_the_page(
    page: Page, textes: str, place: Configuration
) -> None:
    avant = actes(place)
    page.goto(
        f"{textes}/tenir-les-textes?action=retirer&document=003&raison=essai"
        "&publier=1&revenir=1&verifier=1&textes-document=003&dossier=/etc"
    )
    expect(page.locator(".clas-ou-en-est-on")).to_contain_text("Rien.")
    assert violations(page) == []
    assert open_base(place).read_draft() is None
    assert actes(place) == avant


def test_on_a_phone_the_page_fits_with_a_draft_under_way(
    navigateur: Browser, textes: str, place: Configuration
) -> None:
    drop(place, "Essai")
    apport = Apport(PDF.name, PDF.name, PDF.read_bytes)
    jour = open_base(place).read_journal()[-1].date.date()
    pret = prepare_file(place, apport, Souhaits({"id": "004"}), jour)
    keep_file(place, pret, "Essai")
    contexte = fenetre(navigateur, largeur=390)
    page = contexte.new_page()
    ouvrir(page, textes)
    expect(page.get_by_text("Publication impossible pour l'instant")).to_be_visible()
    deplier(page, "Changer sa fiche")
    deplier(page, "Retirer ce document")
    large = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert large <= 390
    assert violations(page) == []
    contexte.close()
