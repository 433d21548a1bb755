"""The page « Vérifier une citation »: what is pasted or linked to, checked, beside its original."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlencode

import streamlit as st

from assistant.configuration import Configuration, read_configuration
from assistant.dialogue.conseiller import Conseiller
from assistant.eligibility.errors import ReglesInutilisables
from assistant.publication.etat import open_base
from assistant.verification.checking import (
    check_link,
    check_pasted,
    place_in_service,
    with_supports,
)
from assistant.verification.models import (
    AppuiTrouve,
    Constat,
    Place,
    TexteInutilisable,
    Verification,
)
from assistant.verification.places import make_place
from assistant.verification.splitting import read_link
from assistant.verification.supports import (
    of_same_passage,
    resting_on,
    supports_in_service,
    supports_of_answers,
)
from assistant.verification.texts import Recueil, open_texts
from corpus.base.store import Base, BaseInutilisable
from corpus.manifest import ManifesteInutilisable
from corpus.models import DocumentCanonique
from pages_clas.acces import ouvrir_ou_expliquer
from pages_clas.balises import avis, echapper
from pages_clas.cartes import Tour
from pages_clas.citations_avis import juger_la_reponse_collee, juger_les_appuis
from pages_clas.citations_html import appuis_html, constat_html
from pages_clas.citations_original import blocks_html, original_html
from pages_clas.habillage import annoncer, viser

_STYLE: Final = Path(__file__).with_name("ressources") / "citations.css"
_SAISIE: Final = "citation_saisie"
_COLLEE: Final = "citation_collee"
_OUVERTE: Final = "citation_ouverte"
"""What is shown beside its original: the number of the quotation, and the span at hand."""


class Fonds(NamedTuple):
    """What quotations are checked with."""

    recueil: Recueil
    appuis: tuple[AppuiTrouve, ...]
    base: Base
    assistant: Conseiller


def afficher_citations() -> None:
    """Show the page for what was pasted, or for the link that led here."""
    st.html(f"<style>{_STYLE.read_text(encoding='utf-8')}</style>")
    st.title("Vérifier une citation", anchor=False)
    assistant = ouvrir_ou_expliquer()
    _demander()
    try:
        configuration = read_configuration()
        recueil = _ouvrir(str(configuration.donnees), configuration.modele, _etat(configuration))
        verification = _verifier(recueil)
        if verification is not None:
            appuis = _tous_les_appuis(configuration, assistant)
            fonds = Fonds(recueil, appuis, open_base(configuration), assistant)
            _montrer(with_supports(verification, fonds.appuis), fonds)
            juger_la_reponse_collee(_texte_colle(), assistant)
    except TexteInutilisable as error:
        st.html(avis("attention", "Rien n'a été vérifié", [str(error)]))
    except (BaseInutilisable, ManifesteInutilisable, ReglesInutilisables) as error:
        st.html(avis("erreur", "Les textes ne peuvent pas être lus", [str(error)]))


def _etat(configuration: Configuration) -> str:
    """What changes when the base does: the versions that it holds, the one in service."""
    versions = open_base(configuration).names("versions")
    courante = configuration.dossier_index / "courante"
    servie = courante.read_text("utf-8") if courante.is_file() else ""
    return "-".join([servie.strip(), *versions])


@st.cache_resource(show_spinner="Ouverture des textes…", max_entries=2)
def _ouvrir(donnees: str, modele: str | None, etat: str) -> Recueil:  # noqa: ARG001 - cache key
    return open_texts(Configuration(donnees=Path(donnees), modele=modele))


@st.cache_resource(show_spinner="Lecture des règles et des fiches…", max_entries=2)
def _appuis(
    donnees: str,
    modele: str | None,
    version: str,  # noqa: ARG001 - cache key
) -> tuple[AppuiTrouve, ...]:
    return supports_in_service(Configuration(donnees=Path(donnees), modele=modele))


def _tous_les_appuis(
    configuration: Configuration, assistant: Conseiller
) -> tuple[AppuiTrouve, ...]:
    """What rests on the texts: rules and cards in service, answers given during this visit."""
    return _appuis(
        str(configuration.donnees), configuration.modele, assistant.index.info.version
    ) + supports_of_answers((tour.question, tour.reponse.citations) for tour in _tours())


def _tours() -> Sequence[Tour]:
    """What this visit was answered."""
    tours: Sequence[Tour] = st.session_state.get("tours", ())
    return tours


def _texte_colle() -> str:
    """What was pasted; empty where a link is checked."""
    return "" if st.query_params.to_dict() else st.session_state.get(_COLLEE) or ""


def _demander() -> None:
    st.html(
        '<p class="clas-chapeau">Collez une phrase, une réponse avec ses citations ou un lien : '
        "chaque citation est cherchée mot pour mot dans les textes en service, puis dans ceux "
        "d'avant.</p>"
    )
    with st.form("citation", enter_to_submit=False):
        st.text_area("Phrase, réponse ou lien à vérifier", key=_SAISIE, height=160)
        st.form_submit_button("Vérifier", on_click=_prendre, type="primary")


def _prendre() -> None:
    """Check what is pasted from now on, and no longer what a link named."""
    st.session_state[_COLLEE] = st.session_state.get(_SAISIE, "")
    st.session_state.pop(_OUVERTE, None)
    st.query_params.clear()


def _verifier(recueil: Recueil) -> Verification | None:
    parametres = st.query_params.to_dict()
    if parametres:
        lien = read_link(f"?{urlencode(parametres)}")
        if lien is None:
            raise TexteInutilisable(
                "Ce lien n'est pas utilisable : il doit donner « document », « debut » et « fin », "
                "et peut donner « version »."
            )
        return Verification(constats=(check_link(lien, recueil),))
    collee = st.session_state.get(_COLLEE)
    if collee is None:
        return None
    return check_pasted(collee, recueil)


def _montrer(verification: Verification, fonds: Fonds) -> None:
    constats = verification.constats
    ouverte = st.session_state.get(_OUVERTE)
    if ouverte is None and len(constats) == 1:
        ouverte = (1, None)
    if verification.laisses:
        dit = (
            f"{verification.laisses} citations de plus n'ont pas été vérifiées : collez-les à part."
        )
        st.html(avis("attention", "Trop de citations à la fois", [dit]))
    for numero, constat in enumerate(constats, start=1):
        st.html(constat_html(constat, numero, len(constats)))
        if constat.place is None:
            continue
        if ouverte and ouverte[0] == numero:
            _montrer_l_original(constat, numero, ouverte[1], fonds)
        else:
            st.button(
                f"Voir la citation {numero} dans le document d'origine",
                key=f"original-{numero}",
                on_click=_ouvrir_l_original,
                args=(numero, None),
            )
    resume = _resume(constats)
    jeton = f"{hash(verification)}"
    annoncer(resume, jeton)
    if not ouverte or ouverte[1] is None:
        viser("constat-1", jeton, focus=False)


def _resume(constats: Sequence[Constat]) -> str:
    trouvees = sum(c.statut in ("mot_pour_mot", "mise_en_page") for c in constats)
    return f"{len(constats)} citation(s) vérifiée(s), dont {trouvees} dans les textes."


def _ouvrir_l_original(numero: int, plage: tuple[int, int] | None) -> None:
    st.session_state[_OUVERTE] = (numero, plage)


def _montrer_l_original(
    constat: Constat, numero: int, plage: tuple[int, int] | None, fonds: Fonds
) -> None:
    """The original and the quoted text side by side, and the other quotations of the passage."""
    place = constat.place
    if place is None:
        return
    document = fonds.recueil.document(place.document, place.version)
    if document is None:
        return
    plages = of_same_passage(document, place, fonds.appuis)
    if plage is None or plage not in plages:
        plage = (place.debut, place.fin)
    with st.container(key=f"clas-original-{numero}"):
        st.html("<h2>Le passage dans le document d'origine</h2>")
        if len(plages) > 1:
            _voisines(plages, plage, numero)
        ici = make_place(document, *plage)
        if plage != (place.debut, place.fin):
            st.html(
                f'<p class="clas-mots">« {echapper(ici.extrait)} »</p>'
                f"{appuis_html(resting_on(ici, fonds.appuis))}"
            )
        gauche, droite = st.columns(2)
        gauche.html(f"<h3>Document d'origine</h3>{original_html(document, *plage, fonds.base)}")
        droite.html(f"<h3>Texte tel qu'il est cité</h3>{_lisible(document, ici, constat)}")
        juger_les_appuis(ici, fonds.appuis, _tours(), fonds.assistant)


def _voisines(plages: tuple[tuple[int, int], ...], plage: tuple[int, int], numero: int) -> None:
    """Go from one quotation of the passage to the next, round and round."""
    rang = plages.index(plage)
    dit = f"Citation {rang + 1} sur {len(plages)} de ce passage"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(f'<p class="clas-compte">{dit}</p>', width="content")
        for nom, pas in (("précédente", -1), ("suivante", 1)):
            st.button(
                f"Citation {nom}",
                key=f"citation-{nom}-{numero}",
                on_click=_ouvrir_l_original,
                args=(numero, plages[(rang + pas) % len(plages)]),
            )
    annoncer(dit, f"{numero}-{plage}")


def _lisible(document: DocumentCanonique, ici: Place, constat: Constat) -> str:
    servie = place_in_service(constat)
    note = "" if servie == constat.place else '<p class="clas-note">Texte d\'avant.</p>'
    return note + blocks_html(document, ici.debut, ici.fin, autour=1)
