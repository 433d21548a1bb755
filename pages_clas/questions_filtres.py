"""What an agent seeks among the questions that were asked."""

from __future__ import annotations

from datetime import date
from typing import Final

import streamlit as st

from assistant.questions_posees.listing import TYPES, VUES, day
from assistant.questions_posees.models import Filtres, TypeGarde, Vue
from assistant.understanding.repertoire import lire_departements
from pages_clas.balises import avis
from pages_clas.reperes import nom_avec_code

_TOUS: Final = "tous"
_AUCUN: Final = ""
"""Asked for no département."""


def choisir() -> Filtres | None:
    """Show the filters; None where one of them cannot be used, which is said."""
    gauche, droite = st.columns(2)
    vues: list[Vue] = list(VUES)
    types: list[TypeGarde | None] = [None, *TYPES]
    codes = [_TOUS, _AUCUN, *(departement.code for departement in lire_departements())]
    vue = gauche.selectbox(
        "Montrer", vues, format_func=lambda v: VUES[v].capitalize(), key="questions-vue"
    )
    nature = droite.selectbox(
        "Suite donnée",
        types,
        format_func=lambda t: TYPES[t].capitalize() if t else "Toutes",
        key="questions-type",
    )
    lieu = gauche.selectbox(
        "Département", codes, format_func=_nom_du_lieu, key="questions-departement"
    )
    mots = droite.text_input(
        "Mots de la question, de la réponse ou du commentaire", max_chars=200, key="questions-mots"
    )
    du, manque = _jour(gauche.text_input("Du (jj/mm/aaaa)", max_chars=10, key="questions-du"))
    au, manque_aussi = _jour(droite.text_input("Au (jj/mm/aaaa)", max_chars=10, key="questions-au"))
    if manque or manque_aussi:
        dit = f"« {manque or manque_aussi} » n'est pas un jour : écrivez par exemple 12/03/2026."
        st.html(avis("attention", "Période à corriger", [dit]))
        return None
    return Filtres(
        vue=vue,
        type=nature,
        departement=None if lieu == _TOUS else lieu,
        du=du,
        au=au,
        mots=mots,
    )


def _nom_du_lieu(code: str) -> str:
    if code == _TOUS:
        return "Tous"
    return nom_avec_code(code) if code else "Non précisé"


def _jour(ecrit: str) -> tuple[date | None, str]:
    """A day, or the words that are none."""
    nu = ecrit.strip()
    if not nu:
        return None, ""
    try:
        return day(nu), ""
    except ValueError:
        return None, nu
