"""A comparison as one web page, side by side, made as a tree: no word of a text becomes markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import SubElement

from assistant.evaluation.markup import dit, document, en_octets, lisible, sommaire, tel_quel
from assistant.publication.comparaison import AppuiTouche, DocumentRapporte, Rapport, cut_words
from assistant.publication.comparaison_texte import (
    ALERTES,
    NATURES,
    named,
    place_of,
    summary,
    values_of,
)
from corpus.comparison.changes import Fragment

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_STYLE = Path(__file__).with_name("comparaison.css")
_NOTHING = "(rien)"


def lay_out(report: Rapport) -> bytes:
    """Lay a comparison out as a page that needs no other file."""
    html, main = document("Ce qui change dans les textes", f"{report.ancien} → {report.nouveau}")
    style = html.find("head/style")
    if style is not None:
        style.text = (style.text or "") + _STYLE.read_text("utf-8")
    tel_quel(main, "p", f"{report.ancien} → {report.nouveau}")
    legend = dit(main, "p", "Les mots partis sont ")
    _mark(legend, "del", "barrés", " ; les mots venus sont ")
    _mark(legend, "ins", "soulignés et en gras", ".")
    _list(main, _entries(report))
    for part in report.documents:
        _document(main, part)
    if report.sans_texte:
        dit(main, "h2", "Ce qui s'appuie sur un document retiré")
        _supports(main, report.sans_texte)
    if report.mis_de_cote:
        dit(main, "h2", "Mis de côté dans ce brouillon")
        _list(main, report.mis_de_cote)
    if report.brouillon:
        dit(main, "h2", f"Ce qui empêche de publier ({len(report.bloquants)})")
        _list(main, report.bloquants or ("Rien.",))
    sommaire(main, 2)
    return en_octets(html)


def _entries(report: Rapport) -> list[str]:
    if report.vide:
        return ["Aucun texte ne change."]
    return [
        *(f"Document ajouté, {d.document} : {d.titre}" for d in report.ajoutes),
        *(f"Document retiré, {d.document} : {d.titre}" for d in report.retires),
        *(
            f"Document {field.document}, {field.champ} : {field.ancien} → {field.nouveau}"
            for field in report.fiches
        ),
    ]


def _document(main: Element, part: DocumentRapporte) -> None:
    tel_quel(main, "h2", part.titre)
    link = "succède à" if part.succede else "à la place de"
    tel_quel(main, "p", f"{part.nouveau} {link} {part.ancien}")
    dit(main, "p", summary(part))
    for rank, change in enumerate(part.changements, start=1):
        section = SubElement(main, "section")
        moved = ", et déplacé" if change.deplace and change.nature != "deplace" else ""
        dit(section, "h3", f"{rank}. {NATURES[change.nature][0]}{moved}")
        where = place_of(change)
        if where:
            tel_quel(section, "p", where)
        values = values_of(change)
        if values:
            tel_quel(section, "p", values, {"class": "valeurs"})
        _both(section, change.avant, change.apres)
    if part.appuis:
        tel_quel(main, "h2", f"Ce qui s'appuie sur ces mots ({part.titre})")
        _supports(main, part.appuis)


def _supports(main: Element, appuis: Iterable[AppuiTouche]) -> None:
    for appui in appuis:
        section = SubElement(main, "section")
        tel_quel(section, "h3", named(appui))
        stop = " ; empêche de publier" if appui.bloque else ""
        dit(section, "p", f"{ALERTES[appui.alerte]}{stop}")
        for value in appui.valeurs:
            told = f"La valeur semble changer : {value.ancienne} → {value.nouvelle}"
            tel_quel(section, "p", told, {"class": "valeurs"})
        old = appui.contexte_ancien or appui.ancien
        _both(section, *cut_words(old, appui.contexte_nouveau or appui.nouveau))


def _both(parent: Element, avant: Sequence[Fragment], apres: Sequence[Fragment]) -> None:
    sides = SubElement(parent, "div", {"class": "cotes"})
    for title, tag, fragments in (("Avant", "del", avant), ("Après", "ins", apres)):
        side = SubElement(sides, "div")
        dit(side, "h4", title)
        _fragments(SubElement(side, "p"), tag, fragments)


def _fragments(paragraph: Element, tag: str, fragments: Sequence[Fragment]) -> None:
    """Write words, those that differ in an element of their own."""
    paragraph.text = "" if fragments else _NOTHING
    last: Element | None = None
    for fragment in fragments:
        words = lisible(fragment.texte)
        if not fragment.egal:
            last = SubElement(paragraph, tag)
            last.text, last.tail = words.rstrip(), words[len(words.rstrip()) :]
        elif last is None:
            paragraph.text += words
        else:
            last.tail = f"{last.tail or ''}{words}"


def _list(parent: Element, lines: Iterable[str]) -> None:
    listed = SubElement(parent, "ul")
    for line in lines:
        tel_quel(listed, "li", line)


def _mark(parent: Element, tag: str, words: str, after: str) -> None:
    element = SubElement(parent, tag)
    element.text, element.tail = words, after
