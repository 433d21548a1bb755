"""What the pages of a process tell an operator: one observer, that all of them share."""

from __future__ import annotations

import logging
import os
import threading
from functools import lru_cache
from typing import Final

import streamlit as st

from assistant.configuration import read_configuration
from assistant.observation.metriques import Metriques
from assistant.observation.observateur import Observateur, ouvrir_observateur

_ERREURS: Final = "streamlit.error_util"
"""Logger where Streamlit tells of a page, a gesture or a fragment that raised."""
# Two visits may be the first together.
_OUVERTURE: Final = threading.Lock()


class CompteurErreurs(logging.Handler):
    """Counts the pages that an error interrupted, by the class of the error alone."""

    def __init__(self, metriques: Metriques) -> None:
        super().__init__(logging.ERROR)
        self._metriques = metriques

    def emit(self, record: logging.LogRecord) -> None:
        """Count one."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            self._metriques.erreur(type(error).__name__)


def observateur() -> Observateur:
    """The one of this process."""
    with _OUVERTURE:
        return _ouvrir()


@lru_cache(maxsize=1)
def _ouvrir() -> Observateur:
    port = st.get_option("server.port")
    ouvert = ouvrir_observateur(os.environ, port if isinstance(port, int) else None).observateur
    # Else Streamlit draws an error, its words and those around it, on the standard output.
    st.set_option("logger.enableRich", False)  # noqa: FBT003 - as Streamlit names it
    logging.getLogger(_ERREURS).addHandler(CompteurErreurs(ouvert.metriques))
    ouvert.demarrer(read_configuration())
    return ouvert
