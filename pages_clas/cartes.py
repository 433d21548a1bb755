"""An answer on the page: what kind it is, its words, its citation cards, its text to copy."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from assistant.avis.jugements import Jugee, Jugements
from assistant.dialogue.memoire import Memoire
from assistant.dialogue.rejuger import Appui
from assistant.models import Citation, Question, Reponse
from assistant.quotation import ReponseScellee
from corpus.models import NATIONALE, DocumentCanonique
from index.scope import outside_year
from pages_clas import PAGE_TEXTES
from pages_clas.acces import Edition
from pages_clas.archives import TexteCite, texte_cite
from pages_clas.balises import avis, echapper, lu_seulement
from pages_clas.citations_lien import lien_de_verification
from pages_clas.markdown import en_texte
from pages_clas.redaction import corps_html
from pages_clas.reperes import (
    adresse_du_passage,
    nom_annee,
    nom_avec_code,
    nom_portee,
    parametres_du_passage,
    situer,
)
from pages_clas.texte_html import contexte_html

QUESTION_MONTREE = 1500
"""Characters of a question that the page shows back."""

_ENTETES = {
    "reponse": ("✓", "Réponse, citations à l'appui", "Les textes cités"),
    "eligibilite": ("✓", "Résultat de la vérification", "Les textes cités"),
    "precision": ("?", "À vous de préciser", "Les textes cités"),
    "hors_corpus": ("!", "Les textes ne répondent pas", "Textes proches, qui ne répondent pas"),
}
_AFFLUENCE = (
    "Beaucoup de monde pose des questions en ce moment : pour cette réponse, les premiers passages "
    "n'ont pas été relus. Reposez la question un peu plus tard pour la réponse la plus sûre."
)
_ERRONEE = (
    "Depuis qu'elle a été donnée, un agent y a relevé une erreur : ne vous y fiez pas. Posez la "
    "question de nouveau."
)


_PERIMEE = (
    "<p>Les faits ont changé depuis : ce qu'elle dit de votre projet ne vaut plus. "
    '<a href="#clas-faits-titre">Voir les faits retenus et leur verdict</a></p>'
)


class Depart(NamedTuple):
    """What a question was asked from: asked again from it, it gets the same answer."""

    demande: Question
    """For whom and for when; its ``id`` is the number of the turn."""
    memoire: Memoire
    """What the conversation held."""


class Tour(NamedTuple):
    """One question of a conversation and its checked answer."""

    numero: int
    question: str
    departement: str | None
    annee_scolaire: str | None
    scellee: ReponseScellee
    depart: Depart
    comprise: str | None = None
    """The question as it stands alone, where it was not written so."""
    suites: tuple[str, ...] = ()
    """Questions that could follow."""
    edition: Edition | None = None
    """Version of the texts that it was answered from."""
    jugee: Jugee | None = None
    """What agents' marks on it are looked up by."""
    ecartee: ReponseScellee | None = None
    """The answer that is not given, because an agent marked it wrong."""
    lissee: ReponseScellee | None = None
    """The same answer in a writer's words, checked; the answer itself is still what counts."""
    secondes: float = 0.0
    """Time that the answer took."""
    rangement: str | None = None
    """The ranking that it had, where it is not that of the program."""
    appui: Appui | None = None
    """What it hangs on, where it is about the project told."""
    perimee: bool = False
    """Given before facts that it hung on were changed."""
    au_bouton: bool = False
    """Asked by a button of the page rather than typed."""

    @property
    def reponse(self) -> Reponse:
        """The answer itself."""
        return self.scellee.reponse

    @property
    def situation(self) -> str:
        """Département and school year that the question was asked for; empty without any."""
        lieu = nom_avec_code(self.departement) if self.departement else ""
        annee = nom_annee(self.annee_scolaire) if self.annee_scolaire else ""
        return ", ".join(filter(None, (lieu, annee)))


def afficher_question(numero: int, question: str, situation: str) -> None:
    """Show a question exactly as it was typed."""
    montree = question
    if len(question) > QUESTION_MONTREE:
        montree = f"{question[:QUESTION_MONTREE]}… (message de {len(question)} caractères)"
    pour = f'<p class="clas-situation">Pour : {echapper(situation)}</p>' if situation else ""
    st.html(
        f'<div class="clas-question" id="question-{numero}" tabindex="-1">'
        f"<h2>Votre question{lu_seulement(f' n° {numero}')}</h2>"
        f'<p class="clas-mots" dir="auto">{echapper(montree)}</p>{pour}</div>'
    )


def afficher_tour(
    tour: Tour,
    documents: dict[str, DocumentCanonique],
    adresse: str,
    jugements: Jugements | None = None,
    *,
    agent: bool = False,
) -> None:
    """Show a question, its answer, the button that copies it, and the cards of its citations.

    One that was marked wrong since is shown to agents alone (``agent``), whose citations have a
    link that checks them too.
    """
    reponse = tour.reponse
    afficher_question(tour.numero, tour.question, tour.situation)
    if jugements is not None and tour.jugee is not None and jugements.erronee(tour.jugee):
        st.html(avis("attention", "Erreur relevée dans cette réponse", [_ERRONEE]))
        if not agent:
            return
    if tour.perimee:
        st.html(avis("attention", "Réponse d'avant votre changement", [], suite=_PERIMEE))
    signe, titre, titre_des_cartes = _ENTETES[reponse.type]
    prefixe = f"citation-{tour.numero}-"
    st.html(
        f'<div class="clas-reponse clas-{reponse.type}">'
        f'<h3><span class="clas-signe" aria-hidden="true">{signe}</span>{titre}</h3>'
        f"{_portee_html(reponse)}"
        f"{corps_html(tour.scellee, tour.lissee, prefixe)}"
        f"{_mentions_html(tour, jugements)}{_comprise_html(tour.comprise)}"
        f"{_rangement_html(tour.rangement)}</div>"
    )
    if reponse.type != "precision":
        quoi = "la réponse et ses sources" if reponse.citations else "la réponse"
        st.html(_copie_html(quoi, texte_a_copier(tour, documents, adresse)))
    if not reponse.citations:
        return
    st.html(f'<h3 class="clas-titre-cartes">{titre_des_cartes}</h3>')
    for numero, citation in enumerate(reponse.citations, start=1):
        with st.container(key=f"clas-carte-{tour.numero}-{numero}"):
            st.html(
                _carte_html(
                    citation,
                    texte_cite(citation.document, citation.version, documents),
                    numero,
                    prefixe,
                    tour.annee_scolaire,
                )
            )
            st.page_link(
                PAGE_TEXTES,
                label=f"Lire la citation {numero} dans le texte",
                query_params=parametres_du_passage(citation),
            )
            if agent:
                lien_de_verification(citation, numero)


