"""The page « Poser une question »: the conversation, as this visit holds it."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime
from time import perf_counter
from urllib.parse import urljoin

import streamlit as st

from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Echange
from assistant.etapes import suivre
from assistant.observation.chronometre import Chronometre
from assistant.observation.mesure import mesure_de
from assistant.quotation import ReponseRefusee, ReponseScellee
from assistant.understanding.repertoire import lire_departements
from pages_clas import conversation_etat as etat
from pages_clas.acces import Edition, avis_de_mise_a_jour, edition_de, ouvrir_ou_expliquer
from pages_clas.avancee import Avancee
from pages_clas.avis_cibles import tour_a_juger
from pages_clas.avis_formulaire import formulaire_d_avis
from pages_clas.avis_porteur import demander_l_avis, garder_le_refus, notice
from pages_clas.balises import avis
from pages_clas.cartes import Depart, Tour, afficher_question, afficher_tour
from pages_clas.citations_lien import peut_verifier
from pages_clas.conversation_reprise import garder, oublier_la_reprise, reprendre
from pages_clas.conversation_tours import EXEMPLES, tour_de
from pages_clas.habillage import annoncer, viser
from pages_clas.observation import observateur
from pages_clas.puces import afficher_faits
from pages_clas.puces_correction import oublier_la_correction
from pages_clas.redaction import lisser
from pages_clas.reperes import annees_proposees, nom_annee, nom_avec_code

_REFUSEE = (
    "Une citation n'a pas pu être retrouvée mot pour mot dans les textes : la réponse n'est donc "
    "pas affichée. Essayez de poser la question autrement."
)


def afficher_conversation() -> None:
    """Show the page and answer the question that was just asked, if any."""
    st.title("Poser une question sur le Clas", anchor=False)
    tours = etat.tours()
    # Where answers are shown, what comes from a new version of the texts is said between them.
    assistant = ouvrir_ou_expliquer(dire_la_mise_a_jour=not tours)
    affluence = assistant.modeles.affluence
    debut = perf_counter()
    with affluence.tour() if affluence is not None else nullcontext():
        observateur().metriques.attendu(perf_counter() - debut)
        _converser(assistant, tours)


def _converser(assistant: Conseiller, tours: list[Tour]) -> None:
    conversation = st.session_state.setdefault(etat.NUMERO, 1)
    reprendre(assistant)
    saisie = st.chat_input("Votre question sur le Clas", key="saisie")
    choisie = st.session_state.pop(etat.EN_ATTENTE, None)
    question = saisie or choisie
    if not tours and question is None:
        st.html(
            '<p class="clas-chapeau" id="debut-de-page">Écrivez votre question avec vos mots. '
            "La réponse montre ce que disent les textes officiels, mot pour mot. Quand ils ne "
            "disent rien, elle le dit.</p>"
        )
    _situation()
    notice()
    if not tours and question is None:
        afficher_faits(assistant)
        _exemples()
        # Streamlit opens a page that has a chat box at its bottom.
        if not etat.viser_le_changement():
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
        rang = tours[-1].numero + 1 if tours else 1
        nouveau = _repondre(assistant, question, rang, au_bouton=saisie is None)
        etat.oublier_le_changement()
        oublier_la_correction()
        if nouveau is not None:
            tours.append(nouveau)
            _montrer(nouveau, assistant, adresse, juge=juge)
    if tours:
        _suites(tours[-1])
        afficher_faits(assistant)
        st.button("Nouvelle conversation", on_click=_oublier, key="nouvelle")
        dernier = tours[-1]
        if not etat.viser_le_changement():
            # A button that asks is no longer there; who typed goes on from the box.
            jeton = f"{conversation}-{dernier.numero}"
            viser(f"question-{dernier.numero}", jeton, focus=dernier.au_bouton)
        annoncer(_resume(dernier), f"{conversation}-{dernier.numero}")
    garder()


def _montrer(tour: Tour, assistant: Conseiller, adresse: str, *, juge: bool) -> None:
    """Show a turn; to an agent (``juge``), the way to judge it as well."""
    afficher_tour(tour, assistant.documents, adresse, assistant.jugements, agent=juge)
    demander_l_avis(tour, assistant, st.session_state[etat.NUMERO])
    registre = assistant.jugements.registre
    a_juger = tour_a_juger(tour, assistant) if juge and registre is not None else []
    if registre is None or not a_juger:
        return
    cle = f"tour-{st.session_state[etat.NUMERO]}-{tour.numero}"
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
            [etat.NON_PRECISE, *codes],
            format_func=lambda code: nom_avec_code(code) if code else "Non précisé",
            key=etat.DEPARTEMENT,
            persist_state="session",
            on_change=etat.oublier_le_cadre,
        )
        droite.selectbox(
            "Année scolaire",
            [etat.NON_PRECISE, *annees_proposees(datetime.now(tz=UTC).date())],
            format_func=lambda annee: annee or "Non précisée",
            key=etat.ANNEE,
            persist_state="session",
            on_change=etat.oublier_le_cadre,
        )


def _exemples() -> None:
    st.html("<h2>Par exemple</h2>")
    with st.container(key="clas-exemples"):
        colonnes = st.columns(2)
        for rang, exemple in enumerate(EXEMPLES):
            colonnes[rang % 2].button(
                exemple,
                key=f"exemple-{rang}",
                on_click=etat.mettre_en_attente,
                args=(exemple,),
                width="stretch",
                wrap=True,
            )


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
                on_click=etat.mettre_en_attente,
                args=(suite,),
                wrap=True,
            )


def _oublier() -> None:
    oublier_la_correction()
    oublier_la_reprise()
    etat.oublier()


def _repondre(assistant: Conseiller, question: str, numero: int, *, au_bouton: bool) -> Tour | None:
    """Answer while the steps of it show; None when no checked answer could be given."""
    memoire = etat.memoire()
    demande = etat.situation(memoire).model_copy(update={"id": str(numero)})
    departement, annee = demande.departement, demande.annee_scolaire
    attente = st.empty()
    with attente.container():
        situation = ", ".join(
            filter(None, (nom_avec_code(departement or ""), nom_annee(annee) if annee else ""))
        )
        afficher_question(numero, question, situation)
        viser(f"question-{numero}", f"attente-{numero}", focus=au_bouton)
        avancee = Avancee(st.empty(), len(assistant.documents), f"attente-{numero}")
        chronometre = Chronometre(avancee)
        echange: Echange | None
        lissee: ReponseScellee | None
        try:
            with suivre(chronometre):
                echange = assistant.echanger(demande, question, memoire)
                lissee = lisser(echange, assistant)
        except ReponseRefusee:
            echange = lissee = None
        observateur().repondu(
            mesure_de(
                echange,
                assistant,
                chronometre.arreter(),
                departement_connu=departement is not None,
            )
        )
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
        garder_le_refus(
            assistant,
            st.session_state[etat.NUMERO],
            numero,
            question,
            departement=departement,
            annee_scolaire=annee,
        )
        return None
    st.session_state[etat.MEMOIRE] = echange.memoire
    return tour_de(
        echange,
        question,
        Depart(demande, memoire),
        assistant,
        etat.tours(),
        lissee=lissee,
        au_bouton=au_bouton,
    )


def _resume(tour: Tour) -> str:
    """Say that the answer has come, for those who do not see it appear."""
    nombre = len(tour.reponse.citations)
    if tour.reponse.type == "hors_corpus":
        return "Les textes ne répondent pas à cette question. L'explication est affichée."
    if tour.reponse.type == "precision":
        return "Une précision est demandée. Elle est affichée sous votre question."
    return f"Réponse affichée, avec {nombre} citation{'s' if nombre > 1 else ''}."
