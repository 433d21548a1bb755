"""Read a file in its process, and tell how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import LIMITES, Limites
from corpus.loading.models import DocumentCharge, TexteBrut
from corpus.loading.opening import load_bytes, load_file


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
