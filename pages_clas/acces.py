"""The assistant that the pages share, or the French sentence that says why there is none."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from assistant.configuration import Configuration, read_configuration
from assistant.dialogue.conseiller import Conseiller, open_conseiller
from assistant.quotation import CorpusAltere
from index.embedding.errors import ErreurModele
from index.storage import IndexInutilisable, current_version
from pages_clas.balises import avis

_QUE_FAIRE = (
    "Dans le dossier du projet, lancez « make app » : cette commande prépare ce qui manque. "
    "Rechargez ensuite cette page."
)

_MISE_A_JOUR = (
    "Une nouvelle version des textes est en service depuis votre dernière question. Les réponses "
    "qui suivent s'y réfèrent ; celles qui précèdent citent les textes d'avant."
)
_VERSION = "version_des_textes"


@st.cache_resource(show_spinner="Ouverture des textes…", max_entries=2)
def _ouvrir(
    donnees: str,
    modele: str | None,
    version: str | None,  # noqa: ARG001 - what the cache goes by
) -> Conseiller:
    open_conseiller.cache_clear()
    return open_conseiller(Configuration(donnees=Path(donnees), modele=modele))


def ouvrir_ou_expliquer() -> Conseiller:
    """Open the assistant; when that cannot be, say so on the page and stop there.

    Once a new version of the texts is published, what is asked next is answered from it, and the
    page says so once.
    """
    configuration = read_configuration()
    try:
        assistant = _ouvrir(
            str(configuration.donnees),
            configuration.modele,
            current_version(configuration.dossier_index),
        )
    except (IndexInutilisable, ErreurModele, CorpusAltere) as erreur:
        st.html(
            avis(
                "erreur",
                "L'assistant n'est pas encore prêt",
                [str(erreur), _QUE_FAIRE],
            )
        )
        st.stop()
    if assistant.index.warning:
        st.html(avis("attention", "Version de secours des textes", [assistant.index.warning]))
    _dire_la_mise_a_jour(assistant)
    return assistant


def _dire_la_mise_a_jour(assistant: Conseiller) -> None:
    """Say that the texts changed since this visit began, the first time that a page is shown."""
    version = assistant.index.info.version
    if st.session_state.get(_VERSION, version) != version:
        st.html(avis("information", "Les textes ont été mis à jour", [_MISE_A_JOUR]))
    st.session_state[_VERSION] = version
