"""The page « Tenir les textes »: what answers, what is being prepared, and its publication."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from assistant.configuration import read_configuration
from assistant.publication.brouillons import ChangementRefuse, state_of
from assistant.publication.etat import open_base, version_in_service
from pages_clas import garde
from pages_clas.balises import avis
from pages_clas.textes_actes import REFUS, en_page, montrer_le_message
from pages_clas.textes_ajouts import ajouter_des_fichiers
from pages_clas.textes_brouillon import abandonner, montrer_le_brouillon
from pages_clas.textes_publication import publier_le_brouillon
from pages_clas.textes_versions import montrer_les_versions

_STYLE: Final = Path(__file__).with_name("ressources") / "textes.css"


def afficher_textes() -> None:
    """Show the page to whoever keeps the corpus."""
    st.html(f"<style>{_STYLE.read_text(encoding='utf-8')}</style>")
    st.title("Tenir les textes", anchor=False)
    identite = garde.exiger("gestionnaire")
    montrer_le_message()
    configuration = read_configuration()
    base = open_base(configuration)
    try:
        servie = version_in_service(configuration)
        if servie is None:
            dit = "Aucun texte n'est encore en service : lancez « clas preparer »."
            st.html(avis("attention", "Rien n'est prêt", [dit]))
            return
        montrer_les_versions(configuration, base, servie)
        try:
            etat = state_of(configuration)
        except ChangementRefuse as refus:
            st.html("<h2>Le brouillon</h2>")
            st.html(avis("attention", "Ce brouillon ne peut pas continuer", [en_page(refus)]))
            abandonner(configuration)
            return
        ajouter_des_fichiers(configuration, etat)
        rapport = montrer_le_brouillon(configuration, etat)
        if rapport is not None:
            publier_le_brouillon(configuration, etat, rapport, identite)
    except REFUS as refus:
        st.html(avis("erreur", "La base des textes ne peut pas être lue", [en_page(refus)]))
