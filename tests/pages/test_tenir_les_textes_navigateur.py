"""Keeping the texts, for real: a file is added, compared, published, asked about, gone back from.

The circulaire is a fictitious one, made for tests.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attente import attendre_le_repos
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from assistant.configuration import Configuration, read_configuration
from assistant.preparation import preparer
from assistant.publication.etat import open_base, version_in_service

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

PDF = Path(__file__).parents[1] / "exemples" / "circulaire_2026-999_fictive.pdf"
LONGTEMPS = 120_000
"""Milliseconds that a reading, a comparison or a publication may take on a busy machine."""
QUESTION = "Quel est le prix plafond d'une action Clas ?"


@pytest.fixture(scope="module")
def place(models_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    """A data folder of one's own."""
    dossier = tmp_path_factory.mktemp("tenir")
    (dossier / "modele").symlink_to(models_folder.resolve())
    bati = read_configuration().dossier_index
    if bati.is_dir():
        shutil.copytree(bati, dossier / "index")
    configuration = Configuration(donnees=dossier, modele=None)
    preparer(configuration, annonce=lambda _: None)
    return configuration


@pytest.fixture(scope="module")
def textes(
    navigateur: Browser, place: Configuration, lancer_serveur: Callable[[dict[str, str]], str]
) -> str:
    assert navigateur.is_connected()
    return lancer_serveur({"CLAS_DONNEES": str(place.donnees), "CLAS_AGENTS_LOCAL": "1"})


@pytest.fixture
def onglet(navigateur: Browser) -> Iterator[Page]:
    contexte = navigateur.new_context(
        viewport={"width": 1280, "height": 900}, locale="fr-FR", reduced_motion="reduce"
    )
    contexte.set_default_timeout(60_000)
    yield contexte.new_page()
    contexte.close()


def _violations(page: Page) -> list[str]:
    attendre_le_repos(page)
    resultat: dict[str, Any] = Axe().run(page).response
    return [
        f"{v['id']} ({v['impact']}) : {v['nodes'][0]['html'][:200]}"
        for v in resultat["violations"]
        if v["impact"] in ("serious", "critical")
    ]


def _faire(page: Page, bouton: str, dit: str) -> None:
    """Press a button with the keyboard; the page says what came of it, and goes there."""
    touche = page.get_by_role("button", name=bouton, exact=True)
    expect(touche).to_be_enabled()
    attendre_le_repos(page)
    touche.focus()
    expect(touche).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#message-des-textes")).to_contain_text(dit, timeout=LONGTEMPS)
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'",
        timeout=LONGTEMPS,
    )


def _cocher(page: Page, debut: str) -> None:
    page.get_by_role("checkbox", name=debut).focus()
    page.keyboard.press("Space")


def _choisir(page: Page, nom: str, choix: str) -> None:
    page.get_by_role("combobox", name=nom).click()
    page.get_by_role("option", name=choix, exact=True).click()


def _reponse(page: Page, adresse: str) -> str:
    page.goto(adresse)
    boite = page.get_by_role("textbox", name="Votre question sur le Clas")
    boite.fill(QUESTION)
    boite.press("Enter")
    expect(page.locator(".clas-reponse")).to_be_visible(timeout=LONGTEMPS)
    return "".join(page.locator(".clas-reponse").inner_text().split())


def _numero(place: Configuration) -> int:
    version = version_in_service(place)
    assert version is not None
    return version.numero


def test_a_circulaire_is_added_compared_published_asked_about_and_undone(
    onglet: Page, textes: str, place: Configuration, tmp_path: Path
) -> None:
    page = onglet
    assert "7885" in _reponse(page, textes)

    page.goto(f"{textes}/tenir-les-textes")
    expect(page.get_by_role("heading", name="Ajouter des fichiers")).to_be_visible()
    assert _violations(page) == []
    vide = tmp_path / "vide.pdf"
    vide.write_bytes(b"%PDF-1.7")
    page.locator("input[type=file]").set_input_files([PDF, vide])
    expect(page.get_by_text("vide.pdf")).to_be_visible()
    _faire(page, "Lire ces fichiers", "1 fichier(s) lu(s), 1 refusé(s)")
    expect(page.locator("#message-des-textes")).to_contain_text("vide.pdf : refusé")
    expect(page.get_by_text("Lu où")).to_be_visible()
    assert _violations(page) == []

    _choisir(page, "Ce fichier est", "une nouvelle version de 004")
    _faire(page, "Ajouter au brouillon", "Document 004 ajouté au brouillon")
    expect(page.get_by_text("Publication impossible pour l'instant")).to_be_visible()
    assert page.locator("del").count() > 1
    assert any("8112" in mots for mots in page.locator("ins").all_inner_texts())
    assert _violations(page) == []

    page.get_by_role("textbox", name="Raison").fill("la circulaire a changé")
    _faire(page, "Mettre de côté ce qui est atteint", "Mis de côté")
    _faire(page, "Rejouer les questions et les projets", "Rejeu terminé")
    expect(page.get_by_text("projets ont été rejoués")).to_be_visible()

    page.get_by_role("textbox", name="Motif de la publication").fill("Essai de publication")
    _cocher(page, "Je confirme : les réponses viendront de ces textes.")
    _faire(page, "Publier", "La version 2 est en service")
    assert _numero(place) == 2
    assert _violations(page) == []
    assert "7885" not in _reponse(page, textes)

    page.goto(f"{textes}/tenir-les-textes")
    _cocher(page, "Je confirme : les réponses viendront de cette version.")
    _faire(page, "Revenir à cette version", "La version 1 répond de nouveau")
    assert _numero(place) == 1
    assert "7885" in _reponse(page, textes)
    actes = [event.action for event in open_base(place).read_journal()]
    assert [actes[0], *actes[-3:]] == ["ajouter", "verifier", "publier", "revenir"]
    assert set(actes[1:-3]) == {"ecarter"}
