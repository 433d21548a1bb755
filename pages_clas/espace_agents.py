"""Script of the page « Espace agents »: who is logged in, what they may open, what was done."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st

from assistant.acces import Identite
from assistant.configuration import read_configuration
from assistant.publication.etat import open_base
from assistant.publication.verification import Trouble, check_all
from corpus.base.models import Evenement
from pages_clas import garde
from pages_clas.balises import avis, echapper
from pages_clas.connexion import bouton_de_deconnexion
from pages_clas.pages_agents import pages_de

_ROLES: Final = {"agent": "agent", "gestionnaire": "gestionnaire des textes"}
_LIGNES: Final = 20
_HEURE: Final = ZoneInfo("Europe/Paris")
_BASE: Final = "base des textes"
_STYLE: Final = (
    "<style>.clas-journal { overflow-x: auto } "
    ".clas-journal :is(th, td) { text-align: left; padding: 0.3rem 1rem 0.3rem 0; }</style>"
)


def afficher_espace_agents() -> None:
    """Show the page to whoever holds a role."""
    st.title("Espace agents", anchor=False)
    identite = garde.exiger("agent")
    st.html(_identite_html(identite))
    if identite.voie == "compte":
        bouton_de_deconnexion()
    st.html("<h2>Vos pages</h2>")
    for page in pages_de(identite):
        if page.script != "pages_clas/espace_agents.py":
            st.page_link(page.script, label=page.titre)
    if identite.role == "gestionnaire":
        _base()


def _identite_html(identite: Identite) -> str:
    lignes = [("Connecté comme", identite.auteur), ("Rôle", _ROLES[identite.role])]
    if identite.expire is None:
        lignes.append(("Accès", "depuis cet ordinateur seul, sans compte"))
    else:
        fin = identite.expire.astimezone(_HEURE)
        lignes.append(("Jusqu'au", f"{fin:%d/%m/%Y à %H h %M}"))
    dits = "".join(f"<div><dt>{echapper(n)}</dt><dd>{echapper(v)}</dd></div>" for n, v in lignes)
    return f'<dl class="clas-fiche">{dits}</dl>'


def _base() -> None:
    """Offer to check the base, and show what was done to it."""
    st.html("<h2>Base des textes</h2>")
    if st.button("Vérifier la base", key="verifier-la-base"):
        troubles = garde.agir("gestionnaire", "verifier", _BASE, _verifier)
        st.html(_troubles_html(troubles))
    lignes = open_base(read_configuration()).read_journal()[-_LIGNES:]
    st.html(f"<h2>Journal</h2>{_journal_html(lignes)}")


def _verifier(_identite: Identite) -> tuple[Trouble, ...]:
    with st.spinner("Vérification de la base…"):
        return check_all(read_configuration(), lambda _fait, _total: None)


def _troubles_html(troubles: tuple[Trouble, ...]) -> str:
    if not troubles:
        return avis("information", "Base vérifiée", ["Rien n'a été trouvé de perdu ou d'altéré."])
    return avis(
        "erreur",
        f"Base vérifiée : {len(troubles)} à réparer",
        [f"{t.ou} : {t.quoi} ; {t.remede}." for t in troubles],
    )


def _journal_html(lignes: tuple[Evenement, ...]) -> str:
    if not lignes:
        return "<p>Rien n'a encore été fait.</p>"
    corps = "".join(
        "<tr>"
        + "".join(
            f"<td>{echapper(mots)}</td>"
            for mots in (
                f"{e.date.astimezone(_HEURE):%d/%m/%Y %H:%M}",
                e.auteur,
                e.action,
                e.objet,
                e.detail,
            )
        )
        + "</tr>"
        for e in reversed(lignes)
    )
    entetes = "".join(f"<th>{nom}</th>" for nom in ("Date", "Qui", "Action", "Sur", "Détail"))
    return (
        f'{_STYLE}<div class="clas-journal" tabindex="0" role="region" aria-label="Journal"><table>'
        f"<thead><tr>{entetes}</tr></thead><tbody>{corps}</tbody></table></div>"
    )


afficher_espace_agents()
