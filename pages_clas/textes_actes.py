"""Acts of the page « Tenir les textes »: done by whoever may, shown as they go, told at the end."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Final, NamedTuple, NoReturn, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException

from assistant.acces import Identite
from assistant.eligibility.errors import ReglesInutilisables
from assistant.publication.ajouts import SEUL, Doublon
from assistant.publication.brouillons import ChangementRefuse, DemandeInutilisable
from assistant.publication.publier import PublicationRefusee
from corpus.base.store import BaseInutilisable
from corpus.loading.errors import FichierRefuse
from corpus.manifest import ManifesteInutilisable
from index.embedding.errors import ErreurModele
from index.storage import IndexInutilisable
from pages_clas import garde
from pages_clas.balises import TypeAvis, avis, echapper
from pages_clas.habillage import annoncer, viser
from pages_clas.textes_fiche import nom_du_champ

REFUS: Final = (
    BaseInutilisable,
    ChangementRefuse,
    DemandeInutilisable,
    Doublon,
    ErreurModele,
    FichierRefuse,
    IndexInutilisable,
    ManifesteInutilisable,
    PublicationRefusee,
    ReglesInutilisables,
)
"""What the page says in the words of the error itself."""
_MESSAGE: Final = "textes_message"
_NUMERO: Final = "textes_numero"
_MESSAGES: Final = "textes_messages"
_SOUVENT: Final = 0.15
"""Seconds between two drawings of what is going on."""
_COMMANDE: Final = re.compile(
    r" \(« clas [^)]*\)|, avec --nouveau|avec --nouveau, |^(?:actualiser|--retirer-absents) : "
    r"| ; pour le remettre : « clas [^»]*»"
)
_AUTREMENT: Final = {
    " par --malgre-le-fond": ", en cochant la case,",
    SEUL: (
        "ajoutez-le seul par « Ajouter des fichiers », et dites pour qui il est dans « Corriger la "
        "fiche », Portée"
    ),
}
"""What a command says, and what is done on the page instead."""
_DEUX_ANNEES: Final = r"de la forme ^\d{4}-\d{4}$"

T = TypeVar("T")


class Message(NamedTuple):
    """What the last act gave."""

    genre: TypeAvis
    titre: str
    lignes: tuple[str, ...]


class Suivi:
    """What is going on, as a bar with its words.

    Whatever the person does meanwhile, nothing that has begun is left halfway: what Streamlit
    asks for (draw again, stop) is kept until it is done.
    """

    def __init__(self) -> None:
        self.arret: StopException | None = None
        self._place = st.empty()
        self._mots = ""
        self._part: float | None = None
        self._dit = 0.0

    def dire(self, mots: str) -> None:
        """Say the step that begins."""
        self._mots, self._part = mots, None
        self._montrer()

    def avancer(self, fait: int, total: int) -> None:
        """Say how far a step is."""
        self._part = fait / total if total else None
        if time.monotonic() - self._dit >= _SOUVENT:
            self._montrer()

    def finir(self) -> None:
        """Take the bar away."""
        self._dessiner(self._place.empty)

    def _montrer(self) -> None:
        self._dit = time.monotonic()
        valeur = "" if self._part is None else f' value="{self._part:.3f}"'
        mots = (
            f'<p class="clas-avance"><label>{echapper(self._mots)} '
            f'<progress max="1"{valeur}></progress></label></p>'
        )
        self._dessiner(lambda: self._place.html(mots))

    def _dessiner(self, dessin: Callable[[], object]) -> None:
        if self.arret is not None:
            return
        try:
            dessin()
        except RerunException:
            return
        except StopException as arret:
            self.arret = arret


def accomplir(
    action: str,
    objet: str,
    faire: Callable[[Identite, Suivi], T],
    dire: Callable[[T], str],
    detail: str = "",
) -> None:
    """Do something that writes, then draw the page again with what came of it.

    Args:
        action: one of the actions of the journal.
        objet: what it bears on.
        faire: does it, in the name of whoever was let in.
        dire: says in words what was done.
        detail: what else the journal says.
    """
    suivi = Suivi()
    try:
        fait = garde.agir(
            "gestionnaire", action, objet, lambda identite: faire(identite, suivi), detail
        )
    except REFUS as refus:
        laisser(Message("erreur", "Ce n'est pas fait", (en_page(refus),)), garder=True)
    else:
        laisser(Message("information", "C'est fait", (dire(fait),)))
    if suivi.arret is not None:
        raise suivi.arret
    st.rerun()


def en_page(refus: Exception) -> str:
    """An error's words, without the commands and the names that only a terminal has."""
    mots = _COMMANDE.sub("", str(refus))
    for commande, geste in _AUTREMENT.items():
        mots = mots.replace(commande, geste)
    champ, sep, suite = mots.partition(" : ")
    mots = f"{nom_du_champ(champ)}{sep}{suite}"
    return mots.replace(_DEUX_ANNEES, "deux années qui se suivent, comme 2026-2027")


def laisser(message: Message, *, garder: bool = False) -> None:
    """Leave a message for the next drawing of the page.

    ``garder``: what was typed stays in its fields, to be mended; else they begin empty again.
    """
    st.session_state[_MESSAGE] = message
    st.session_state[_MESSAGES] = st.session_state.get(_MESSAGES, 0) + 1
    if not garder:
        st.session_state[_NUMERO] = numero() + 1


def refuser(titre: str, ligne: str) -> NoReturn:
    """Say what is missing, and draw the page again."""
    laisser(Message("attention", titre, (ligne,)), garder=True)
    st.rerun()


def numero() -> int:
    """How many acts were done in this visit: what forms are named by, to begin empty again."""
    found: int = st.session_state.get(_NUMERO, 0)
    return found


def montrer_le_message() -> None:
    """Show what the last act gave, to eyes and to ears; once."""
    message: Message | None = st.session_state.pop(_MESSAGE, None)
    if message is None:
        return
    boite = avis(message.genre, message.titre, message.lignes)
    st.html(f'<div id="message-des-textes" tabindex="-1">{boite}</div>')
    jeton = f"textes-{st.session_state[_MESSAGES]}"
    viser("message-des-textes", jeton, focus=True)
    annoncer(" ".join((message.titre, *message.lignes)), jeton)
