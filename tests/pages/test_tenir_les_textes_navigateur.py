"""Keeping the texts, for real: a file is added, compared, published, asked about, gone back from.

The circulaire is a fictitious one, made for tests. Only the keyboard is used on the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from accessibilite import violations
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tenir import (
    PDF,
    aller_a,
    choisir,
    cocher,
    demander,
    ecrire,
    faire,
    fenetre,
    numero_en_service,
    ouvrir,
    preparer_une_place,
    telecharger,
)

from assistant.configuration import Configuration
from assistant.publication.etat import open_base

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

QUESTION = "Quel est le prix plafond d'une action Clas ?"
AVIS = "Les textes ont été mis à jour"


@pytest.fixture(scope="module")
def place(models_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    return preparer_une_place(models_folder, tmp_path_factory.mktemp("tenir"))


@pytest.fixture(scope="module")
def textes(
    navigateur: Browser, place: Configuration, lancer_serveur: Callable[[dict[str, str]], str]
) -> str:
    assert navigateur.is_connected()
    return lancer_serveur({"CLAS_DONNEES": str(place.donnees), "CLAS_AGENTS_LOCAL": "1"})


@pytest.fixture
def contexte(navigateur: Browser) -> Iterator[BrowserContext]:
    ouverte = fenetre(navigateur)
    yield ouverte
    ouverte.close()


def _etat(page: Page, nom: str, dit: str) -> None:
    """What the page says at its top of where things stand."""
    ligne = page.locator(".clas-ou-en-est-on dl > div", has=page.get_by_text(nom, exact=True))
    expect(ligne.locator("dd")).to_contain_text(dit)


def _envoyer(page: Page, fichiers: list[Path]) -> None:
    """The button is reached; the window that it opens is the system's, not the page's."""
    bouton = page.get_by_role("button", name="Choisir un fichier").and_(page.locator("button"))
    aller_a(page, bouton)
    page.locator("input[type=file]").set_input_files(fichiers)


def test_a_circulaire_is_added_compared_published_asked_about_and_undone(
    contexte: BrowserContext, textes: str, place: Configuration, tmp_path: Path
) -> None:
    page, porteur = contexte.new_page(), contexte.new_page()
    porteur.goto(textes)
    assert "7885" in demander(porteur, QUESTION)

    ouvrir(page, textes)
    expect(page.get_by_role("heading", name="Ajouter des fichiers")).to_be_visible()
    _etat(page, "En service", "Version 1, livrée avec le programme.")
    _etat(page, "En préparation", "Rien.")
    assert violations(page) == []
    _ajouter(page, tmp_path)
    _mettre_de_cote_et_rejouer(page)
    _publier(page, place)

    # The other tab goes on with what it had, then moves at its next question and says so.
    expect(porteur.get_by_text(AVIS)).to_have_count(0)
    assert "7885" in "".join(porteur.locator(".clas-reponse").first.inner_text().split())
    assert "7885" not in demander(porteur, QUESTION)
    expect(porteur.get_by_text(AVIS)).to_have_count(1)

    ecrire(page, "Pourquoi y revenir", "La circulaire était un essai")
    cocher(page, "Je confirme : les réponses viendront de cette version.")
    faire(page, "Revenir à cette version", "La version 1 répond de nouveau")
    assert numero_en_service(place) == 1
    assert "7885" in demander(porteur, QUESTION)
    journal = open_base(place).read_journal()
    actes = [event.action for event in journal]
    assert [actes[0], *actes[-3:]] == ["ajouter", "verifier", "publier", "revenir"]
    assert set(actes[1:-3]) == {"ecarter"}
    assert journal[-1].detail == "La circulaire était un essai"


def _ajouter(page: Page, tmp_path: Path) -> None:
    vide = tmp_path / "vide.pdf"
    vide.write_bytes(b"%PDF-1.7")
    _envoyer(page, [PDF, vide])
    expect(page.get_by_text("vide.pdf")).to_be_visible()
    faire(page, "Lire ces fichiers", "1 fichier(s) lu(s), 1 refusé(s)")
    expect(page.locator("#message-des-textes")).to_contain_text("vide.pdf : refusé")
    expect(page.get_by_text("Lu où")).to_be_visible()
    assert violations(page) == []

    choisir(page, "Ce fichier est", "une nouvelle version de 004")
    faire(page, "Ajouter au brouillon", "Document 004 ajouté au brouillon")
    expect(page.get_by_text("Publication impossible pour l'instant")).to_be_visible()
    _etat(page, "En préparation", "1 document au texte nouveau")
    _etat(page, "Ce qui empêche de publier", "citent des mots qui ne sont plus dans les textes")
    _etat(page, "À faire maintenant", "Mettre de côté ou réparer")
    assert page.locator("del").count() > 1
    assert any("8112" in mots for mots in page.locator("ins").all_inner_texts())
    assert violations(page) == []


def _mettre_de_cote_et_rejouer(page: Page) -> None:
    ecrire(page, "Raison (elle est montrée aux personnes)", "la circulaire a changé")
    faire(page, "Mettre de côté ce qui est atteint", "Mis de côté")
    _etat(page, "Ce qui empêche de publier", "Rien.")
    expect(page.get_by_text("Le rejeu n'a pas été fait pour ce brouillon")).to_be_visible()
    faire(page, "Rejouer les questions et les projets", "Rejeu terminé")
    expect(page.get_by_text("projets ont été rejoués")).to_be_visible()
    expect(page.get_by_text("Le rejeu n'a pas été fait pour ce brouillon")).to_have_count(0)
    _le_rejeu_montre_les_deux_cotes(page)
    _le_rapport_se_telecharge(page)
    assert violations(page) == []


def _publier(page: Page, place: Configuration) -> None:
    ecrire(page, "Motif de la publication", "Essai de publication")
    cocher(page, "Je confirme : les réponses viendront de ces textes.")
    faire(page, "Publier", "La version 2 est en service")
    assert numero_en_service(place) == 2
    _etat(page, "En service", "Version 2, publiée le")
    assert violations(page) == []


def _le_rejeu_montre_les_deux_cotes(page: Page) -> None:
    montres = page.locator(".st-key-textes-rejeu details")
    question = montres.filter(has_text=QUESTION[:20]).first
    aller_a(page, question.locator("summary"))
    page.keyboard.press("Enter")
    expect(question.get_by_text("Avant", exact=True)).to_be_visible()
    expect(question.get_by_text("Après", exact=True)).to_be_visible()
    projet = montres.filter(has_text="Projet :").first
    aller_a(page, projet.locator("summary"))
    page.keyboard.press("Enter")
    ligne = projet.get_by_role("row", name="Prix plafond")
    assert "".join(ligne.inner_text().split()) == "Prixplafond7885€inconnu"


def _le_rapport_se_telecharge(page: Page) -> None:
    nom, page_web = telecharger(page, "Rapport, page web (HTML)")
    assert nom.endswith(".html")
    assert all(mots in page_web for mots in (b"8112", b"Questions et projets rejou"))
    nom, papier = telecharger(page, "Rapport, PDF")
    assert nom.endswith(".pdf")
    assert papier.startswith(b"%PDF-")
