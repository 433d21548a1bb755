"""The page « Auto-contrôle de mon projet »: a form in steps, and what the engine says of it.

Nothing is decided here: the verdict, the amounts, the questions and the corrections are those of
``verifier``. The draft is kept by the session alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import streamlit as st

from assistant.eligibility import (
    ProjetInutilisable,
    ReglesInutilisables,
    charger_regles,
    verifier,
)
from assistant.eligibility.report import ContexteRapport, contexte_rapport
from assistant.eligibility.report.labels import Libelles
from assistant.eligibility.report.wording import lire_textes
from assistant.publication.etat import revision_in
from corpus.models import DocumentCanonique
from pages_clas.acces import ouvrir_ou_expliquer
from pages_clas.balises import avis, echapper
from pages_clas.formulaire_brouillon import Brouillon, fautes
from pages_clas.formulaire_champs import Formulaire
from pages_clas.formulaire_etape import afficher_etape
from pages_clas.formulaire_fichier import afficher_fichier
from pages_clas.formulaire_navigation import (
    TITRE_D_ETAPE,
    a_faire,
    aller,
    etape_courante,
    viser_la_cible,
)
from pages_clas.formulaire_plan import RESULTAT, Etape, Guide
from pages_clas.formulaire_resultat import afficher_resultat
from pages_clas.formulaire_verdict import afficher_verdict, barre_html
from pages_clas.passage import dire_l_apport, proposer_la_conversation, recevoir

_STYLE: Final = Path(__file__).with_name("ressources") / "formulaire.css"
_BROUILLON: Final = "brouillon_de_projet"
_CHOIX: Final = "choix-d-etape"


@st.cache_resource(show_spinner="Lecture des règles…")
def preparer_guide(
    version: str,  # noqa: ARG001 - what the cache goes by
    _documents: Mapping[str, DocumentCanonique],
    _base: bytes,
) -> Guide:
    """Load the rules for the texts of the index in use; once for each version of the index."""
    return Guide(charger_regles(_documents, revision=revision_in(_base)), _documents)


@st.cache_resource(show_spinner=False, max_entries=4)
def _contexte(
    versions: tuple[str, ...],  # noqa: ARG001 - what the cache goes by
    jour: date,
    _guide: Guide,
    _documents: Mapping[str, DocumentCanonique],
) -> ContexteRapport:
    return contexte_rapport(_guide.regles, _documents, jour)


def afficher_auto_controle() -> None:
    """Show the page."""
    st.html(f"<style>{_STYLE.read_text(encoding='utf-8')}</style>")
    st.title("Auto-contrôle de mon projet", anchor=False)
    assistant = ouvrir_ou_expliquer()
    documents, version = assistant.documents, assistant.index.info.version
    try:
        guide = preparer_guide(version, documents, assistant.index.base)
    except ReglesInutilisables as error:
        suite = "Relancez « make app », qui remet les textes à jour, puis rechargez cette page."
        st.html(avis("erreur", "Les règles ne correspondent plus aux textes", [str(error), suite]))
        st.stop()
    jour = datetime.now(tz=UTC).date()
    contexte = _contexte((version, guide.regles.version), jour, guide, documents)
    formulaire = _verifier(guide, Libelles(contexte, lire_textes()))
    etape = etape_courante(formulaire)
    st.html(
        '<p class="clas-chapeau">Décrivez votre projet : le verdict et le montant de l\'aide se '
        "mettent à jour à chaque réponse. « Je ne sais pas » est toujours possible.</p>"
        '<p class="clas-note">Votre brouillon reste dans cet onglet, le temps de votre visite : '
        "recharger ou fermer la page l'efface. Pour le garder, enregistrez-le.</p>"
    )
    dire_l_apport(formulaire)
    afficher_fichier(formulaire)
    etapes = guide.etapes(formulaire.departement)
    with st.container(key="clas-formulaire"):
        with st.container(key="clas-etapes", gap="xxsmall"):
            _sommaire(etapes, etape, formulaire)
        with st.container(key="clas-etape"):
            _choix_d_etape(etapes, etape)
            st.html(_titre_html(etapes, etape))
            if etape.id == RESULTAT:
                afficher_resultat(formulaire, contexte)
            else:
                afficher_etape(etape, formulaire)
            _precedente_suivante(etapes, etape)
        with st.container(key="clas-cote"):
            afficher_verdict(formulaire)
            proposer_la_conversation(formulaire, assistant)
    st.html(barre_html(formulaire))
    viser_la_cible()


def _verifier(guide: Guide, libelles: Libelles) -> Formulaire:
    if _BROUILLON not in st.session_state:
        st.session_state[_BROUILLON] = Brouillon()
    brouillon: Brouillon = st.session_state[_BROUILLON]
    recevoir(brouillon)
    try:
        resultat = verifier(brouillon.projet, guide.regles)
    except ProjetInutilisable as error:
        return Formulaire(guide, libelles, brouillon, None, fautes(error))
    return Formulaire(guide, libelles, brouillon, resultat, ())


def _sommaire(etapes: tuple[Etape, ...], courante: Etape, formulaire: Formulaire) -> None:
    bloquants, manquants = a_faire(formulaire)
    st.html(f'<h2>Étapes</h2><div hidden data-courant="etape-{courante.id}">.</div>')
    for numero, etape in enumerate(etapes, 1):
        mots = f"{numero}. {etape.titre}"
        if bloquants[etape.id]:
            mots += f"  \n:small[× {bloquants[etape.id]} à corriger]"
        elif manquants[etape.id]:
            mots += f"  \n:small[{manquants[etape.id]} à préciser]"
        st.button(
            mots,
            key=f"etape-{etape.id}",
            on_click=aller,
            args=(etape.id,),
            type="tertiary",
            width="stretch",
        )


def _choix_d_etape(etapes: tuple[Etape, ...], courante: Etape) -> None:
    """Offer the same steps in little room, for narrow screens."""
    titres = {e.id: f"{numero}. {e.titre}" for numero, e in enumerate(etapes, 1)}
    st.session_state[_CHOIX] = courante.id
    with st.container(key="clas-choix-etape"):
        st.selectbox(
            "Aller à l'étape",
            list(titres),
            format_func=titres.__getitem__,
            key=_CHOIX,
            on_change=_changer_d_etape,
        )


def _changer_d_etape() -> None:
    aller(st.session_state[_CHOIX])


def _titre_html(etapes: tuple[Etape, ...], etape: Etape) -> str:
    intro = f"<p>{echapper(etape.intro)}</p>" if etape.intro else ""
    return (
        f'<h2 id="{TITRE_D_ETAPE}" tabindex="-1">'
        f'<span class="clas-rang">Étape {etapes.index(etape) + 1} sur {len(etapes)}</span> '
        f"{echapper(etape.titre)}</h2>{intro}"
    )


def _precedente_suivante(etapes: tuple[Etape, ...], etape: Etape) -> None:
    rang = etapes.index(etape)
    with st.container(horizontal=True, key="clas-suite"):
        if rang:
            st.button(
                "Étape précédente", key="precedente", on_click=aller, args=(etapes[rang - 1].id,)
            )
        if rang + 1 < len(etapes):
            suivante = etapes[rang + 1]
            st.button(
                f"Suite : {suivante.titre}",
                key="suivante",
                on_click=aller,
                args=(suivante.id,),
                type="primary",
            )
