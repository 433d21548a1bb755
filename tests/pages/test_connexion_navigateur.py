"""Logging in, for real: a provider, a browser, and who is let in."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
import yaml
from attente import attendre_le_repos
from comptes import AGENT, CLIENT, GESTIONNAIRE, PORTEUR, ROLES, Site
from playwright.sync_api import Browser, BrowserContext, Page, expect
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

pytestmark = pytest.mark.long

PORTEURS = ["Poser une question", "Lire les textes", "Auto-contrôle de mon projet"]


@pytest.fixture(scope="module")
def fenetre(navigateur: Browser) -> Iterator[BrowserContext]:
    """One cache for all: what Streamlit's pages are made of is fetched once."""
    contexte = navigateur.new_context(locale="fr-FR", reduced_motion="reduce")
    contexte.set_default_timeout(30_000)
    yield contexte
    contexte.close()


@pytest.fixture
def contexte(fenetre: BrowserContext) -> BrowserContext:
    """A browser that nobody logged in with."""
    fenetre.clear_cookies()
    return fenetre


@pytest.fixture
def page(contexte: BrowserContext) -> Iterator[Page]:
    onglet = contexte.new_page()
    yield onglet
    onglet.close()


def _se_connecter(page: Page, site: Site, sub: str) -> None:
    page.goto(f"{site.adresse}/connexion")
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_placeholder("sub").fill(sub)
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(f"{site.adresse}/**", wait_until="commit")


def _ouvrir(page: Page, site: Site, chemin: str) -> None:
    page.goto(f"{site.adresse}/{chemin}", wait_until="commit")
    page.get_by_role("heading", level=1, name="Espace agents").wait_for()


def _menu_est(page: Page, titres: list[str]) -> None:
    expect(page.get_by_test_id("stTopNavLink")).to_have_text(titres)


def _est_refuse(page: Page, titre: str) -> None:
    page.locator(".clas-avis-titre", has_text=titre).wait_for()
    attendre_le_repos(page)
    expect(page.get_by_text("Connecté comme")).to_have_count(0)
    expect(page.get_by_role("button", name="Vérifier la base")).to_have_count(0)


# Nobody, and somebody without a role.


@pytest.mark.parametrize(
    "chemin",
    [
        "espace-agents",
        "citation",
        "espace-agents?role=gestionnaire&is_logged_in=true&email=gestion@caf.exemple",
    ],
)
def test_an_anonymous_visitor_is_told_to_log_in(page: Page, site: Site, chemin: str) -> None:
    _ouvrir(page, site, chemin)
    _est_refuse(page, "Vous n'êtes pas connecté")
    _menu_est(page, [*PORTEURS, "Espace agents"])


def test_a_login_without_a_role_opens_nothing(page: Page, site: Site) -> None:
    site.declarer(PORTEUR)
    _se_connecter(page, site, PORTEUR)
    _ouvrir(page, site, "espace-agents")
    _est_refuse(page, "Compte sans rôle")
    _menu_est(page, [*PORTEURS, "Espace agents"])


def test_an_address_that_the_provider_did_not_check_opens_nothing(page: Page, site: Site) -> None:
    site.declarer("inconnu", email=GESTIONNAIRE, email_verified=False)
    _se_connecter(page, site, "inconnu")
    _ouvrir(page, site, "espace-agents")
    _est_refuse(page, "Compte sans rôle")


# Those who hold one.


def test_an_agent_sees_who_they_are_and_no_action_of_a_keeper(page: Page, site: Site) -> None:
    site.declarer(AGENT)
    _se_connecter(page, site, AGENT)
    _ouvrir(page, site, "espace-agents")
    expect(page.locator(".clas-fiche")).to_contain_text(AGENT)
    expect(page.get_by_role("button", name="Se déconnecter")).to_be_visible()
    expect(page.get_by_role("button", name="Vérifier la base")).to_have_count(0)


def test_what_a_keeper_does_is_in_the_journal_under_their_name(page: Page, site: Site) -> None:
    site.declarer(GESTIONNAIRE, name="Quelqu'un d'autre")
    _se_connecter(page, site, GESTIONNAIRE)
    _ouvrir(page, site, "espace-agents")
    avant = len(site.actes)
    page.get_by_role("button", name="Vérifier la base").click()
    expect(page.locator(".clas-avis-titre")).to_contain_text("Base vérifiée", timeout=60_000)
    assert site.actes[avant:] == [(f"Claude Martin ({GESTIONNAIRE})", "verifier")]


# A role that ends.


