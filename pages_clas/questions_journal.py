"""The log of questions that the pages share."""

from __future__ import annotations

import os

import streamlit as st

from assistant.configuration import (
    LOG_DAYS_VARIABLE,
    LOG_VARIABLE,
    Configuration,
    read_configuration,
)
from assistant.questions_posees.gardien import Gardien, open_keeper


def le_journal() -> Gardien:
    """The log of this server, where what is past its period was erased today."""
    configuration = read_configuration()
    journal = _ouvrir(
        configuration, os.environ.get(LOG_VARIABLE, ""), os.environ.get(LOG_DAYS_VARIABLE, "")
    )
    journal.entretenir()
    return journal


@st.cache_resource(
    show_spinner=False,
    max_entries=1,
    hash_funcs={
        Configuration: lambda configuration: f"{configuration.donnees} {configuration.magasin!r}"
    },
)
def _ouvrir(
    configuration: Configuration,
    actif: str,  # noqa: ARG001 - what the cache goes by
    jours: str,  # noqa: ARG001 - the same
) -> Gardien:
    return open_keeper(configuration)
