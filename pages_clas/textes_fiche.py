"""The entry of a document as fields to fill in, in the words of whoever keeps the texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final, get_args

import streamlit as st

from assistant.understanding.repertoire import lire_departements
from corpus.base.proposal import Champ
from corpus.models import NATIONALE, FicheDocument, MiseEnPage, Nature
from pages_clas.reperes import nom_portee

NOMS: Final[Mapping[Champ, str]] = {
    "id": "Identifiant",
    "titre": "Titre",
    "titre_court": "Titre court, montré avec les citations",
    "editeur": "Éditeur",
    "nature": "Nature",
    "portee": "Portée",
    "rang": "Rang (1 l'emporte sur 2, puis 3)",
    "annee": "Année scolaire, comme 2026-2027",
    "premiere_annee": "Première année de validité",
    "derniere_annee": "Dernière année de validité (vide : encore en vigueur)",
    "date_publication": "Date de publication (AAAA-MM-JJ)",
    "mise_en_page": "Mise en page du texte",
}
_ANNEES: Final = frozenset({"annee", "premiere_annee", "derniere_annee"})
_NATURES: Final[Mapping[str, str]] = {
    "circulaire": "circulaire",
    "referentiel": "référentiel",
    "page_web": "page web",
    "note_de_cadrage": "note de cadrage",
    "cahier_des_charges": "cahier des charges",
    "autre": "autre",
}
_MOST: Final = 300


def nom_du_champ(nom: str) -> str:
    """A field of an entry as the page names it; other words as they are."""
    return next((dit for champ, dit in NOMS.items() if champ == nom), nom)


def ecrit(champ: Champ, valeur: object) -> str:
    """A value of an entry, in words."""
    if valeur is None:
        return "–"
    match champ:
        case "nature":
            return _NATURES.get(str(valeur), str(valeur))
        case "portee":
            return nom_portee(str(valeur))
        case _:
            return str(valeur)


def demander(
    fiche: FicheDocument, base: str, *, sauf: frozenset[str] = frozenset()
) -> dict[Champ, str]:
    """Draw a field for each value of an entry; return what they hold."""
    return dict(_champs(fiche, base, sauf))


def _champs(fiche: FicheDocument, base: str, sauf: frozenset[str]) -> Iterator[tuple[Champ, str]]:
    for champ, nom in NOMS.items():
        valeur = getattr(fiche, champ)
        if champ in sauf or (champ == "mise_en_page" and valeur is None):
            continue
        tenu = "" if valeur is None else str(valeur)
        choix = _choix(champ, tenu)
        if choix:
            pris = st.selectbox(
                nom,
                choix,
                index=choix.index(tenu),
                format_func=partial(ecrit, champ),
                key=f"{champ}-{base}",
            )
        else:
            pris = st.text_input(nom, tenu, max_chars=_MOST, key=f"{champ}-{base}")
        yield champ, pris or ""


def _choix(champ: Champ, tenu: str) -> tuple[str, ...]:
    match champ:
        case "nature":
            return get_args(Nature)
        case "mise_en_page":
            return get_args(MiseEnPage)
        case "portee":
            known = (NATIONALE, *(d.code for d in lire_departements()))
            return known if tenu in known else (tenu, *known)
        case _:
            return ()


def corrections(fiche: FicheDocument, dits: Mapping[Champ, str]) -> dict[str, object]:
    """What was changed in the fields of an entry."""
    changes: dict[str, object] = {}
    for champ, dit in dits.items():
        avant = getattr(fiche, champ)
        if dit != ("" if avant is None else str(avant)):
            changes[champ] = None if champ in _ANNEES and not dit.strip() else dit
    return changes
