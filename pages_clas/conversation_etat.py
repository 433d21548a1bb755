"""What the session holds of a conversation: its turns, what was told, what is shown of changes.

Other pages hand facts over by it: nothing of a project goes through an address.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

import streamlit as st

from assistant.answers.understanding import comprendre
from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.dossier_dit import Etude, etudier
from assistant.dialogue.memoire import Memoire
from assistant.dialogue.rejuger import tient_encore
from assistant.dialogue.tour import situer
from assistant.eligibility import ProjetInutilisable
from assistant.models import Question
from pages_clas.cartes import Tour
from pages_clas.habillage import viser

TOURS: Final = "tours"
MEMOIRE: Final = "memoire"
NUMERO: Final = "numero_de_conversation"
DEPARTEMENT: Final = "departement"
ANNEE: Final = "annee_scolaire"
EN_ATTENTE: Final = "question_en_attente"
APPORT: Final = "apport_de_la_conversation"
"""What the form is to take from the conversation."""
# Not None: Streamlit would then show a cross that clears what is already empty.
NON_PRECISE: Final = ""
_CHANGEMENT: Final = "changement_des_faits"
_VISEE: Final = "visee_de_la_conversation"


class Changement(NamedTuple):
    """The last change made to the facts, in words, and what there was before it."""

    mots: str
    memoire: Memoire | None
    """None where there is nothing to go back to."""
    tours: tuple[Tour, ...] = ()
    choisis: Mapping[str, str] = MappingProxyType({})
    """Place and year chosen on the page, where the change took them over."""


def tours() -> list[Tour]:
    """The turns of the conversation, in order."""
    gardes: list[Tour] = st.session_state.setdefault(TOURS, [])
    return gardes


def memoire() -> Memoire:
    """What the conversation holds; nothing before its first turn."""
    tenue: Memoire = st.session_state.setdefault(MEMOIRE, Memoire())
    return tenue


def situation(tenue: Memoire) -> Question:
    """For whom and for when one asks: as it was told, else as it was chosen on the page."""
    return Question(
        id="",
        departement=tenue.departement or st.session_state.get(DEPARTEMENT) or None,
        annee_scolaire=tenue.annee_scolaire or st.session_state.get(ANNEE) or None,
    )


def annee_lue(cadre: Question) -> str:
    """School year that the project is checked for: the running one where none was said."""
    return comprendre(cadre, "").annee_scolaire


def etude_de(tenue: Memoire, assistant: Conseiller) -> Etude | None:
    """What the checker says of the project held, as a turn would; None if it cannot be read."""
    cadre = situation(tenue)
    projet = situer(tenue.projet, cadre)
    try:
        return etudier(projet, annee_lue(cadre), assistant.regles, assistant.libelles)
    except ProjetInutilisable:
        return None


def changer(
    suite: Memoire,
    mots: str,
    assistant: Conseiller,
    touches: frozenset[str] | None = None,
    choisis: Mapping[str, str] | None = None,
) -> None:
    """Hold another memory; mark the answers that hung on what was changed, and say so.

    ``touches``: paths of the facts changed, None for any; ``choisis``: the place and the year to
    choose on the page, by key, where they change too.
    """
    avant, gardes = memoire(), tours()
    nouveaux = choisis or {}
    anciens = {cle: st.session_state.get(cle, NON_PRECISE) for cle in nouveaux}
    st.session_state[_CHANGEMENT] = Changement(mots, avant, tuple(gardes), anciens)
    st.session_state[MEMOIRE] = suite
    _choisir(nouveaux)
    etude = etude_de(suite, assistant) if any(t.appui for t in gardes) else None
    gardes[:] = [t._replace(perimee=True) if _change(t, etude, touches) else t for t in gardes]
    regarder("message-des-faits")


def _choisir(choisis: Mapping[str, str]) -> None:
    for cle, valeur in choisis.items():
        st.session_state[cle] = valeur


def _change(tour: Tour, etude: Etude | None, touches: frozenset[str] | None) -> bool:
    if tour.appui is None or (touches is not None and touches.isdisjoint(tour.appui.connus)):
        return False
    return not tient_encore(tour.appui, etude)


def changement() -> Changement | None:
    """The last change, until something else is asked."""
    dernier: Changement | None = st.session_state.get(_CHANGEMENT)
    return dernier


def annuler() -> None:
    """Go back to what was held before the last change."""
    dernier = changement()
    if dernier is None or dernier.memoire is None:
        return
    st.session_state[MEMOIRE] = dernier.memoire
    tours()[:] = dernier.tours
    _choisir(dernier.choisis)
    st.session_state[_CHANGEMENT] = Changement("Le changement est annulé.", None)
    regarder("message-des-faits")


def oublier_le_changement() -> None:
    """Say the last change no more: something was asked since."""
    st.session_state.pop(_CHANGEMENT, None)
    st.session_state.pop(_VISEE, None)


def oublier() -> None:
    """Start again: the questions and what they told go, the situation stays."""
    st.session_state[TOURS] = []
    st.session_state[MEMOIRE] = Memoire()
    st.session_state[NUMERO] += 1
    st.session_state.pop(APPORT, None)
    oublier_le_changement()


def oublier_le_cadre() -> None:
    """A place or a year chosen on the page takes over from one stated before."""
    sans = {"departement": None, "annee_scolaire": None, "cadre": ()}
    st.session_state[MEMOIRE] = memoire().model_copy(update=sans)


def mettre_en_attente(question: str) -> None:
    """Have a question asked when the page is next drawn, and its place take the focus."""
    st.session_state[EN_ATTENTE] = question


def regarder(ancre: str) -> None:
    """Give the focus to an element once the page is drawn: an id, or the key of a field."""
    numero = st.session_state.get(_VISEE, ("", 0))[1] + 1
    st.session_state[_VISEE] = (ancre, numero)


def viser_le_changement() -> bool:
    """Bring what was last changed into view; False where the last thing done was to ask."""
    ancre, numero = st.session_state.get(_VISEE, ("", 0))
    if ancre:
        viser(ancre, f"faits-{st.session_state[NUMERO]}-{len(tours())}-{numero}", focus=True)
    return bool(ancre)
