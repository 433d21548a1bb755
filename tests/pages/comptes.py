"""Pages with accounts as tests serve them: who holds which role, and what is served to them."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import yaml

from assistant.configuration import Configuration
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
        urllib.request.urlopen(requete, timeout=10).close()


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
