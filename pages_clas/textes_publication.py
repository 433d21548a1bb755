"""The last look before publishing (questions and projects put to both), and the publication."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Final

import streamlit as st

from assistant.acces import Identite
from assistant.configuration import Configuration
from assistant.publication.auteur import reason
from assistant.publication.brouillons import DemandeInutilisable, Etat
from assistant.publication.comparaison import Rapport
from assistant.publication.publier import publish
from assistant.publication.rejeu_brouillon import replay_draft
from assistant.publication.rejeu_modeles import Rejeu
from corpus.base.models import VersionBase
from pages_clas.balises import avis, echapper
from pages_clas.textes_actes import Suivi, accomplir, numero, refuser
from pages_clas.textes_brouillon import abandonner, cle_du_brouillon
from pages_clas.textes_controle import telecharger
from pages_clas.textes_rapport import rapport_en_page, rapport_en_pdf
from pages_clas.textes_rejeu import rejeu_html, resume_du_rejeu
from pages_clas.textes_tableau import titre_de_partie

_REJEU: Final = "textes_rejeu"


def publier_le_brouillon(
    configuration: Configuration, etat: Etat, rapport: Rapport | None, identite: Identite
) -> None:
    """Offer to replay, to publish and to give up."""
    st.html(titre_de_partie("textes-publier", "Rejouer et publier"))
    if rapport is None:
        st.html("<p>Rien n'est en préparation : il n'y a rien à publier.</p>")
        return
    if not etat.change:
        st.html("<p>Le brouillon ne change rien à la version en service.</p>")
    else:
        rejeu = _rejouer(configuration, etat, rapport)
        _telecharger(rapport, rejeu)
        _publier(configuration, rapport, identite, rejoue=rejeu is not None)
    abandonner(configuration)


def _rejouer(configuration: Configuration, etat: Etat, rapport: Rapport) -> Rejeu | None:
    """Offer to put questions and projects to both versions; return what the last replay found."""
    st.html("<h3>Rejouer les questions et les projets</h3>")
    if rapport.bloquants:
        st.html("<p>Possible une fois que rien n'empêche plus de publier.</p>")
        return None
    st.html(
        "<p>Les mêmes questions et les mêmes projets sont soumis aux textes en service et au "
        "brouillon. Vous voyez ce qui changerait pour les personnes, avant de publier.</p>"
    )
    cle = cle_du_brouillon(configuration, etat)
    garde = st.session_state.get(_REJEU)
    rejeu: Rejeu | None = garde[1] if garde is not None and garde[0] == cle else None
    demande = st.button("Rejouer les questions et les projets", key=f"rejouer-{numero()}")
    if rejeu is not None:
        with st.container(key="textes-rejeu"):
            st.html(rejeu_html(rejeu))
    if not demande:
        return rejeu

    def faire(_identite: Identite, suivi: Suivi) -> Rejeu:
        suivi.dire("Questions et projets posés aux deux versions")
        rejeu = replay_draft(configuration, advance=suivi.avancer)
        st.session_state[_REJEU] = (cle, rejeu)
        return rejeu

    accomplir("verifier", "brouillon", faire, resume_du_rejeu, "questions et projets rejoués")
    return None


def _telecharger(rapport: Rapport, rejeu: Rejeu | None) -> None:
    """Offer the whole report, with the replay if it was done."""
    dit = "avec le rejeu" if rejeu else "sans le rejeu, qui n'a pas encore été fait"
    st.html(
        f"<h3>Garder le rapport</h3><p>Tout ce qui change et ce qui s'appuie dessus, {dit}.</p>"
    )
    jour = f"{datetime.now(UTC):%Y-%m-%d}"
    with st.container(horizontal=True, key="clas-rapport-du-brouillon"):
        telecharger(
            "Rapport, page web (HTML)",
            f"rapport-avant-publication-{jour}.html",
            partial(rapport_en_page, rapport, rejeu),
        )
        telecharger(
            "Rapport, PDF",
            f"rapport-avant-publication-{jour}.pdf",
            partial(rapport_en_pdf, rapport, rejeu),
        )


def _publier(
    configuration: Configuration, rapport: Rapport, identite: Identite, *, rejoue: bool
) -> None:
    if rapport.bloquants:
        dit = f"{len(rapport.bloquants)} élément(s) restent à réparer ou à mettre de côté."
        st.html(avis("attention", "Publication impossible pour l'instant", [dit]))
        return
    if not rejoue:
        dit = "Rejouez d'abord : vous verrez quelles réponses et quels résultats changeraient."
        st.html(avis("attention", "Le rejeu n'a pas été fait pour ce brouillon", [dit]))
    with st.form(f"publier-{numero()}", enter_to_submit=False):
        st.html(f"<h3>Publier</h3><p>Auteur : <strong>{echapper(identite.auteur)}</strong></p>")
        motif = st.text_input("Motif de la publication", max_chars=500)
        confirme = st.checkbox("Je confirme : les réponses viendront de ces textes.")
        demande = st.form_submit_button("Publier", type="primary")
    if not demande:
        return
    try:
        dit = reason(motif, "Motif", 500)
    except DemandeInutilisable as refus:
        refuser("Motif attendu", str(refus))
        return
    if not confirme:
        refuser("Confirmation attendue", "Cochez la case avant de publier.")

    def faire(qui: Identite, suivi: Suivi) -> VersionBase:
        return publish(configuration, qui.auteur, dit, suivi.dire, suivi.avancer)

    accomplir(
        "publier",
        "brouillon",
        faire,
        lambda v: f"La version {v.numero} est en service. Les réponses en viennent dès maintenant.",
        dit,
    )
