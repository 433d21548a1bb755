"""The page « Lire les textes »: one text, its outline, search in it, the quotation of a link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

import streamlit as st

from assistant.configuration import read_configuration
from corpus.models import DocumentCanonique, FicheDocument
from index.storage import stored_text
from pages_clas import PAGE_QUESTION, PAGE_TEXTES
from pages_clas.acces import ouvrir_ou_expliquer
from pages_clas.archives import texte_cite
from pages_clas.balises import avis, echapper, lu_seulement, marquer, surligner
from pages_clas.habillage import annoncer, titrer, viser
from pages_clas.lien import Lien, lire_lien, probleme_de_plage
from pages_clas.recherche import LETTRES, trouver
from pages_clas.reperes import nom_annee, nom_portee
from pages_clas.texte_html import plan_html, texte_html

_CHOIX = "texte_choisi"
_CHERCHE = "texte_cherche"
_RANG = "rang_du_resultat"
_AUTOUR = 400
"""Characters shown around a quotation of an older version."""


class Passage(NamedTuple):
    """The quotation that a link names: where to highlight it, and what there is to say of it."""

    plage: tuple[int, int] | None
    messages: tuple[str, ...]
    ancien: str = ""
    """HTML of the quotation in the older text that it was taken from."""


def afficher_lecture() -> None:
    """Show the page for the text, the quotation and the search at hand."""
    st.title("Lire les textes", anchor=False)
    assistant = ouvrir_ou_expliquer()
    parametres = st.query_params.to_dict()
    ancien = _texte_d_alors(parametres, assistant.documents)
    documents = assistant.documents
    if ancien is not None:
        # A text that left service altogether can still be read, from the links that name it.
        documents = dict(documents)
        documents.setdefault(ancien.document.fiche.id, ancien.document)
    lien = lire_lien(parametres, documents)
    document = _choisir(documents, lien)
    if ancien is not None and lien.document == document.fiche.id:
        document = ancien.document
        _dire_qu_il_est_parti(ancien, assistant.documents)
    titrer(document.fiche.titre_court)
    if lien.probleme:
        st.html(avis("attention", "Ce lien n'est pas utilisable tel quel", [lien.probleme]))
    passage = _passage(document, lien)
    if passage.messages:
        st.html(
            avis("attention", "Le passage du lien", passage.messages)
            + (f"<blockquote>{passage.ancien}</blockquote>" if passage.ancien else "")
        )
    if st.session_state.get("tours"):
        st.page_link(PAGE_QUESTION, label="← Revenir à la conversation")
    st.html(f"<h2>{echapper(document.fiche.titre)}</h2>{_fiche_html(document.fiche)}")
    resultats = _chercher(document)
    st.html(plan_html(document))
    rang = st.session_state.get(_RANG, 0) % max(1, len(resultats))
    marques = [
        marquer(document.texte, debut, fin, "courant" if numero == rang else "trouve")
        for numero, (debut, fin) in enumerate(resultats)
    ]
    if passage.plage:
        marques.append(marquer(document.texte, *passage.plage, "citation"))
    st.html(texte_html(document, marques))
    _viser(document, passage, resultats, rang)


class TexteDAlors(NamedTuple):
    """A text that is kept and no longer in service."""

    document: DocumentCanonique
    parti: str


def _texte_d_alors(
    parametres: Mapping[str, str], en_service: Mapping[str, DocumentCanonique]
) -> TexteDAlors | None:
    """The kept text that a link names by its version; None when that is in service, or not kept."""
    nom, version = parametres.get("document"), parametres.get("version")
    if not nom or not version:
        return None
    document, parti = texte_cite(nom, version, en_service)
    return TexteDAlors(document, parti) if document is not None and parti else None


def _dire_qu_il_est_parti(ancien: TexteDAlors, en_service: Mapping[str, DocumentCanonique]) -> None:
    montre = "Il est montré ici tel qu'il était, pour les réponses et les liens qui le citent."
    st.html(avis("attention", "Ce texte n'est plus en service", [ancien.parti, montre]))
    nom = ancien.document.fiche.id
    if nom in en_service:
        st.page_link(
            PAGE_TEXTES,
            label="Lire le texte en service",
            query_params={"document": nom},
        )


def _choisir(documents: dict[str, DocumentCanonique], lien: Lien) -> DocumentCanonique:
    """Let the text be chosen; a link that has just been followed chooses it first."""
    ids = list(documents)
    if st.session_state.get(_CHOIX) not in ids:
        st.session_state.pop(_CHOIX, None)
    suivi = (lien.document, lien.version, lien.plage)
    if st.session_state.get("lien_suivi") != suivi:
        st.session_state["lien_suivi"] = suivi
        if lien.document:
            st.session_state[_CHOIX] = lien.document
            st.session_state.pop(_CHERCHE, None)
    choisi = st.selectbox(
        "Texte",
        ids,
        format_func=lambda ident: _nom(documents[ident].fiche),
        key=_CHOIX,
        persist_state="session",
        on_change=_changer_de_texte,
    )
    return documents[choisi or ids[0]]


def _nom(fiche: FicheDocument) -> str:
    return f"{fiche.titre_court} ({nom_portee(fiche.portee)})"


def _changer_de_texte() -> None:
    """Have the address follow the choice, so that it can be shared."""
    st.query_params.from_dict({"document": st.session_state[_CHOIX]})
    st.session_state["lien_suivi"] = (st.session_state[_CHOIX], None, None)
    st.session_state[_CHERCHE] = ""
    st.session_state[_RANG] = 0


def _passage(document: DocumentCanonique, lien: Lien) -> Passage:
    """Find the quotation of a link in the text shown, or say why it is not there."""
    if lien.document != document.fiche.id or lien.plage is None:
        perimee = lien.document == document.fiche.id and lien.version not in (
            None,
            document.version,
        )
        message = "Ce lien vise une autre version de ce texte : voici la version actuelle."
        return Passage(None, (message,) if perimee else ())
    if lien.version in (None, document.version):
        probleme = probleme_de_plage(lien.plage, document.texte)
        return Passage(None, (probleme,)) if probleme else Passage(lien.plage, ())
    dossier = read_configuration().dossier_index
    ancien = stored_text(dossier, document.fiche.id, lien.version)
    if ancien is None:
        inconnue = (
            f"Ce lien vise la version « {lien.version[:12]} » de ce texte, qui n'est pas ou n'est "
            "plus conservée. Voici la version actuelle, sans passage surligné."
        )
        return Passage(None, (inconnue,))
    probleme = probleme_de_plage(lien.plage, ancien)
    if probleme:
        return Passage(None, ("Ce lien vise une version antérieure de ce texte.", probleme))
    return _passage_ancien(document.texte, ancien, lien.plage)


def _passage_ancien(actuel: str, ancien: str, plage: tuple[int, int]) -> Passage:
    """Show a quotation as it stood, and where the same words stand now if they still do."""
    debut, fin = plage
    mots = ancien[debut:fin]
    avant, apres = max(0, debut - _AUTOUR), min(len(ancien), fin + _AUTOUR)
    marque = marquer(ancien, debut, fin, "trouve")
    cadre = f'<p class="clas-mots">…{surligner(ancien, avant, apres, [marque])}…</p>'
    message = "Ce lien vise une version antérieure de ce texte, montrée dans l'encadré."
    if actuel.count(mots) == 1:
        place = actuel.index(mots)
        suite = "Les mêmes mots figurent dans la version actuelle, où ils sont surlignés."
        return Passage((place, place + len(mots)), (message, suite), cadre)
    suite = "Ces mots ne figurent plus tels quels, une seule fois, dans la version actuelle."
    return Passage(None, (message, suite), cadre)


def _fiche_html(fiche: FicheDocument) -> str:
    """Say who published a text, where and when it holds, and where it comes from."""
    date = fiche.date_publication.strftime("%d/%m/%Y" if fiche.date_precise else "%Y")
    portee = nom_portee(fiche.portee)
    lignes = [
        ("Éditeur", echapper(fiche.editeur)),
        ("Portée", echapper(portee if portee == "National" else f"{portee} seulement")),
        ("Année", echapper(nom_annee(fiche.annee))),
        ("Publication", date),
    ]
    if fiche.adresse and urlsplit(fiche.adresse).scheme in ("http", "https"):
        lien = echapper(fiche.adresse)
        ouvrir = f'href="{lien}" target="_blank" rel="noopener noreferrer"'
        lignes.append(("Adresse", f"<a {ouvrir}>{lien}{lu_seulement(' (nouvel onglet)')}</a>"))
    return (
        '<dl class="clas-fiche">'
        + "".join(f"<div><dt>{nom}</dt><dd>{valeur}</dd></div>" for nom, valeur in lignes)
        + "</dl>"
    )


def _chercher(document: DocumentCanonique) -> list[tuple[int, int]]:
    """Search in the text; the buttons go from one result to the next, round and round."""
    with st.container(key="clas-recherche"):
        cherche = st.text_input(
            "Chercher dans ce texte",
            key=_CHERCHE,
            type="search",
            on_change=_revenir_au_premier,
            placeholder="Un mot ou quelques mots, avec ou sans accents",
        )
        resultats = trouver(document.texte, cherche or "")
        if not (cherche or "").strip():
            return []
        rang = st.session_state.get(_RANG, 0) % max(1, len(resultats))
        message = _compte(cherche or "", len(resultats), rang)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(f'<p class="clas-compte">{echapper(message)}</p>', width="content")
            if len(resultats) > 1:
                st.button("Précédent", on_click=_avancer, args=(-1, len(resultats)), key="avant")
                st.button("Suivant", on_click=_avancer, args=(1, len(resultats)), key="apres")
        annoncer(message, f"recherche-{cherche}-{rang}-{document.fiche.id}")
    return resultats


def _compte(cherche: str, nombre: int, rang: int) -> str:
    if nombre == 0 and len("".join(cherche.split())) < LETTRES:
        return f"Écrivez au moins {LETTRES} lettres."
    if nombre == 0:
        return "Aucun résultat dans ce texte."
    return f"Résultat {rang + 1} sur {nombre}"


def _revenir_au_premier() -> None:
    st.session_state[_RANG] = 0


def _avancer(pas: int, nombre: int) -> None:
    st.session_state[_RANG] = (st.session_state.get(_RANG, 0) + pas) % nombre


def _viser(
    document: DocumentCanonique, passage: Passage, resultats: list[tuple[int, int]], rang: int
) -> None:
    """Bring the search result, else the quotation of the link, into view (once each)."""
    cle = f"{document.fiche.id}-{document.version}"
    if resultats:
        viser("resultat-courant", f"{cle}-{resultats[rang]}-{len(resultats)}", focus=False)
    elif passage.plage:
        viser("passage-cite", f"{cle}-{passage.plage}", focus=True)
        annoncer("Le passage cité est surligné et affiché.", f"{cle}-{passage.plage}")
