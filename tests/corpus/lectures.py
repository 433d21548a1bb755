"""Read a file in its process, and tell how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import LIMITES, Limites
from corpus.loading.models import DocumentCharge, TexteBrut
from corpus.loading.opening import load_bytes, load_file
from corpus.loading.pepiniere import Pepiniere

_PEPINIERE = Pepiniere()
"""Readers that are forked, for tests of what is read: from nothing, each would import the parsers
again (``test_loading_pepiniere.py`` holds both ways to the same reading and bounds)."""


def read(content: bytes, name: str) -> DocumentCharge | TexteBrut:
    """Read a file in a process forked from one where the parsers are loaded."""
    return load_bytes(content, name, pepiniere=_PEPINIERE)


def refused(content: bytes, name: str, limites: Limites = LIMITES) -> FichierRefuse:
    with pytest.raises(FichierRefuse) as caught:
        load_bytes(content, name, limites)
    return caught.value


def refused_file(path: Path) -> FichierRefuse:
    with pytest.raises(FichierRefuse) as caught:
        load_file(path)
    return caught.value


def words_of(charge: DocumentCharge | TexteBrut) -> str:
    if isinstance(charge, TexteBrut):
        return charge.texte
    return "\n".join(bloc.contenu.texte for bloc in charge.blocs)
