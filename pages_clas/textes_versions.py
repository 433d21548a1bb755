"""The documents in service, the versions of the texts, and the way back to one of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st

from assistant.acces import Identite
from assistant.configuration import Configuration
from assistant.publication.publier import go_back
from corpus.base.models import EntreeBase, VersionBase
from corpus.base.store import Base
from pages_clas.balises import echapper
from pages_clas.reperes import nom_portee
from pages_clas.textes_actes import Suivi, accomplir, numero, refuser

_HEURE: Final = ZoneInfo("Europe/Paris")
_ORIGINES: Final = {"livre": "livré avec le programme", "apporte": "apporté"}
_DOCUMENTS: Final = ("Document", "Titre", "Portée", "Année", "Validité", "Origine", "Texte")
_VERSIONS: Final = ("N°", "Date", "Auteur", "Motif", "État")


def montrer_les_versions(configuration: Configuration, base: Base, servie: VersionBase) -> None:
    """Show what people are answered from, and what they were answered from before."""
    st.html("<h2>Les textes en service</h2>")
    st.html(f'<p class="clas-chapeau">{echapper(nom_de_version(servie))}</p>')
    st.html(tableau("Documents en service", _DOCUMENTS, _documents(servie.documents)))
    versions = base.versions()
    st.html("<h2>Les versions</h2>")
    st.html(tableau("Versions des textes", _VERSIONS, _lignes(versions, servie)))
    autres = [v for v in versions if v.identite != servie.identite]
    if autres:
        _revenir(configuration, autres)


def nom_de_version(version: VersionBase) -> str:
    """« Version 2, publiée le 02/03/2026 par … »."""
    if version.date is None:
        return f"Version {version.numero}, livrée avec le programme."
    jour = f"{version.date.astimezone(_HEURE):%d/%m/%Y à %H:%M}"
    return f"Version {version.numero}, publiée le {jour} par {version.auteur}."


def tableau(nom: str, entetes: Sequence[str], lignes: Iterable[Sequence[str]]) -> str:
    """A table that scrolls by itself where it is too wide; every word is escaped."""
    tetes = "".join(f'<th scope="col">{echapper(e)}</th>' for e in entetes)
    corps = "".join(
        "<tr>" + "".join(f"<td>{echapper(mots)}</td>" for mots in ligne) + "</tr>"
        for ligne in lignes
    )
    return (
        f'<div class="clas-large" tabindex="0" role="region" aria-label="{echapper(nom)}">'
        f"<table><thead><tr>{tetes}</tr></thead><tbody>{corps}</tbody></table></div>"
    )


def _documents(documents: Iterable[EntreeBase]) -> list[tuple[str, ...]]:
    listes = tuple(documents)
    apres = {e.remplace: e.fiche.id for e in listes if e.remplace and not e.retire}
    return [
        (
            e.fiche.id,
            e.fiche.titre,
            nom_portee(e.fiche.portee),
            e.fiche.annee or "–",
            _validite(e, apres.get(e.fiche.id)),
            _ORIGINES[e.origine],
            e.texte,
        )
        for e in listes
    ]


def _validite(entree: EntreeBase, apres: str | None) -> str:
    if entree.retire:
        return "retiré, lisible par ses anciennes citations"
    derniere = entree.fiche.derniere_annee
    dit = f"jusqu'en {derniere}" if derniere else "en vigueur"
    return f"{dit}, puis document {apres}" if apres else dit


def _lignes(versions: Iterable[VersionBase], servie: VersionBase) -> list[tuple[str, ...]]:
    return [
        (
            str(v.numero),
            f"{v.date.astimezone(_HEURE):%d/%m/%Y %H:%M}" if v.date else "à l'installation",
            v.auteur,
            v.motif,
            "en service" if v.identite == servie.identite else "gardée",
        )
        for v in versions
    ]


def _revenir(configuration: Configuration, autres: Sequence[VersionBase]) -> None:
    """Offer to answer from another version again, once it is confirmed."""
    with st.form(f"revenir-{numero()}", enter_to_submit=False):
        st.html("<h3>Revenir à une version</h3>")
        choisie = st.selectbox(
            "Version", autres, format_func=lambda v: f"n° {v.numero} : {v.motif[:80]}"
        )
        confirme = st.checkbox("Je confirme : les réponses viendront de cette version.")
        demande = st.form_submit_button("Revenir à cette version")
    if not demande or choisie is None:
        return
    if not confirme:
        refuser("Confirmation attendue", "Cochez la case avant de revenir à une version.")

    def faire(identite: Identite, suivi: Suivi) -> VersionBase:
        return go_back(configuration, choisie.identite, identite.auteur, suivi.dire, suivi.avancer)

    objet = f"version {choisie.numero} ({choisie.identite})"
    accomplir("revenir", objet, faire, lambda v: f"La version {v.numero} répond de nouveau.")
