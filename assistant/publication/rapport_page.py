"""The report of a draft as one web page, made as a tree: no word of a text becomes markup."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import SubElement

from assistant.evaluation.markup import (
    dit,
    document,
    en_octets,
    lisible,
    sommaire,
    tel_quel,
)
from assistant.publication.rapport_contenu import Contenu, PartieDocument, Touche
from assistant.publication.rapport_rejeu import ContenuRejeu, QuestionRejouee
from corpus.comparison.changes import Fragment

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_STYLE = Path(__file__).with_name("rapport.css")
_TITLE = "Avant de publier : ce qui change"
_NOTHING = "(rien)"


def lay_out_page(contenu: Contenu, rejeu: ContenuRejeu | None) -> str:
    """Lay the report out."""
    html, main = document(_TITLE, "")
    style = html.find("head/style")
    if style is not None:
        style.text = (style.text or "") + _STYLE.read_text("utf-8")
    _list(main, contenu.resume)
    legend = dit(main, "p", "Les mots retirés sont ")
    _tail(SubElement(legend, "del"), "barrés", " ; les mots venus sont ")
    _tail(SubElement(legend, "ins"), "soulignés, en gras", ".")
    dit(main, "h2", "Ce qui change dans les textes")
    if not contenu.documents:
        dit(main, "p", "Aucun texte ne change.")
    for part in contenu.documents:
        _document(main, part)
    dit(main, "h2", f"Ce qui s'appuie sur les mots changés ({_number(contenu.touches)})")
    _touched(main, contenu.touches, "Rien ne cite des mots qui changent.")
    dit(main, "h2", f"Ce qui empêche de publier ({len(contenu.bloquants)})")
    if contenu.bloquants:
        dit(main, "p", "À réparer, ou à mettre de côté, avant de publier :")
        _list(main, contenu.bloquants)
    else:
        dit(main, "p", "Rien.")
    dit(main, "h2", f"À relire ({_number(contenu.a_relire)})")
    _touched(main, contenu.a_relire, "Rien.")
    if rejeu is not None:
        _replay(main, rejeu)
    sommaire(main, 2)
    return en_octets(html).decode("utf-8")


def _document(main: Element, part: PartieDocument) -> None:
    tel_quel(main, "h3", part.titre)
    if not part.differences:
        dit(main, "p", "Aucun mot ne change.")
    for difference in part.differences:
        section = SubElement(main, "section")
        dit(section, "h4", difference.titre)
        if difference.lieu:
            tel_quel(section, "p", difference.lieu)
        _values(section, difference.valeurs)
        _both(section, difference.avant, difference.apres)
    if part.resume:
        dit(main, "p", part.resume)


def _number(touched: Iterable[Touche]) -> int:
    return len({name for item in touched for name in item.noms})


def _touched(main: Element, touched: Iterable[Touche], nothing: str) -> None:
    empty = True
    for item in touched:
        empty = False
        section = SubElement(main, "section")
        dit(section, "h3", f"{item.alerte[:1].upper()}{item.alerte[1:]}")
        tel_quel(section, "p", item.document)
        _values(section, item.valeurs)
        _both(section, item.avant, item.apres)
        dit(section, "p", "Ce qui les cite :")
        _list(section, item.noms)
    if empty:
        dit(main, "p", nothing)


def _values(parent: Element, values: Iterable[str]) -> None:
    joined = " ; ".join(values)
    if joined:
        tel_quel(parent, "p", joined, {"class": "valeurs"})


def _both(parent: Element, avant: Iterable[Fragment], apres: Iterable[Fragment]) -> None:
    sides = SubElement(parent, "div", {"class": "cotes"})
    for title, tag, fragments in (("Avant", "del", avant), ("Après", "ins", apres)):
        side = SubElement(sides, "div")
        dit(side, "h5", title)
        _fragments(SubElement(side, "p"), tag, fragments)


def _fragments(paragraph: Element, tag: str, fragments: Iterable[Fragment]) -> None:
    """Write words, those that differ in an element of their own."""
    last: Element | None = None
    paragraph.text = ""
    for fragment in fragments:
        words = lisible(" ".join(fragment.texte.split()))
        if not fragment.egal:
            last = SubElement(paragraph, tag)
            last.text = words
            last.tail = " "
        elif last is None:
            paragraph.text += f"{words} "
        else:
            last.tail = f"{last.tail or ''}{words} "
    if last is None and not paragraph.text:
        paragraph.text = _NOTHING


def _replay(main: Element, rejeu: ContenuRejeu) -> None:
    dit(main, "h2", "Questions et projets rejoués")
    dit(main, "p", rejeu.resume)
    for projet in rejeu.projets:
        section = SubElement(main, "section")
        tel_quel(section, "h3", f"Projet : {projet.titre}")
        _list(section, projet.lignes)
    for question in rejeu.questions:
        _question(SubElement(main, "section"), question)


def _question(section: Element, question: QuestionRejouee) -> None:
    tel_quel(section, "h3", f"Question : {question.titre}")
    dit(section, "p", question.change)
    sides = SubElement(section, "div", {"class": "cotes"})
    for title, words, proofs in (
        ("Avant", question.avant, question.preuves_avant),
        ("Après", question.apres, question.preuves_apres),
    ):
        side = SubElement(sides, "div")
        dit(side, "h5", title)
        tel_quel(side, "p", words, {"class": "tel-quel"})
        if proofs:
            _list(side, proofs)
        else:
            dit(side, "p", "Aucune citation.")


def _list(parent: Element, lines: Iterable[str]) -> None:
    listed = SubElement(parent, "ul")
    for line in lines:
        tel_quel(listed, "li", line)


def _tail(element: Element, words: str, after: str) -> None:
    element.text = words
    element.tail = after
