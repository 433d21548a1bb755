"""Agents' marks with real accounts and a real browser: who may set one, and who sees what of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from accessibilite import violations
from attente import attendre_le_repos
from comptes import AGENT, Site, entrer, preparer_les_textes, servir_avec_des_comptes
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tenir import fenetre

from assistant.avis.models import Avis
from assistant.avis.registre import Registre

pytestmark = pytest.mark.long

QUESTION = "Combien de séances par semaine ?"
REPONSE = "2 séances par semaine pour chaque collectif"
VOLET = "Avis sur la réponse 1 (agents)"
ATTENTE = 60_000
"""Milliseconds: the first visit opens the texts."""


@pytest.fixture(scope="module")
def site(
    fournisseur: str,
    lancer_serveur: Callable[[dict[str, str]], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Site:
    """Pages with accounts, where questions are answered."""
    dossier = tmp_path_factory.mktemp("avis")
    preparer_les_textes(dossier)
    site = servir_avec_des_comptes(fournisseur, lancer_serveur, dossier)
    site.declarer(AGENT)
    return site


def _marques(site: Site) -> tuple[Avis, ...]:
    return Registre(site.donnees / "avis").marques().historique


@pytest.fixture(scope="module")
def agent(navigateur: Browser, site: Site) -> Iterator[BrowserContext]:
    """The browser of an agent who logged in."""
    contexte = fenetre(navigateur)
    page = contexte.new_page()
    entrer(page, site, AGENT)
    page.close()
    yield contexte
    contexte.close()


@pytest.fixture(scope="module")
def porteur(navigateur: Browser) -> Iterator[BrowserContext]:
    """The browser of somebody without an account."""
    contexte = fenetre(navigateur)
    yield contexte
    contexte.close()


def _demander(contexte: BrowserContext, site: Site) -> Page:
    page = contexte.new_page()
    page.goto(site.adresse)
    boite = page.get_by_role("textbox", name="Votre question sur le Clas")
    boite.fill(QUESTION, timeout=ATTENTE)
    boite.press("Enter")
    page.locator(".clas-reponse").wait_for(timeout=ATTENTE)
    attendre_le_repos(page)
    return page


def _marquer(page: Page, avis: str, commentaire: str) -> None:
    attendre_le_repos(page)
    page.get_by_role("radiogroup", name="Votre avis").get_by_text(avis).click()
    page.get_by_label(re.compile("^Commentaire")).fill(commentaire)
    page.get_by_role("button", name="Enregistrer l'avis").click()
    expect(page.locator(".clas-avis-titre", has_text="Avis enregistré")).to_be_visible()


def test_an_agent_marks_and_porteurs_see_the_day_then_no_longer_get_what_is_wrong(
    site: Site, agent: BrowserContext, porteur: BrowserContext
) -> None:
    sienne, autre = _demander(agent, site), _demander(porteur, site)
    corps = autre.locator(".clas-corps")
    expect(corps).to_contain_text(REPONSE)
    expect(autre.get_by_text(VOLET)).to_have_count(0)
    expect(autre.locator(".clas-verifiee")).to_have_count(0)

    sienne.get_by_text(VOLET).click()
    sienne.get_by_role("combobox", name="Ce que vous jugez").click()
    sienne.get_by_role("option", name=re.compile("^Fiche")).click()
    expect(sienne.locator(".clas-a-juger")).to_contain_text("seances-par-semaine")
    _marquer(sienne, "Vérifié : c'est juste", "lu dans la circulaire")
    assert violations(sienne) == []
    [pose] = _marques(site)
    assert (pose.auteur, pose.statut, pose.cible) == (AGENT, "verifie", "seances-par-semaine")

    autre.close()
    autre = _demander(porteur, site)
    corps = autre.locator(".clas-corps")
    expect(autre.locator(".clas-verifiee")).to_have_text(
        re.compile(r"Vérifié par un agent le \d+(er)? \w+ \d{4}")
    )
    assert AGENT not in autre.content()
    assert "lu dans la circulaire" not in autre.content()
    assert violations(autre) == []

    _marquer(sienne, "Faux : à ne plus donner", "le nombre a changé")
    expect(sienne.get_by_text("Erreur relevée dans cette réponse")).to_be_visible()
    # The page that was open shows it no more from the next turn on, and the card is not said.
    autre.get_by_role("textbox", name="Votre question sur le Clas").fill(QUESTION)
    autre.keyboard.press("Enter")
    expect(autre.locator("#question-2")).to_be_visible()
    expect(autre.get_by_text("Erreur relevée dans cette réponse")).to_be_visible(timeout=ATTENTE)
    expect(corps).to_have_count(1)
    expect(corps).to_contain_text("deux séances hebdomadaires, d’une heure trente par séance")
    expect(corps).not_to_contain_text(REPONSE)
    assert "le nombre a changé" not in autre.content()

    liste = agent.new_page()
    liste.goto(f"{site.adresse}/avis-des-agents")
    expect(liste.get_by_role("heading", name="Fiche seances-par-semaine : faux")).to_be_visible(
        timeout=ATTENTE
    )
    assert violations(liste) == []
    _marquer(liste, "Lever l'avis", "")
    autre.close()
    autre = _demander(porteur, site)
    expect(autre.locator(".clas-corps")).to_contain_text(REPONSE)
    assert [a.statut for a in _marques(site)] == ["verifie", "faux", "leve"]


@pytest.mark.parametrize(
    "chemin",
    [
        "avis-des-agents",
        "avis-des-agents?avis-statut=faux&role=agent&is_logged_in=true",
        "question?volet-tour-1-1=true&avis=faux&cible=seances-par-semaine",
    ],
)
def test_nobody_without_an_account_reaches_a_form_or_the_list(
    site: Site, porteur: BrowserContext, chemin: str
) -> None:
    avant = _marques(site)
    page = porteur.new_page()
    page.goto(f"{site.adresse}/{chemin}")
    page.get_by_role("heading", level=1).wait_for(timeout=ATTENTE)
    attendre_le_repos(page)
    expect(page.get_by_role("button", name="Enregistrer l'avis")).to_have_count(0)
    expect(page.get_by_text("Tout ce qui a été dit")).to_have_count(0)
    page.close()
    assert _marques(site) == avant
