"""Correcting one fact held by the conversation: the same field as in the self-check form."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import streamlit as st

from assistant.dialogue.conseiller import Conseiller
from assistant.dialogue.memoire import FaitRetenu
from assistant.dialogue.retouches import (
    COFINANCEMENTS,
    COLLECTIFS,
    corriger,
    deplier,
    faits_tenus,
)
from assistant.eligibility import ProjetInutilisable
from assistant.eligibility.project import COLLECTIFS_MAXIMUM
from pages_clas.auto_controle import preparer_guide
from pages_clas.balises import avis, echapper
from pages_clas.conversation_etat import changer, memoire, regarder
from pages_clas.formulaire_brouillon import Brouillon, Refus
from pages_clas.formulaire_champs import (
    Formulaire,
    afficher_champ,
    cle,
    erreur_html,
    nom_du_fait,
    relire_la_saisie,
)
from pages_clas.formulaire_cofinancements import afficher_cofinancements

_STYLE: Final = Path(__file__).with_name("ressources") / "formulaire.css"
_CORRECTION: Final = "correction_en_cours"
_NOMBRE: Final = "champ-nombre-de-collectifs"
_ATTENDU: Final = f"un nombre entier, de 0 à {COLLECTIFS_MAXIMUM}"
_CHIFFRES: Final = 5


class Correction:
    """The fact being corrected: its field, what is typed there, what was refused."""

    def __init__(self, puce: str, chemin: str, brouillon: Brouillon) -> None:
        self.puce = puce
        self.chemin = chemin
        self.brouillon = brouillon
        self.refus: Refus | None = None
        self.fautes: tuple[str, ...] = ()


def correction_en_cours() -> str | None:
    """Path of the fact being corrected."""
    ouverte: Correction | None = st.session_state.get(_CORRECTION)
    return ouverte.chemin if ouverte else None


def champ_du_fait(chemin: str) -> str:
    """Return the path that the field of a fact sets: that of the whole list for a co-funding."""
    return COFINANCEMENTS if chemin.startswith(COFINANCEMENTS) else chemin


def ouvrir(chemin: str, assistant: Conseiller) -> None:
    """Open the field of a fact, as it is held."""
    brouillon = Brouillon()
    tenus = faits_tenus(memoire(), assistant.regles)
    brouillon.projet = deplier({f.chemin: f.valeur for f in tenus})
    champ = champ_du_fait(chemin)
    st.session_state[_CORRECTION] = Correction(chemin, champ, brouillon)
    if champ == COLLECTIFS:
        st.session_state[_NOMBRE] = str(len(brouillon.collectifs))
    regarder(_NOMBRE if champ == COLLECTIFS else cle(champ))


def fermer() -> None:
    """Close the field, and leave the fact as it is held."""
    ouverte: Correction | None = st.session_state.pop(_CORRECTION, None)
    if ouverte is not None:
        regarder(f"corriger-{suffixe(ouverte.puce)}")


def suffixe(chemin: str) -> str:
    """Return what the keys of a fact end with."""
    return cle(chemin).removeprefix("champ-")


def oublier_la_correction() -> None:
    """Close the field without moving the focus: something else was done."""
    st.session_state.pop(_CORRECTION, None)


def afficher_la_correction(assistant: Conseiller) -> None:
    """Show the field of the fact being corrected, and the ways to keep or to leave."""
    correction: Correction = st.session_state[_CORRECTION]
    formulaire = _formulaire(correction, assistant)
    nom = nom_du_fait(correction.chemin, assistant.libelles)
    with st.container(key="clas-correction"):
        st.html(f"<style>{_STYLE.read_text(encoding='utf-8')}</style>")
        st.html(
            '<h3 id="clas-correction-titre" data-groupe="clas-correction">'
            f"Corriger : {echapper(nom)}</h3>"
        )
        if correction.chemin == COLLECTIFS:
            _nombre(correction)
        elif correction.chemin == COFINANCEMENTS:
            afficher_cofinancements(formulaire)
        else:
            afficher_champ(correction.chemin, formulaire)
        if correction.fautes:
            titre = "Ce changement contredit un autre fait"
            st.html(avis("erreur", titre, correction.fautes))
        with st.container(horizontal=True):
            st.button(
                "Enregistrer la correction",
                key="correction-enregistrer",
                type="primary",
                on_click=_enregistrer,
                args=(correction, formulaire, assistant),
            )
            st.button("Laisser comme avant", key="correction-fermer", on_click=fermer)


def _formulaire(correction: Correction, assistant: Conseiller) -> Formulaire:
    guide = preparer_guide(assistant.index.info.version, assistant.documents, assistant.index.base)
    return Formulaire(guide, assistant.libelles, correction.brouillon, None, ())


def _nombre(correction: Correction) -> None:
    with st.container(key=f"cadre-{_NOMBRE}", gap="xxsmall"):
        st.text_input(
            "Combien de collectifs le projet compte-t-il ?",
            key=_NOMBRE,
            max_chars=_CHIFFRES,
            autocomplete="off",
        )
        st.html(erreur_html(_NOMBRE, correction.refus) or "<p></p>")


def _enregistrer(correction: Correction, formulaire: Formulaire, assistant: Conseiller) -> None:
    """Hold what was typed; where it is refused, leave the field open and say why."""
    chemin, tenue, regles = correction.chemin, memoire(), assistant.regles
    correction.fautes, correction.refus = (), None
    valeur: Any
    if chemin == COLLECTIFS:
        ecrit = "".join((st.session_state.get(_NOMBRE) or "").split())
        valeur = int(ecrit) if ecrit.isdecimal() and len(ecrit) <= _CHIFFRES else None
        if valeur is None or valeur > COLLECTIFS_MAXIMUM:
            correction.refus = Refus(ecrit, _ATTENDU)
            regarder(_NOMBRE)
            return
    else:
        relire_la_saisie(chemin, formulaire)
        if any(c.startswith(chemin) for c in correction.brouillon.refus):
            regarder(cle(chemin))
            return
        valeur = correction.brouillon.lire(chemin)
    try:
        suite = corriger(tenue, chemin, valeur, regles)
    except ProjetInutilisable as erreur:
        correction.fautes = erreur.fautes
        regarder(cle(chemin))
        return
    avant = {f.chemin: f for f in faits_tenus(tenue, regles)}
    apres = {f.chemin: f for f in faits_tenus(suite, regles)}
    touches = frozenset(
        c for c in avant.keys() | apres.keys() if _valeur(avant, c) != _valeur(apres, c)
    )
    if not touches:
        fermer()
        return
    st.session_state.pop(_CORRECTION, None)
    changer(suite, _dire(chemin, avant, apres, assistant), assistant, touches)


def _valeur(faits: dict[str, FaitRetenu], chemin: str) -> Any:  # noqa: ANN401 - any fact value
    return faits[chemin].valeur if chemin in faits else None


def _dire(
    chemin: str,
    avant: dict[str, FaitRetenu],
    apres: dict[str, FaitRetenu],
    assistant: Conseiller,
) -> str:
    """Say what a correction changed, and what went with it."""
    libelles = assistant.libelles
    fait = libelles.fait(chemin)
    nom = nom_du_fait(chemin, libelles)
    perdus = [c for c in avant if c not in apres and champ_du_fait(c) != chemin]
    if chemin == COFINANCEMENTS:
        mots = "Corrigé : cofinancements."
    elif chemin not in apres and chemin != COLLECTIFS:
        mots = f"N'est plus retenu : {nom}."
    else:
        dite = libelles.valeur(_valeur(apres, chemin), fait)
        ancienne = f" au lieu de {libelles.valeur(_valeur(avant, chemin), fait)}"
        mots = f"Corrigé : {nom} : {dite}{ancienne if chemin in avant else ''}."
    if perdus:
        noms = " ; ".join(nom_du_fait(c, libelles) for c in perdus)
        mots += f" Ne sont plus retenus : {noms}."
    return mots
