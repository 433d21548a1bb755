"""The settings of a server that starts: those that cannot be used are told, and it does not."""

from __future__ import annotations

import logging
import os
import sys

import streamlit as st

from assistant.configuration import Configuration, read_configuration
from assistant.observation.observateur import ouvrir_observateur
from corpus.magasin.adresse import MagasinMalRegle

INUTILISABLE = 2
"""Exit status of a process whose settings cannot be used, as that of the commands."""
_LOG = logging.getLogger("clas.processus")


def reglages_du_serveur() -> Configuration:
    """The settings of this process.

    Raises:
        SystemExit: they cannot be used. One French sentence says why, where an operator reads what
            this process logs, and on the standard error: a trace would be no help there.
    """
    try:
        return read_configuration()
    except MagasinMalRegle as error:
        dit = f"{error}."
    port = st.get_option("server.port")
    ouvert = ouvrir_observateur(os.environ, port if isinstance(port, int) else None)
    if ouvert.prise is not None:
        _LOG.critical(dit)
    if ouvert.prise is None or ouvert.observateur.reglage.fichier is not None:
        sys.stderr.write(f"{dit}\n")
    raise SystemExit(INUTILISABLE)
