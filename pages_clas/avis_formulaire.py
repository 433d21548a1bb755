"""The agents' form: say of a card or an answer that it is checked, doubtful or wrong.

Nothing that the browser sends names who says it, nor which words were judged: the account does,
and what this visit was shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

import streamlit as st

from assistant.acces import Identite
from assistant.avis.actes import lift, mark
from assistant.avis.listing import GENRES, HEURE, STATUTS
from assistant.avis.models import COMMENTAIRE, Avis, AvisInutilisables, AvisRefuse, Cible
from assistant.avis.registre import Registre
from pages_clas import garde
from pages_clas.balises import avis, echapper
from pages_clas.habillage import annoncer, viser

_MESSAGE: Final = "avis_message"
_NUMERO: Final = "avis_numero"
_VUES: Final = "avis_vues"
_CHOIX: Final = {
    "verifie": "Vérifié : c'est juste",
    "douteux": "Douteux : à regarder de plus près",
    "faux": "Faux : à ne plus donner",
    "leve": "Lever l'avis",
}
_CE_QUE_CELA_FAIT: Final = (
    "« Vérifié » est dit aux porteurs, avec la date et sans votre nom. « Douteux » n'est vu que "
    "des agents. « Faux » n'est plus donné à personne tant que ce n'est pas corrigé."
)


class AJuger(NamedTuple):
    """Something that can be judged, as it is shown."""

    nom: str
    cible: Cible
    mots_html: str
    """Its words, whole."""
    levable_seulement: bool = False
    """Its words are no longer at hand: a mark can only be taken back."""


def formulaire_d_avis(a_juger: Sequence[AJuger], registre: Registre, cle: str) -> None:
    """Show what can be judged, what was said of it, and the form; do what it asks.

    ``cle``: names the form, apart from all others of the page.
    """
    marques = registre.marques()
    with st.container(key=f"clas-avis-{cle}"):
        _montrer_le_message(cle)
        if marques.alerte:
            st.html(avis("attention", "Avis des agents", [marques.alerte]))
        choisi = a_juger[0]
        if len(a_juger) > 1:
            rang = st.selectbox(
                "Ce que vous jugez",
                range(len(a_juger)),
                format_func=lambda r: _nommer(a_juger[r]),
                key=f"avis-cible-{cle}",
            )
            choisi = a_juger[rang]
        dernier = marques.derniers.get((choisi.cible.genre, choisi.cible.nom))
        st.html(_montre_html(choisi, dernier))
        _formulaire(choisi, dernier, registre, cle)


def avis_html(dernier: Avis, *, tient: bool) -> str:
    """What was said last of something: by whom, when, with which words."""
    quand = f"{dernier.date.astimezone(HEURE):%d/%m/%Y à %H:%M}"
    suite = "" if tient else " – <strong>à revoir : modifiée depuis</strong>"
    mots = ""
    if dernier.commentaire:
        mots = f'<p class="clas-mots" dir="auto">« {echapper(dernier.commentaire)} »</p>'
    return (
        f"<p><strong>Dernier avis : {STATUTS[dernier.statut]}</strong>, par "
        f"{echapper(dernier.auteur)}, le {quand}{suite}</p>{mots}"
    )


def _nommer(montre: AJuger) -> str:
    return f"{GENRES[montre.cible.genre].capitalize()} {montre.nom}"


def _montre_html(choisi: AJuger, dernier: Avis | None) -> str:
    dit = "<p>Aucun avis jusqu'ici.</p>"
    if dernier is not None:
        tient = dernier.statut == "leve" or dernier.empreinte == choisi.cible.empreinte
        dit = avis_html(dernier, tient=tient)
    return f'<div class="clas-a-juger">{choisi.mots_html}{dit}</div>'


def _formulaire(choisi: AJuger, dernier: Avis | None, registre: Registre, cle: str) -> None:
    cible = choisi.cible
    levable = dernier is not None and dernier.statut != "leve"
    statuts = [] if choisi.levable_seulement else ["verifie", "douteux", "faux"]
    statuts += ["leve"] if levable else []
    if not statuts:
        return
    numero: int = st.session_state.get(_NUMERO, 0)
    with st.form(f"avis-{cle}-{cible.genre}-{cible.nom}-{numero}", enter_to_submit=False):
        statut = st.radio(
            "Votre avis",
            statuts,
            format_func=lambda s: _CHOIX[s],
            index=0 if choisi.levable_seulement else None,
        )
        commentaire = st.text_area(
            f"Commentaire (attendu pour « douteux » et « faux », {COMMENTAIRE} caractères au plus)",
            max_chars=COMMENTAIRE,
            height=100,
        )
        st.html(f'<p class="clas-note">{_CE_QUE_CELA_FAIT}</p>')
        demande = st.form_submit_button("Enregistrer l'avis")
    vues: dict[tuple[str, str, str], str] = st.session_state.setdefault(_VUES, {})
    ici = (cle, cible.genre, cible.nom)
    vue, vues[ici] = vues.get(ici), cible.empreinte
    if not demande:
        return
    if statut is None:
        _laisser(cle, "attention", "Avis attendu", "Choisissez un avis avant d'enregistrer.")
    elif vue != cible.empreinte:
        dit = "Elle a changé depuis que vous l'avez ouverte : relisez-la, puis recommencez."
        _laisser(cle, "attention", "Rien n'a été enregistré", dit)
    else:
        _accomplir(cle, choisi, statut, commentaire, registre)
    st.rerun()


def _accomplir(cle: str, choisi: AJuger, statut: str, commentaire: str, registre: Registre) -> None:
    """Judge the request again, then set the mark in the name of the account."""
    cible = choisi.cible
    identite = garde.admettre("agent", "marquer", f"{cible.genre} {cible.nom}")
    try:
        pose = _poser(identite, cible, statut, commentaire, registre)
    except (AvisRefuse, AvisInutilisables) as refus:
        said = str(refus)
        _laisser(cle, "erreur", "Rien n'a été enregistré", f"{said[:1].upper()}{said[1:]}.")
        return
    suite = {
        "verifie": "les porteurs verront qu'un agent l'a vérifiée.",
        "douteux": "seuls les agents le voient.",
        "faux": "elle n'est plus donnée.",
        "leve": "l'avis d'avant ne vaut plus.",
    }
    _laisser(cle, "information", "Avis enregistré", f"{_nommer(choisi)} : {suite[pose.statut]}")


def _poser(
    identite: Identite, cible: Cible, statut: str, commentaire: str, registre: Registre
) -> Avis:
    match statut:
        case "verifie" | "douteux" | "faux":
            return mark(registre, cible, statut, commentaire, identite.auteur)
        case _:
            return lift(registre, cible, commentaire, identite.auteur)


def _laisser(
    cle: str, genre: Literal["information", "attention", "erreur"], titre: str, ligne: str
) -> None:
    """Keep a message for the next drawing of the form; what was written stays if it is refused."""
    st.session_state[_MESSAGE] = (cle, genre, titre, ligne)
    if genre == "information":
        st.session_state[_NUMERO] = st.session_state.get(_NUMERO, 0) + 1


def _montrer_le_message(cle: str) -> None:
    laisse = st.session_state.get(_MESSAGE)
    if laisse is None or laisse[0] != cle:
        return
    del st.session_state[_MESSAGE]
    _, genre, titre, ligne = laisse
    ancre = f"message-d-avis-{cle}"
    st.html(f'<div id="{ancre}" tabindex="-1">{avis(genre, titre, [ligne])}</div>')
    jeton = f"{ancre}-{st.session_state.get(_NUMERO, 0)}-{hash(ligne)}"
    viser(ancre, jeton, focus=True)
    annoncer(f"{titre} {ligne}", jeton)
