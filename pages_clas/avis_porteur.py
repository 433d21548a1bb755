"""What whoever asked thinks of an answer, and the notice of what is kept.

Where nothing is kept, nothing of this is shown. Where something could not be kept, the answer is
there all the same: only whoever keeps the server is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from secrets import token_hex
from typing import Final, NamedTuple

import streamlit as st

from assistant.dialogue.conseiller import Conseiller
from assistant.questions_posees.listing import VOTES
from assistant.questions_posees.models import COMMENTAIRE, EchangeGarde, Opinion, Vote
from assistant.questions_posees.prise import echange_de, nouvelle_conversation
from pages_clas.balises import echapper
from pages_clas.cartes import Tour
from pages_clas.habillage import annoncer
from pages_clas.questions_journal import le_journal

_CONVERSATIONS: Final = "journal_conversations"
_SUIVIS: Final = "journal_tours"
# Thumbs are drawn by the style sheet: whoever hears the page has the words.
_CHOIX: Final[dict[Vote, str]] = {"utile": "Utile", "pas_utile": "Pas utile"}
_MANQUE: Final = "Votre avis n'a pas pu être gardé. La réponse reste la même."

Place = tuple[int, int]
"""Number of a conversation in this visit, rank of a turn in it."""


class _Suivi(NamedTuple):
    """What this visit knows of a turn that was kept."""

    cle: str
    opinion: Opinion | None = None
    message: str = ""
    """What became of the last opinion given."""
    annonce: str = ""
    """Names the announcement of it, until it is made."""


def notice() -> None:
    """Say what is kept, how long, who reads it, and what not to write."""
    journal = le_journal()
    if not journal.actif:
        return
    st.html(
        '<p class="clas-note" id="ce-qui-est-garde">Pour améliorer les réponses, votre question, '
        "la réponse et votre avis sont gardés sur ce serveur, sans compte ni nom, pendant "
        f"{_duree(journal.registre.jours)} ; les agents peuvent les lire. Adresses de courriel, "
        "téléphones et longs numéros sont masqués avant d'être gardés. Le reste ne l'est pas : "
        "n'écrivez le nom de personne.</p>"
    )


def demander_l_avis(tour: Tour, assistant: Conseiller, conversation: int) -> None:
    """Keep a turn the first time that it is shown, then ask what is thought of it."""
    if not le_journal().actif:
        return
    place = (conversation, tour.numero)
    suivis = _suivis()
    if place not in suivis:
        fiches = (dite.id for dite in tour.jugee.fiches) if tour.jugee else ()
        suivis[place] = _garde(
            echange_de(
                assistant,
                conversation=_jeton(conversation),
                tour=tour.numero,
                date=datetime.now(UTC),
                question=tour.question,
                reponse=tour.reponse,
                departement=tour.departement,
                annee_scolaire=tour.annee_scolaire,
                fiches=fiches,
                secondes=tour.secondes,
                rangement=tour.rangement,
            )
        )
    if suivis[place] is not None:
        with st.container(key=f"clas-avis-porteur-{conversation}-{tour.numero}"):
            _formulaire(place)


def garder_le_refus(
    assistant: Conseiller,
    conversation: int,
    numero: int,
    question: str,
    *,
    departement: str | None,
    annee_scolaire: str | None,
) -> None:
    """Keep a question whose answer could not be shown."""
    if not le_journal().actif:
        return
    _garde(
        echange_de(
            assistant,
            conversation=_jeton(conversation),
            tour=numero,
            date=datetime.now(UTC),
            question=question,
            reponse=None,
            departement=departement,
            annee_scolaire=annee_scolaire,
            fiches=(),
            secondes=0.0,
        )
    )


def cle_gardee(conversation: int, tour: int) -> str | None:
    """Key of a turn in the log; None where it is not there."""
    suivi = _suivis().get((conversation, tour))
    return suivi.cle if suivi is not None else None


def jeton_du_journal(conversation: int) -> str | None:
    """What ties the turns of a conversation together in the log; None where nothing is kept."""
    jetons: dict[int, str] = st.session_state.get(_CONVERSATIONS, {})
    return jetons.get(conversation)


def reprendre_le_journal(
    conversation: int, jeton: str | None, cles: Mapping[int, str | None]
) -> None:
    """Know the turns of a conversation that was taken over: none is to be kept twice.

    Args:
        conversation: number of the conversation in this visit.
        jeton: what ties its turns together in the log.
        cles: key in the log of each turn, by rank; None for those that could not be kept.
    """
    if jeton is not None:
        st.session_state.setdefault(_CONVERSATIONS, {})[conversation] = jeton
    for tour, cle in cles.items():
        _suivis()[conversation, tour] = _Suivi(cle) if cle is not None else None


def _garde(echange: EchangeGarde) -> _Suivi | None:
    return _Suivi(echange.cle) if le_journal().garder(echange) else None


@st.fragment
def _formulaire(place: Place) -> None:
    """Ask for an opinion. Drawn again by itself: the answers around it stay as they are."""
    suivi = _suivis().get(place)
    if suivi is None:
        return
    cle = f"{place[0]}-{place[1]}"
    votes = list(_CHOIX)
    champ = f"vote-{cle}"
    st.radio(
        f"La réponse {place[1]} vous est-elle utile ?",
        votes,
        index=votes.index(suivi.opinion.vote) if suivi.opinion else None,
        format_func=lambda vote: _CHOIX[vote],
        horizontal=True,
        key=champ,
        on_change=_voter,
        args=(place, champ),
    )
    if suivi.opinion is not None:
        mots = f"mots-{cle}"
        with st.form(f"mots-de-l-avis-{cle}", enter_to_submit=False, border=False):
            st.text_area(
                f"Un commentaire sur la réponse {place[1]} ? Facultatif, sans nom ni coordonnées",
                value=suivi.opinion.commentaire,
                max_chars=COMMENTAIRE,
                height=80,
                key=mots,
            )
            st.form_submit_button(
                "Envoyer le commentaire", on_click=_commenter, args=(place, mots), key=f"dire-{cle}"
            )
    if suivi.message:
        st.html(f'<p class="clas-note clas-avis-retenu">{echapper(suivi.message)}</p>')
    if suivi.annonce:
        annoncer(suivi.message, suivi.annonce)
        _suivis()[place] = suivi._replace(annonce="")


def _voter(place: Place, champ: str) -> None:
    vote: Vote | None = st.session_state.get(champ)
    suivi = _suivis().get(place)
    if vote is None or suivi is None:
        return
    _noter(place, suivi, vote, suivi.opinion.commentaire if suivi.opinion else "")


def _commenter(place: Place, champ: str) -> None:
    suivi = _suivis().get(place)
    if suivi is None or suivi.opinion is None:
        return
    _noter(place, suivi, suivi.opinion.vote, st.session_state.get(champ, ""))


def _noter(place: Place, suivi: _Suivi, vote: Vote, commentaire: str) -> None:
    opinion = le_journal().noter(suivi.cle, vote, commentaire)
    message = _MANQUE
    if opinion is not None:
        suite = f", avec ce commentaire : « {opinion.commentaire} »" if opinion.commentaire else ""
        message = f"✓ Avis gardé : {VOTES[opinion.vote]}{suite}. Merci."
    garde = opinion or suivi.opinion
    _suivis()[place] = _Suivi(suivi.cle, garde, message, f"avis-porteur-{token_hex(4)}")


def _suivis() -> dict[Place, _Suivi | None]:
    """What was kept of the turns of this visit; None for those that could not be."""
    suivis: dict[Place, _Suivi | None] = st.session_state.setdefault(_SUIVIS, {})
    return suivis


def _jeton(conversation: int) -> str:
    jetons: dict[int, str] = st.session_state.setdefault(_CONVERSATIONS, {})
    return jetons.setdefault(conversation, nouvelle_conversation())


def _duree(jours: int) -> str:
    return "un jour" if jours == 1 else f"{jours} jours"
