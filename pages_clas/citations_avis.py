"""Judging, from a quotation, the cards and answers that rest on it; or an answer that is pasted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

import streamlit as st

from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import Memoire
from assistant.models import Question, Reponse
from assistant.quotation import ReponseRefusee
from assistant.verification.models import AppuiTrouve, Place
from assistant.verification.supports import resting_on
from pages_clas.avis_cibles import fiches_a_juger, reponse_a_juger, tour_a_juger
from pages_clas.avis_formulaire import AJuger, formulaire_d_avis
from pages_clas.balises import avis
from pages_clas.cartes import Tour
from pages_clas.markdown import en_texte

_QUESTION: Final = re.compile(r"\s*Question : (?P<question>[^\n]+)\n(?:Pour : (?P<pour>[^\n]+)\n)?")
_CODE: Final = re.compile(r"\((\d{2,3}|2[AB])\)")
_ANNEE: Final = re.compile(r"\b\d{4}-\d{4}\b")
_TITRE: Final = "Donner un avis sur ce qui s'appuie sur ce passage"


def juger_les_appuis(
    place: Place, appuis: Iterable[AppuiTrouve], tours: Sequence[Tour], assistant: Conseiller
) -> None:
    """Offer to judge the cards, and the answers of this visit, that quote a passage."""
    registre = assistant.jugements.registre
    if registre is None:
        return
    noms = (a.nom for a in resting_on(place, appuis) if a.genre == "fiche")
    a_juger = [*_reponses(place, tours, assistant), *fiches_a_juger(noms, assistant)]
    if not a_juger:
        return
    with st.expander(_TITRE, expanded=True):
        formulaire_d_avis(a_juger, registre, "passage")


def juger_la_reponse_collee(collee: str, assistant: Conseiller) -> None:
    """Offer to judge an answer that was copied from the page of questions, if it is still given."""
    registre = assistant.jugements.registre
    lue = _QUESTION.match(collee)
    if registre is None or lue is None:
        return
    reponse = _redonnee(lue["question"], lue["pour"] or "", assistant)
    with st.expander("Donner un avis sur la réponse collée", expanded=True):
        if reponse is None or _mots(en_texte(reponse.texte)) not in _mots(collee):
            dit = "Posée seule aujourd'hui, cette question ne reçoit pas la réponse collée."
            st.html(avis("information", "Réponse qui n'est plus donnée", [dit]))
            return
        a_juger = [reponse_a_juger(lue["question"], reponse, assistant)]
        formulaire_d_avis(a_juger, registre, "collee")


def _reponses(place: Place, tours: Sequence[Tour], assistant: Conseiller) -> list[AJuger]:
    return [
        a_juger
        for tour in tours
        if any(
            (c.document, c.version) == (place.document, place.version)
            and c.debut < place.fin
            and place.debut < c.fin
            for c in tour.reponse.citations
        )
        for a_juger in tour_a_juger(tour, assistant)[:1]
    ]


def _redonnee(question: str, pour: str, assistant: Conseiller) -> Reponse | None:
    """The answer to a question asked alone today, even if it is marked wrong."""
    code, annee = _CODE.search(pour), _ANNEE.search(pour)
    demande = Question(
        id="collee",
        departement=code[1] if code else None,
        annee_scolaire=annee[0] if annee else None,
    )
    try:
        echange = assistant.echanger(demande, question, Memoire())
    except ReponseRefusee:
        return None
    return (echange.chemin.ecartee or echange.scellee).reponse


def _mots(texte: str) -> str:
    return " ".join(texte.split())
