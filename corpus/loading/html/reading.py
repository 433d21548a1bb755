"""Read a page, or a part of one, as a structured document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import shorten
from typing import Literal

from corpus.loading.encoding import decode
from corpus.loading.errors import FichierRefuse
from corpus.loading.html.blocks import Lecteur
from corpus.loading.html.content import find_content
from corpus.loading.html.notes import Notes, find_notes
from corpus.loading.html.tree import Noeud, descendants, parse, texte_de
from corpus.loading.html.visibility import Retire, keep_visible
from corpus.loading.html.words import clean
from corpus.loading.html.writer import Bloc
from corpus.loading.limits import Advance, Limites
from corpus.loading.models import DocumentCharge

_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")
_HEAD = 16 * 1024
_ARCHIVE = re.compile(rb"\A(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){1,40}", re.IGNORECASE)
_FEW_WORDS = 30
_LONGEST_TOLD = 80
_MOST_TOLD = 5
_MANY_SCRIPTS = 3
_TITLES = ("dcterms.title", "dc.title", "citation_title", "og:title")
_AUTHORS = ("author", "dcterms.creator", "dc.creator", "citation_author", "article:author")
_DATES = (
    "dcterms.date",
    "dcterms.issued",
    "dc.date",
    "article:published_time",
    "date",
    "dcterms.modified",
    "article:modified_time",
    "last-modified",
)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_FRENCH = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")


def read_html(content: bytes, limits: Limites, advance: Advance) -> DocumentCharge:
    """Read the main text of a page.

    Raises:
        FichierRefuse: ``vide``, ``inconnu`` (a binary file, a web archive), ``trop_gros``,
            ``trop_imbrique``.
    """
    advance(0, 1)
    _refuse_archive(content)
    text, _, remarks = decode(content, limits, declared=_declared(content))
    page = parse(text, limits, advance)
    properties = _properties(page)
    page.attributs["titre"] = properties.get("titre", "")
    frames = sum(n.tag == "frame" for n in descendants(page))
    removed = keep_visible(page)
    advance(1, 4)
    notes = find_notes(page)
    advance(2, 4)
    root, doubts = find_content(page)
    advance(3, 4)
    blocs, buttons = _blocks(root, notes, limits)
    if not any(bloc.texte for bloc in blocs):
        raise FichierRefuse("vide", _empty(removed, frames))
    words = sum(len(bloc.texte.split()) for bloc in blocs)
    if words < _FEW_WORDS and removed.scripts >= _MANY_SCRIPTS:
        few = (
            f"la page n'a que {words} mots et {removed.scripts} scripts : une part de son texte "
            "ne s'affiche sans doute que dans un navigateur"
        )
        doubts = (*doubts, few)
    return build(blocs, "html", properties, [*remarks, *doubts, *_told(blocs, removed, buttons)])


def read_fragment(fragment: str, limits: Limites, advance: Advance) -> tuple[list[Bloc], list[str]]:
    """Read a part of a page without looking for its main text; its blocks and remarks."""
    page = parse(fragment, limits, advance)
    removed = keep_visible(page)
    blocs, buttons = _blocks(page, find_notes(page), limits)
    return blocs, _told(blocs, removed, buttons)


def build(
    blocs: Sequence[Bloc],
    form: Literal["html", "markdown"],
    properties: dict[str, str],
    remarks: Sequence[str],
) -> DocumentCharge:
    """The document that some blocks, at least one, make."""
    return DocumentCharge(
        format=form,
        blocs=tuple(bloc.ecrire() for bloc in blocs),
        proprietes=properties,
        remarques=tuple(remarks),
    )


def _blocks(root: Noeud, notes: Notes, limits: Limites) -> tuple[list[Bloc], list[str]]:
    """Its blocks, and the words of the buttons left out."""
    reader = Lecteur(notes)
    try:
        return reader.lire_page(root), reader.boutons
    except RecursionError as error:
        # Some elements cost more of the stack than others (a heading in a cell in a heading).
        raise FichierRefuse(
            "trop_imbrique",
            "la page emboîte titres, tableaux et notes au-delà de ce qui est lu ; "
            f"l'emboîtement accepté est de {limits.imbrication} niveaux au plus",
        ) from error


def _declared(content: bytes) -> str | None:
    head = content[:_HEAD]
    found = _XML_CHARSET.search(head) or _CHARSET.search(head)
    return found.group(1).decode("ascii") if found else None


def _refuse_archive(content: bytes) -> None:
    headers = _ARCHIVE.match(content[:_HEAD].replace(b"\r\n", b"\n"))
    if headers and b"multipart/related" in headers.group().lower():
        raise FichierRefuse(
            "inconnu",
            "c'est une page web archivée (MHTML), qui n'est pas lue ; dans le navigateur, "
            "enregistrez la page au format « Page web, HTML uniquement »",
        )


def _properties(page: Noeud) -> dict[str, str]:
    said: dict[str, str] = {}
    title = ""
    for noeud in descendants(page):
        if (
            noeud.tag == "title"
            and not title
            and (noeud.parent is None or noeud.parent.tag != "svg")
        ):
            title = clean(texte_de(noeud))
        if noeud.tag == "meta":
            name = noeud.lire("name") or noeud.lire("property") or noeud.lire("itemprop")
            said.setdefault(name.lower(), clean(noeud.lire("content")))
    found = {
        "titre": title or next((said[n] for n in _TITLES if said.get(n)), ""),
        "auteur": next((said[n] for n in _AUTHORS if said.get(n)), ""),
        "date": next((d for d in (iso_date(said.get(n, "")) for n in _DATES) if d), ""),
    }
    return {name: value for name, value in found.items() if value}


def iso_date(said: str) -> str:
    """A date as ISO 8601 writes it; empty where none is found."""
    iso, french = _ISO.search(said), _FRENCH.search(said)
    if iso:
        year, month, day = iso.groups()
    elif french:
        day, month, year = french.groups()
    else:
        return ""
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):  # noqa: PLR2004 - months, days
        return ""
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _empty(removed: Retire, frames: int) -> str:
    if frames:
        return (
            "la page n'est qu'un assemblage de cadres, sans texte à elle ; "
            "enregistrez la page de l'un de ses cadres"
        )
    if removed.scripts:
        return (
            "la page ne contient aucun texte : elle ne l'affiche que par JavaScript "
            f"({removed.scripts} script{'s' * (removed.scripts > 1)}) ; ouvrez-la dans un "
            "navigateur et enregistrez-la une fois affichée, ou imprimez-la en PDF"
        )
    return "la page ne contient aucun texte"


def _told(blocs: Sequence[Bloc], removed: Retire, buttons: Sequence[str]) -> list[str]:
    told = []
    holes = [hole for bloc in blocs for hole in bloc.trous]
    if holes:
        shown = " ; ".join(dict.fromkeys(holes))
        told.append(f"contenu sans texte, qui n'est pas lu : {shown}")
    if removed.barres:
        count = (
            "un passage barré est laissé"
            if removed.barres == 1
            else (f"{removed.barres} passages barrés sont laissés")
        )
        told.append(f"{count} de côté")
    if buttons:
        said = list(dict.fromkeys(buttons))
        shown = " ; ".join(
            f"« {shorten(text, _LONGEST_TOLD, placeholder='…')} »" for text in said[:_MOST_TOLD]
        )
        more = " ; …" if len(said) > _MOST_TOLD else ""
        few = "1 bouton laissé" if len(said) == 1 else f"{len(said)} boutons laissés"
        told.append(
            f"{few} de côté, qui n'ouvre{'nt' * (len(said) > 1)} aucun texte : {shown}{more}"
        )
    return told
