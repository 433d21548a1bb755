"""A conversation that goes on elsewhere: kept in the shared store, taken over by its address.

Without a shared store nothing is kept, and the address says nothing. With one, the address of the
page carries a token from the first answer on: whoever holds it can read the conversation, and
nobody else, the store no more than others. It stands in no other address, log or export.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

import streamlit as st

from assistant.configuration import read_configuration
from assistant.conversations.modeles import ConversationGardee, TourGarde
from assistant.conversations.ouverture import ouvrir_conversations
from assistant.conversations.scelle import HEURES, TOURS, est_un_jeton, nouveau_jeton
from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Memoire
from assistant.models import Question
from assistant.quotation import ReponseRefusee
from assistant.understanding.repertoire import lire_departements
from pages_clas import conversation_etat as etat
from pages_clas.acces import edition_de
from pages_clas.avis_porteur import cle_gardee, jeton_du_journal, reprendre_le_journal
from pages_clas.balises import avis
from pages_clas.cartes import Depart, Tour
from pages_clas.conversation_tours import tour_de
from pages_clas.reperes import annees_proposees

if TYPE_CHECKING:
    from assistant.conversations.garde import Conversations

ADRESSE: Final = "conversation"
"""Name of the token in the address."""
_REPRISE: Final = "reprise_de_la_conversation"
_TENTEE: Final = "reprise_tentee"
_REFAITE: Final = "reprise_sur_une_autre_version"
_NOTE: Final = (
    f"L'adresse de cette page rouvre votre conversation pendant {HEURES} heures : ne la donnez "
    "qu'à qui peut la lire."
)


class _Reprise(NamedTuple):
    """Under what token this visit's conversation is kept."""

    jeton: str
    sienne: bool = False
    """Whether this visit writes there. One that was taken over is left as it was found, so that
    two tabs of the same address never mix: what follows is kept under another."""
    somme: str = ""
    """Digest of what was last kept."""


def reprendre(assistant: Conseiller) -> None:
    """Take over the conversation of the address, where this visit has none; at most once."""
    conversations = _conversations()
    if conversations is None:
        return
    if not (st.session_state.get(_TENTEE) or etat.tours()):
        _tenter(conversations, assistant)
    _accorder_l_adresse()
    identite = st.session_state.get(_REFAITE)
    edition = edition_de(assistant)
    if identite and edition is not None and identite == edition.identite:
        suite = (
            f"Les réponses ont été refaites sur la version n° {edition.numero} des textes, "
            "publiée depuis."
        )
        st.html(avis("information", "Conversation reprise", [suite]))


def garder() -> None:
    """Keep the conversation as it stands, where it has changed since it was last kept."""
    conversations = _conversations()
    if conversations is None:
        return
    contenu = _contenu()
    # A visit that is new, or that has just begun again, has nothing to keep.
    if not contenu.tours and contenu.memoire == Memoire():
        return
    reprise: _Reprise | None = st.session_state.get(_REPRISE)
    somme = _somme(contenu)
    if reprise is None or reprise.somme != somme:
        jeton = reprise.jeton if reprise is not None and reprise.sienne else nouveau_jeton()
        if conversations.garder(jeton, contenu):
            reprise = _Reprise(jeton, sienne=True, somme=somme)
            st.session_state[_REPRISE] = reprise
            _accorder_l_adresse()
    if reprise is not None:
        st.html(f'<p class="clas-note">{_NOTE}</p>')


def oublier_la_reprise() -> None:
    """Leave the token with the conversation: the next one has its own."""
    st.session_state.pop(_REPRISE, None)
    st.session_state.pop(_REFAITE, None)
    # What the address still says at that moment is not to be taken over again.
    st.session_state[_TENTEE] = True


def _conversations() -> Conversations | None:
    adresse = read_configuration().magasin
    return None if adresse is None else ouvrir_conversations(adresse)


def _accorder_l_adresse() -> None:
    """Have the address say what this visit is at: another page may have been in between."""
    reprise: _Reprise | None = st.session_state.get(_REPRISE)
    voulu = reprise.jeton if reprise is not None else None
    if voulu is None:
        if ADRESSE in st.query_params and st.session_state.get(_TENTEE):
            del st.query_params[ADRESSE]
    elif st.query_params.get(ADRESSE) != voulu:
        st.query_params[ADRESSE] = voulu


def _contenu() -> ConversationGardee:
    numero = st.session_state[etat.NUMERO]
    return ConversationGardee(
        tours=tuple(_garde(tour, numero) for tour in etat.tours()[-TOURS:]),
        memoire=etat.memoire(),
        departement=st.session_state.get(etat.DEPARTEMENT) or "",
        annee_scolaire=st.session_state.get(etat.ANNEE) or "",
        journal=jeton_du_journal(numero),
    )


def _garde(tour: Tour, conversation: int) -> TourGarde:
    depart = tour.depart
    return TourGarde(
        numero=tour.numero,
        question=tour.question,
        departement=depart.demande.departement,
        annee_scolaire=depart.demande.annee_scolaire,
        avant=depart.memoire,
        au_bouton=tour.au_bouton,
        perimee=tour.perimee,
        edition=tour.edition.identite if tour.edition else None,
        cle=cle_gardee(conversation, tour.numero),
    )


def _tenter(conversations: Conversations, assistant: Conseiller) -> None:
    jeton = st.query_params.get(ADRESSE, "")
    if not est_un_jeton(jeton):
        st.session_state[_TENTEE] = True
        return
    lue = conversations.lire(jeton)
    # Where the store is away, the next gesture tries again.
    if not lue.repond:
        return
    st.session_state[_TENTEE] = True
    if lue.conversation is not None:
        with st.spinner("Reprise de la conversation…"):
            _refaire(lue.conversation, assistant)
        st.session_state[_REPRISE] = _Reprise(jeton, somme=_somme(_contenu()))


def _somme(contenu: ConversationGardee) -> str:
    return hashlib.sha256(contenu.model_dump_json().encode()).hexdigest()


def _refaire(conversation: ConversationGardee, assistant: Conseiller) -> None:
    """Answer the turns again, each from what was held before it, then hold what was held."""
    _choisir(conversation)
    refaits: list[Tour] = []
    for garde in conversation.tours[-TOURS:]:
        demande = Question(
            id=str(garde.numero),
            departement=garde.departement,
            annee_scolaire=garde.annee_scolaire,
        )
        try:
            echange = assistant.echanger(demande, garde.question, garde.avant)
        except ReponseRefusee:
            continue
        depart = Depart(demande, garde.avant)
        tour = tour_de(
            echange, garde.question, depart, assistant, refaits, au_bouton=garde.au_bouton
        )
        refaits.append(tour._replace(perimee=garde.perimee))
    st.session_state[etat.MEMOIRE] = conversation.memoire
    etat.tours()[:] = refaits
    reprendre_le_journal(
        st.session_state[etat.NUMERO],
        conversation.journal,
        {garde.numero: garde.cle for garde in conversation.tours},
    )
    edition = edition_de(assistant)
    if edition is not None and any(
        garde.edition not in (None, edition.identite) for garde in conversation.tours
    ):
        st.session_state[_REFAITE] = edition.identite


def _choisir(conversation: ConversationGardee) -> None:
    """Choose the place and the year again, where the page still offers them."""
    codes = {departement.code for departement in lire_departements()}
    if conversation.departement in codes:
        st.session_state[etat.DEPARTEMENT] = conversation.departement
    if conversation.annee_scolaire in annees_proposees(datetime.now(tz=UTC).date()):
        st.session_state[etat.ANNEE] = conversation.annee_scolaire
