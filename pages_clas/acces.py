"""The assistant that the pages share, or the French sentence that says why there is none."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from assistant.answers.engine import open_assistant
from assistant.configuration import Configuration, read_configuration
from assistant.dialogue.conseiller import Conseiller
from assistant.magasin import magasin_de_base
from assistant.publication.etat import version_of_index
from assistant.quotation import CorpusAltere
from corpus.magasin.adresse import MagasinMalRegle
from index.embedding.errors import ErreurModele
from index.storage import INFO, VERSIONS, IndexInutilisable, current_version
from pages_clas.balises import avis
from pages_clas.menage import menage_du_processus
from pages_clas.observation import observateur

if TYPE_CHECKING:
    from assistant.replique.suivi import EtatReplique, Suivi

_QUE_FAIRE = (
    "Dans le dossier du projet, lancez « make app » : cette commande prépare ce qui manque. "
    "Rechargez ensuite cette page."
)

A_LA_FOIS = 2 * (os.cpu_count() or 1)
"""People answered at once, in a server that many share: some wait for the disk or the store."""
_VERSION = "version_des_textes"


class Edition(NamedTuple):
    """A version of the document base, as the pages name it."""

    identite: str
    numero: int
    date: datetime | None


def edition_de(assistant: Conseiller) -> Edition | None:
    """The version of the texts that an assistant answers from; None where it does not say."""
    version = version_of_index(assistant.index.base)
    return Edition(version.identite, version.numero, version.date) if version else None


def avis_de_mise_a_jour(edition: Edition) -> str:
    """Say that the texts changed."""
    publiee = f", publiée le {edition.date:%d/%m/%Y}" if edition.date else ""
    suite = (
        f"Les réponses qui suivent viennent de la version n° {edition.numero} des textes{publiee}. "
        "Celles qui précèdent citent les textes du jour où elles ont été données."
    )
    return avis("information", "Les textes ont été mis à jour", [suite])


@st.cache_resource(
    show_spinner="Ouverture des textes…", max_entries=1, hash_funcs={Configuration: repr}
)
def _ouvrir(
    configuration: Configuration,
    marque: str | None,  # noqa: ARG001 - what the cache goes by
) -> Conseiller:
    # Opened anew, whatever this process holds: one version takes the place of another, which is
    # released once those who are being answered from it have their answer.
    conseiller = Conseiller(open_assistant.__wrapped__(configuration))
    menage_du_processus().ranger()
    return conseiller


@st.cache_resource(show_spinner=False, max_entries=1, hash_funcs={Configuration: repr})
def _suivi(configuration: Configuration) -> Suivi | None:
    """What brings here the version in service in the shared store; None where there is none."""
    if configuration.magasin is None:
        return None
    # First: it is what says, in words, that the extra is not installed.
    magasin_de_base(configuration.magasin)
    from assistant.replique.suivi import following  # noqa: PLC0415 - an extra, absent by default

    return following(configuration)


def etat_de_la_replique(configuration: Configuration) -> EtatReplique | None:
    """What is known of the shared store; None where there is none."""
    suivi = _suivi(configuration) if configuration.magasin is not None else None
    return suivi.etat if suivi else None


def _marque(dossier: Path) -> str | None:
    """What changes whenever another version is put in service, or the same one written again."""
    version = current_version(dossier)
    try:
        ecrite = (dossier / VERSIONS / (version or "") / INFO).stat()
    except FileNotFoundError:
        return version
    return f"{version} {ecrite.st_ino} {ecrite.st_mtime_ns}"


def ouvrir_ou_expliquer(*, dire_la_mise_a_jour: bool = True) -> Conseiller:
    """Open the assistant; when that cannot be, say so on the page and stop there.

    Once a new version of the texts is published, what is asked next is answered from it, and the
    page says so once.
    """
    try:
        configuration = read_configuration()
        replique = etat_de_la_replique(configuration)
        marque = _marque(configuration.dossier_index)
        # When the store is back, what was opened without it is opened with it; when it goes, what
        # is open finds its own copy.
        relie = f"{marque} {replique.retours}" if replique else marque
        partagee = configuration.model_copy(update={"a_la_fois": A_LA_FOIS})
        assistant = _ouvrir(partagee, relie)
    except (IndexInutilisable, ErreurModele, CorpusAltere, MagasinMalRegle) as erreur:
        st.html(
            avis(
                "erreur",
                "L'assistant n'est pas encore prêt",
                [str(erreur), _QUE_FAIRE],
            )
        )
        st.stop()
    observateur().servir(assistant)
    if assistant.index.warning:
        st.html(avis("attention", "Version de secours des textes", [assistant.index.warning]))
    if replique is not None and replique.absent:
        st.html(avis("attention", "La base commune ne répond pas", [_sans_base(assistant)]))
    _suivre(assistant, dire=dire_la_mise_a_jour)
    return assistant


def _sans_base(assistant: Conseiller) -> str:
    """Say what is still done while the shared store is away, and what is not."""
    edition = edition_de(assistant)
    numero = f" (n° {edition.numero})" if edition else ""
    return (
        f"Les réponses viennent de la dernière version vérifiée des textes{numero}, gardée sur ce "
        "serveur. Rien ne peut être publié ni jugé d'ici à son retour, qui se fera tout seul."
    )


def _suivre(assistant: Conseiller, *, dire: bool) -> None:
    """Hold which version this visit is at, and say when it is another, the first time."""
    edition = edition_de(assistant)
    if edition is None:
        return
    if dire and st.session_state.get(_VERSION, edition.identite) != edition.identite:
        st.html(avis_de_mise_a_jour(edition))
    st.session_state[_VERSION] = edition.identite
