"""Where one is in the form, and the way to a field from anywhere: by its step, to its focus."""

from __future__ import annotations

from collections import Counter
from typing import Final

import streamlit as st

from assistant.eligibility.models import Critere
from pages_clas.formulaire_champs import Formulaire, cle
from pages_clas.formulaire_plan import COLLECTIFS, RESULTAT, Etape, gabarit, rang_du_collectif
from pages_clas.habillage import viser

TITRE_D_ETAPE: Final = "etape-en-cours"
"""Id of the heading of the step, which the focus goes to when the step changes."""
DEPARTEMENT: Final = "departement"
COLLECTIFS_MONTRES: Final = 3
"""Collectifs shown together; beyond, one at a time."""
_ETAPE: Final = "etape"
_VISEE: Final = "visee"
_COLLECTIF: Final = "collectif_montre"


def etape_courante(formulaire: Formulaire) -> Etape:
    """Return the step shown: the first one when that of before is no longer there."""
    etapes = formulaire.guide.etapes(formulaire.departement)
    voulue = st.session_state.get(_ETAPE)
    return next((e for e in etapes if e.id == voulue), etapes[0])


def aller(etape: str, ancre: str = TITRE_D_ETAPE) -> None:
    """Show a step and give the focus to an element of it: an id, or the key of a field."""
    st.session_state[_ETAPE] = etape
    numero = st.session_state.get(_VISEE, ("", 0))[1] + 1
    st.session_state[_VISEE] = (ancre, numero)


def aller_au_champ(chemin: str, formulaire: Formulaire) -> None:
    """Show the field of a fact; where another must be answered first, that one."""
    visible = champ_visible(chemin, formulaire)
    rang = rang_du_collectif(visible)
    if rang is not None:
        st.session_state[_COLLECTIF] = rang
    etape = formulaire.guide.etape_de(visible, formulaire.departement)
    ancre = "ajouter-un-collectif" if visible == COLLECTIFS else cle(visible)
    aller(etape.id if etape else RESULTAT, ancre)


def viser_la_cible() -> None:
    """Bring what was last asked for into view, once."""
    ancre, numero = st.session_state.get(_VISEE, ("", 0))
    if ancre:
        viser(ancre, f"visee-{numero}", focus=True)


def collectif_montre(nombre: int) -> int:
    """Return the collectif shown when they are shown one at a time, from 1."""
    return max(1, min(int(st.session_state.get(_COLLECTIF, 1)), nombre))


def montrer_le_collectif(rang: int) -> None:
    """Choose the collectif shown when they are shown one at a time."""
    st.session_state[_COLLECTIF] = rang


def champ_visible(chemin: str, formulaire: Formulaire) -> str:
    """Return the field to go to for a fact."""
    declare = formulaire.guide.declares.get(gabarit(chemin))
    if declare is not None and declare.herite_de and formulaire.brouillon.lire(chemin) is None:
        return declare.herite_de
    parent = parent_de(chemin, formulaire)
    if parent is not None and not se_montre(chemin, formulaire):
        return parent
    if formulaire.guide.etape_de(chemin, formulaire.departement) is None:
        # A local fact: the département says whether it is asked for at all.
        return DEPARTEMENT
    return chemin


def parent_de(chemin: str, formulaire: Formulaire) -> str | None:
    """Return the fact that must be answered before another is asked for."""
    parent = formulaire.guide.plan.secondaires.get(gabarit(chemin))
    rang = rang_du_collectif(chemin)
    return parent.replace("*", str(rang)) if parent and rang else parent


def se_montre(chemin: str, formulaire: Formulaire) -> bool:
    """Tell whether a field is shown.

    A secondary question waits for the answer of the first; it is then asked if a criterion is
    still undecided for want of it. Once shown, it stays while that answer stands.
    """
    parent = parent_de(chemin, formulaire)
    brouillon = formulaire.brouillon
    if parent is None or brouillon.lire(chemin) is not None or chemin in brouillon.refus:
        return True
    reponse = brouillon.lire(parent)
    if reponse is None:
        return False
    ouverts: dict[str, object] = st.session_state.setdefault("questions_ouvertes", {})
    if ouverts.get(chemin) != reponse:
        ouverts.pop(chemin, None)
        if _est_utile(chemin, reponse, formulaire):
            ouverts[chemin] = reponse
    return chemin in ouverts


def _est_utile(chemin: str, reponse: object, formulaire: Formulaire) -> bool:
    codes = formulaire.guide.criteres_lisant(chemin)
    if not codes or formulaire.resultat is None:
        return bool(reponse)
    rang = rang_du_collectif(chemin)
    return any(
        c.statut == "a_renseigner" and c.code in codes and c.collectif in {None, rang}
        for c in formulaire.resultat.criteres
    )


def champ_a_revoir(critere: Critere, formulaire: Formulaire) -> str | None:
    """Return the field to look at for a criterion: what it lacks, or what makes it fail."""
    champs = formulaire.guide.champs_du_critere(critere)
    lire = formulaire.brouillon.lire
    proposes = {c.champ for c in formulaire.resultat.corrections} if formulaire.resultat else set()
    if critere.statut == "a_renseigner":
        choisis = [c for c in champs if lire(c) is None]
    else:
        choisis = [c for c in champs if c in proposes] or [c for c in champs if lire(c) is False]
    connus = [c for c in champs if lire(c) is not None]
    return next(iter([*choisis, *connus, *champs]), None)


def a_faire(formulaire: Formulaire) -> tuple[Counter[str], Counter[str]]:
    """Count, for each step, the criteria that fail there and the facts still to fill in."""
    bloquants: Counter[str] = Counter()
    manquants: Counter[str] = Counter()
    if formulaire.resultat is None:
        return bloquants, manquants
    for critere in formulaire.resultat.criteres:
        champ = champ_a_revoir(critere, formulaire) if critere.statut == "non_conforme" else None
        etape = formulaire.guide.etape_de(champ, formulaire.departement) if champ else None
        if etape:
            bloquants[etape.id] += 1
    visibles = {champ_visible(chemin, formulaire) for chemin in formulaire.resultat.a_renseigner}
    for chemin in visibles:
        etape = formulaire.guide.etape_de(chemin, formulaire.departement)
        if etape:
            manquants[etape.id] += 1
    return bloquants, manquants
