"""What every page wears: its title, the style sheet, the script that Streamlit's own page needs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from pages_clas.balises import echapper

NOM = "Assistant Clas"
_RESSOURCES = Path(__file__).with_name("ressources")


def titrer(titre: str) -> None:
    """Name the browser tab: « Poser une question – Assistant Clas »."""
    st.set_page_config(
        page_title=f"{titre} – {NOM}", page_icon=_RESSOURCES / "icone.svg", layout="centered"
    )


def habiller(titre: str) -> None:
    """Name the page and give it its style and its script (the same for every page)."""
    titrer(titre)
    st.logo(_RESSOURCES / "nom.svg", size="large", icon_image=_RESSOURCES / "nom.svg")
    st.html(_lire("style.css", "style"))
    # The script is ours and constant: no word of a document or of a question ever enters it.
    with st.container(key="clas-script"):
        st.html(_lire("page.js", "script"), unsafe_allow_javascript=True)


def annoncer(message: str, jeton: str) -> None:
    """Have screen readers say ``message`` once for each ``jeton``, without moving the focus."""
    st.html(
        f'<div hidden data-annonce="{echapper(jeton)}">{echapper(message)}</div>',
    )


def viser(ancre: str, jeton: str, *, focus: bool) -> None:
    """Scroll once for each ``jeton`` to the element of that id; give it the focus if asked."""
    st.html(
        f'<div hidden data-viser="{echapper(ancre)}" data-jeton="{echapper(jeton)}"'
        f' data-focus="{"oui" if focus else "non"}">.</div>',
    )


@cache
def _lire(nom: str, balise: str) -> str:
    return f"<{balise}>{(_RESSOURCES / nom).read_text(encoding='utf-8')}</{balise}>"
