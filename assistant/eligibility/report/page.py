"""The report as one web page that stands alone: no script, nothing fetched, all words escaped.

The page is built as a tree of elements and serialised by the standard library, so that no text
can ever become markup.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

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
    Section,
    SousTitre,
    Tableau,
)
from assistant.eligibility.report.wording import lire_textes

_STYLE: Final = Path(__file__).with_name("rapport.css")
_HAUTEUR_BARRE: Final = 34
_LARGEUR_DESSIN: Final = 640
_DEBUT_BARRES: Final = 270
_LONGUEUR_MAXIMUM: Final = 270
"""Lengths of the drawing, in its own units."""


def en_html(rapport: Rapport) -> bytes:
    """Lay the report out. The same report always gives the same bytes."""
    textes = lire_textes()
    html = Element("html", {"lang": "fr"})
    tete = SubElement(html, "head")
    SubElement(tete, "meta", {"charset": "utf-8"})
    SubElement(tete, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    _ecrire(tete, "title", f"{rapport.titre} – {rapport.porteur}")
    SubElement(tete, "style").text = _STYLE.read_text(encoding="utf-8")
    corps = SubElement(html, "body")
    _ecrire(corps, "a", textes.mot("au_contenu"), {"class": "evitement", "href": "#contenu"})
    entete = SubElement(corps, "header")
    _ecrire(entete, "p", rapport.sous_titre, {"class": "sous-titre"})
    _ecrire(entete, "h1", rapport.titre)
    _ajouter(entete, rapport.identite)
    _sommaire(corps, rapport, textes.mot("sommaire"))
    contenu = SubElement(corps, "main", {"id": "contenu"})
    for section in rapport.sections:
        _section(contenu, section)
    _ecrire(SubElement(corps, "footer"), "p", rapport.pied)
    page: bytes = tostring(html, encoding="utf-8", method="html")
    return b"<!DOCTYPE html>\n" + page + b"\n"


def _sommaire(corps: Element, rapport: Rapport, titre: str) -> None:
    sommaire = SubElement(corps, "nav", {"aria-label": titre})
    liste = SubElement(sommaire, "ul")
    for section in rapport.sections:
        element = SubElement(liste, "li")
        _ecrire(element, "a", section.intitule, {"href": f"#partie-{section.numero}"})


def _section(contenu: Element, section: Section) -> None:
    nom = f"partie-{section.numero}"
    element = SubElement(contenu, "section", {"aria-labelledby": nom})
    _ecrire(element, "h2", section.intitule, {"id": nom})
    for bloc in section.blocs:
        _ajouter(element, bloc)


def _ajouter(parent: Element, bloc: Bloc) -> None:
    match bloc:
        case Paragraphe():
            _ecrire(parent, "p", bloc.texte, {"class": "note"} if bloc.note else None)
        case SousTitre():
            _ecrire(parent, "h3", bloc.texte)
        case Definitions():
            _definitions(parent, bloc)
        case Tableau():
            _tableau(parent, bloc)
        case Liste():
            _liste(parent, bloc.elements, "liste")
        case Calcul():
            _liste(parent, bloc.lignes, "calcul")
        case Citations():
            _citations(parent, bloc)
        case Encadre():
            encadre = SubElement(parent, "div", {"class": f"encadre {bloc.verdict}"})
            _ecrire(encadre, "p", bloc.mot, {"class": "mot"})
            _ecrire(encadre, "p", bloc.sens)
            _ecrire(encadre, "p", bloc.avertissement, {"class": "note"})
        case Fiche():
            _fiche(parent, bloc)
        case Barres():
            _barres(parent, bloc)


def _fiche(parent: Element, bloc: Fiche) -> None:
    fiche = SubElement(parent, "div", {"class": f"fiche {bloc.statut}"})
    titre = _ecrire(fiche, "h4", bloc.titre)
    titre[-1].tail = " "
    statut = SubElement(titre, "span", {"class": "statut"})
    _ecrire(statut, "span", bloc.signe, {"aria-hidden": "true"}).tail = f" {bloc.mot}"
    for partie in bloc.blocs:
        _ajouter(fiche, partie)


def _definitions(parent: Element, bloc: Definitions) -> None:
    liste = SubElement(parent, "dl")
    for nom, valeur in bloc.lignes:
        paire = SubElement(liste, "div")
        _ecrire(paire, "dt", nom)
        _ecrire(paire, "dd", valeur)


def _tableau(parent: Element, bloc: Tableau) -> None:
    # A wide table scrolls by itself; it can be reached by keyboard.
    cadre = SubElement(parent, "div", {"class": "cadre", "tabindex": "0", "role": "group"})
    cadre.set("aria-label", bloc.legende or ", ".join(bloc.entetes))
    table = SubElement(cadre, "table")
    if bloc.legende:
        _ecrire(table, "caption", bloc.legende)
    entete = SubElement(SubElement(table, "thead"), "tr")
    for colonne, titre in enumerate(bloc.entetes):
        _ecrire(entete, "th", titre, {"scope": "col", **_chiffres(colonne, bloc)})
    corps = SubElement(table, "tbody")
    for rang, ligne in enumerate(bloc.lignes):
        rangee = SubElement(corps, "tr", {"class": "total"} if rang in bloc.totaux else {})
        for colonne, texte in enumerate(ligne):
            if colonne == 0:
                _ecrire(rangee, "th", texte, {"scope": "row"})
            else:
                _ecrire(rangee, "td", texte, _chiffres(colonne, bloc))


def _chiffres(colonne: int, bloc: Tableau) -> dict[str, str]:
    return {"class": "chiffres"} if colonne in bloc.chiffres else {}


def _liste(parent: Element, elements: tuple[str, ...], classe: str) -> None:
    liste = SubElement(parent, "ul", {"class": classe})
    for element in elements:
        _ecrire(liste, "li", element)


def _citations(parent: Element, bloc: Citations) -> None:
    for citation in bloc.citations:
        figure = SubElement(parent, "figure", {"class": "citation"})
        cadre = SubElement(figure, "blockquote")
        _ecrire(cadre, "p", f"«\u00a0{citation.extrait}\u00a0»")
        _ecrire(figure, "figcaption", citation.source)


def _barres(parent: Element, bloc: Barres) -> None:
    hauteur = _HAUTEUR_BARRE * len(bloc.barres)
    dessin = SubElement(
        parent,
        "svg",
        {
            "viewBox": f"0 0 {_LARGEUR_DESSIN} {hauteur}",
            "role": "img",
            "aria-label": f"{bloc.titre}. {bloc.description}",
            "class": "barres",
        },
    )
    for rang, barre in enumerate(bloc.barres):
        haut = rang * _HAUTEUR_BARRE
        longueur = round(barre.longueur * _LONGUEUR_MAXIMUM, 1)
        base = str(haut + 21)
        _ecrire(dessin, "text", barre.quand, {"x": "0", "y": base})
        SubElement(
            dessin,
            "rect",
            {"x": str(_DEBUT_BARRES), "y": str(haut + 8), "width": str(longueur), "height": "18"},
        )
        fin = str(_DEBUT_BARRES + longueur + 8)
        _ecrire(dessin, "text", barre.montant, {"x": fin, "y": base, "class": "montant"})


def _ecrire(
    parent: Element, balise: str, texte: str, attributs: dict[str, str] | None = None
) -> Element:
    """Add an element that holds words, kept apart from the direction of those around them."""
    element = SubElement(parent, balise, attributs or {})
    if balise in _SANS_ISOLEMENT:
        element.text = texte
    else:
        SubElement(element, "bdi").text = texte
    return element


_SANS_ISOLEMENT: Final = frozenset({"title", "text"})
"""Elements that hold plain characters alone."""
