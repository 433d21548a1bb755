"""Logging in, for real: a provider, a browser, and what somebody else may send to the server."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from attente import attendre_le_repos
from playwright.sync_api import Browser, BrowserContext, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from assistant.configuration import Configuration
from assistant.publication.etat import keep_shipped, open_base

pytestmark = pytest.mark.long

CLIENT = "assistant-clas"
AGENT, GESTIONNAIRE, PORTEUR = "agent@caf.exemple", "gestion@caf.exemple", "porteur@asso.exemple"
ROLES = {
    "personnes": [
        {"courriel": AGENT, "role": "agent"},
        {"courriel": GESTIONNAIRE, "role": "gestionnaire", "nom": "Claude Martin"},
    ]
}
PORTEURS = ["Poser une question", "Lire les textes", "Auto-contrôle de mon projet"]
SECRET = "une-cle-de-cookies-tiree-pour-les-essais-seulement"


class Site(NamedTuple):
    """A server of pages, what it was given, and its provider."""

    adresse: str
    donnees: Path
    roles: Path
    fournisseur: str

    @property
    def actes(self) -> list[tuple[str, str]]:
        """Who did what, as its journal says."""
        base = open_base(Configuration(donnees=self.donnees, modele=None))
        return [(e.auteur, e.action) for e in base.read_journal()]

    def declarer(self, sub: str, **revendications: object) -> None:
        """Say what the provider's next token for somebody claims."""
        requete = urllib.request.Request(
            f"{self.fournisseur}/users/{sub}",
            data=json.dumps({"email": sub, "email_verified": True} | revendications).encode(),
            headers={"Content-Type": "application/json"},
            method="PUT",
        )
        urllib.request.urlopen(requete, timeout=10).close()


