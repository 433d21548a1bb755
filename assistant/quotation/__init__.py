"""Word for word or not at all: where quotations stand, and the gate of every answer."""

from assistant.quotation.controle import (
    SEPARATEUR_DE_SECTION,
    CorpusAltere,
    ReponseRefusee,
    ReponseScellee,
    Verificateur,
    sceller,
    verifier,
)
from assistant.quotation.localisation import IndexCitation, localiser, localiser_partout
from assistant.quotation.models import Localisation, Motif, Refus

__all__ = [
    "SEPARATEUR_DE_SECTION",
    "CorpusAltere",
    "IndexCitation",
    "Localisation",
    "Motif",
    "Refus",
    "ReponseRefusee",
    "ReponseScellee",
    "Verificateur",
    "localiser",
    "localiser_partout",
    "sceller",
    "verifier",
]
