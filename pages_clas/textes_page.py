"""The page « Tenir les textes »: what answers, what is being prepared, and its publication."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from assistant.acces import Identite
from assistant.configuration import Configuration, read_configuration
from assistant.publication.brouillons import ChangementRefuse, state_of
from assistant.publication.etat import open_base, version_in_service
from corpus.base.models import VersionBase
from pages_clas import garde
from pages_clas.balises import avis
from pages_clas.textes_actes import REFUS, en_page, montrer_le_message
from pages_clas.textes_ajouts import ajouter_des_fichiers
from pages_clas.textes_brouillon import abandonner, montrer_le_brouillon
from pages_clas.textes_controle import proposer_les_exports, verifier_la_base
from pages_clas.textes_documents import changer_un_document, montrer_les_documents
from pages_clas.textes_etat import etat_html
from pages_clas.textes_publication import publier_le_brouillon
from pages_clas.textes_suivi import suivre_le_dossier
from pages_clas.textes_tableau import titre_de_partie
from pages_clas.textes_versions import montrer_les_versions

_STYLE: Final = Path(__file__).with_name("ressources") / "textes.css"


def afficher_textes() -> None:
    """Show the page to whoever keeps the corpus."""
    st.html(f"<style>{_STYLE.read_text(encoding='utf-8')}</style>")
    st.title("Tenir les textes", anchor=False)
    identite = garde.exiger("gestionnaire")
    montrer_le_message()
    configuration = read_configuration()
    try:
        servie = version_in_service(configuration)
        if servie is None:
            dit = "Aucun texte n'est encore en service : lancez « clas preparer »."
            st.html(avis("attention", "Rien n'est prêt", [dit]))
            return
        _preparer_et_publier(configuration, servie, identite)
        montrer_les_versions(configuration, open_base(configuration), servie)
        verifier_la_base(configuration)
        proposer_les_exports(configuration)
    except REFUS as refus:
        st.html(avis("erreur", "La base des textes ne peut pas être lue", [en_page(refus)]))


def _preparer_et_publier(
    configuration: Configuration, servie: VersionBase, identite: Identite
) -> None:
    """Show the documents, then what is being prepared, from the first file to the publication."""
    # What it says is known once the draft has been compared, further down.
    resume = st.container()
    try:
        etat = state_of(configuration)
    except ChangementRefuse as refus:
        resume.html(etat_html(servie, None, None))
        montrer_les_documents(servie, None)
        st.html(titre_de_partie("textes-brouillon", "Le brouillon"))
        st.html(avis("attention", "Ce brouillon ne peut pas continuer", [en_page(refus)]))
        abandonner(configuration)
        return
    montrer_les_documents(servie, etat)
    st.html(titre_de_partie("textes-ajouter", "Ajouter des fichiers"))
    ajouter_des_fichiers(configuration, etat)
    suivre_le_dossier(configuration)
    changer_un_document(configuration, etat)
    rapport = montrer_le_brouillon(configuration, etat)
    resume.html(etat_html(servie, etat, rapport))
    publier_le_brouillon(configuration, etat, rapport, identite)