@pytest.fixture(scope="module")
def fournisseur(navigateur: Browser) -> Iterator[str]:
    assert navigateur.is_connected()
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        port = prise.getsockname()[1]
    commande = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    processus = subprocess.Popen(
        commande, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    adresse = f"http://127.0.0.1:{port}"
    limite = time.monotonic() + 60
    while time.monotonic() < limite:
        try:
            urllib.request.urlopen(f"{adresse}/.well-known/openid-configuration", timeout=2).close()
            break
        except (urllib.error.URLError, OSError):
            assert processus.poll() is None, "le fournisseur d'identité s'est arrêté"
            time.sleep(0.1)
    yield adresse
    processus.terminate()
    processus.wait(timeout=10)


@pytest.fixture(scope="module")
def site(
    fournisseur: str,
    lancer_serveur: Callable[[dict[str, str]], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Site:
    """Pages with accounts; nothing is prepared, so that questions are not answered there."""
    dossier = tmp_path_factory.mktemp("comptes")
    secrets = dossier / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.write_text(
        f"""[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "{SECRET}"
client_id = "{CLIENT}"
client_secret = "secret"
server_metadata_url = "{fournisseur}/.well-known/openid-configuration"
""",
        encoding="utf-8",
    )
    roles = dossier / "roles.yaml"
    roles.write_text(yaml.safe_dump(ROLES), encoding="utf-8")
    donnees = dossier / "var"
    keep_shipped(open_base(Configuration(donnees=donnees, modele=None)))
    adresse = lancer_serveur(
        {"HOME": str(dossier), "CLAS_ROLES": str(roles), "CLAS_DONNEES": str(donnees)}
    )
    return Site(adresse, donnees, roles, fournisseur)


@pytest.fixture(scope="module")
def local(
    navigateur: Browser,
    lancer_serveur: Callable[[dict[str, str]], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Site:
    """Pages without accounts, opened to this computer."""
    assert navigateur.is_connected()
    dossier = tmp_path_factory.mktemp("local")
    adresse = lancer_serveur(
        {"HOME": str(dossier), "CLAS_AGENTS_LOCAL": "1", "CLAS_DONNEES": str(dossier / "var")}
    )
    return Site(adresse, dossier / "var", dossier, "")


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
    site.declarer(GESTIONNAIRE, exp=int(time.time()) + 10)
    _se_connecter(page, site, GESTIONNAIRE)
    _ouvrir(page, site, "espace-agents")
    bouton = page.get_by_role("button", name="Vérifier la base")
    expect(bouton).to_be_visible()
    fin = time.time() + 10
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


# What is not a browser.


class Recu(NamedTuple):
    """What a server drew for a connection."""

    html: str
    boutons: dict[str, str]
    """Id of each button, by its label."""


def _parler(
    adresse: str,
    entetes: Sequence[tuple[str, str]] = (),
    *,
    hote: str = "",
    clic: str = "",
    chemin: str = "espace-agents",
) -> Recu:
    """Open a page as a program would, with any header, and press a button by its id."""
    port = int(adresse.rsplit(":", 1)[1])
    nom = hote or f"127.0.0.1:{port}"
    message = BackMsg()
    message.rerun_script.page_name = chemin
    if clic:
        message.rerun_script.widget_states.widgets.append(WidgetState(id=clic, trigger_value=True))
    html: list[str] = []
    boutons: dict[str, str] = {}
    prise = socket.create_connection(("127.0.0.1", port))
    with connect(
        f"ws://{nom}/_stcore/stream",
        sock=prise,
        origin=f"http://{nom}",
        additional_headers=[("Cookie", "_streamlit_xsrf=jeton"), *entetes],
        max_size=None,
    ) as flux:
        flux.send(message.SerializeToString())
        try:
            while True:
                recu = ForwardMsg.FromString(flux.recv(timeout=60))
                if recu.WhichOneof("type") == "script_finished":
                    break
                element = recu.delta.new_element
                html.append(element.html.body)
                if element.button.id:
                    boutons[element.button.label] = element.button.id
        except ConnectionClosed:
            pass
    return Recu("".join(html), boutons)


def test_a_click_sent_by_hand_does_nothing_without_the_role(site: Site, local: Site) -> None:
    bouton = _parler(local.adresse).boutons["Vérifier la base"]
    avant = local.actes
    refuse = _parler(local.adresse, [("X-Forwarded-For", "127.0.0.1")], clic=bouton)
    assert local.actes == avant
    assert "ne s'ouvrent que depuis l'ordinateur" in refuse.html.replace("&#x27;", "'")
    # The same click, sent straight: the button is the right one.
    assert "Base vérifiée" in _parler(local.adresse, clic=bouton).html
    assert [action for _, action in local.actes[len(avant) :]] == ["verifier"]
    # And to the server with accounts, by nobody.
    avant = site.actes
    for chemin in ("espace-agents", "", "citation"):
        _parler(site.adresse, clic=bouton, chemin=chemin)
    assert site.actes == avant


@pytest.mark.parametrize(
    "entete",
    [
        ("Forwarded", "for=127.0.0.1"),
        ("X-Forwarded-Host", "exemple.fr"),
        ("X-Forwarded-Proto", "https"),
        ("X-Real-IP", "127.0.0.1"),
        ("Via", "1.1 mandataire"),
    ],
)
def test_a_request_that_something_forwarded_is_not_local(
    local: Site, entete: tuple[str, str]
) -> None:
    recu = _parler(local.adresse, [entete])
    assert recu.boutons == {}
    assert "depuis cet ordinateur seul" not in recu.html


def test_a_name_of_elsewhere_that_points_here_is_not_local(local: Site) -> None:
    recu = _parler(local.adresse, hote=f"piege.exemple:{local.adresse.rsplit(':', 1)[1]}")
    assert recu.boutons == {}
    assert re.search(r"Accès refusé", recu.html)


def test_a_file_sent_to_the_server_does_nothing(site: Site) -> None:
    avant = site.actes
    for methode in ("PUT", "POST"):
        requete = urllib.request.Request(
            f"{site.adresse}/_stcore/upload_file/inconnue/roles.yaml",
            data=b"personnes: [{courriel: moi@exemple.fr, role: gestionnaire}]",
            method=methode,
        )
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(requete, timeout=10)
    assert site.actes == avant
    assert yaml.safe_load(site.roles.read_text("utf-8")) == ROLES
