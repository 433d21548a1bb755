"""The pages: ``streamlit run app.py``."""

from __future__ import annotations

import streamlit as st

from pages_clas import PAGE_PROJET, PAGE_QUESTION, PAGE_TEXTES
from pages_clas.arret import arret_du_processus
from pages_clas.habillage import habiller
from pages_clas.menage import menage_du_processus
from pages_clas.observation import observateur
from pages_clas.pages_agents import naviguer


def main() -> None:
    """Declare the pages, dress the one asked for, run it."""
    # First: what is logged from here on goes where an operator asked for it.
    observateur()
    pages = [
        st.Page(PAGE_QUESTION, title="Poser une question", url_path="question", default=True),
        st.Page(PAGE_TEXTES, title="Lire les textes", url_path="textes"),
        st.Page(PAGE_PROJET, title="Auto-contrôle de mon projet", url_path="projet"),
    ]
    page = st.navigation(naviguer(pages), position="top")
    habiller(page.title)
    with menage_du_processus().page(), arret_du_processus().page():
        page.run()


main()
