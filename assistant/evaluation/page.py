"""The report as one web page that stands alone: no script, nothing fetched, all words escaped.

Built as a tree and serialised by the standard library: no text can become markup.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, tostring

from assistant.evaluation.curve import description, dessin, paliers
from assistant.evaluation.errors import attendu, erreurs
from assistant.evaluation.table import (
    NOTHING,
    groupes,
    mean_cells,
    number,
    percent,
    sections,
    share_cells,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assistant.evaluation.errors import Faute
    from assistant.evaluation.report import Mesures, MesureTour, Part, RapportEvaluation

_STYLE: Final = Path(__file__).with_name("evaluation.css")
_TITRE: Final = "Mesures sur un jeu de questions"


def en_html(rapport: RapportEvaluation) -> bytes:
    """Lay the report out. The same report always gives the same bytes."""
    html = Element("html", {"lang": "fr"})
    head = SubElement(html, "head")
    SubElement(head, "meta", {"charset": "utf-8"})
    SubElement(head, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    _mots(head, "title", _TITRE if rapport.fichier is None else f"{_TITRE} : {rapport.fichier}")
    SubElement(head, "style").text = _STYLE.read_text(encoding="utf-8")
    body = SubElement(html, "body")
    _mots(body, "a", "Aller au contenu", {"class": "evitement", "href": "#contenu"})
    _mots(SubElement(body, "header"), "h1", _TITRE)
    main = SubElement(body, "main", {"id": "contenu"})
    measures = rapport.ensemble
    named = f"{rapport.fichier} : " if rapport.fichier else ""
    _mots(main, "p", f"{named}{measures.questions} questions, {measures.tours} réponses.")
    _ensemble(main, rapport)
    _courbe(main, rapport)
    for title, groups in groupes(rapport):
        _groupes(main, title, groups)
    _erreurs(main, rapport)
    if rapport.preuves_introuvables:
        _mots(main, "h2", "Preuves introuvables dans les textes")
        _liste(main, rapport.preuves_introuvables)
    page: bytes = tostring(html, encoding="utf-8", method="html")
    return b"<!DOCTYPE html>\n" + page + b"\n"


def _ensemble(main: Element, rapport: RapportEvaluation) -> None:
    _mots(main, "h2", "Ensemble")
    rows = [
        (f"Refus, {name.strip()}" if name.startswith(" ") else name, *cells)
        for section in sections(rapport.ensemble, rapport.risque_couverture.aire)
        for name, cells in section
    ]
    headings = ("Mesure", "Valeur", "Intervalle à 95 %", "Effectif")
    _tableau(main, "Mesures sur l'ensemble", headings, rows)


def _courbe(main: Element, rapport: RapportEvaluation) -> None:
    curve = rapport.risque_couverture
    _mots(main, "h2", "Risque selon la couverture")
    _mots(
        main,
        "p",
        "Plus la confiance demandée baisse, plus le programme donne de réponses. À chaque niveau : "
        "la part des questions répondues, et parmi les réponses, la part de celles qui sont "
        "fausses ou que les textes ne permettent pas. Une question refusée n'est pas une réponse : "
        "la courbe s'arrête à la part que le programme répond.",
    )
    area, interval, _ = mean_cells(curve.aire, 3)
    _mots(
        main,
        "p",
        f"{description(curve)} Aire sous la courbe (risque moyen, AURC) : {area} "
        f"(intervalle à 95 % : {interval}), sur {curve.repondus} réponses pour {curve.tours} "
        "questions jugées.",
    )
    main.append(dessin(curve))
    rows = [
        (percent(point.couverture), percent(point.risque), number(point.confiance, 3))
        for point in paliers(curve)
    ]
    headings = ("Questions répondues", "Réponses fausses", "Confiance la plus basse")
    _tableau(main, "La même courbe, par dixièmes de couverture", headings, rows)


def _groupes(main: Element, title: str, groups: Mapping[str, Mesures]) -> None:
    _mots(main, "h2", title)
    rows = [
        (
            name,
            str(measures.tours),
            *(
                _part(part)
                for part in (
                    measures.preuve_dans_1,
                    measures.preuve_dans_5,
                    measures.preuve_dans_10,
                    measures.reponses_justes,
                    measures.citations_probantes,
                    measures.refus.rappel,
                    measures.refus.repondables_refusees,
                )
            ),
        )
        for name, measures in groups.items()
    ]
    headings = (
        "Groupe",
        "Réponses",
        "Preuve en tête",
        "Preuve dans les 5",
        "Preuve dans les 10",
        "Justes",
        "Prouvées",
        "Sans réponse, refusées",
        "Répondables, refusées",
    )
    _tableau(main, f"{title} : part, intervalle à 95 %, effectif", headings, rows)


def _part(part: Part) -> str:
    value, interval, count = share_cells(part)
    return NOTHING if part.part is None else f"{value} ({interval} ; {count})"


def _erreurs(main: Element, rapport: RapportEvaluation) -> None:
    found = erreurs(rapport)
    _mots(main, "h2", f"Erreurs ({len(found)} sur {len(rapport.tours)} réponses)")
    if not found:
        _mots(main, "p", "Aucune.")
        return
    kinds = Counter(fault.genre for _, faults in found for fault in faults)
    rows = [(kind, str(count)) for kind, count in kinds.most_common()]
    _tableau(main, "Erreurs par genre", ("Genre", "Réponses"), rows)
    for turn, faults in found:
        _erreur(main, turn, faults)


def _erreur(main: Element, turn: MesureTour, faults: Sequence[Faute]) -> None:
    article = SubElement(main, "article", {"class": "erreur"})
    rank = f", tour {turn.tour}" if turn.conversation else ""
    _mots(article, "h3", f"{turn.id}{rank} ({turn.categorie}, {turn.style})")
    pairs = SubElement(article, "dl")
    _paire(pairs, "Question", turn.texte)
    _paire(pairs, "Attendu", attendu(turn))
    _paire(pairs, "Répondu", f"type {turn.type}, confiance {number(turn.confiance, 3)}")
    pair = SubElement(pairs, "div")
    _mots(pair, "dt", "Fautes")
    _liste(SubElement(pair, "dd"), (fault.dite for fault in faults))
    if turn.preuve_attendue:
        rank_of_proof = "au-delà du 10e" if turn.rang_preuve is None else str(turn.rang_preuve)
        _paire(pairs, "Rang de la preuve", rank_of_proof)
    _paire(pairs, "Texte donné", turn.reponse, {"class": "reponse"})


def _paire(
    pairs: Element, name: str, words: str, attributes: Mapping[str, str] | None = None
) -> None:
    pair = SubElement(pairs, "div")
    _mots(pair, "dt", name)
    _mots(pair, "dd", words, attributes)


def _tableau(
    parent: Element, legend: str, headings: Sequence[str], rows: Iterable[Sequence[str]]
) -> None:
    # A wide table scrolls by itself; it can be reached by keyboard.
    frame = SubElement(parent, "div", {"class": "cadre", "tabindex": "0", "role": "group"})
    frame.set("aria-label", legend)
    table = SubElement(frame, "table")
    _mots(table, "caption", legend)
    top = SubElement(SubElement(table, "thead"), "tr")
    for heading in headings:
        _mots(top, "th", heading, {"scope": "col"})
    body = SubElement(table, "tbody")
    for first, *others in rows:
        line = SubElement(body, "tr")
        _mots(line, "th", first, {"scope": "row"})
        for cell in others:
            _mots(line, "td", cell, {"class": "chiffre"})


def _liste(parent: Element, items: Iterable[str]) -> None:
    listed = SubElement(parent, "ul")
    for item in items:
        _mots(listed, "li", item)


def _mots(
    parent: Element, tag: str, words: str, attributes: Mapping[str, str] | None = None
) -> Element:
    element = SubElement(parent, tag, dict(attributes or {}))
    # What no HTML page may hold (controls, halves of characters) must not make the page unreadable.
    element.text = "".join(c if c in "\n\t" or c.isprintable() else "\ufffd" for c in words)
    return element
