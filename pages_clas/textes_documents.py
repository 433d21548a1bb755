"""The documents: what each is, what rests on it; withdrawn, brought back, their entry changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import streamlit as st

from assistant.acces import Identite
from assistant.configuration import Configuration
from assistant.publication.apercu import withdrawal_of
from assistant.publication.auteur import reason
from assistant.publication.brouillons import (
    DemandeInutilisable,
    Etat,
    amend,
    changed_fields,
    restore,
    withdraw,
)
from assistant.publication.etat import contents, open_base
from assistant.revision.appuis import Genre, list_supports
from corpus.base.models import EntreeBase, Retrait, VersionBase
from pages_clas.balises import avis, echapper
from pages_clas.reperes import nom_portee
from pages_clas.textes_actes import Suivi, accomplir, numero, refuser
from pages_clas.textes_fiche import NOMS, corrections, demander
from pages_clas.textes_noms import nom_lisible
from pages_clas.textes_tableau import compte, le_jour, liste, tableau, titre_de_partie

_ORIGINES: Final = {"livre": "livré avec le programme", "apporte": "apporté"}
_ENTETES: Final = (
    "Document", "Titre", "Portée", "Année", "Validité", "Origine", "Empreinte du texte",
    "Dans le brouillon",
)  # fmt: skip
_NOMMES: Final[Mapping[Genre, tuple[str, str]]] = {
    "regle": ("règle", "règles"),
    "parametre": ("paramètre", "paramètres"),
    "fiche": ("fiche de réponse", "fiches de réponse"),
}
_CHOISI: Final = "textes_document_choisi"
_PERSONNE: Final = "aucun"
_SUITE: Final = (
    "Il faudra les mettre de côté avant de publier : ces règles ne décideront plus, ces fiches ne "
    "répondront plus. Si le texte cesse seulement de s'appliquer, donnez-lui plutôt une dernière "
    "année de validité, dans « Changer sa fiche »."
)

Appuis = Mapping[str, Mapping[Genre, tuple[str, ...]]]
"""Names of what rests on each document, by kind."""


def montrer_les_documents(servie: VersionBase, etat: Etat | None) -> None:
    """Show what people are answered from, and what the draft makes of each document."""
    st.html(titre_de_partie("textes-documents", "Les textes en service"))
    st.html(f'<p class="clas-chapeau">{echapper(nom_de_version(servie))}</p>')
    st.html(tableau("Documents en service", _ENTETES, _lignes(servie, etat)))


def nom_de_version(version: VersionBase) -> str:
    """« Version 2, publiée le 02/03/2026 par … »."""
    if version.date is None:
        return f"Version {version.numero}, livrée avec le programme."
    return f"Version {version.numero}, publiée le {le_jour(version.date)} par {version.auteur}."


def _lignes(servie: VersionBase, etat: Etat | None) -> list[tuple[str, ...]]:
    avant = {e.fiche.id: e for e in servie.documents}
    apres = etat.documents if etat else avant
    suites = {e.remplace: e.fiche.id for e in servie.documents if e.remplace and not e.retire}
    return [
        (
            nom,
            entree.fiche.titre,
            nom_portee(entree.fiche.portee),
            entree.fiche.annee or "–",
            _validite(entree, suites.get(nom)) if nom in avant else "pas encore en service",
            _ORIGINES[entree.origine],
            entree.texte,
            _devenir(avant.get(nom), apres.get(nom)),
        )
        for nom, entree in {**apres, **avant}.items()
    ]


def _validite(entree: EntreeBase, suite: str | None) -> str:
    if entree.retire:
        return "retiré, lisible par ses anciennes citations"
    derniere = entree.fiche.derniere_annee
    dit = f"jusqu'en {derniere}" if derniere else "en vigueur"
    return f"{dit}, puis document {suite}" if suite else dit


def _devenir(avant: EntreeBase | None, apres: EntreeBase | None) -> str:
    """What the draft makes of a document."""
    if avant is None:
        return "ajouté"
    if apres is None or apres == avant:
        return "inchangé"
    if apres.retire != avant.retire:
        return "retiré" if apres.retire else "remis"
    dits = ["nouveau texte"] if apres.texte != avant.texte else []
    dits += ["fiche changée"] if changed_fields(avant.fiche, apres.fiche) else []
    return " et ".join(dits) or "changé"


@st.cache_resource(show_spinner="Lecture des règles et des fiches…", max_entries=2)
def _appuis(cle: str, _configuration: Configuration, _parent: VersionBase) -> Appuis:  # noqa: ARG001 - cache key
    here = contents(open_base(_configuration), _parent)
    trouves: dict[str, dict[Genre, dict[str, None]]] = {}
    for appui in list_supports(here.documents, here.regles, here.fiches, ()):
        par_genre = trouves.setdefault(appui.document, {})
        par_genre.setdefault(appui.genre, {})[withdrawal_of(appui)[2]] = None
    return {
        document: {genre: tuple(noms) for genre, noms in par_genre.items()}
        for document, par_genre in trouves.items()
    }


def changer_un_document(configuration: Configuration, etat: Etat) -> None:
    """Offer to withdraw a document, to bring it back, to change its entry."""
    st.html(titre_de_partie("textes-changer", "Changer ou retirer un document"))
    connus = etat.documents
    noms, choisi = list(connus), st.session_state.get(_CHOISI)
    # Asked anew after each act: the browser knows a choice by its words, which acts change.
    nom = st.selectbox(
        "Quel document",
        noms,
        index=noms.index(choisi) if choisi in connus else 0,
        format_func=lambda n: _nomme(connus[n]),
        key=f"textes-document-{numero()}",
    )
    st.session_state[_CHOISI] = nom
    entree = connus.get(nom or "")
    if entree is None:
        return
    cle = f"{configuration.donnees}|{etat.parent.identite}"
    appuis = _appuis(cle, configuration, etat.parent).get(entree.fiche.id, {})
    st.html(_situation(appuis))
    with st.expander("Changer sa fiche", key=f"fiche-de-{entree.fiche.id}"):
        _modifier(configuration, etat, entree)
    if entree.retire:
        with st.expander("Remettre ce document", key=f"remise-de-{entree.fiche.id}"):
            _remettre(configuration, entree)
    else:
        with st.expander("Retirer ce document", key=f"retrait-de-{entree.fiche.id}"):
            _retirer(configuration, etat, entree, appuis)


def _nomme(entree: EntreeBase) -> str:
    retire = " (retiré)" if entree.retire else ""
    return f"{entree.fiche.id} : {entree.fiche.titre_court}{retire}"


def _situation(appuis: Mapping[Genre, Sequence[str]]) -> str:
    if not appuis:
        return "<p>Aucune règle et aucune fiche de réponse en service ne s'appuie dessus.</p>"
    dit = f"S'appuient dessus, en service : {_comptes(appuis)}."
    noms = "".join(
        f"<p><strong>{pluriel.capitalize()}</strong></p>{liste(map(nom_lisible, appuis[genre]))}"
        for genre, (_, pluriel) in _NOMMES.items()
        if genre in appuis
    )
    return f"<p>{echapper(dit)}</p><details><summary>Voir lesquelles</summary>{noms}</details>"


def _comptes(appuis: Mapping[Genre, Sequence[str]]) -> str:
    dits = [compte(len(appuis[g]), *mots) for g, mots in _NOMMES.items() if g in appuis]
    return " et ".join([", ".join(dits[:-1]), dits[-1]] if len(dits) > 1 else dits)


def _retirer(
    configuration: Configuration,
    etat: Etat,
    entree: EntreeBase,
    appuis: Mapping[Genre, Sequence[str]],
) -> None:
    nom = entree.fiche.id
    publie = nom in {e.fiche.id for e in etat.parent.documents}
    st.html(f"<p>{echapper(_ce_que_fait_un_retrait(publie=publie))}</p>")
    if appuis and publie:
        st.html(avis("attention", f"S'appuient dessus : {_comptes(appuis)}", [_SUITE]))
    with st.form(f"retirer-{nom}-{numero()}", enter_to_submit=False, border=False):
        raison = st.text_input("Pourquoi le retirer", max_chars=300)
        demande = st.form_submit_button("Retirer ce document")
    if not demande:
        return
    try:
        dite = reason(raison, "Pourquoi le retirer", 300)
    except DemandeInutilisable as refus:
        refuser("Raison attendue", str(refus))
        return

    def faire(identite: Identite, _suivi: Suivi) -> tuple[str, ...]:
        return withdraw(configuration, [nom], dite, identite.auteur)

    def dire(retires: Sequence[str]) -> str:
        if not retires:
            return f"Document {nom} ôté du brouillon, où il était seulement."
        return (
            f"Document {nom} retiré dans le brouillon. Il répond encore jusqu'à la publication ; "
            "voyez plus bas ce qui empêche de publier."
        )

    accomplir("retirer", f"document {nom}", faire, dire, dite)


def _ce_que_fait_un_retrait(*, publie: bool) -> str:
    if not publie:
        return "Ce document n'est que dans le brouillon : il en sera ôté, sans autre effet."
    return (
        "Un document retiré n'est plus cherché ni cité dans les réponses nouvelles. Ses anciennes "
        "citations restent lisibles. Rien ne change pour le public avant la publication, et vous "
        "pouvez le remettre."
    )


def _remettre(configuration: Configuration, entree: EntreeBase) -> None:
    nom = entree.fiche.id
    st.html("<p>Il sera de nouveau cherché et cité, une fois le brouillon publié.</p>")
    if not st.button("Remettre ce document", key=f"remettre-{nom}-{numero()}"):
        return

    def faire(identite: Identite, _suivi: Suivi) -> tuple[Retrait, ...]:
        return restore(configuration, nom, identite.auteur)

    def dire(repris: Sequence[Retrait]) -> str:
        suite = compte(len(repris), "élément est repris", "éléments sont repris")
        fin = f" {suite} avec lui." if repris else ""
        return f"Document {nom} remis dans le brouillon.{fin}"

    accomplir("reprendre", f"document {nom}", faire, dire)


def _modifier(configuration: Configuration, etat: Etat, entree: EntreeBase) -> None:
    nom, fiche = entree.fiche.id, entree.fiche
    suite = _suite(etat.documents.values(), nom)
    base = f"modifier-{nom}-{numero()}"
    st.html(
        "<p>La fiche dit ce qu'est le document et pour quelles années il vaut. Un document "
        "remplacé s'arrête l'année d'avant celle de son remplaçant. Rien ne change pour le public "
        "avant la publication.</p>"
    )
    with st.form(base, enter_to_submit=False, border=False):
        dits = demander(fiche, base, sauf=frozenset({"id"}))
        choix = [suite] if suite else [_PERSONNE]
        choix += [n for n, e in etat.documents.items() if n not in (nom, suite) and not e.retire]
        pris = st.selectbox(
            "Remplacé par",
            choix,
            format_func=lambda n: n if n == _PERSONNE else _nomme(etat.documents[n]),
            key=f"suite-{base}",
        )
        demande = st.form_submit_button("Changer la fiche")
    if not demande:
        return
    champs = corrections(fiche, dits)
    remplacant = pris if pris not in (suite, _PERSONNE) else None
    if not champs and remplacant is None:
        refuser("Rien n'est changé", "Changez au moins une valeur de la fiche.")

    def faire(identite: Identite, _suivi: Suivi) -> tuple[str, ...]:
        if champs:
            amend(configuration, nom, champs, None, identite.auteur)
        if remplacant is not None:
            amend(configuration, remplacant, {}, nom, identite.auteur)
        return tuple(NOMS[c] for c in NOMS if c in champs)

    def dire(noms: Sequence[str]) -> str:
        dit = f"Fiche du document {nom} changée dans le brouillon"
        dit += f" : {', '.join(noms)}" if noms else ""
        return f"{dit}{f'. Il est remplacé par {remplacant}' if remplacant else ''}."

    accomplir("modifier", f"document {nom}", faire, dire)


def _suite(documents: Iterable[EntreeBase], nom: str) -> str | None:
    """The document that comes after another."""
    return next((e.fiche.id for e in documents if e.remplace == nom and not e.retire), None)
