"""What the conversation holds of the project: each fact with its words, and ways to mend it."""

from __future__ import annotations

import streamlit as st

from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import FaitRetenu, Memoire
from assistant.dialogue.retouches import faits_tenus, retirer
from assistant.eligibility.models import Resultat
from assistant.eligibility.report.labels import Libelles
from assistant.eligibility.report.money import total_en_mots
from assistant.eligibility.report.wording import lire_textes
from pages_clas import PAGE_PROJET
from pages_clas.balises import echapper
from pages_clas.conversation_etat import (
    annee_lue,
    annuler,
    changement,
    changer,
    etude_de,
    memoire,
    situation,
)
from pages_clas.formulaire_champs import etiquette, nom_du_fait
from pages_clas.passage import apporter
from pages_clas.puces_correction import (
    afficher_la_correction,
    champ_du_fait,
    correction_en_cours,
    oublier_la_correction,
    ouvrir,
    suffixe,
)

_ORIGINES = {"correction": "corrigé par vous", "formulaire": "réponse donnée dans le formulaire"}


def afficher_faits(assistant: Conseiller) -> None:
    """Show the facts held, the verdict that they make, the way to the form; nothing without any."""
    tenue, dernier = memoire(), changement()
    faits = faits_tenus(tenue, assistant.regles)
    if not faits and dernier is None:
        return
    with st.container(key="clas-faits"):
        st.html(
            '<h2 id="clas-faits-titre" tabindex="-1" data-groupe="clas-faits">'
            "Ce que j'ai retenu de votre projet</h2>"
        )
        if dernier is not None:
            st.html(
                '<p class="clas-change" id="message-des-faits" tabindex="-1">'
                f"{echapper(dernier.mots)}</p>"
            )
            if dernier.memoire is not None:
                st.button("Annuler ce changement", key="annuler-les-faits", on_click=annuler)
        if not faits:
            st.html("<p>Plus rien n'est retenu de votre projet.</p>")
            return
        if tenue.projet:
            _verdict(tenue, assistant)
        _puces(faits, assistant)
        st.html(
            '<p class="clas-note">Pour corriger, vous pouvez aussi écrire « non, 9 enfants » ; '
            "« recommençons » efface tout.</p>"
        )
        if st.button("Ouvrir l'auto-contrôle, déjà rempli", key="ouvrir-le-formulaire"):
            apporter(assistant)
            st.switch_page(PAGE_PROJET)


def _puces(faits: tuple[FaitRetenu, ...], assistant: Conseiller) -> None:
    ouverte = correction_en_cours()
    montree = False
    with st.container(key="clas-puces"):
        for fait in faits:
            if champ_du_fait(fait.chemin) != ouverte:
                _puce(fait, assistant)
            elif not montree:
                afficher_la_correction(assistant)
                montree = True
    if ouverte is not None and not montree:
        oublier_la_correction()


def _puce(fait: FaitRetenu, assistant: Conseiller) -> None:
    """Show one fact: its name, its value, its words, and two buttons that name it when read."""
    nom = nom_du_fait(fait.chemin, assistant.libelles)
    fin = suffixe(fait.chemin)
    with st.container(key=f"puce-{fin}", gap="xxsmall"):
        st.html(puce_html(fait, assistant.libelles))
        with st.container(horizontal=True, gap="small", key=f"gestes-{fin}"):
            # What is small is read, not seen: each button has a name of its own.
            st.button(
                f"Corriger :small[{etiquette(nom)}]",
                key=f"corriger-{fin}",
                on_click=ouvrir,
                args=(fait.chemin, assistant),
                type="tertiary",
            )
            st.button(
                f"Retirer :small[{etiquette(nom)}]",
                key=f"retirer-fait-{fin}",
                on_click=_retirer,
                args=(fait.chemin, nom, assistant),
                type="tertiary",
            )


def puce_html(fait: FaitRetenu, libelles: Libelles) -> str:
    """Write a fact: « Collectif 1 – nombre d'enfants : 6 », and where it comes from."""
    nom = nom_du_fait(fait.chemin, libelles)
    valeur = libelles.valeur(fait.valeur, libelles.fait(fait.chemin))
    origine = _ORIGINES.get(fait.origine, "")
    if fait.mots:
        deduit = " (déduit de ces mots)" if fait.certitude == "deduite" else ""
        origine = f"« {fait.mots} »{deduit}"
    dit = f'<br><span class="clas-dit">{echapper(origine)}</span>' if origine else ""
    return (
        f'<p class="clas-puce">{echapper(nom[:1].upper() + nom[1:])} : '
        f"<strong>{echapper(valeur)}</strong>{dit}</p>"
    )


def _retirer(chemin: str, nom: str, assistant: Conseiller) -> None:
    oublier_la_correction()
    suite = retirer(memoire(), chemin, assistant.regles)
    changer(suite, f"N'est plus retenu : {nom}.", assistant, frozenset({chemin}))


def _verdict(tenue: Memoire, assistant: Conseiller) -> None:
    """Say what the checker makes of the facts as they now stand."""
    etude = etude_de(tenue, assistant)
    if etude is None:
        return
    cadre = situation(tenue)
    annee = "" if cadre.annee_scolaire else f", lus pour l'année {annee_lue(cadre)}"
    st.html(
        '<p class="clas-verdict-des-faits">Avec ces faits'
        f"{echapper(annee)}, l'auto-contrôle dit : {verdict_en_mots(etude.resultat)}</p>"
    )


def verdict_en_mots(resultat: Resultat) -> str:
    """Write a verdict and the aid that goes with it, as the form does."""
    textes = lire_textes()
    mot = f"<strong>{echapper(textes.verdicts[resultat.verdict].mot)}</strong>"
    if resultat.verdict == "non_eligible" or resultat.montants.total_min is None:
        return f"{mot}."
    return f"{mot}, aide : {echapper(total_en_mots(resultat.montants, textes))}."
