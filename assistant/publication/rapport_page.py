"""A report as one web page, made as a tree: no word of a text becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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
from assistant.publication.comparaison import cut_words
from assistant.publication.rapport_contenu import Contenu, Difference, PartieDocument, Touche
from assistant.publication.rapport_rejeu import ContenuRejeu, QuestionRejouee
from corpus.comparison.changes import Fragment

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_STYLE = Path(__file__).with_name("rapport.css")
_NOTHING = "(rien)"
_FIRST = 3
"""Lines of a project that are shown at once."""
_BLANKS = re.compile(r"\s+")
_SAID = {"del": "parti : ", "ins": "venu : "}
"""What tells each mark to those who do not see it."""


def lay_out_page(contenu: Contenu, rejeu: ContenuRejeu | None) -> str:
    """Lay the report out."""
    html, main = document(contenu.titre, contenu.cotes)
    style = html.find("head/style")
    if style is not None:
        style.text = (style.text or "") + _STYLE.read_text("utf-8")
    tel_quel(main, "p", contenu.cotes)
    _list(main, (*contenu.resume, *((rejeu.resume,) if rejeu else ())))
    legend = dit(main, "p", "Les mots partis sont ")
    _tail(SubElement(legend, "del"), "barrés", " ; les mots venus sont ")
    _tail(SubElement(legend, "ins"), "soulignés et en gras", ".")
    if contenu.bloquants is not None:
        _blocking(main, contenu.bloquants)
    if contenu.decides:
        dit(main, "h2", "Mis de côté ou réparé dans ce brouillon")
        _folded(main, f"Voir la liste ({len(contenu.decides)})", contenu.decides)
    dit(main, "h2", "Ce qui change dans les textes")
    if not contenu.documents:
        dit(main, "p", "Aucun texte ne change.")
    for part in contenu.documents:
        _document(main, part)
    dit(main, "h2", f"Ce qui s'appuie sur les mots changés ({_number(contenu.touches)})")
    _touched(main, contenu.touches, "Rien ne cite des mots qui changent.")
    dit(main, "h2", f"À relire ({_number(contenu.a_relire)})")
    _touched(main, contenu.a_relire, "Rien.")
    if rejeu is not None:
        _replay(main, rejeu)
    sommaire(main, 2)
    return en_octets(html).decode("utf-8")


def _blocking(main: Element, bloquants: Sequence[str]) -> None:
    dit(main, "h2", f"Ce qui empêche de publier ({len(bloquants)})")
    if bloquants:
        dit(main, "p", "À réparer, ou à mettre de côté, avant de publier :")
        _list(main, bloquants)
    else:
        dit(main, "p", "Rien n'empêche de publier.")


def _document(main: Element, part: PartieDocument) -> None:
    tel_quel(main, "h3", part.titre)
    if not part.differences:
        dit(main, "p", "Aucun mot ne change.")
    for difference in part.differences:
        if difference.de_fond:
            _difference(main, difference)
    others = [difference for difference in part.differences if not difference.de_fond]
    if others:
        fold = SubElement(main, "details")
        dit(fold, "summary", f"Reformulations, sans changement de fond ({len(others)})")
        for difference in others:
            _difference(fold, difference)
    if part.resume:
        dit(main, "p", part.resume)


def _difference(parent: Element, difference: Difference) -> None:
    section = SubElement(parent, "section")
    dit(section, "h4", difference.titre)
    if difference.lieu:
        tel_quel(section, "p", difference.lieu)
    _values(section, difference.valeurs)
    _both(section, difference.avant, difference.apres)


def _number(touched: Iterable[Touche]) -> int:
    return len({name for item in touched for name in item.noms})


def _touched(main: Element, touched: Sequence[Touche], nothing: str) -> None:
    for item in touched:
        section = SubElement(main, "section")
        dit(section, "h3", f"{item.alerte[:1].upper()}{item.alerte[1:]}")
        tel_quel(section, "p", item.document)
        _values(section, item.valeurs)
        _both(section, item.avant, item.apres)
        dit(section, "p", "Ce qui les cite :")
        _list(section, item.noms)
    if not touched:
        dit(main, "p", nothing)


def _values(parent: Element, values: Iterable[str]) -> None:
    joined = " ; ".join(values)
    if joined:
        tel_quel(parent, "p", joined, {"class": "valeurs"})


def _both(parent: Element, avant: Iterable[Fragment], apres: Iterable[Fragment]) -> None:
    sides = SubElement(parent, "div", {"class": "cotes"})
    for title, tag, fragments in (("Avant", "del", avant), ("Après", "ins", apres)):
        side = SubElement(sides, "div")
        dit(side, "p", title, {"class": "cote"})
        _fragments(SubElement(side, "p"), tag, fragments)


def _fragments(paragraph: Element, tag: str, fragments: Iterable[Fragment]) -> None:
    """Write words, those that differ in an element of their own."""
    last: Element | None = None
    paragraph.text = ""
    for fragment in fragments:
        words = _BLANKS.sub(" ", lisible(fragment.texte))
        bare = words.strip()
        if not fragment.egal and bare:
            start = words[: words.index(bare)]
            if last is None:
                paragraph.text += start
            else:
                last.tail = f"{last.tail or ''}{start}"
            SubElement(paragraph, "span", {"class": "cache"}).text = _SAID[tag]
            last = SubElement(paragraph, tag)
            last.text, last.tail = bare, words[len(start) + len(bare) :]
        elif last is None:
            paragraph.text += words
        else:
            last.tail = f"{last.tail or ''}{words}"
    if last is None and not paragraph.text.strip():
        paragraph.text = _NOTHING


def _replay(main: Element, rejeu: ContenuRejeu) -> None:
    dit(main, "h2", "Questions et projets rejoués")
    dit(main, "p", rejeu.resume)
    for projet in rejeu.projets:
        section = SubElement(main, "section")
        tel_quel(section, "h3", f"Projet : {projet.titre}")
        first, others = projet.lignes[:_FIRST], projet.lignes[_FIRST:]
        _list(section, first)
        if others:
            _folded(section, f"Tout le reste ({len(others)})", others)
    for question in rejeu.questions:
        _question(SubElement(main, "section"), question)


def _question(section: Element, question: QuestionRejouee) -> None:
    tel_quel(section, "h3", f"Question : {question.titre}")
    dit(section, "p", question.change)
    _both(section, *cut_words(question.avant, question.apres))
    for title, proofs in (
        ("Citations d'avant", question.preuves_avant),
        ("Citations d'après", question.preuves_apres),
    ):
        if proofs:
            _folded(section, f"{title} ({len(proofs)})", proofs)
        else:
            dit(section, "p", f"{title} : aucune.")


def _folded(parent: Element, title: str, lines: Iterable[str]) -> None:
    fold = SubElement(parent, "details")
    dit(fold, "summary", title)
    _list(fold, lines)


def _list(parent: Element, lines: Iterable[str]) -> None:
    listed = SubElement(parent, "ul")
    for line in lines:
        tel_quel(listed, "li", line)


def _tail(element: Element, words: str, after: str) -> None:
    element.text = words
    element.tail = after
