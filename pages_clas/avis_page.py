"""The page « Avis des agents »: what was said of cards and answers, what to look at again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import streamlit as st

from assistant.avis.actes import target_of_mark
from assistant.avis.listing import (
    ETATS,
    GENRES,
    HEURE,
    STATUTS,
    Suivi,
    as_csv,
    chosen,
    follow,
    history_row,
    named,
    row,
)
from assistant.avis.models import Avis
from assistant.avis.registre import Marques
from assistant.dialogue.conseiller import Conseiller
from pages_clas.acces import ouvrir_ou_expliquer
from pages_clas.avis_cibles import fiches_a_juger
from pages_clas.avis_formulaire import AJuger, formulaire_d_avis
from pages_clas.balises import avis, echapper

_HISTORIQUE: Final = 100
"""Lines of the history that the page shows; the file has them all."""
_TOUS: Final = "tous"


def afficher_avis() -> None:
    """Show the page to whoever holds the role."""
    st.title("Avis des agents", anchor=False)
    st.html(
        '<p class="clas-chapeau">Ce que les agents ont dit des fiches et des réponses. Un avis '
        "tient tant que les mots et les citations jugés restent les mêmes.</p>"
    )
    assistant = ouvrir_ou_expliquer()
    registre = assistant.jugements.registre
    if registre is None:
        return
    marques = registre.marques()
    if marques.alerte:
        st.html(avis("attention", "Journal des avis", [marques.alerte]))
    tous = follow(marques, assistant.jugements.cartes)
    suivis = _choisir(tous)
    st.html(f"<h2>{_compter(suivis)}</h2>{''.join(map(_suivi_html, suivis))}")
    if suivis:
        _exporter("Exporter cette liste (CSV)", "avis-des-agents.csv", map(row, suivis))
        st.html("<h2>Revenir sur un avis</h2>")
        formulaire_d_avis(_a_juger(suivis, assistant), registre, "liste")
    _historique(marques)


def _choisir(suivis: Sequence[Suivi]) -> tuple[Suivi, ...]:
    gauche, droite = st.columns(2, vertical_alignment="bottom")
    noms = {_TOUS: "tous"} | {str(statut): nom for statut, nom in STATUTS.items()}
    choix = gauche.selectbox(
        "Avis", list(noms), format_func=lambda s: noms[s].capitalize(), key="avis-statut"
    )
    a_revoir = droite.checkbox("À revoir seulement", key="avis-a-revoir")
    statut = next((s for s in STATUTS if s == choix), None)
    return chosen(suivis, statut, a_revoir=a_revoir)


def _compter(suivis: Sequence[Suivi]) -> str:
    if not suivis:
        return "Aucun avis"
    revoir = sum(suivi.a_revoir for suivi in suivis)
    return f"{len(suivis)} avis" + (f", dont {revoir} à revoir" if revoir else "")


def _suivi_html(suivi: Suivi) -> str:
    dernier = suivi.avis
    dit = f" – {ETATS[suivi.etat]}" if suivi.a_revoir else ""
    alerte = " clas-suivi-a-revoir" if suivi.a_revoir else ""
    commentaire = ""
    if dernier.commentaire:
        commentaire = f'<p class="clas-mots" dir="auto">« {echapper(dernier.commentaire)} »</p>'
    return (
        f'<article class="clas-suivi{alerte}"><h3>{echapper(_titre(dernier))} : '
        f"{STATUTS[dernier.statut]}{dit}</h3>"
        f'<p class="clas-mots">{echapper(dernier.dit)}</p>{commentaire}'
        f'<p class="clas-note">{echapper(dernier.auteur)}, le '
        f"{dernier.date.astimezone(HEURE):%d/%m/%Y à %H:%M}{_version(dernier)}</p></article>"
    )


def _titre(dernier: Avis) -> str:
    return f"{GENRES[dernier.genre].capitalize()} {named(dernier)}"


def _version(dernier: Avis) -> str:
    return f", version {dernier.version} des textes" if dernier.version else ""


def _a_juger(suivis: Sequence[Suivi], assistant: Conseiller) -> list[AJuger]:
    """Cards as they are now; of what is no longer at hand, only the mark can be lifted."""
    fiches = {
        montre.cible.nom: montre
        for montre in fiches_a_juger(
            (s.avis.cible for s in suivis if s.avis.genre == "fiche"), assistant
        )
    }
    return [
        fiches[s.avis.cible]
        if s.avis.genre == "fiche" and s.avis.cible in fiches
        else AJuger(
            named(s.avis),
            target_of_mark(s.avis),
            f'<p class="clas-mots">{echapper(s.avis.dit)}</p>',
            levable_seulement=True,
        )
        for s in suivis
    ]


def _historique(marques: Marques) -> None:
    if not marques.historique:
        return
    with st.expander(f"Tout ce qui a été dit ({len(marques.historique)})"):
        derniers = marques.historique[: -_HISTORIQUE - 1 : -1]
        lignes = "".join(f"<li>{echapper(_ligne(a))}</li>" for a in derniers)
        st.html(f"<ul>{lignes}</ul>")
        lus = map(history_row, marques.historique)
        _exporter("Exporter l'historique (CSV)", "historique-des-avis.csv", lus)


def _ligne(dit: Avis) -> str:
    quand = f"{dit.date.astimezone(HEURE):%d/%m/%Y %H:%M}"
    suite = f" – {dit.commentaire}" if dit.commentaire else ""
    return f"{quand}, {dit.auteur} : {_titre(dit).lower()}, {STATUTS[dit.statut]}{suite}"


def _exporter(nom: str, fichier: str, lignes: Iterable[Sequence[str]]) -> None:
    st.download_button(nom, as_csv(lignes), file_name=fichier, mime="text/csv", on_click="ignore")
