"""The watched folder: what changed in it since last time is brought to the draft."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

import streamlit as st

from assistant.acces import Identite
from assistant.configuration import WATCHED_VARIABLE, Configuration
from assistant.publication.surveillance import Bilan, refresh
from pages_clas.balises import echapper
from pages_clas.textes_actes import Suivi, accomplir, en_page, numero
from pages_clas.textes_tableau import compte, liste

_BILAN: Final = "textes_bilan_du_dossier"


def suivre_le_dossier(configuration: Configuration) -> None:
    """Offer to bring to the draft what changed in the watched folder."""
    st.html("<h3>Dossier suivi</h3>")
    dossier = configuration.dossier_suivi
    if dossier is None:
        st.html(
            "<p>Aucun dossier n'est suivi sur ce serveur. Pour en suivre un, la personne qui le "
            f"tient le nomme par <code>{WATCHED_VARIABLE}</code>.</p>"
        )
        return
    st.html(
        f"<p>Dossier : <strong>{echapper(dossier.name)}</strong>. Seuls les fichiers nouveaux ou "
        "changés depuis la dernière fois vont au brouillon ; rien d'autre n'est touché.</p>"
    )
    with st.form(f"dossier-{numero()}", enter_to_submit=False):
        absents = st.checkbox("Retirer aussi les documents dont le fichier n'y est plus.")
        demande = st.form_submit_button("Prendre ce qui a changé dans le dossier")
    bilan: Bilan | None = st.session_state.get(_BILAN)
    if bilan is not None:
        st.html(f'<div id="bilan-du-dossier">{liste(_dits(bilan))}</div>')
    if not demande:
        return

    def faire(identite: Identite, suivi: Suivi) -> Bilan:
        suivi.dire(f"Lecture du dossier {dossier.name}")
        aujourd_hui = date.today()  # noqa: DTZ011 - the day of whoever adds
        fait = refresh(
            configuration,
            dossier,
            identite.auteur,
            aujourd_hui,
            withdraw_gone=absents,
            advance=suivi.avancer,
        )
        st.session_state[_BILAN] = fait
        return fait

    st.session_state.pop(_BILAN, None)
    accomplir("verifier", f"dossier {dossier.name}"[:80], faire, _resume, "dossier suivi")


def _resume(bilan: Bilan) -> str:
    return (
        f"{compte(len(bilan.ajoutes), 'fichier ajouté', 'fichiers ajoutés')} au brouillon, "
        f"{compte(bilan.inchanges, 'inchangé', 'inchangés')}, "
        f"{compte(len(bilan.refuses), 'refusé', 'refusés')}, "
        f"{compte(len(bilan.absents), 'disparu', 'disparus')}."
    )


def _dits(bilan: Bilan) -> Iterator[str]:
    """What became of each file that is not as it was."""
    for pret in bilan.ajoutes:
        yield f"{pret.chemin} : ajouté au brouillon, document {pret.proposition.fiche.id}."
    for double in bilan.doublons:
        yield f"{double.chemin} : {en_page(ValueError(double.raison))}."
    for chemin, document in bilan.absents:
        fin = "retiré" if document in bilan.retires else "laissé tel quel"
        yield f"{chemin} : n'est plus dans le dossier ; document {document} {fin}."
    for refuse in bilan.refuses:
        yield f"{refuse.chemin} : refusé, {en_page(ValueError(refuse.raison))}."
