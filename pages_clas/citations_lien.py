"""The way from a quotation to the page that checks it, for those whom that page is open to."""

from __future__ import annotations

import streamlit as st

from assistant.models import Citation
from pages_clas import PAGE_CITATION, garde
from pages_clas.pages_agents import pages_de
from pages_clas.reperes import parametres_du_passage


def peut_verifier() -> bool:
    """Whether the page is among those of this visitor."""
    if garde.ouverture() == "fermee":
        return False
    return any(page.script == PAGE_CITATION for page in pages_de(garde.qui()))


def lien_de_verification(citation: Citation, numero: int) -> None:
    """Show the link that checks a quotation; only where ``peut_verifier``."""
    st.page_link(
        PAGE_CITATION,
        label=f"Vérifier la citation {numero}",
        query_params=parametres_du_passage(citation),
    )
