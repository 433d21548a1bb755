"""The page « Tenir les textes » as tests drive it in a real browser: with the keyboard alone."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from attente import attendre_le_repos
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from assistant.configuration import Configuration, read_configuration
from assistant.preparation import preparer
from assistant.publication.etat import open_base, version_in_service

PDF = Path(__file__).parents[1] / "exemples" / "circulaire_2026-999_fictive.pdf"
LONGTEMPS = 120_000
"""Milliseconds that a reading, a comparison or a publication may take on a busy machine."""
_TOUCHES = 600
"""Tabs after which something is out of reach of the keyboard."""


def preparer_une_place(models_folder: Path, dossier: Path) -> Configuration:
    """A data folder of one's own."""
    (dossier / "modele").symlink_to(models_folder.resolve())
    bati = read_configuration().dossier_index
    if bati.is_dir():
        shutil.copytree(bati, dossier / "index")
    configuration = Configuration(donnees=dossier, modele=None)
    preparer(configuration, annonce=lambda _: None)
    return configuration


def fenetre(navigateur: Browser, largeur: int = 1280) -> BrowserContext:
    contexte = navigateur.new_context(
        viewport={"width": largeur, "height": 900}, locale="fr-FR", reduced_motion="reduce"
    )
    contexte.set_default_timeout(60_000)
    return contexte


def attendre(page: Page) -> None:
    """Until nothing more is being drawn, however long a comparison takes."""
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'",
        timeout=LONGTEMPS,
    )
    attendre_le_repos(page)


def ouvrir(page: Page, adresse: str) -> None:
    page.goto(f"{adresse}/tenir-les-textes")
    expect(page.get_by_role("heading", name="Où en est-on ?")).to_be_visible(timeout=LONGTEMPS)
    attendre(page)


def aller_a(page: Page, cible: Locator) -> None:
    """Reach something with the key Tab alone."""
    expect(cible).to_have_count(1)
    attendre_le_repos(page)
    for _ in range(_TOUCHES):
        if cible.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"hors d'atteinte du clavier : {cible}")


def ecrire(page: Page, nom: str, mots: str) -> None:
    aller_a(page, page.get_by_role("textbox", name=nom, exact=True))
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text(mots)


def cocher(page: Page, debut: str) -> None:
    aller_a(page, page.get_by_role("checkbox", name=debut))
    page.keyboard.press("Space")


def choisir(page: Page, nom: str, choix: str) -> None:
    liste = page.get_by_role("combobox", name=nom, exact=True)
    aller_a(page, liste)
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(choix)
    voulue = page.get_by_role("option", name=choix)
    expect(voulue).to_have_count(1)
    for _ in range(page.get_by_role("option").count()):
        if liste.get_attribute("aria-activedescendant") == voulue.get_attribute("id"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(liste).to_have_value(re.compile(re.escape(choix)))
    attendre_le_repos(page)


def deplier(page: Page, nom: str) -> None:
    aller_a(page, page.locator("summary", has_text=nom).locator("visible=true"))
    page.keyboard.press("Enter")
    attendre_le_repos(page)


def faire(page: Page, bouton: str, dit: str) -> None:
    """Press a button; the page says what came of it, and goes there."""
    touche = page.get_by_role("button", name=bouton, exact=True)
    expect(touche).to_be_enabled()
    aller_a(page, touche)
    page.keyboard.press("Enter")
    expect(page.locator("#message-des-textes")).to_contain_text(dit, timeout=LONGTEMPS)
    attendre(page)


def telecharger(page: Page, bouton: str) -> tuple[str, bytes]:
    """Name and bytes of what a button gives."""
    aller_a(page, page.get_by_role("button", name=bouton, exact=True))
    with page.expect_download(timeout=LONGTEMPS) as attendu:
        page.keyboard.press("Enter")
    recu = attendu.value
    return recu.suggested_filename, Path(recu.path()).read_bytes()


def demander(page: Page, question: str) -> str:
    """Words of the answer to one more question, white space apart."""
    avant = page.locator(".clas-reponse").count()
    boite = page.get_by_role("textbox", name="Votre question sur le Clas")
    boite.fill(question)
    boite.press("Enter")
    expect(page.locator(".clas-reponse")).to_have_count(avant + 1, timeout=LONGTEMPS)
    attendre(page)
    return "".join(page.locator(".clas-reponse").last.inner_text().split())


def numero_en_service(place: Configuration) -> int:
    version = version_in_service(place)
    assert version is not None
    return version.numero


def actes(place: Configuration) -> list[str]:
    return [event.action for event in open_base(place).read_journal()]
