"""The report as a Word document: real headings, tables with header rows, French throughout."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Final

from docx import Document
from docx.document import Document as DocumentWord
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from assistant.eligibility.models import Verdict
from assistant.eligibility.report.models import (
    Barres,
    Bloc,
    Calcul,
    Citations,
    Definitions,
    Encadre,
    Fiche,
    Liste,
    Paragraphe,
    Rapport,
    SousTitre,
    Tableau,
)
from assistant.eligibility.report.wording import lire_textes
from assistant.eligibility.schema import Statut

_LANGUE: Final = "fr-FR"
_POLICE: Final = "Calibri"
_BLEU: Final = RGBColor(0x17, 0x37, 0x5E)
_GRIS: Final = RGBColor(0x55, 0x5B, 0x63)
_FOND: Final = "F3F5F8"
_LARGEUR: Final = 16.6
"""Width of the text, in centimetres."""
_TEINTES: Final[dict[Verdict | Statut, RGBColor]] = {
    "eligible": RGBColor(0x1C, 0x64, 0x38),
    "eligible_sous_reserve": RGBColor(0x7A, 0x4B, 0x00),
    "non_eligible": RGBColor(0x9B, 0x1C, 0x1C),
    "incomplet": RGBColor(0x3F, 0x4A, 0x5A),
    "conforme": RGBColor(0x1C, 0x64, 0x38),
    "sous_reserve": RGBColor(0x7A, 0x4B, 0x00),
    "alerte": RGBColor(0x7A, 0x4B, 0x00),
    "non_conforme": RGBColor(0x9B, 0x1C, 0x1C),
    "a_renseigner": RGBColor(0x3F, 0x4A, 0x5A),
    "sans_objet": RGBColor(0x55, 0x5B, 0x63),
}
_NORMAL: Final = "Normal"
_TITRE: Final = "Title"
_SOUS_TITRE: Final = "Subtitle"
_NIVEAU_1, _NIVEAU_2, _NIVEAU_3 = "Heading1", "Heading2", "Heading3"
_PUCE: Final = "ListBullet"
_CALCUL: Final = "List"
_CITATION: Final = "Quote"
_LEGENDE: Final = "Caption"
_NOTE, _SOURCE, _DEFINITION, _CELLULE = "Note", "Source", "Definition", "Cellule"
_RESTES: Final = ("/thumbnail", "/extended-properties", "/customXml", "/stylesWithEffects")
"""Parts of the library's template that say nothing of the report, by the kind of their link."""
_PROPRIETE_MAXIMUM: Final = 255
"""Longest text that a property of an Office file may hold."""


def en_word(rapport: Rapport) -> bytes:
    """Lay the report out. The same report always gives the same bytes."""
    document = Document()
    _preparer(document, rapport)
    _paragraphe(document, rapport.sous_titre, _SOUS_TITRE)
    _paragraphe(document, rapport.titre, _TITRE)
    _definitions(document, rapport.identite)
    for section in rapport.sections:
        _paragraphe(document, section.intitule, _NIVEAU_1)
        for bloc in section.blocs:
            _ajouter(document, bloc)
    return _figer(document)


def _ajouter(document: DocumentWord, bloc: Bloc) -> None:  # noqa: C901, PLR0912 - one case each
    match bloc:
        case Paragraphe():
            _paragraphe(document, bloc.texte, _NOTE if bloc.note else _NORMAL)
        case SousTitre():
            _paragraphe(document, bloc.texte, _NIVEAU_2)
        case Definitions():
            _definitions(document, bloc)
        case Tableau():
            _tableau(document, bloc)
        case Liste():
            for element in bloc.elements:
                _paragraphe(document, element, _PUCE)
        case Calcul():
            for ligne in bloc.lignes:
                _paragraphe(document, ligne, _CALCUL)
        case Citations():
            _citations(document, bloc)
        case Encadre():
            _encadre(document, bloc)
        case Fiche():
            titre = _paragraphe(document, bloc.titre, _NIVEAU_3)
            titre.add_run(f" – {bloc.signe}\u00a0{bloc.mot}").font.color.rgb = _TEINTES[bloc.statut]
            for partie in bloc.blocs:
                _ajouter(document, partie)
        case Barres():
            # The table that follows holds the same amounts and shares.
            _paragraphe(document, bloc.description)


def _paragraphe(document: DocumentWord, texte: str, style: str = _NORMAL) -> Paragraph:
    paragraphe = document.add_paragraph(texte)
    _habiller(paragraphe, style)
    return paragraphe


