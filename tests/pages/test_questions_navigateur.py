"""The log of questions in a real browser: asked, judged, read by an agent, exported."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from accessibilite import violations
from attente import attendre_le_repos
from comptes import AGENT, Site, entrer, preparer_les_textes, servir_avec_des_comptes
from parcours import Clavier
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tenir import fenetre

from assistant.configuration import LOG_DAYS_VARIABLE, LOG_VARIABLE
from assistant.questions_posees.models import Filtres
from assistant.questions_posees.registre import Registre

pytestmark = pytest.mark.long

QUESTION = "Combien de séances par semaine ?"
COMMENTAIRE = "pas clair, écrivez à marie.durand@asso.fr ou au 06 12 34 56 78"
MASQUE = "pas clair, écrivez à [courriel masqué] ou au [téléphone masqué]"
ATTENTE = 60_000
"""Milliseconds: the first visit opens the texts."""


@pytest.fixture(scope="module")
def site(
    fournisseur: str,
    lancer_serveur: Callable[[dict[str, str]], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Site:
    """Pages with accounts, where questions are answered and kept."""
    dossier = tmp_path_factory.mktemp("questions")
    preparer_les_textes(dossier)

    def lancer(environnement: dict[str, str]) -> str:
        return lancer_serveur(environnement | {LOG_VARIABLE: "oui", LOG_DAYS_VARIABLE: "30"})

    site = servir_avec_des_comptes(fournisseur, lancer, dossier)
    site.declarer(AGENT)
    return site


@pytest.fixture
def contexte(navigateur: Browser) -> Iterator[BrowserContext]:
    contexte = fenetre(navigateur)
    yield contexte
    contexte.close()


def _demander(contexte: BrowserContext, site: Site) -> Page:
    page = contexte.new_page()
    page.goto(site.adresse)
    boite = page.get_by_role("textbox", name="Votre question sur le Clas")
    boite.fill(QUESTION, timeout=ATTENTE)
    expect(page.locator("#ce-qui-est-garde")).to_contain_text("pendant 30 jours")
    boite.press("Enter")
    page.locator(".clas-reponse").wait_for(timeout=ATTENTE)
    attendre_le_repos(page)
    return page


def _octets(site: Site) -> bytes:
    return b"".join(p.read_bytes() for p in (site.donnees / "questions").iterdir())


def test_an_answer_judged_with_an_address_is_read_masked_by_an_agent_and_exported(
    site: Site, contexte: BrowserContext, tmp_path: Path
) -> None:
    page = _demander(contexte, site)
    # By the keyboard alone.
    groupe = page.get_by_role("radiogroup", name="La réponse 1 vous est-elle utile ?")
    Clavier(page).atteindre(groupe.get_by_role("radio").first)
    page.keyboard.press("ArrowDown")
    expect(groupe.get_by_role("radio", name="Pas utile")).to_be_checked()
    expect(page.locator("#clas-annonces")).to_contain_text("Avis gardé : pas utile")
    attendre_le_repos(page)
    page.get_by_label(re.compile("^Un commentaire sur la réponse 1")).fill(COMMENTAIRE)
    page.get_by_role("button", name="Envoyer le commentaire").click()
    expect(page.locator(".clas-avis-retenu")).to_contain_text(MASQUE)
    assert violations(page) == []
    page.close()
    assert b"marie" not in _octets(site)
    assert b"34 56" not in _octets(site)

    sienne = contexte.new_page()
    entrer(sienne, site, AGENT)
    sienne.goto(f"{site.adresse}/questions-posees")
    ligne = sienne.get_by_role("row", name=re.compile("^1 "))
    expect(ligne).to_contain_text(QUESTION, timeout=ATTENTE)
    expect(ligne).to_contain_text("pas utile – commentaire")
    attendre_le_repos(sienne)
    sienne.get_by_role("combobox", name="Échange").focus()
    sienne.keyboard.type("n° 1 ")
    expect(sienne.get_by_role("option")).to_have_count(1)
    sienne.keyboard.press("ArrowDown")
    sienne.keyboard.press("Enter")
    expect(sienne.locator("#echange-choisi")).to_contain_text(MASQUE)
    assert "marie.durand" not in sienne.content()
    assert violations(sienne) == []

    sienne.get_by_role("button", name="Préparer le fichier").click()
    with sienne.expect_download() as attendu:
        sienne.get_by_role("button", name="Télécharger le fichier (CSV)").click()
    fichier = tmp_path / "questions.csv"
    attendu.value.save_as(fichier)
    with fichier.open(encoding="utf-8-sig", newline="") as flux:
        _, dite = csv.reader(flux, delimiter=";")
    assert MASQUE in dite
    assert "marie" not in fichier.read_text("utf-8-sig")

    sienne.get_by_role("link", name="Lire la citation 1 dans le texte").click()
    expect(sienne.locator("#passage-cite")).to_be_visible(timeout=ATTENTE)


@pytest.mark.parametrize(
    "chemin", ["questions-posees", "questions-posees?role=agent&questions-vue=tout"]
)
def test_nobody_without_an_account_reads_what_was_asked(
    site: Site, contexte: BrowserContext, chemin: str
) -> None:
    _demander(contexte, site).close()
    page = contexte.new_page()
    page.goto(f"{site.adresse}/{chemin}")
    page.get_by_role("heading", level=1).wait_for(timeout=ATTENTE)
    attendre_le_repos(page)
    expect(page.get_by_role("table")).to_have_count(0)
    assert QUESTION not in page.content()
    assert Registre(site.donnees / "questions", 30).compter(Filtres()).total > 0
