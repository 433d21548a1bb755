"""Acts of the page « Tenir les textes »: done by whoever may, shown as they go, told at the end."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Final, NamedTuple, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException

from assistant.acces import Identite
from assistant.eligibility.errors import ReglesInutilisables
from assistant.publication.ajouts import Doublon
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
_SOUVENT: Final = 0.15
"""Seconds between two drawings of what is going on."""
_COMMANDE: Final = re.compile(r" \(« clas [^)]*\)|, avec --nouveau|avec --nouveau, ")
_CONFIRMER: Final = " par --malgre-le-fond"

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
        message = Message("erreur", "Ce n'est pas fait", (en_page(refus),))
    else:
        message = Message("information", "C'est fait", (dire(fait),))
    laisser(message)
    if suivi.arret is not None:
        raise suivi.arret
    st.rerun()


def en_page(refus: Exception) -> str:
    """An error's words, without the commands that only a terminal has."""
    mots = _COMMANDE.sub("", str(refus))
    return mots.replace(_CONFIRMER, ", en cochant la case,")


def laisser(message: Message) -> None:
    """Keep a message for the next drawing of the page."""
    st.session_state[_MESSAGE] = message
    st.session_state[_NUMERO] = numero() + 1


def refuser(titre: str, ligne: str) -> None:
    """Say what is missing, and draw the page again."""
    laisser(Message("attention", titre, (ligne,)))
    st.rerun()


def numero() -> int:
    """How many acts this visit has seen: what forms are named by, to begin empty again."""
    found: int = st.session_state.get(_NUMERO, 0)
    return found


def montrer_le_message() -> None:
    """Show what the last act gave, to eyes and to ears; once."""
    message: Message | None = st.session_state.pop(_MESSAGE, None)
    if message is None:
        return
    boite = avis(message.genre, message.titre, message.lignes)
    st.html(f'<div id="message-des-textes" tabindex="-1">{boite}</div>')
    jeton = f"textes-{numero()}"
    viser("message-des-textes", jeton, focus=True)
    annoncer(" ".join((message.titre, *message.lignes)), jeton)
