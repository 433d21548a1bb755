"""The assistant that the pages share, or the French sentence that says why there is none."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from assistant.configuration import Configuration, read_configuration
from assistant.dialogue.conseiller import Conseiller, open_conseiller
from assistant.quotation import CorpusAltere
from index.embedding.errors import ErreurModele
from index.storage import IndexInutilisable
from pages_clas.balises import avis

_QUE_FAIRE = (
    "Dans le dossier du projet, lancez « make app » : cette commande prépare ce qui manque. "
    "Rechargez ensuite cette page."
)


@st.cache_resource(show_spinner="Ouverture des textes…")
def _ouvrir(donnees: str, modele: str | None) -> Conseiller:
    return open_conseiller(Configuration(donnees=Path(donnees), modele=modele))


def ouvrir_ou_expliquer() -> Conseiller:
    """Open the assistant; when that cannot be, say so on the page and stop there."""
    configuration = read_configuration()
    try:
        assistant = _ouvrir(str(configuration.donnees), configuration.modele)
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
    return assistant