def _habiller(paragraphe: Paragraph, style: str) -> None:
    """Give a style by its identifier: python-docx goes through every style for each paragraph."""
    paragraphe._p.style = style  # noqa: SLF001 - python-docx has no other way


def _definitions(document: DocumentWord, bloc: Definitions) -> None:
    for nom, valeur in bloc.lignes:
        ligne = _paragraphe(document, "", _DEFINITION)
        ligne.add_run(f"{nom}{lire_textes().mot('deux_points')}").font.color.rgb = _GRIS
        ligne.add_run(valeur)


def _citations(document: DocumentWord, bloc: Citations) -> None:
    for citation in bloc.citations:
        extrait = _paragraphe(document, f"«\u00a0{citation.extrait}\u00a0»", _CITATION)
        extrait.paragraph_format.keep_with_next = True
        _paragraphe(document, citation.source, _SOURCE)


def _encadre(document: DocumentWord, bloc: Encadre) -> None:
    mot = _paragraphe(document, "")
    mot.paragraph_format.keep_with_next = True
    run = mot.add_run(bloc.mot)
    run.bold, run.font.size, run.font.color.rgb = True, Pt(18), _TEINTES[bloc.verdict]
    _paragraphe(document, bloc.sens).paragraph_format.keep_with_next = True
    _paragraphe(document, bloc.avertissement, _NOTE)


def _tableau(document: DocumentWord, bloc: Tableau) -> None:
    if bloc.legende:
        _paragraphe(document, bloc.legende, _LEGENDE).paragraph_format.keep_with_next = True
    largeur = len(bloc.entetes)
    table = document.add_table(1 + len(bloc.lignes), largeur, style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    cellules = tuple(cellule for rangee in table.rows for cellule in rangee.cells)
    _remplir(cellules[:largeur], bloc.entetes, bloc, gras=True)
    _marquer_entete(table)
    for rang, ligne in enumerate(bloc.lignes):
        debut = (rang + 1) * largeur
        gras = rang in bloc.totaux
        _remplir(cellules[debut : debut + largeur], ligne, bloc, gras=gras)
    _paragraphe(document, "", _SOURCE)


def _remplir(
    cellules: tuple[_Cell, ...], textes: tuple[str, ...], bloc: Tableau, *, gras: bool
) -> None:
    for colonne, (cellule, texte) in enumerate(zip(cellules, textes, strict=True)):
        paragraphe: Paragraph = cellule.paragraphs[0]
        _habiller(paragraphe, _CELLULE)
        paragraphe.add_run(texte).bold = gras or None
        if colonne in bloc.chiffres:
            paragraphe.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _marquer_entete(table: Table) -> None:
    """Mark the first row as the header: screen readers name columns by it, and it is repeated."""
    proprietes = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no other way
    proprietes.append(_element("w:tblHeader"))
    for cellule in table.rows[0].cells:
        ombre = _element("w:shd", val="clear", color="auto", fill=_FOND)
        cellule._tc.get_or_add_tcPr().append(ombre)  # noqa: SLF001 - idem
    regard = table._tbl.tblPr.find(qn("w:tblLook"))  # noqa: SLF001 - idem
    if regard is not None:
        regard.set(qn("w:firstColumn"), "0")


def _preparer(document: DocumentWord, rapport: Rapport) -> None:
    proprietes = document.core_properties
    midi = dt.datetime.combine(rapport.jour, dt.time(12))
    proprietes.title = f"{rapport.titre} – {rapport.porteur}"[:_PROPRIETE_MAXIMUM]
    proprietes.author = proprietes.last_modified_by = rapport.porteur[:_PROPRIETE_MAXIMUM]
    proprietes.subject, proprietes.language = rapport.sous_titre, _LANGUE
    proprietes.comments = proprietes.keywords = proprietes.category = ""
    proprietes.created = proprietes.modified = midi
    proprietes.revision = 1
    _oter_les_restes(document)
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm((21 - _LARGEUR) / 2)
    page.top_margin = page.bottom_margin = Cm(2)
    _styles(document)
    _pied(document, rapport)


def _oter_les_restes(document: DocumentWord) -> None:
    """Drop what the library's own template brings: its thumbnail, application, sources, effects."""
    partie = document.part
    for relations in (partie.package.rels, partie.rels):
        for nom in [n for n, r in relations.items() if r.reltype.endswith(_RESTES)]:
            del relations[nom]
    langue = document.settings.element.find(qn("w:themeFontLang"))
    if langue is not None:
        langue.set(qn("w:val"), _LANGUE)
        langue.attrib.pop(qn("w:eastAsia"), None)


def _styles(document: DocumentWord) -> None:
    defauts = document.styles.element.find(qn("w:docDefaults"))
    langue = defauts.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}/{qn('w:lang')}")
    for attribut in ("w:val", "w:eastAsia"):
        langue.set(qn(attribut), _LANGUE)
    normal = document.styles["Normal"]
    _police(normal, 10.5, None, avant=0, apres=5)
    for nom, taille, avant in (("Title", 22, 0), ("Heading 1", 15, 16), ("Heading 2", 12.5, 11)):
        _police(document.styles[nom], taille, _BLEU, avant=avant, apres=5)
    _police(document.styles["Heading 3"], 11, RGBColor(0x1B, 0x1F, 0x24), avant=10, apres=3)
    _police(document.styles[_SOUS_TITRE], 11, _GRIS, avant=0, apres=0)
    _police(document.styles[_LEGENDE], 10, None, avant=6, apres=3)
    _police(document.styles[_CITATION], 10, RGBColor(0x1B, 0x1F, 0x24), avant=3, apres=0)
    document.styles[_CITATION].font.italic = False
    document.styles[_CITATION].paragraph_format.left_indent = Cm(0.6)
    _police(document.styles[_CALCUL], 10.5, None, avant=0, apres=2)
    document.styles[_CALCUL].paragraph_format.left_indent = Cm(0.6)
    document.styles[_CALCUL].paragraph_format.first_line_indent = Cm(0)
    for nom, taille, couleur, retrait, apres in (
        (_NOTE, 9.5, _GRIS, 0, 5),
        (_SOURCE, 9, _GRIS, 0.6, 5),
        (_DEFINITION, 10.5, None, 0, 1.5),
        (_CELLULE, 10, None, 0, 1),
    ):
        style = document.styles.add_style(nom, 1)
        style.base_style = normal
        _police(style, taille, couleur, avant=0, apres=apres)
        style.paragraph_format.left_indent = Cm(retrait)


