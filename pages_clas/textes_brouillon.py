"""The draft: what it changes, what rests on it, and what is decided of what broke."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from assistant.acces import Identite
from assistant.configuration import Configuration
from assistant.publication.auteur import reason
from assistant.publication.brouillons import DemandeInutilisable, Etat, drop
from assistant.publication.comparaison import AppuiTouche, Rapport
from assistant.publication.comparer import compare_draft
from assistant.publication.decisions import (
    Reparable,
    mend,
    put_aside_items,
    take_back,
)
from corpus.base.models import Retrait
from pages_clas.textes_actes import Suivi, accomplir, numero, refuser
from pages_clas.textes_comparaison import bloquants_html, rapport_html
from pages_clas.textes_noms import nom_lisible
from pages_clas.textes_tableau import titre_de_partie

_TOUT: Final = "Tout ce qui empêche de publier"
_MONTRE: Final = 90


def cle_du_brouillon(configuration: Configuration, etat: Etat) -> str:
    """What changes when the draft, or what it is compared with, does."""
    return f"{configuration.donnees}|{etat.parent.identite}|{etat.brouillon.model_dump_json()}"


@st.cache_resource(show_spinner="Comparaison avec la version en service…", max_entries=2)
def _comparer(cle: str, _configuration: Configuration) -> Rapport:  # noqa: ARG001 - cache key
    return compare_draft(_configuration)


def montrer_le_brouillon(configuration: Configuration, etat: Etat) -> Rapport | None:
    """Show the draft and the decisions that it asks for; None when there is none."""
    st.html(titre_de_partie("textes-brouillon", "Le brouillon"))
    if etat.nouveau:
        dit = "Rien n'est en préparation. Ajoutez un fichier, ou changez un document."
        st.html(f"<p>{dit}</p>")
        return None
    rapport = _comparer(cle_du_brouillon(configuration, etat), configuration)
    with st.container(key="textes-comparaison"):
        st.html(rapport_html(rapport))
    st.html(bloquants_html(rapport))
    if rapport.bloquants:
        _mettre_de_cote(configuration, rapport)
    touches = _touches(rapport)
    if touches:
        _reparer(configuration, touches)
    if etat.brouillon.retraits:
        _reprendre(configuration, etat.brouillon.retraits)
    return rapport


def _mettre_de_cote(configuration: Configuration, rapport: Rapport) -> None:
    with st.form(f"ecarter-{numero()}", enter_to_submit=False):
        st.html(
            "<h3>Mettre de côté ce qui est atteint</h3><p>Une règle mise de côté ne décide plus "
            "rien, une fiche mise de côté ne répond plus, jusqu'à ce que quelqu'un les revoie.</p>"
        )
        quoi = st.selectbox("Quoi", (_TOUT, *rapport.bloquants), format_func=nom_lisible)
        raison = st.text_input("Raison (elle est montrée aux personnes)", max_chars=300)
        demande = st.form_submit_button("Mettre de côté ce qui est atteint")
    if not demande or quoi is None:
        return
    dite = _dite(raison, 300)
    noms = None if quoi == _TOUT else [quoi]

    def faire(identite: Identite, _suivi: Suivi) -> tuple[Retrait, ...]:
        return put_aside_items(configuration, noms, dite, identite.auteur)

    accomplir(
        "ecarter",
        quoi,
        faire,
        lambda faits: "Mis de côté : " + (", ".join(r.nom for r in faits) or "rien") + ".",
        dite,
    )


def _touches(rapport: Rapport) -> list[AppuiTouche]:
    """Broken quotations of what is served, each once, those that block first."""
    tous = [*(a for d in rapport.documents if not d.succede for a in d.appuis), *rapport.sans_texte]
    uniques: dict[tuple[str, str], AppuiTouche] = {}
    for appui in sorted(tous, key=lambda a: not a.bloque):
        if appui.genre != "registre":
            uniques.setdefault((appui.document, appui.ancien), appui)
    return list(uniques.values())


def _citation(appui: AppuiTouche) -> str:
    mots = " ".join(appui.ancien.split())
    court = mots if len(mots) <= _MONTRE else f"{mots[: _MONTRE - 1]}…"
    return f"{appui.document} : « {court} »"


def _reparer(configuration: Configuration, touches: Sequence[AppuiTouche]) -> None:
    st.html(
        "<h3>Réparer une citation</h3><p>Quand ce qu'elle prouve est toujours dit, en d'autres "
        "mots : donnez ces mots, tels qu'ils sont dans le nouveau texte.</p>"
    )
    rang = st.selectbox(
        "Citation à réparer",
        range(len(touches)),
        format_func=lambda n: _citation(touches[n]),
        key=f"citation-a-reparer-{numero()}",
    )
    appui = touches[rang or 0]
    with st.form(f"reparer-{numero()}", enter_to_submit=False):
        nouveau = st.text_area(
            "Ses mots dans le nouveau texte", appui.nouveau, key=f"mots-{numero()}-{rang}"
        )
        malgre = st.checkbox(
            "Même si un chiffre, une obligation ou une limite a changé : ce qui la cite n'en "
            "dépend pas."
        )
        demande = st.form_submit_button("Réparer cette citation")
    if not demande:
        return
    if not nouveau.strip():
        refuser("Mots attendus", "Donnez les mots de la citation dans le nouveau texte.")

    def faire(identite: Identite, _suivi: Suivi) -> Reparable:
        return mend(
            configuration,
            appui.document,
            appui.ancien,
            nouveau,
            identite.auteur,
            despite_substance=malgre,
        )

    def dire(fait: Reparable) -> str:
        return f"Citation réparée pour : {', '.join(dict.fromkeys(a.nom for a in fait.appuis))}."

    accomplir("reparer", f"document {appui.document}", faire, dire)


def _reprendre(configuration: Configuration, retraits: Sequence[Retrait]) -> None:
    with st.form(f"reprendre-{numero()}", enter_to_submit=False):
        st.html("<h3>Reprendre ce qui a été mis de côté</h3>")
        pris = st.selectbox(
            "Élément",
            retraits,
            format_func=lambda r: f"{nom_lisible(r.nom)} : {r.raison[:_MONTRE]}",
        )
        demande = st.form_submit_button("Reprendre")
    if not demande or pris is None:
        return

    def faire(identite: Identite, _suivi: Suivi) -> None:
        take_back(configuration, [pris.nom], identite.auteur)

    accomplir(
        "reprendre",
        f"{pris.genre} {pris.nom}",
        faire,
        lambda _: f"De nouveau utilisé : {pris.nom}.",
    )


def abandonner(configuration: Configuration) -> None:
    """Offer to give up the draft, once it is confirmed."""
    with st.form(f"abandonner-{numero()}", enter_to_submit=False):
        st.html("<h3>Abandonner le brouillon</h3>")
        confirme = st.checkbox("Je confirme : ce qui est en préparation sera perdu.")
        demande = st.form_submit_button("Abandonner le brouillon")
    if not demande:
        return
    if not confirme:
        refuser("Confirmation attendue", "Cochez la case avant d'abandonner le brouillon.")
    accomplir(
        "abandonner",
        "brouillon",
        lambda identite, _suivi: drop(configuration, identite.auteur),
        lambda fait: "Brouillon abandonné." if fait else "Il n'y avait pas de brouillon.",
    )


def _dite(raison: str, au_plus: int) -> str:
    """A reason as the journal keeps it; the page says so where there is none."""
    try:
        return reason(raison, "Raison", au_plus)
    except DemandeInutilisable as refus:
        refuser("Raison attendue", str(refus))
        return ""
