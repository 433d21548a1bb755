"""Pages with accounts as tests serve them: who holds which role, and what is served to them."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import yaml
from attente import attendre_le_repos
from playwright.sync_api import Page

from assistant.configuration import Configuration, read_configuration
from assistant.publication.etat import keep_shipped, open_base

CLIENT = "assistant-clas"
AGENT, GESTIONNAIRE, PORTEUR = "agent@caf.exemple", "gestion@caf.exemple", "porteur@asso.exemple"
ROLES = {
    "personnes": [
        {"courriel": AGENT, "role": "agent"},
        {"courriel": GESTIONNAIRE, "role": "gestionnaire", "nom": "Claude Martin"},
    ]
}
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
        urllib.request.urlopen(requete, timeout=60).close()


def servir_avec_des_comptes(
    fournisseur: str, lancer_serveur: Callable[[dict[str, str]], str], dossier: Path
) -> Site:
    """Pages with accounts; nothing is prepared, so that questions are not answered there."""
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


def preparer_les_textes(dossier: Path) -> None:
    """Lend the texts, the model and the index of these tests to pages that are to be served."""
    ici, donnees = read_configuration(), dossier / "var"
    donnees.mkdir()
    for nom in ("modele", "index"):
        (donnees / nom).symlink_to((ici.donnees / nom).resolve())
    shutil.copytree(ici.donnees / "corpus", donnees / "corpus")


def entrer(page: Page, site: Site, sub: str) -> None:
    """Log in as somebody."""
    page.goto(f"{site.adresse}/connexion")
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_placeholder("sub").fill(sub)
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(f"{site.adresse}/**")
    attendre_le_repos(page)
