"""The page « Poser une question »: the conversation, kept in the session alone."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urljoin

import streamlit as st

from assistant.dialogue.avis_suivis import jugee_de
from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Echange, Memoire
from assistant.models import Question
from assistant.quotation import ReponseRefusee
from assistant.understanding.repertoire import lire_departements
from pages_clas.acces import Edition, avis_de_mise_a_jour, edition_de, ouvrir_ou_expliquer
from pages_clas.avis_cibles import tour_a_juger
from pages_clas.avis_formulaire import formulaire_d_avis
from pages_clas.balises import avis
from pages_clas.cartes import Tour, afficher_question, afficher_tour
from pages_clas.citations_lien import peut_verifier
from pages_clas.habillage import annoncer, viser
from pages_clas.memoire import faits_html
from pages_clas.reperes import annees_proposees, nom_annee, nom_avec_code

EXEMPLES = (
    "Combien d'enfants par groupe ?",
    "Combien de séances par semaine ?",
    "Quel est le prix plafond de la prestation de service ?",
    "Qui peut encadrer les enfants ?",
    "Les familles doivent-elles payer ?",
    "Peut-on commencer en cours d'année ?",
)
_REFUSEE = (
    "Une citation n'a pas pu être retrouvée mot pour mot dans les textes : la réponse n'est donc "
    "pas affichée. Essayez de poser la question autrement."
)
_TOURS = "tours"
_EN_ATTENTE = "question_en_attente"
_DEPARTEMENT = "departement"
_ANNEE = "annee_scolaire"
# Not None: Streamlit would then show a cross that clears what is already empty.
_NON_PRECISE = ""
_NUMERO = "numero_de_conversation"
_MEMOIRE = "memoire"


def afficher_conversation() -> None:
    """Show the page and answer the question that was just asked, if any."""
    st.title("Poser une question sur le Clas", anchor=False)
    tours: list[Tour] = st.session_state.setdefault(_TOURS, [])
    # Where answers are shown, what comes from a new version of the texts is said between them.
    assistant = ouvrir_ou_expliquer(dire_la_mise_a_jour=not tours)
    conversation = st.session_state.setdefault(_NUMERO, 1)
    saisie = st.chat_input("Votre question sur le Clas", key="saisie")
    question = saisie or st.session_state.pop(_EN_ATTENTE, None)
    if not tours and question is None:
        st.html(
            '<p class="clas-chapeau" id="debut-de-page">Écrivez votre question avec vos mots. '
            "La réponse montre ce que disent les textes officiels, mot pour mot. Quand ils ne "
            "disent rien, elle le dit.</p>"
        )
    _situation()
    if not tours and question is None:
        _exemples()
        # Streamlit opens a page that has a chat box at its bottom.
        viser("debut-de-page", f"debut-{conversation}", focus=False)
    adresse = urljoin(st.context.url or "", ".") if st.context.url else ""
    avant: Edition | None = None
    juge = peut_verifier()
    for tour in tours:
        _dire_la_mise_a_jour(avant, tour.edition)
        _montrer(tour, assistant, adresse, juge=juge)
        avant = tour.edition
    if question is not None:
        _dire_la_mise_a_jour(avant, edition_de(assistant))
        nouveau = _repondre(assistant, question, len(tours) + 1)
        if nouveau is not None:
            tours.append(nouveau)
            _montrer(nouveau, assistant, adresse, juge=juge)
    if tours:
        _suites(tours[-1])
        retenu = faits_html(_memoire(), assistant.libelles)
        if retenu:
            st.html(retenu)
        st.button("Nouvelle conversation", on_click=_oublier, key="nouvelle")
        dernier = tours[-1]
        viser(f"question-{dernier.numero}", f"{conversation}-{dernier.numero}", focus=False)
        annoncer(_resume(dernier), f"{conversation}-{dernier.numero}")


def _montrer(tour: Tour, assistant: Conseiller, adresse: str, *, juge: bool) -> None:
    """Show a turn; to an agent, the way to judge it as well."""
    afficher_tour(tour, assistant.documents, adresse, assistant.jugements)
    registre = assistant.jugements.registre
    a_juger = tour_a_juger(tour, assistant) if juge and registre is not None else []
    if registre is None or not a_juger:
        return
    cle = f"tour-{st.session_state[_NUMERO]}-{tour.numero}"
    nom = f"Avis sur la réponse {tour.numero} (agents)"
    volet = st.expander(nom, key=f"volet-{cle}", on_change="rerun")
    if volet.open:
        with volet:
            formulaire_d_avis(a_juger, registre, cle)


def _dire_la_mise_a_jour(avant: Edition | None, apres: Edition | None) -> None:
    """Say, between two answers, that the texts changed from one to the other."""
    if avant is not None and apres is not None and avant.identite != apres.identite:
        st.html(avis_de_mise_a_jour(apres))


def _situation() -> None:
    """Ask for whom and for when: both may be left open."""
    with st.container(key="clas-situation"):
        gauche, droite = st.columns(2)
        codes = [departement.code for departement in lire_departements()]
        gauche.selectbox(
            "Votre département",
            [_NON_PRECISE, *codes],
            format_func=lambda code: nom_avec_code(code) if code else "Non précisé",
            key=_DEPARTEMENT,
            persist_state="session",
            on_change=_oublier_le_cadre,
        )
        droite.selectbox(
            "Année scolaire",
            [_NON_PRECISE, *annees_proposees(datetime.now(tz=UTC).date())],
            format_func=lambda annee: annee or "Non précisée",
            key=_ANNEE,
            persist_state="session",
            on_change=_oublier_le_cadre,
        )


def _exemples() -> None:
    st.html("<h2>Par exemple</h2>")
    with st.container(key="clas-exemples"):
        colonnes = st.columns(2)
        for rang, exemple in enumerate(EXEMPLES):
            colonnes[rang % 2].button(
                exemple,
                key=f"exemple-{rang}",
                on_click=_mettre_en_attente,
                args=(exemple,),
                width="stretch",
                wrap=True,
            )


def _mettre_en_attente(question: str) -> None:
    st.session_state[_EN_ATTENTE] = question


def _suites(dernier: Tour) -> None:
    """Offer the questions that could follow the last answer."""
    if not dernier.suites:
        return
    st.html('<h2 class="clas-titre-suites">Pour continuer</h2>')
    with st.container(key="clas-suites"):
        for rang, suite in enumerate(dernier.suites):
            st.button(
                suite,
                key=f"suite-{dernier.numero}-{rang}",
                on_click=_mettre_en_attente,
                args=(suite,),
                wrap=True,
            )


def _memoire() -> Memoire:
    """What the conversation holds; nothing before its first turn."""
    memoire: Memoire = st.session_state.setdefault(_MEMOIRE, Memoire())
    return memoire


def _oublier() -> None:
    """Start again: the questions and what they told go, the situation stays."""
    st.session_state[_TOURS] = []
    st.session_state[_MEMOIRE] = Memoire()
    st.session_state[_NUMERO] += 1


def _oublier_le_cadre() -> None:
    """A place or a year chosen on the page takes over from one stated before."""
    st.session_state[_MEMOIRE] = _memoire().model_copy(
        update={"departement": None, "annee_scolaire": None}
    )


def _repondre(assistant: Conseiller, question: str, numero: int) -> Tour | None:
    """Answer while a working state shows; None when no checked answer could be given."""
    memoire = _memoire()
    departement = memoire.departement or st.session_state.get(_DEPARTEMENT) or None
    annee = memoire.annee_scolaire or st.session_state.get(_ANNEE) or None
    attente = st.empty()
    with attente.container():
        situation = ", ".join(
            filter(None, (nom_avec_code(departement or ""), nom_annee(annee) if annee else ""))
        )
        afficher_question(numero, question, situation)
        viser(f"question-{numero}", f"attente-{numero}", focus=False)
        annoncer("Recherche dans les textes en cours…", f"attente-{numero}")
        with st.spinner("Recherche dans les textes…"):
            demande = Question(id=str(numero), departement=departement, annee_scolaire=annee)
            echange: Echange | None
            try:
                echange = assistant.echanger(demande, question, memoire)
            except ReponseRefusee:
                echange = None
    attente.empty()
    if echange is None:
        afficher_question(numero, question, situation)
        st.html(
            avis(
                "erreur",
                "Aucune réponse ne peut être montrée",
                [_REFUSEE],
            )
        )
        return None
    st.session_state[_MEMOIRE] = echange.memoire
    return Tour(
        numero=numero,
        question=question,
        departement=echange.memoire.departement or departement,
        annee_scolaire=echange.memoire.annee_scolaire or annee,
        scellee=echange.scellee,
        comprise=echange.comprise,
        suites=echange.suites,
        edition=edition_de(assistant),
        jugee=jugee_de(echange, assistant.jugements),
        ecartee=echange.chemin.ecartee,
    )


def _resume(tour: Tour) -> str:
    """Say that the answer has come, for those who do not see it appear."""
    nombre = len(tour.reponse.citations)
    if tour.reponse.type == "hors_corpus":
        return "Les textes ne répondent pas à cette question. L'explication est affichée."
    if tour.reponse.type == "precision":
        return "Une précision est demandée. Elle est affichée sous votre question."
    return f"Réponse affichée, avec {nombre} citation{'s' if nombre > 1 else ''}."
