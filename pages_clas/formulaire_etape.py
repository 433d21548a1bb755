"""One step of the form: its fields, those of each collectif, the co-funders."""

from __future__ import annotations

from typing import Any

import streamlit as st

from assistant.eligibility.project import COLLECTIFS_MAXIMUM
from assistant.eligibility.rulebook import COLLECTIF
from pages_clas.formulaire_champs import COFINANCEMENTS, Formulaire, afficher_champ, cle
from pages_clas.formulaire_cofinancements import afficher_cofinancements
from pages_clas.formulaire_navigation import (
    COLLECTIFS_MONTRES,
    aller,
    collectif_montre,
    montrer_le_collectif,
    se_montre,
)
from pages_clas.formulaire_plan import COLLECTIFS, Etape


def afficher_etape(etape: Etape, formulaire: Formulaire) -> None:
    """Show the fields of a step, in order; those of collectifs are gathered by collectif."""
    des_collectifs = [nom for nom in etape.faits if nom.startswith(COLLECTIF)]
    montres = False
    for nom in etape.faits:
        if nom.startswith(COLLECTIF):
            if not montres:
                _collectifs(etape, des_collectifs, formulaire)
                montres = True
        elif nom == COFINANCEMENTS:
            afficher_cofinancements(formulaire)
        else:
            _tout_cocher(nom, etape, formulaire)
            if se_montre(nom, formulaire):
                afficher_champ(nom, formulaire)


def _tout_cocher(nom: str, etape: Etape, formulaire: Formulaire) -> None:
    """Offer, above a group of objectives, to say yes to all of them at once."""
    prefixe = next((p for p in formulaire.guide.plan.objectifs if nom.startswith(p)), None)
    groupe = [n for n in etape.faits if prefixe and n.startswith(prefixe)]
    if not groupe or groupe[0] != nom:
        return
    st.html(
        f'<p class="clas-consigne">{len(groupe)} objectifs sont obligatoires. Votre projet '
        "poursuit-il chacun d'eux ?</p>"
    )
    st.button(
        f"Répondre oui aux {len(groupe)} objectifs",
        key=f"oui-{cle(prefixe or '')}",
        on_click=formulaire.brouillon.poser,
        args=(f"{etape.titre}, tous les objectifs", dict.fromkeys(groupe, True)),
    )


def _collectifs(etape: Etape, noms: list[str], formulaire: Formulaire) -> None:
    collectifs = formulaire.brouillon.collectifs
    nombre = len(collectifs)
    if not nombre:
        st.html('<p class="clas-consigne">Aucun collectif n\'est décrit pour le moment.</p>')
    rangs = range(1, nombre + 1)
    if nombre > COLLECTIFS_MONTRES:
        choisi = collectif_montre(nombre)
        st.session_state["choix-du-collectif"] = choisi
        st.selectbox(
            f"Collectif montré, sur {nombre}",
            list(rangs),
            format_func=lambda rang: f"Collectif {rang}",
            key="choix-du-collectif",
            on_change=_changer_de_collectif,
        )
        rangs = range(choisi, choisi + 1)
    for rang in rangs:
        groupe = f"groupe-collectif-{rang}"
        with st.container(key=groupe):
            st.html(
                f'<h3 id="titre-{groupe}" data-groupe="{groupe}" tabindex="-1">'
                f"Collectif {rang}</h3>"
            )
            for nom in noms:
                chemin = nom.replace("*", str(rang))
                if se_montre(chemin, formulaire):
                    afficher_champ(chemin, formulaire)
            if etape.id == COLLECTIFS:
                _particularites(rang, formulaire)
                _retirer_ou_copier(rang, nombre, formulaire)
    if etape.id == COLLECTIFS or not nombre:
        st.button(
            "Ajouter un collectif",
            key="ajouter-un-collectif",
            on_click=_ajouter,
            args=({}, formulaire),
            disabled=nombre >= COLLECTIFS_MAXIMUM,
        )


def _particularites(rang: int, formulaire: Formulaire) -> None:
    """Fold what may differ from the project for one collectif."""
    surcharges = formulaire.guide.surcharges(formulaire.departement)
    chemins = [f.nom.replace("*", str(rang)) for f in surcharges]
    differe = any(
        formulaire.brouillon.lire(c) is not None or c in formulaire.brouillon.refus for c in chemins
    )
    titre = f"Le collectif {rang} n'est pas au même endroit, ou démarre plus tard"
    with st.expander(titre, expanded=differe, key=f"particularites-{rang}"):
        st.html('<p class="clas-aide">Sans réponse, ce qui vaut pour le projet vaut ici.</p>')
        for chemin in chemins:
            afficher_champ(chemin, formulaire)


def _retirer_ou_copier(rang: int, nombre: int, formulaire: Formulaire) -> None:
    with st.container(horizontal=True):
        st.button(
            f"Copier le collectif {rang}",
            key=f"copier-{rang}",
            on_click=_ajouter,
            args=(formulaire.brouillon.collectifs[rang - 1], formulaire),
            disabled=nombre >= COLLECTIFS_MAXIMUM,
        )
        st.button(
            f"Retirer le collectif {rang}",
            key=f"retirer-{rang}",
            on_click=_retirer,
            args=(rang, formulaire),
        )


def _changer_de_collectif() -> None:
    montrer_le_collectif(st.session_state["choix-du-collectif"])


def _ajouter(modele: dict[str, Any], formulaire: Formulaire) -> None:
    collectifs = [*formulaire.brouillon.collectifs, dict(modele)]
    formulaire.brouillon.poser("collectif ajouté", {COLLECTIFS: collectifs})
    montrer_le_collectif(len(collectifs))
    aller(COLLECTIFS, f"titre-groupe-collectif-{len(collectifs)}")


def _retirer(rang: int, formulaire: Formulaire) -> None:
    brouillon = formulaire.brouillon
    restes = [c for numero, c in enumerate(brouillon.collectifs, 1) if numero != rang]
    brouillon.remplacer(f"collectif {rang} retiré", {**brouillon.projet, COLLECTIFS: restes})
    aller(COLLECTIFS)
