"""The last look before publishing (questions and projects put to both), and the publication."""

from __future__ import annotations

from typing import Final

import streamlit as st

from assistant.acces import Identite
from assistant.configuration import Configuration
from assistant.publication.auteur import reason
from assistant.publication.brouillons import DemandeInutilisable, Etat
from assistant.publication.comparaison import Rapport
from assistant.publication.etat import contents, open_base
from assistant.publication.publier import draft_version, publish
from assistant.publication.rapport_rejeu import contents_of_replay
from assistant.publication.rejeu import replay
from assistant.publication.rejeu_modeles import Rejeu
from assistant.publication.rejeu_temoins import read_projects, read_questions
from corpus.base.models import VersionBase
from pages_clas.balises import avis, echapper
from pages_clas.textes_actes import Suivi, accomplir, numero, refuser
from pages_clas.textes_brouillon import abandonner, cle_du_brouillon
from pages_clas.textes_comparaison import rejeu_html

_REJEU: Final = "textes_rejeu"


def publier_le_brouillon(
    configuration: Configuration, etat: Etat, rapport: Rapport, identite: Identite
) -> None:
    """Offer to replay, to publish and to give up."""
    st.html("<h2>Rejouer et publier</h2>")
    _rejouer(configuration, etat, rapport)
    _publier(configuration, etat, rapport, identite)
    abandonner(configuration)


def _rejouer(configuration: Configuration, etat: Etat, rapport: Rapport) -> None:
    st.html("<h3>Questions et projets rejoués</h3>")
    if rapport.bloquants:
        st.html("<p>Possible une fois que rien n'empêche plus de publier.</p>")
        return
    cle = cle_du_brouillon(configuration, etat)
    garde = st.session_state.get(_REJEU)
    if garde is not None and garde[0] == cle:
        with st.container(key="textes-rejeu"):
            st.html(rejeu_html(contents_of_replay(garde[1])))
    if not st.button("Rejouer les questions et les projets", key=f"rejouer-{numero()}"):
        return

    def faire(_identite: Identite, suivi: Suivi) -> Rejeu:
        suivi.dire("Questions et projets posés aux deux versions")
        base = open_base(configuration)
        rejeu = replay(
            configuration,
            contents(base, etat.parent),
            draft_version(base, etat.parent, etat.brouillon),
            read_questions(),
            read_projects(),
            advance=suivi.avancer,
        )
        st.session_state[_REJEU] = (cle, rejeu)
        return rejeu

    accomplir(
        "verifier",
        "brouillon",
        faire,
        lambda r: (
            f"Rejeu terminé : {len(r.reponses)} réponse(s) et {len(r.verifications)} "
            "résultat(s) de projet changent. La liste est plus bas."
        ),
        "questions et projets rejoués",
    )


def _publier(
    configuration: Configuration, etat: Etat, rapport: Rapport, identite: Identite
) -> None:
    if rapport.bloquants:
        dit = f"{len(rapport.bloquants)} élément(s) restent à réparer ou à mettre de côté."
        st.html(avis("attention", "Publication impossible pour l'instant", [dit]))
        return
    if not etat.change:
        st.html("<p>Le brouillon ne change rien à la version en service.</p>")
        return
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
