"""Is everything that is kept still what it was; and the files that may be taken away."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final, NamedTuple

import streamlit as st

from assistant.acces import Identite, Refus, Role, Situation, covers, decide
from assistant.configuration import Configuration
from assistant.publication.etat import open_base
from assistant.publication.exports import journal_bytes, rules_bytes
from assistant.publication.verification import Trouble, check_all, checked
from pages_clas import garde
from pages_clas.balises import avis
from pages_clas.textes_actes import Suivi, accomplir, en_page, numero
from pages_clas.textes_tableau import compte, tableau, titre_de_partie

_CONSTAT: Final = "textes_constat"
_TYPES: Final = {"csv": "text/csv", "pdf": "application/pdf"}
_ENTETES: Final = ("Où", "Ce qui ne va pas", "Que faire")


class Constat(NamedTuple):
    """What a check found."""

    troubles: tuple[Trouble, ...]
    compte: str
    """How much was checked."""


def verifier_la_base(configuration: Configuration) -> None:
    """Offer to check all that the base keeps, and show what the last check found."""
    st.html(titre_de_partie("textes-controle", "Vérifier et garder une trace"))
    st.html(
        "<h3>Vérifier la base</h3><p>Chaque fichier, chaque texte et chaque citation en service "
        "est comparé à son empreinte. Rien n'est changé.</p>"
    )
    constat: Constat | None = st.session_state.get(_CONSTAT)
    if constat is not None:
        st.html(_constat_html(constat))
    if not st.button("Vérifier la base", key=f"verifier-{numero()}"):
        return

    def faire(_identite: Identite, suivi: Suivi) -> Constat:
        suivi.dire("Vérification des fichiers, des textes et des citations")
        troubles = check_all(configuration, suivi.avancer)
        constat = Constat(troubles, checked(open_base(configuration)))
        st.session_state[_CONSTAT] = constat
        return constat

    accomplir("verifier", "base des textes", faire, _resume)


def _resume(constat: Constat) -> str:
    if not constat.troubles:
        return f"Base vérifiée, tout est en ordre : {constat.compte}, et les citations en service."
    return (
        f"Base vérifiée : {compte(len(constat.troubles), 'anomalie', 'anomalies')}. La liste est "
        "plus bas."
    )


def _constat_html(constat: Constat) -> str:
    if not constat.troubles:
        return avis("information", "Dernière vérification : tout est en ordre", [constat.compte])
    lignes = [
        (t.ou, en_page(ValueError(t.quoi)), en_page(ValueError(t.remede))) for t in constat.troubles
    ]
    dit = f"Dernière vérification : {compte(len(lignes), 'anomalie', 'anomalies')}"
    return avis("erreur", dit, [constat.compte]) + tableau("Anomalies", _ENTETES, lignes)


def proposer_les_exports(configuration: Configuration) -> None:
    """Offer the audit trail and the rule book, for a spreadsheet and for paper."""
    st.html(
        "<h3>Télécharger</h3><p>Le journal dit qui a fait quoi, et quand. Le livre des règles "
        "donne chaque règle en service, avec les mots des textes qui la fondent. CSV : pour un "
        "tableur. PDF : pour lire et garder.</p>"
    )
    jour = datetime.now(UTC).date()
    for nom, debut, faire in (
        ("Journal", "journal-des-textes", partial(journal_bytes, configuration)),
        ("Livre des règles", "livre-des-regles", partial(rules_bytes, configuration, jour=jour)),
    ):
        with st.container(horizontal=True, key=f"clas-export-{debut}"):
            for forme in _TYPES:
                telecharger(
                    f"{nom}, {forme.upper()}",
                    f"{debut}-{jour}.{forme}",
                    partial(faire, forme),
                )


def telecharger(nom: str, fichier: str, faire: Callable[[], bytes]) -> None:
    """A button that makes a file when it is pressed, for whoever may still have it then."""
    forme = fichier.rpartition(".")[2]
    st.download_button(
        nom,
        data=_reserve("gestionnaire", garde.situation(), faire),
        file_name=fichier,
        mime=_TYPES.get(forme, "text/html"),
        key=f"telecharger-{nom}",
        on_click="ignore",
    )


def _reserve(role: Role, vue: Situation, faire: Callable[[], bytes]) -> Callable[[], bytes]:
    """Judge the request again when the file is made: long after the page was drawn, maybe.

    It is made apart from the page, where nobody asks: what the page was drawn for is judged, at
    the time that it is by then and with the list of roles as it is by then.
    """

    def fait() -> bytes:
        decision = decide(dataclasses.replace(vue, instant=datetime.now(UTC)))
        if isinstance(decision, Refus) or not covers(decision.role, role):
            raise PermissionError("ce fichier demande le rôle de gestionnaire")
        return faire()

    return fait