def test_a_login_that_expires_while_the_page_is_open_lets_nothing_be_done(
    page: Page, site: Site
) -> None:
    site.declarer(GESTIONNAIRE, exp=int(time.time()) + 20)
    _se_connecter(page, site, GESTIONNAIRE)
    _ouvrir(page, site, "espace-agents")
    bouton = page.get_by_role("button", name="Vérifier la base")
    expect(bouton).to_be_visible()
    fin = time.time() + 20
    page.wait_for_timeout(max(0, fin - time.time()) * 1000)
    avant = site.actes
    bouton.click()
    _est_refuse(page, "Connexion expirée")
    expect(page.get_by_role("button", name="Se connecter")).to_be_visible()
    assert site.actes == avant


def test_a_name_taken_off_the_list_lets_nothing_more_be_done(page: Page, site: Site) -> None:
    site.declarer(GESTIONNAIRE)
    _se_connecter(page, site, GESTIONNAIRE)
    _ouvrir(page, site, "espace-agents")
    avant = site.actes
    ecrit = site.roles.read_text("utf-8")
    site.roles.write_text(yaml.safe_dump({"personnes": ROLES["personnes"][:1]}), encoding="utf-8")
    try:
        page.get_by_role("button", name="Vérifier la base").click()
        _est_refuse(page, "Compte sans rôle")
    finally:
        site.roles.write_text(ecrit, encoding="utf-8")
    assert site.actes == avant


def test_logging_out_closes_the_pages(page: Page, site: Site, contexte: BrowserContext) -> None:
    site.declarer(AGENT)
    _se_connecter(page, site, AGENT)
    _ouvrir(page, site, "espace-agents")
    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_role("button", name="End session").click()
    page.wait_for_url(f"{site.adresse}/**")
    _ouvrir(page, site, "espace-agents")
    _est_refuse(page, "Vous n'êtes pas connecté")
    assert not [c for c in contexte.cookies() if c["name"].startswith("_streamlit_user")]


# Tokens and sessions that are not for us.


@pytest.mark.parametrize(
    ("revendications", "titre"),
    [
        pytest.param({"aud": "autre-application"}, "Vous n'êtes pas connecté", id="aud"),
        # The login library believes this one.
        pytest.param(
            {"aud": "autre-application", "azp": CLIENT}, "Connexion non reconnue", id="aud et azp"
        ),
    ],
)
def test_a_token_for_another_application_opens_nothing(
    page: Page, site: Site, revendications: dict[str, object], titre: str
) -> None:
    site.declarer(GESTIONNAIRE, **revendications)
    _se_connecter(page, site, GESTIONNAIRE)
    _ouvrir(page, site, "espace-agents")
    _est_refuse(page, titre)


def test_a_token_that_ended_before_the_login_opens_nothing(page: Page, site: Site) -> None:
    # The login library believes it for two minutes more.
    site.declarer(GESTIONNAIRE, exp=int(time.time()) - 5)
    _se_connecter(page, site, GESTIONNAIRE)
    _ouvrir(page, site, "espace-agents")
    _est_refuse(page, "Connexion expirée")


def test_a_session_signed_with_another_key_is_nobody(
    page: Page, site: Site, contexte: BrowserContext
) -> None:
    maintenant = int(time.time())
    forgee = {
        "iss": site.fournisseur,
        "aud": CLIENT,
        "sub": GESTIONNAIRE,
        "email": GESTIONNAIRE,
        "iat": maintenant,
        "exp": maintenant + 3600,
        "provider": "default",
        "is_logged_in": True,
        "origin": site.adresse,
    }
    signee = create_signed_value("une autre cle " * 4, "_streamlit_user", json.dumps(forgee))
    contexte.add_cookies(
        [{"name": "_streamlit_user", "value": signee.decode(), "url": site.adresse}]
    )
    _ouvrir(page, site, "espace-agents")
    _est_refuse(page, "Vous n'êtes pas connecté")


# Without accounts.


def test_without_configuration_there_is_no_page_for_agents(
    navigateur: Browser, page: Page, adresse: str
) -> None:
    assert navigateur.is_connected()
    page.goto(f"{adresse}/espace-agents")
    page.get_by_role("dialog", name="Page introuvable").wait_for()
    _menu_est(page, PORTEURS)
    expect(page.get_by_text("Espace agents")).to_have_count(0)


def test_this_computer_opens_them_when_told_to(page: Page, local: Site) -> None:
    _ouvrir(page, local, "espace-agents")
    expect(page.locator(".clas-fiche")).to_contain_text("depuis cet ordinateur seul")
    expect(page.get_by_role("button", name="Se déconnecter")).to_have_count(0)


def test_a_page_shown_inside_another_site_is_not_let_in(page: Page, local: Site) -> None:
    page.set_content(f'<iframe src="{local.adresse}/espace-agents" height="600"></iframe>')
    cadre = page.frame_locator("iframe")
    expect(cadre.locator(".clas-avis-titre")).to_contain_text("Accès refusé")
    expect(cadre.get_by_role("button", name="Vérifier la base")).to_have_count(0)
