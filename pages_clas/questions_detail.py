"""One exchange, whole: what was asked and answered, from which versions, of what use it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import streamlit as st

from assistant.answers.modeles import NOMS
from assistant.questions_posees.listing import TYPES, VOTES, quand
from assistant.questions_posees.models import CitationGardee, Ligne
from pages_clas import PAGE_TEXTES
from pages_clas.balises import echapper
from pages_clas.markdown import en_html
from pages_clas.reperes import nom_avec_code, nom_portee

_CLASSEMENTS: Final[dict[str, str]] = {str(nom): dit for nom, dit in NOMS.items()}


def afficher_echange(ligne: Ligne) -> None:
    """Show an exchange and, for each quotation, the way to its place in the text."""
    echange = ligne.echange
    reponse = en_html(echange.texte, 0, "") if echange.texte else "<p>Aucune réponse montrée.</p>"
    st.html(
        f'<article class="clas-suivi" id="echange-choisi"><h3>Échange n° {ligne.numero} : '
        f'{TYPES[echange.type]}</h3><p class="clas-mots" dir="auto"><strong>'
        f"{echapper(echange.question)}</strong></p>{reponse}{_opinion_html(ligne)}"
        f'<dl class="clas-fiche">{_reperes_html(ligne)}</dl></article>'
    )
    if not echange.citations:
        return
    st.html("<h4>Citations, dans la version citée</h4>")
    for numero, citation in enumerate(echange.citations, start=1):
        st.html(f"<p>[{numero}] {echapper(_situer(citation))}</p>")
        st.page_link(
            PAGE_TEXTES,
            label=f"Lire la citation {numero} dans le texte",
            query_params={
                "document": citation.document,
                "version": citation.version,
                "debut": str(citation.debut),
                "fin": str(citation.fin),
            },
        )


def _opinion_html(ligne: Ligne) -> str:
    opinion = ligne.opinion
    if opinion is None:
        return '<p class="clas-note">Aucun avis donné.</p>'
    mots = ""
    if opinion.commentaire:
        mots = f'<p class="clas-mots" dir="auto">« {echapper(opinion.commentaire)} »</p>'
    return f"<p><strong>Avis : {VOTES[opinion.vote]}</strong></p>{mots}"


def _reperes_html(ligne: Ligne) -> str:
    return "".join(
        f"<div><dt>{nom}</dt><dd>{echapper(dit)}</dd></div>" for nom, dit in _reperes(ligne) if dit
    )


def _reperes(ligne: Ligne) -> Iterator[tuple[str, str]]:
    echange = ligne.echange
    lieu = nom_avec_code(echange.departement) if echange.departement else "non précisé"
    yield "Le", quand(ligne)
    yield "Département", lieu
    yield "Année scolaire", echange.annee_scolaire or "non précisée"
    yield "Portée de la réponse", nom_portee(echange.portee) if echange.portee else ""
    yield "Fiches dites", ", ".join(echange.fiches)
    yield "Confiance", f"{echange.confiance:.2f}".replace(".", ",")
    yield "Version des textes", echange.version_textes or "sans base documentaire"
    yield "Version des règles", echange.version_regles
    yield "Classement", _CLASSEMENTS.get(echange.classement, echange.classement)
    yield "Temps de réponse", f"{echange.duree_ms} ms"
    yield "Conversation", f"{echange.conversation}, tour {echange.tour}"


def _situer(citation: CitationGardee) -> str:
    parts = [citation.titre, citation.section or ""]
    parts += [f"page {citation.page}"] if citation.page is not None else []
    return " – ".join(filter(None, parts))
