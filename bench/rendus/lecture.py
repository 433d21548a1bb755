"""A canonical text made a file in some form, and read back by the loader of its format."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

from bench.rendus.formes import FORMATS, Forme, rendre
from bench.rendus.mesure import Mesure, comparer
from corpus.canonical import build_loaded
from corpus.loading.limits import LIMITES
from corpus.loading.models import DocumentCharge, TexteBrut
from corpus.loading.worker import reader_of
from corpus.models import DocumentCanonique, FicheDocument


@dataclass(frozen=True)
class Lecture:
    """What was read of a file, and what it took."""

    lu: DocumentCanonique
    mesure: Mesure
    pages: int | None
    secondes: float
    """Of the loader alone, in this process."""


def relire(document: DocumentCanonique, forme: Forme, *, reperes: bool = False) -> Lecture:
    """Make a file of a canonical text, read it, and hold what was read against the text.

    ``reperes``: keep what the manifest says of headings and content that the text lost.

    Raises:
        OutilAbsent: the form needs LibreOffice, which is not installed.
        FichierRefuse: the loader does not read the file.
    """
    contenu = rendre(document, forme)
    debut = perf_counter()
    charge = reader_of(FORMATS[forme])(contenu, LIMITES, lambda _fait, _total: None)
    secondes = perf_counter() - debut
    lu = build_loaded(_structure(charge), _fiche(document.fiche, forme, reperes=reperes))
    return Lecture(lu, comparer(document, lu), _structure(charge).pages, secondes)


def _structure(charge: DocumentCharge | TexteBrut) -> DocumentCharge:
    if isinstance(charge, TexteBrut):
        raise TypeError("aucune forme n'est un texte brut")
    return charge


def _fiche(fiche: FicheDocument, forme: Forme, *, reperes: bool) -> FicheDocument:
    """The entry that the rendered file would have: nothing said of its layout nor furniture."""
    made = fiche.model_copy(update={"format": FORMATS[forme], "mise_en_page": None, "mobilier": ()})
    return made if reperes else made.model_copy(update={"lacunes": (), "titres_restitues": ()})
