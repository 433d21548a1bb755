"""Forms in which a canonical text is made a file, and the one function that makes it."""

from __future__ import annotations

from typing import Literal, get_args

from bench.rendus import bureau, pandoc, site, typst_pdf
from bench.rendus.arbre import arbre
from bench.rendus.bureau import OutilAbsent
from corpus.models import DocumentCanonique, Format

Forme = Literal[
    "typst-1",
    "typst-2",
    "pandoc-docx",
    "pandoc-odt",
    "pandoc-md",
    "site-html",
    "lo-pdf",
    "lo-docx",
    "lo-odt",
]
FORMES: tuple[Forme, ...] = get_args(Forme)
LONGUES: tuple[Forme, ...] = ("lo-pdf", "lo-docx", "lo-odt")
"""Those that take seconds a file (LibreOffice)."""
FORMATS: dict[Forme, Format] = {
    "typst-1": "pdf",
    "typst-2": "pdf",
    "pandoc-docx": "docx",
    "pandoc-odt": "odt",
    "pandoc-md": "markdown",
    "site-html": "html",
    "lo-pdf": "pdf",
    "lo-docx": "docx",
    "lo-odt": "odt",
}

__all__ = ["FORMATS", "FORMES", "LONGUES", "Forme", "OutilAbsent", "rendre"]


def rendre(document: DocumentCanonique, forme: Forme) -> bytes:
    """Make a file of a canonical text.

    Raises:
        OutilAbsent: the form needs LibreOffice, which is not installed.
    """
    noeuds, fiche = arbre(document), document.fiche
    match forme:
        case "typst-1":
            return typst_pdf.en_pdf(noeuds, fiche, colonnes=1)
        case "typst-2":
            return typst_pdf.en_pdf(noeuds, fiche, colonnes=2)
        case "pandoc-docx":
            return pandoc.en_fichier(noeuds, "docx")
        case "pandoc-odt":
            return pandoc.en_fichier(noeuds, "odt")
        case "pandoc-md":
            return pandoc.en_fichier(noeuds, "md")
        case "site-html":
            return site.en_page(noeuds, fiche)
        case "lo-pdf":
            return bureau.convertir(pandoc.en_fichier(noeuds, "docx"), fiche, "pdf")
        case "lo-docx":
            return bureau.convertir(pandoc.en_fichier(noeuds, "docx"), fiche, "docx")
        case "lo-odt":
            return bureau.convertir(pandoc.en_fichier(noeuds, "docx"), fiche, "odt")
