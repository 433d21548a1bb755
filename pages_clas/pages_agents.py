"""The pages of those who hold a role, and which of them a visitor may be given.

A page is added to ``PAGES``; its script calls ``garde.exiger`` with the same role before anything
else, since what is registered here is only what the menu and the addresses lead to.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import streamlit as st

from assistant.acces import Identite, Refus, Role, covers
from pages_clas import PAGE_CITATION, garde
from pages_clas.connexion import afficher_connexion

PAGE_CONNEXION = "connexion"
PAGE_AVIS = "pages_clas/avis_des_agents.py"
PAGE_QUESTIONS = "pages_clas/questions_posees.py"
PAGE_EXPLOITATION = "pages_clas/exploitation.py"


class PageAgents(NamedTuple):
    """A page of theirs."""

    titre: str
    script: str
    role: Role
    """The least role that opens it."""
    adresse: str
    """Last part of its URL."""


PAGES = (
    PageAgents("Espace agents", "pages_clas/espace_agents.py", "agent", "espace-agents"),
    PageAgents("Vérifier une citation", PAGE_CITATION, "agent", "citation"),
    PageAgents("Avis des agents", PAGE_AVIS, "agent", "avis-des-agents"),
    PageAgents("Questions posées", PAGE_QUESTIONS, "agent", "questions-posees"),
    PageAgents("Exploitation", PAGE_EXPLOITATION, "agent", "exploitation"),
    PageAgents(
        "Tenir les textes", "pages_clas/tenir_les_textes.py", "gestionnaire", "tenir-les-textes"
    ),
)


def naviguer(porteurs: list[st.Page]) -> list[st.Page]:
    """Pages of this visitor: those of everybody, then those of the role they hold.

    Where agents' pages are off, there are the pages of everybody and no other. Elsewhere, the
    address of a page that the visitor may not open shows why, and how to log in. The menu has one
    entry for agents, whose page links to the others: it stays short, and read as one list.
    """
    if garde.ouverture() == "fermee":
        return porteurs
    decision = garde.qui()
    siennes = pages_de(decision)
    ouvertes = [
        st.Page(
            page.script,
            title=page.titre,
            url_path=page.adresse,
            visibility=_visibilite(page == PAGES[0]),
        )
        for page in siennes
    ]
    interdites = [
        _refus(page.adresse, page.titre, visible=False) for page in PAGES if page not in siennes
    ]
    local = isinstance(decision, Refus) and decision.motif == "local"
    connexion = _refus(PAGE_CONNEXION, "Espace agents", visible=not siennes and not local)
    return [*porteurs, connexion, *ouvertes, *interdites]


def pages_de(decision: Identite | Refus) -> tuple[PageAgents, ...]:
    """Pages that a decision opens."""
    if isinstance(decision, Refus):
        return ()
    return tuple(page for page in PAGES if covers(decision.role, page.role))


def _refus(adresse: str, titre: str, *, visible: bool) -> st.Page:
    """The login page, under the address of a page that is not opened to this visitor."""
    return st.Page(
        afficher_connexion, title=titre, url_path=adresse, visibility=_visibilite(visible)
    )


def _visibilite(visible: bool) -> Literal["visible", "hidden"]:
    return "visible" if visible else "hidden"