def texte_a_copier(tour: Tour, documents: dict[str, DocumentCanonique], adresse: str) -> str:
    """Write an answer with its sources as plain text.

    Args:
        tour: the question and its answer.
        documents: the texts, for their web addresses.
        adresse: address of the pages, that links to the texts begin with; empty when unknown.
    """
    lignes = [f"Question : {tour.question[:QUESTION_MONTREE]}"]
    if tour.situation:
        lignes.append(f"Pour : {tour.situation}")
    lignes += ["", en_texte(tour.reponse.texte)]
    if tour.reponse.citations:
        lignes += ["", f"{_ENTETES[tour.reponse.type][2]} :"]
    for numero, citation in enumerate(tour.reponse.citations, start=1):
        cite = texte_cite(citation.document, citation.version, documents)
        web = cite.document.fiche.adresse if cite.document else None
        lignes += [f"[{numero}] {situer(citation)}", f"« {citation.extrait} »"]
        lignes += [cite.parti] if cite.parti else []
        lignes += [f"Sur le web : {web}"] if web else []
        lignes += [f"Dans le texte : {adresse}{adresse_du_passage(citation)}"] if adresse else []
    return "\n".join(lignes)


def _mentions_html(tour: Tour, jugements: Jugements | None) -> str:
    """Say what an agent checked and when, never who."""
    if jugements is None or tour.jugee is None:
        return ""
    return "".join(
        '<p class="clas-verifiee"><span class="clas-signe" aria-hidden="true">✓</span>'
        f"{echapper(mention)}</p>"
        for mention in jugements.mentions(tour.jugee)
    )


def _rangement_html(rangement: str | None) -> str:
    """Say which ranking an answer had, where it is not the usual one."""
    if rangement is None:
        return ""
    return f'<p class="clas-comprise">{_AFFLUENCE}</p>'


def _comprise_html(comprise: str | None) -> str:
    if comprise is None:
        return ""
    return f'<p class="clas-comprise">Question comprise : {echapper(comprise)}</p>'


def _portee_html(reponse: Reponse) -> str:
    if reponse.type not in ("reponse", "eligibilite"):
        return ""
    if reponse.portee == NATIONALE:
        return f'<p class="clas-portee">{_badge_portee(NATIONALE)}</p>'
    return (
        f'<p class="clas-portee">{_badge_portee(reponse.portee)} '
        "cette réponse utilise un texte local, qui ne vaut que dans ce département</p>"
    )


def _badge_portee(portee: str) -> str:
    genre = "nationale" if portee == NATIONALE else "locale"
    nom = nom_portee(portee) if portee == NATIONALE else f"Local : {nom_portee(portee)}"
    return f'<span class="clas-badge clas-{genre}">{echapper(nom)}</span>'


def _carte_html(
    citation: Citation,
    cite: TexteCite,
    numero: int,
    prefixe: str,
    annee_demandee: str | None,
) -> str:
    reperes = [_badge_portee(citation.portee), echapper(nom_annee(citation.annee))]
    if citation.page is not None:
        reperes.append(f"page {citation.page}")
    document = cite.document
    if document is not None and outside_year(document.fiche, annee_demandee):
        reperes.append(
            f"<strong>hors de l'année demandée ({echapper(annee_demandee or '')})</strong>"
        )
    section = (
        f'<p class="clas-section">{echapper(citation.section)}</p>' if citation.section else ""
    )
    liste = "".join(f"<li>{repere}</li>" for repere in reperes)
    parti = f'<p class="clas-parti">{echapper(cite.parti)}</p>' if cite.parti else ""
    # Its words alone, where the text that they stood in can no longer be shown.
    mots = f'<p><mark class="clas-citation">{echapper(citation.extrait)}</mark></p>'
    if document is not None:
        mots = contexte_html(document, citation.debut, citation.fin)
    titre = document.fiche.titre_court if document is not None else citation.titre
    return (
        f'<div class="clas-carte" id="{prefixe}{numero}" tabindex="-1">'
        f'<h4><span class="clas-numero">{lu_seulement("Citation ")}{numero}</span>'
        f"{echapper(titre)}</h4>"
        f'<ul class="clas-reperes">{liste}</ul>{section}{parti}'
        f"<blockquote>{mots}</blockquote></div>"
    )


def _copie_html(quoi: str, texte: str) -> str:
    return (
        '<div class="clas-copie"><button type="button" class="clas-bouton" data-copier="oui">'
        f"Copier {quoi}</button>"
        '<span class="clas-confirmation"></span>'
        f'<div hidden class="clas-a-copier">{echapper(texte)}</div></div>'
    )