def _police(
    style: ParagraphStyle, taille: float, couleur: RGBColor | None, *, avant: float, apres: float
) -> None:
    style.font.name, style.font.size = _POLICE, Pt(taille)
    polices = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribut in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        polices.attrib.pop(qn(f"w:{attribut}"), None)
    for attribut in ("ascii", "hAnsi", "eastAsia", "cs"):
        polices.set(qn(f"w:{attribut}"), _POLICE)
    if couleur is not None:
        style.font.color.rgb = couleur
    style.paragraph_format.space_before = Pt(avant)
    style.paragraph_format.space_after = Pt(apres)


def _pied(document: DocumentWord, rapport: Rapport) -> None:
    paragraphe = document.sections[0].footer.paragraphs[0]
    avant, entre, apres = _decouper(lire_textes().mot("page_sur"))
    paragraphe.add_run(f"{rapport.pied} – {avant}")
    _champ(paragraphe, "PAGE")
    paragraphe.add_run(entre)
    _champ(paragraphe, "NUMPAGES")
    paragraphe.add_run(apres)
    for run in paragraphe.runs:
        run.font.size, run.font.color.rgb = Pt(8.5), _GRIS


def _decouper(gabarit: str) -> tuple[str, str, str]:
    avant, _, reste = gabarit.partition("{n}")
    entre, _, apres = reste.partition("{total}")
    return avant, entre, apres


def _champ(paragraphe: Paragraph, nom: str) -> None:
    """Add a field that the reader computes: the page, the number of pages."""
    champ = _element("w:fldSimple", instr=nom)
    run, texte = _element("w:r"), _element("w:t")
    texte.text = "1"
    run.append(texte)
    champ.append(run)
    paragraphe._p.append(champ)  # noqa: SLF001 - python-docx has no other way


def _element(nom: str, **attributs: str) -> BaseOxmlElement:
    element = OxmlElement(nom)
    for cle, valeur in attributs.items():
        element.set(qn(f"w:{cle}"), valeur)
    return element


def _figer(document: DocumentWord) -> bytes:
    """Write the archive with the same date on every part, so that bytes depend on content alone."""
    ecrit, fige = io.BytesIO(), io.BytesIO()
    document.save(ecrit)
    with zipfile.ZipFile(ecrit) as source, zipfile.ZipFile(fige, "w") as cible:
        for partie in source.infolist():
            entree = zipfile.ZipInfo(partie.filename, date_time=(1980, 1, 1, 0, 0, 0))
            entree.compress_type = zipfile.ZIP_DEFLATED
            cible.writestr(entree, source.read(partie.filename))
    return fige.getvalue()
