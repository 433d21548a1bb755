"""The co-funders of a project: none, not known, or one line each."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from assistant.eligibility.project import COFINANCEURS
from assistant.eligibility.rulebook import NATIONALE
from pages_clas.balises import echapper
from pages_clas.formulaire_aide import textes_replies
from pages_clas.formulaire_champs import (
    COFINANCEMENTS,
    INCONNU,
    Formulaire,
    cle,
    erreur_html,
    mettre,
    nommer,
    saisir,
)
from pages_clas.formulaire_navigation import aller

_REPONSES: Final = {"oui": "Oui", "non": "Non, aucun", INCONNU: "Je ne sais pas"}
_ETAPE: Final = "budget"
LIGNES_MONTREES: Final = 20
"""Co-funders that the page shows and lets add; a file may hold more, and they are kept."""


def afficher_cofinancements(formulaire: Formulaire) -> None:
    """Ask for co-funding: yes and by whom, none, or not known."""
    nom = cle(COFINANCEMENTS)
    lignes: list[dict[str, Any]] | None = formulaire.brouillon.lire(COFINANCEMENTS)
    mettre(nom, INCONNU if lignes is None else "oui" if lignes else "non")
    with st.container(key=f"cadre-{nom}", gap="xxsmall"):
        st.radio(
            "Le projet a-t-il des cofinancements ?",
            list(_REPONSES),
            format_func=_REPONSES.__getitem__,
            key=nom,
            horizontal=True,
            on_change=_noter_reponse,
            args=(formulaire,),
        )
        st.html(_aide_html(nom, formulaire))
    for numero in range(1, min(len(lignes or ()), LIGNES_MONTREES) + 1):
        _ligne(numero, formulaire)
    if lignes and len(lignes) > LIGNES_MONTREES:
        reste = len(lignes) - LIGNES_MONTREES
        st.html(f"<p>{reste} autres cofinancements du fichier sont gardés, sans être montrés.</p>")
    if lignes:
        st.button(
            "Ajouter un cofinancement",
            key="ajouter-un-cofinancement",
            on_click=_ajouter,
            args=(formulaire,),
            disabled=len(lignes) >= LIGNES_MONTREES,
        )


def _aide_html(nom: str, formulaire: Formulaire) -> str:
    parametre = formulaire.guide.regles.parametres[NATIONALE, "cofinancements_comptes"]
    citations = formulaire.guide.citations(COFINANCEMENTS, formulaire.departement)
    return (
        f'<div class="clas-sous-champ"><p class="clas-aide" id="aide-{nom}" data-aide-de="{nom}">'
        "Un cofinancement est l'argent d'un autre partenaire que la Caf. "
        f"{echapper(parametre.interpretation or '')}</p>"
        f"{textes_replies(citations, formulaire.libelles, 'cofinancements')}</div>"
    )


def _noter_reponse(formulaire: Formulaire) -> None:
    reponses: dict[str, list[dict[str, Any]]] = {"oui": [{}], "non": []}
    lignes = reponses.get(st.session_state[cle(COFINANCEMENTS)])
    formulaire.brouillon.poser("cofinancements", {COFINANCEMENTS: lignes})


def _ligne(numero: int, formulaire: Formulaire) -> None:
    groupe = f"groupe-cofinancement-{numero}"
    chemin = f"{COFINANCEMENTS}.{numero}"
    with st.container(key=groupe, gap="small"):
        st.html(
            f'<h3 id="titre-{groupe}" data-groupe="{groupe}" tabindex="-1">'
            f"Cofinancement {numero}</h3>"
        )
        financeur, type_, montant = st.columns([2, 2, 1.3])
        with financeur:
            _saisie(f"{chemin}.financeur", "Nom du financeur", "texte", formulaire)
        with type_:
            _type(f"{chemin}.type", formulaire)
        with montant:
            _saisie(f"{chemin}.montant", "Montant (€)", "montant", formulaire)
        st.button(
            f"Retirer le cofinancement {numero}",
            key=f"retirer-cofinancement-{numero}",
            on_click=_retirer,
            args=(numero, formulaire),
        )


def _saisie(chemin: str, question: str, genre: str, formulaire: Formulaire) -> None:
    saisir(chemin, question, genre, formulaire)
    if refus := formulaire.brouillon.refus.get(chemin):
        st.html(erreur_html(cle(chemin), refus))


def _type(chemin: str, formulaire: Formulaire) -> None:
    nom = cle(chemin)
    mettre(nom, formulaire.brouillon.lire(chemin) or INCONNU)
    st.selectbox(
        "Type de financeur",
        [INCONNU, *COFINANCEURS],
        format_func=lambda v: _capitale(formulaire.libelles.choix(v)) if v else "Je ne sais pas",
        key=nom,
        on_change=_noter_type,
        args=(chemin, formulaire),
    )


def _capitale(mots: str) -> str:
    return mots[:1].upper() + mots[1:]


def _noter_type(chemin: str, formulaire: Formulaire) -> None:
    choisi = st.session_state[cle(chemin)] or None
    formulaire.brouillon.poser(nommer(chemin, formulaire), {chemin: choisi})


def _ajouter(formulaire: Formulaire) -> None:
    lignes = [*formulaire.brouillon.lire(COFINANCEMENTS), {}]
    formulaire.brouillon.poser("cofinancement ajouté", {COFINANCEMENTS: lignes})
    aller(_ETAPE, f"titre-groupe-cofinancement-{len(lignes)}")


def _retirer(numero: int, formulaire: Formulaire) -> None:
    lignes = list(formulaire.brouillon.lire(COFINANCEMENTS))
    del lignes[numero - 1]
    formulaire.brouillon.poser(f"cofinancement {numero} retiré", {COFINANCEMENTS: lignes})
    aller(_ETAPE, cle(COFINANCEMENTS))
