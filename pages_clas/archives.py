"""The texts that earlier answers and old links quote, as they were, and how they left service."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from assistant.configuration import Configuration, read_configuration
from assistant.publication.etat import open_base, version_in_service
from assistant.verification.texts import out_of_service
from assistant.verification.words import say_replacement
from corpus.base.store import BaseInutilisable
from corpus.models import DocumentCanonique
from index.storage import current_version


class TexteCite(NamedTuple):
    """A text that is quoted: as it was on the day, and what became of it."""

    document: DocumentCanonique | None
    """None where it is no longer kept, or no longer what it was."""
    parti: str | None
    """« Texte remplacé le … », in a sentence; None while it is in service."""


def texte_cite(nom: str, version: str, en_service: Mapping[str, DocumentCanonique]) -> TexteCite:
    """Find the text of a quotation: among those in service, else in what the base keeps."""
    present = en_service.get(nom)
    if present is not None and present.version == version:
        return TexteCite(present, None)
    configuration = read_configuration()
    try:
        document = open_base(configuration).read_text(nom, version)
    except BaseInutilisable:
        document = None
    sorties = _sorties(str(configuration.donnees), current_version(configuration.dossier_index))
    return TexteCite(document, sorties.get((nom, version), "Ce texte n'est plus en service."))


@st.cache_data(show_spinner=False, max_entries=2)
def _sorties(
    donnees: str,
    version: str | None,  # noqa: ARG001 - what the cache goes by
) -> dict[tuple[str, str], str]:
    """Why each text that is not in service left it, by document and version of the text."""
    configuration = Configuration(donnees=Path(donnees), modele=None)
    present = version_in_service(configuration)
    if present is None:
        return {}
    anciens = out_of_service(open_base(configuration).versions(), present)
    return {(a.fiche.id, a.version): say_replacement(a.remplacement) for a in anciens}
