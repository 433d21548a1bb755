"""Starting from an example, opening and saving a project file, starting over."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from assistant.eligibility import EntreeInutilisable
from assistant.eligibility.samples import exemple
from assistant.understanding.repertoire import lire_departements
from pages_clas.balises import avis
from pages_clas.formulaire_brouillon import exporter, fautes, importer, nouveau_projet
from pages_clas.formulaire_champs import Formulaire
from pages_clas.formulaire_navigation import aller
from pages_clas.habillage import annoncer
from pages_clas.reperes import nom_avec_code

ENVOI_MAXIMUM: Final = 10
"""Megabytes that the field lets through: what is larger than a project is refused in French."""
NOM_DU_FICHIER: Final = "projet-clas.json"
_MESSAGE: Final = "message_du_fichier"
_LECTURE: Final = "numero_de_lecture"
_PREMIERE_ETAPE: Final = "structure"


def afficher_fichier(formulaire: Formulaire) -> None:
    """Show what concerns the draft as a whole; the message of the last action stays in view."""
    numero = formulaire.brouillon.numero
    dit = st.session_state.get(_MESSAGE)
    # Said until something else is done.
    probleme = dit[1:] if dit and dit[0] == numero else None
    titre = "Partir d'un exemple, ouvrir ou enregistrer un fichier"
    refuse = bool(probleme and probleme[0] == "erreur")
    with st.expander(titre, expanded=refuse, key="clas-fichier"):
        st.html("<h2>Partir d'un exemple</h2>")
        with st.container(horizontal=True):
            for code, nom in _exemples(formulaire).items():
                st.button(
                    nom, key=f"exemple-{code}", on_click=_prendre_exemple, args=(code, formulaire)
                )
        st.html("<h2>Ouvrir un fichier</h2>")
        lecture = st.session_state.setdefault(_LECTURE, 0)
        st.file_uploader(
            "Fichier de projet",
            key=f"fichier-{lecture}",
            max_upload_size=ENVOI_MAXIMUM,
            on_change=_ouvrir,
            args=(f"fichier-{lecture}", formulaire),
        )
        if probleme and refuse:
            st.html(avis("erreur", "Ce fichier ne peut pas être ouvert", probleme[1]))
        st.html("<h2>Enregistrer ou recommencer</h2>")
        with st.container(horizontal=True):
            bouton_enregistrer(formulaire, "enregistrer")
            st.button(
                "Recommencer à zéro", key="recommencer", on_click=_recommencer, args=(formulaire,)
            )
    if probleme:
        genre, lignes = probleme
        if genre == "information":
            st.html(avis("information", lignes[0], lignes[1:]))
        annoncer(" ".join(lignes), f"fichier-{numero}-{lecture}")


def bouton_enregistrer(formulaire: Formulaire, nom: str) -> None:
    """Offer the project file of the draft, in full."""
    st.download_button(
        "Enregistrer le projet",
        data=exporter(formulaire.brouillon.projet),
        file_name=NOM_DU_FICHIER,
        mime="application/json",
        key=nom,
        on_click="ignore",
    )


def _exemples(formulaire: Formulaire) -> dict[str, str]:
    """Name the examples: the départements that have a text, and one that has none."""
    codes = formulaire.guide.regles.departements
    ailleurs = next(d.code for d in lire_departements() if d.code not in codes)
    noms = {code: nom_avec_code(code) for code in codes}
    return {**noms, ailleurs: f"Règles nationales seules : {nom_avec_code(ailleurs)}"}


def _prendre_exemple(code: str, formulaire: Formulaire) -> None:
    contenu = exemple(code, formulaire.guide.regles).encode()
    projet = importer(contenu, NOM_DU_FICHIER, formulaire.guide.regles)
    _remplacer(f"exemple {code}", projet, "Exemple ouvert", formulaire)


def _ouvrir(nom: str, formulaire: Formulaire) -> None:
    fichier = st.session_state.get(nom)
    if fichier is None:
        return
    try:
        projet = importer(fichier.getvalue(), fichier.name, formulaire.guide.regles)
    except EntreeInutilisable as error:
        lignes = [f"Fichier « {fichier.name} ».", *fautes(error), "Votre brouillon est inchangé."]
        st.session_state[_MESSAGE] = (formulaire.brouillon.numero, "erreur", lignes)
    else:
        _remplacer("fichier ouvert", projet, f"Fichier ouvert : {fichier.name}", formulaire)
    # A new field: the same file may be opened again.
    st.session_state[_LECTURE] += 1


def _remplacer(action: str, projet: dict[str, Any], message: str, formulaire: Formulaire) -> None:
    formulaire.brouillon.remplacer(action, projet)
    suite = "Votre brouillon d'avant revient avec « Annuler », sous le verdict."
    st.session_state[_MESSAGE] = (formulaire.brouillon.numero, "information", [message, suite])
    aller(_PREMIERE_ETAPE)


def _recommencer(formulaire: Formulaire) -> None:
    _remplacer("tout effacé", nouveau_projet(), "Formulaire vide", formulaire)
