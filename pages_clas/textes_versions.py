"""The versions of the texts: who published them, when and why; compared, and gone back to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import streamlit as st

from assistant.acces import Identite
from assistant.configuration import Configuration
from assistant.publication.auteur import reason
from assistant.publication.brouillons import DemandeInutilisable
from assistant.publication.comparaison import Rapport
from assistant.publication.comparer import compare_two
from assistant.publication.publier import go_back
from corpus.base.models import VersionBase
from corpus.base.store import Base
from pages_clas.textes_actes import Suivi, accomplir, numero, refuser
from pages_clas.textes_comparaison import rapport_html
from pages_clas.textes_tableau import le_jour, tableau, titre_de_partie

_VERSIONS: Final = ("N°", "Date", "Auteur", "Motif", "État")
_COMPAREES: Final = "textes_versions_comparees"


def montrer_les_versions(configuration: Configuration, base: Base, servie: VersionBase) -> None:
    """Show what people were answered from, and offer the way back to it."""
    versions = base.versions()
    st.html(titre_de_partie("textes-versions", "Les versions"))
    st.html(
        "<p>Chaque publication fait une version. Aucune n'est jamais effacée : vous pouvez les "
        "comparer, et revenir à l'une d'elles.</p>"
    )
    st.html(tableau("Versions des textes", _VERSIONS, _lignes(versions, servie)))
    autres = [v for v in versions if v.identite != servie.identite]
    if autres:
        _revenir(configuration, autres)
        _comparer(configuration, versions, servie)


def _lignes(versions: Iterable[VersionBase], servie: VersionBase) -> list[tuple[str, ...]]:
    return [
        (
            str(v.numero),
            le_jour(v.date) if v.date else "à l'installation",
            v.auteur,
            v.motif,
            "en service" if v.identite == servie.identite else "gardée",
        )
        for v in versions
    ]


def _nommee(version: VersionBase) -> str:
    return f"n° {version.numero} : {version.motif[:80]}"


def _revenir(configuration: Configuration, autres: Sequence[VersionBase]) -> None:
    """Offer to answer from another version again, once it is confirmed."""
    with st.form(f"revenir-{numero()}", enter_to_submit=False):
        st.html("<h3>Revenir à une version</h3>")
        choisie = st.selectbox("Version", autres, format_func=_nommee)
        raison = st.text_input("Pourquoi y revenir", max_chars=300)
        confirme = st.checkbox("Je confirme : les réponses viendront de cette version.")
        demande = st.form_submit_button("Revenir à cette version")
    if not demande or choisie is None:
        return
    try:
        dite = reason(raison, "Pourquoi y revenir", 300)
    except DemandeInutilisable as refus:
        refuser("Raison attendue", str(refus))
        return
    if not confirme:
        refuser("Confirmation attendue", "Cochez la case avant de revenir à une version.")

    def faire(identite: Identite, suivi: Suivi) -> VersionBase:
        auteur = identite.auteur
        return go_back(
            configuration, choisie.identite, auteur, suivi.dire, suivi.avancer, motif=dite
        )

    objet = f"version {choisie.numero} ({choisie.identite})"
    accomplir("revenir", objet, faire, lambda v: f"La version {v.numero} répond de nouveau.", dite)


def _comparer(
    configuration: Configuration, versions: Sequence[VersionBase], servie: VersionBase
) -> None:
    """Offer to see what changed from one version to another."""
    with st.form("comparer-deux-versions", enter_to_submit=False):
        st.html("<h3>Comparer deux versions</h3>")
        rang = versions.index(servie)
        avant = st.selectbox(
            "Version d'avant", versions, index=len(versions) - 1, format_func=_nommee
        )
        apres = st.selectbox("Version d'après", versions, index=rang, format_func=_nommee)
        demande = st.form_submit_button("Comparer ces versions")
    if demande and avant and apres:
        st.session_state[_COMPAREES] = (avant.identite, apres.identite)
    comparees: tuple[str, str] | None = st.session_state.get(_COMPAREES)
    if comparees is None:
        return
    cle = "|".join((str(configuration.donnees), *comparees))
    with st.container(key="textes-deux-versions"):
        st.html(rapport_html(_deux(cle, configuration, *comparees)))


@st.cache_resource(show_spinner="Comparaison des deux versions…", max_entries=2)
def _deux(cle: str, _configuration: Configuration, _avant: str, _apres: str) -> Rapport:  # noqa: ARG001 - cache key
    return compare_two(_configuration, _avant, _apres)
