"""The login page: why agents' pages are closed to a visitor, and the way in."""

from __future__ import annotations

from typing import Final

import streamlit as st

from assistant.acces import Identite, Refus
from pages_clas import garde
from pages_clas.balises import TypeAvis, avis, echapper

_PORTEURS: Final = (
    "Porteurs de projet : vous n'avez pas besoin de compte. Les questions, les textes et "
    "l'auto-contrôle vous sont ouverts sans connexion."
)
_TYPES: Final[dict[str, TypeAvis]] = {"anonyme": "information", "expiree": "attention"}
_TITRES: Final = {
    "anonyme": "Vous n'êtes pas connecté",
    "expiree": "Connexion expirée",
    "sans_role": "Compte sans rôle",
    "jeton": "Connexion non reconnue",
    "configuration": "Accès indisponible",
    "local": "Accès refusé",
    "fermee": "Accès fermé",
}
DECONNEXION: Final = "Se déconnecter"


def afficher_connexion() -> None:
    """Show why the visitor is not let in, with the buttons to log in or out."""
    st.title("Espace agents", anchor=False)
    decision = garde.qui()
    if isinstance(decision, Identite):
        st.html(avis("information", "Vous êtes connecté", [_chemin(decision)]))
        return
    st.html(
        avis(_TYPES.get(decision.motif, "erreur"), _TITRES[decision.motif], [decision.message])
        + f"<p>{echapper(_PORTEURS)}</p>"
    )
    _boutons(decision)


def bouton_de_deconnexion() -> None:
    """Offer to log out: the session cookie is deleted, and the provider told."""
    if st.button(DECONNEXION, key="se-deconnecter"):
        st.logout()


def _boutons(refus: Refus) -> None:
    if refus.motif in ("anonyme", "expiree") and st.button(
        "Se connecter", key="se-connecter", type="primary"
    ):
        st.login()
    if refus.motif in ("sans_role", "jeton"):
        bouton_de_deconnexion()


def _chemin(identite: Identite) -> str:
    return (
        f"Connecté comme {identite.auteur}, rôle {identite.role}. « Espace agents », au menu, mène "
        "aux pages ouvertes à ce rôle."
    )
