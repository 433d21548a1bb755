"""The page « Questions posées »: what people asked, what had no answer or was of no use first."""

from __future__ import annotations

from typing import Final

import streamlit as st

from assistant.questions_posees.gardien import Gardien
from assistant.questions_posees.listing import TYPES, VOTES, as_csv, everything, quand
from assistant.questions_posees.models import Filtres, Ligne, QuestionsInutilisables
from assistant.questions_posees.registre import Comptes, Lecture
from pages_clas import garde
from pages_clas.balises import avis, echapper, lu_seulement
from pages_clas.habillage import annoncer
from pages_clas.questions_detail import afficher_echange
from pages_clas.questions_filtres import choisir
from pages_clas.questions_journal import le_journal
from pages_clas.reperes import nom_avec_code
from pages_clas.textes_tableau import compte

PAR_PAGE: Final = 25
_MOTS: Final = 160
"""Characters of a question that the table shows."""
_STYLE: Final = (
    "<style>.clas-questions { overflow-x: auto; } "
    ".clas-questions table { border-collapse: collapse; width: 100%; min-width: 40rem; } "
    ".clas-questions caption { text-align: left; font-weight: 600; padding: 0.3rem 0; } "
    ".clas-questions :is(th, td) { border-bottom: 1px solid var(--clas-trait); text-align: left; "
    "vertical-align: top; padding: 0.4rem 0.8rem 0.4rem 0; font-weight: 400; } "
    ".clas-questions thead th { font-weight: 600; white-space: nowrap; }</style>"
)


def afficher_questions() -> None:
    """Show the page to whoever holds the role."""
    st.title("Questions posées", anchor=False)
    journal = le_journal()
    st.html(f'{_STYLE}<p class="clas-chapeau">{_chapeau(journal)}</p>')
    filtres = choisir()
    if filtres is None:
        return
    try:
        comptes = journal.registre.compter(filtres)
        page = _page(comptes.total)
        lecture = journal.registre.lister(filtres, PAR_PAGE, (page - 1) * PAR_PAGE)
    except QuestionsInutilisables as error:
        st.html(avis("erreur", "Questions posées illisibles", [_phrase(error)]))
        return
    st.html(_comptes_html(comptes))
    if lecture.abimees:
        numeros = ", ".join(map(str, lecture.abimees))
        dit = f"Ces échanges ne peuvent plus être lus : {numeros}."
        st.html(avis("attention", "Échanges abîmés", [dit]))
    if not lecture.lignes:
        return
    st.html(_tableau_html(lecture, page))
    _detail(lecture)
    _exporter(journal, filtres)


def _chapeau(journal: Gardien) -> str:
    duree = compte(journal.registre.jours, "jour", "jours")
    dit = (
        "Ce qui a été demandé sur la page de questions, sans réponse ou pas utile d'abord. "
        "Courriels, téléphones et longs numéros y sont masqués. Chaque échange est effacé au bout "
        f"de {duree}."
    )
    if not journal.actif:
        dit += " <strong>En ce moment, rien n'est gardé sur ce serveur.</strong>"
    return dit


def _page(total: int) -> int:
    """The page of the list that is asked for; there is nothing to choose where there is one."""
    pages = -(-total // PAR_PAGE)
    if pages <= 1:
        return 1
    choisie = st.selectbox(
        "Page de la liste",
        range(1, pages + 1),
        format_func=lambda page: f"Page {page} sur {pages}",
        key=f"questions-page-{pages}",
    )
    return int(choisie)


def _comptes_html(comptes: Comptes) -> str:
    if not comptes.total:
        return "<h2>Aucun échange</h2>"
    dits = [f"{TYPES[t]} : {comptes.types[t]}" for t in TYPES if t in comptes.types]
    dits += [f"avis « {VOTES[v]} » : {comptes.votes[v]}" for v in VOTES if v in comptes.votes]
    lignes = "".join(f"<li>{echapper(dit)}</li>" for dit in dits)
    return f"<h2>{compte(comptes.total, 'échange', 'échanges')}</h2><ul>{lignes}</ul>"


def _tableau_html(lecture: Lecture, page: int) -> str:
    noms = ("N°", "Date", "Question", "Pour", "Suite donnée", "Avis")
    entetes = "".join(f'<th scope="col">{nom}</th>' for nom in noms)
    corps = "".join(map(_ligne_html, lecture.lignes))
    nom = f"Questions posées, page {page}"
    return (
        f'<div class="clas-questions" tabindex="0" role="region" aria-label="{nom}"><table>'
        f"<caption>{nom}</caption><thead><tr>{entetes}</tr></thead>"
        f"<tbody>{corps}</tbody></table></div>"
    )


def _ligne_html(ligne: Ligne) -> str:
    echange, opinion = ligne.echange, ligne.opinion
    lieu = nom_avec_code(echange.departement) if echange.departement else ""
    pour = ", ".join(filter(None, (lieu, echange.annee_scolaire))) or "non précisé"
    suite = echapper(TYPES[echange.type])
    vote = echapper(VOTES[opinion.vote]) if opinion else lu_seulement("aucun")
    if ligne.a_regarder:
        suite, vote = f"<strong>{suite}</strong>", f"<strong>{vote}</strong>"
    mots = " – commentaire" if opinion is not None and opinion.commentaire else ""
    return (
        f'<tr><th scope="row">{ligne.numero}</th><td>{quand(ligne)}</td>'
        f'<td class="clas-mots" dir="auto">{echapper(_abrege(echange.question))}</td>'
        f"<td>{echapper(pour)}</td><td>{suite}</td><td>{vote}{mots}</td></tr>"
    )


def _detail(lecture: Lecture) -> None:
    st.html("<h2>Lire un échange</h2>")
    lignes = {ligne.numero: ligne for ligne in lecture.lignes}
    numero = st.selectbox(
        "Échange",
        list(lignes),
        format_func=lambda n: f"n° {n} – {_abrege(lignes[n].echange.question)}",
        index=None,
        placeholder="Choisir un échange de la liste",
        key=f"questions-echange-{min(lignes)}-{max(lignes)}",
    )
    if numero is not None:
        afficher_echange(lignes[numero])


def _exporter(journal: Gardien, filtres: Filtres) -> None:
    """Make the file once it is asked for, by somebody who still holds the role then."""
    st.html("<h2>Exporter</h2>")
    if not st.button("Préparer le fichier de cette liste (CSV)", key="questions-preparer"):
        return
    garde.admettre("agent", "exporter", "questions posées")
    try:
        contenu = as_csv(everything(journal.registre, filtres))
    except QuestionsInutilisables as error:
        st.html(avis("erreur", "Questions posées illisibles", [_phrase(error)]))
        return
    st.download_button(
        "Télécharger le fichier (CSV)",
        contenu,
        file_name="questions-posees.csv",
        mime="text/csv",
        on_click="ignore",
        key="questions-telecharger",
    )
    annoncer("Le fichier est prêt : un bouton le télécharge.", f"export-{len(contenu)}")


def _abrege(question: str) -> str:
    return question if len(question) <= _MOTS else f"{question[:_MOTS]}…"


def _phrase(error: Exception) -> str:
    dit = str(error)
    return f"{dit[:1].upper()}{dit[1:]}."
