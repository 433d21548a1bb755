"""Files that pass through LibreOffice: PDF, DOCX and ODT as an office program writes them."""

from __future__ import annotations

import io
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt

from corpus.models import FicheDocument

_PATIENCE = 120.0
"""Seconds left to LibreOffice for a file; the first one also makes its profile."""


class OutilAbsent(RuntimeError):
    """LibreOffice is not there, or gave nothing."""


def convertir(docx: bytes, fiche: FicheDocument, sortie: Literal["pdf", "docx", "odt"]) -> bytes:
    """Have LibreOffice write a DOCX as a file, once it has what offices give their documents.

    That is A4 pages, a running header, a footer with the page number, and ruled tables.

    Raises:
        OutilAbsent: LibreOffice is not installed, or fails.
    """
    soffice = shutil.which("soffice")
    if soffice is None:
        raise OutilAbsent(
            "soffice est introuvable : les formes « lo- » demandent LibreOffice"
            " (Debian : apt-get install libreoffice-writer)"
        )
    with TemporaryDirectory() as dossier:
        entree, ecrit = Path(dossier) / "rendu.docx", Path(dossier) / "sortie"
        entree.write_bytes(_habiller(docx, fiche))
        commande = [
            soffice,
            f"-env:UserInstallation={Path(_profil().name).as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            sortie,
            "--outdir",
            str(ecrit),
            str(entree),
        ]
        try:
            fini = subprocess.run(
                commande, check=False, capture_output=True, text=True, timeout=_PATIENCE
            )
        except subprocess.TimeoutExpired as erreur:
            raise OutilAbsent(f"soffice ne répond pas en {_PATIENCE:.0f} s") from erreur
        resultat = ecrit / f"rendu.{sortie}"
        if not resultat.is_file():
            raise OutilAbsent(f"soffice n'a pas écrit {resultat.name} : {fini.stderr.strip()}")
        return resultat.read_bytes()


@lru_cache(maxsize=1)
def _profil() -> TemporaryDirectory[str]:
    """A profile of its own, kept for the process: no open LibreOffice is disturbed."""
    return TemporaryDirectory(prefix="profil-bureau-")


def _habiller(docx: bytes, fiche: FicheDocument) -> bytes:
    document = Document(io.BytesIO(docx))
    corps = document.styles["Normal"].font
    corps.name, corps.size = "Liberation Serif", Pt(11)
    for proprietes in document.element.body.iter(qn("w:tblPr")):
        proprietes.append(_bordures())
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.header.is_linked_to_previous = False
        section.header.paragraphs[0].text = f"{fiche.titre_court} – {fiche.editeur}"
        section.footer.is_linked_to_previous = False
        section.footer.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        pied = next(section.footer.part.element.iter(qn("w:p")))
        for mots, champ in (("page ", "PAGE"), (" sur ", "NUMPAGES")):
            pied.append(_passage(mots))
            pied.append(_champ(champ))
    ecrit = io.BytesIO()
    document.save(ecrit)
    return ecrit.getvalue()


def _bordures() -> BaseOxmlElement:
    bordures = OxmlElement("w:tblBorders")
    for cote in ("top", "left", "bottom", "right", "insideH", "insideV"):
        trait = OxmlElement(f"w:{cote}")
        trait.set(qn("w:val"), "single")
        trait.set(qn("w:sz"), "4")
        bordures.append(trait)
    return bordures


def _passage(mots: str) -> BaseOxmlElement:
    passage, texte = OxmlElement("w:r"), OxmlElement("w:t")
    texte.set(qn("xml:space"), "preserve")
    texte.text = mots
    passage.append(texte)
    return passage


def _champ(instruction: str) -> BaseOxmlElement:
    champ = OxmlElement("w:fldSimple")
    champ.set(qn("w:instr"), instruction)
    return champ
