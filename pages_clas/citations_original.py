"""The document as it came, beside the text that is quoted: a drawn page, or readable blocks."""

from __future__ import annotations

import base64
import threading
from typing import Final

import streamlit as st

from assistant.verification.page_image import PageIllisible, draw_page, pages_of
from assistant.verification.page_worker import DessinDemande
from corpus.base.store import Base, BaseInutilisable
from corpus.canonical import source_offset
from corpus.library import SOURCES
from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import LIMITES
from corpus.loading.plain import read_plain
from corpus.manifest import ManifesteInutilisable, read_source
from corpus.models import Boite, DocumentCanonique
from pages_clas.balises import avis, marquer, surligner
from pages_clas.texte_html import texte_html

_AUTOUR: Final = 500
"""Characters of the source shown on either side."""
_BLOCS: Final = 4
"""Blocks shown on either side."""
_FORMATS: Final = {"docx": "DOCX", "odt": "ODT", "html": "HTML", "markdown": "Markdown"}
_DESSINS: Final = threading.BoundedSemaphore(2)
"""Pages drawn at once, for all visits."""


def original_html(document: DocumentCanonique, debut: int, fin: int, base: Base) -> str:
    """Show the original around ``debut:fin``: never its own HTML, never a program of its own."""
    fiche = document.fiche
    try:
        if fiche.format == "pdf":
            return _pages_html(document, debut, fin, base)
        if fiche.format == "texte":
            return _source_html(document, debut, fin, base)
    except (BaseInutilisable, ManifesteInutilisable, FichierRefuse, PageIllisible) as error:
        return avis("attention", "Le document d'origine ne peut pas être montré", [str(error)])
    nom = _FORMATS[fiche.format]
    return (
        f'<p class="clas-note">Le document d\'origine est un fichier {nom} : voici ses '
        f"paragraphes, lisibles, sans sa mise en page.</p>{blocks_html(document, debut, fin)}"
    )


def blocks_html(document: DocumentCanonique, debut: int, fin: int, autour: int = _BLOCS) -> str:
    """Render the blocks around ``debut:fin``, its words marked."""
    rangs = [
        rang for rang, bloc in enumerate(document.blocs) if bloc.debut < fin and bloc.fin > debut
    ]
    if not rangs:
        return ""
    premier, dernier = max(0, rangs[0] - autour), rangs[-1] + autour + 1
    blocs = document.blocs[premier:dernier]
    trous = tuple(t for t in document.trous if blocs[0].debut <= t.position <= blocs[-1].fin)
    montre = document.model_copy(update={"blocs": blocs, "trous": trous})
    return texte_html(montre, [marquer(document.texte, debut, fin, "citation")])


def _pages_html(document: DocumentCanonique, debut: int, fin: int, base: Base) -> str:
    content = base.read_file(document.fiche.sha256)
    pages = pages_of(document, debut, fin)
    if not pages:
        raise PageIllisible("la place de ces mots dans le fichier n'est pas connue")
    return "".join(
        _page_html(_dessiner(document.fiche.sha256, page, boites, content), page)
        for page, boites in pages
    )


def _page_html(image: bytes, page: int) -> str:
    donnees = base64.b64encode(image).decode("ascii")
    return (
        f'<figure class="clas-original"><img src="data:image/png;base64,{donnees}" '
        f"alt=\"Page {page} du document d'origine ; les mots cités, encadrés, sont ceux du texte "
        f"montré sur cette page\"><figcaption>Page {page} du document d'origine</figcaption>"
        "</figure>"
    )


@st.cache_data(max_entries=32, show_spinner="Dessin de la page…")
def _dessiner(
    empreinte: str,  # noqa: ARG001 - what the cache goes by
    page: int,
    boites: tuple[Boite, ...],
    _content: bytes,
) -> bytes:
    with _DESSINS:
        return draw_page(_content, DessinDemande(page=page, boites=boites))


def _source_html(document: DocumentCanonique, debut: int, fin: int, base: Base) -> str:
    source = _source(document, base)
    bas, haut = source_offset(document, debut), source_offset(document, fin - 1) + 1
    if not 0 <= bas < haut <= len(source):
        raise ManifesteInutilisable("la place de ces mots dans le fichier n'est pas connue")
    marque = marquer(source, bas, haut, "trouve")
    autour = max(0, bas - _AUTOUR), min(len(source), haut + _AUTOUR)
    return (
        '<p class="clas-note">Le fichier reçu est du texte : le voici tel quel, avec les traces '
        "de son extraction.</p>"
        f'<p class="clas-mots clas-source">…{surligner(source, *autour, [marque])}…</p>'
    )


def _source(document: DocumentCanonique, base: Base) -> str:
    """The source that a text was made of: kept in the base, or shipped with the program."""
    try:
        content = base.read_file(document.fiche.sha256)
    except BaseInutilisable:
        return read_source(document.fiche, SOURCES)
    return read_plain(content, LIMITES, lambda _done, _total: None).texte
