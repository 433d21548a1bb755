"""The part of the page that shows what went wrong, each miss with all that it takes to judge it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from assistant.comptes import compte
from assistant.evaluation.errors import attendu, bilan, erreurs
from assistant.evaluation.markup import (
    dit,
    liste,
    paire,
    paire_dite,
    paire_telle_quelle,
    tableau,
    tel_quel,
)
from assistant.evaluation.table import number
from assistant.evaluation.wording import libelle_de

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.evaluation.errors import Faute
    from assistant.evaluation.report import MesureTour, RapportEvaluation

    Erreur = tuple[int, MesureTour, tuple[Faute, ...]]
    """A number from 1, a turn, and what is wrong with it."""


def partie_erreurs(main: Element, rapport: RapportEvaluation) -> None:
    """Add every turn answered wrongly, under its first fault, with links from the others."""
    found: list[Erreur] = [(n, *pair) for n, pair in enumerate(erreurs(rapport), start=1)]
    dit(main, "h2", f"Erreurs ({len(found)} sur {compte(len(rapport.tours), 'réponse')})")
    if not found:
        dit(main, "p", "Aucune.")
        return
    dit(main, "p", bilan(rapport))
    dit(
        main,
        "p",
        "Chaque erreur est détaillée sous sa première faute ; les autres fautes y renvoient. "
        "Chaque bloc se replie et se déplie.",
    )
    kinds = Counter(fault.genre for _, _, faults in found for fault in faults).most_common()
    rows = [(kind, str(count)) for kind, count in kinds]
    body = tableau(main, "Erreurs par genre", ("Genre", "Réponses"), rows)
    for rank, heading in enumerate(body.iter("th"), start=1):
        link = SubElement(heading, "a", {"href": f"#genre-{rank}"})
        link.text, heading.text = heading.text, None
    for rank, (kind, count) in enumerate(kinds, start=1):
        dit(main, "h3", f"{kind.capitalize()} ({count})", {"id": f"genre-{rank}"})
        concerned = [one for one in found if kind in {fault.genre for fault in one[2]}]
        _renvois(main, [one for one in concerned if one[2][0].genre != kind])
        for one in concerned:
            if one[2][0].genre == kind:
                _erreur(main, one, _avant(one[1], rapport.tours))


def _renvois(main: Element, found: Sequence[Erreur]) -> None:
    """Link to the misses that are shown under another fault."""
    if not found:
        return
    dit(main, "p", "Aussi, plus bas ou plus haut :")
    listed = SubElement(main, "ul", {"class": "renvois"})
    for rank, turn, _ in found:
        link = SubElement(SubElement(listed, "li"), "a", {"href": f"#erreur-{rank}"})
        tel_quel(link, "span", nom(turn))


def nom(turn: MesureTour) -> str:
    """Name a turn: its id, and its rank in a conversation."""
    return f"{turn.id}, tour {turn.tour}" if turn.conversation else turn.id


def _avant(turn: MesureTour, turns: Sequence[MesureTour]) -> list[str]:
    """Return the words of the turns of the same conversation before this one."""
    return [other.texte for other in turns if other.id == turn.id and other.tour < turn.tour]


def _erreur(main: Element, erreur: Erreur, avant: Sequence[str]) -> None:
    rank, turn, faults = erreur
    article = SubElement(main, "article", {"class": "erreur", "id": f"erreur-{rank}"})
    tel_quel(article, "h4", f"{nom(turn)} ({libelle_de(turn.categorie)}, {libelle_de(turn.style)})")
    pairs = SubElement(article, "dl")
    if avant:
        before = SubElement(paire(pairs, "Tours d'avant"), "ol")
        for words in avant:
            tel_quel(before, "li", words)
    paire_telle_quelle(pairs, "Question", turn.texte)
    asked = ", ".join(filter(None, (turn.departement, turn.annee_scolaire)))
    if asked:
        paire_dite(pairs, "Posée pour", asked)
    liste(paire(pairs, "Fautes"), (fault.dite for fault in faults))
    _attendu(_pli(article, "Ce qui était attendu", turn, ouvert=True), turn)
    _repondu(_pli(article, "La réponse donnée", turn, ouvert=True), turn)
    if turn.passages:
        titre = "Le passage" if len(turn.passages) == 1 else f"Les {len(turn.passages)} passages"
        _passages(_pli(article, titre, turn), turn)


def _pli(article: Element, titre: str, turn: MesureTour, *, ouvert: bool = False) -> Element:
    details = SubElement(article, "details", {"open": "open"} if ouvert else {})
    summary = dit(details, "summary", titre)
    # Out of its place (a list of the buttons of the page), a summary says whose it is.
    tel_quel(summary, "span", f" : {nom(turn)}", {"class": "cache"})
    return details


def _attendu(parent: Element, turn: MesureTour) -> None:
    dit(parent, "p", f"Attendu : {attendu(turn)}.")
    if not turn.preuves:
        return
    dit(parent, "p", f"Rang de la preuve : {rang(turn)}.")
    proofs = SubElement(parent, "ol")
    groups = len({proof.groupe for proof in turn.preuves})
    for proof in turn.preuves:
        item = SubElement(proofs, "li")
        group = f", groupe {proof.groupe} sur {groups}" if groups > 1 else ""
        found = "dans aucun des passages" if proof.rang is None else f"au rang {proof.rang}"
        dit(item, "p", f"Document {proof.document}{group} ; trouvée {found}.")
        tel_quel(item, "blockquote", proof.extrait)


def rang(turn: MesureTour) -> str:
    """Say how many first passages it takes to prove a turn."""
    if not turn.preuve_attendue:
        return "non mesuré"
    return "au-delà du 10e" if turn.rang_preuve is None else str(turn.rang_preuve)


def _repondu(parent: Element, turn: MesureTour) -> None:
    dit(
        parent,
        "p",
        f"Répondu : type {libelle_de(turn.type)}, confiance {number(turn.confiance, 3)}, "
        f"{number(turn.latence_ms, 1)} ms.",
    )
    tel_quel(parent, "p", turn.reponse, {"class": "reponse tel-quel"})
    if not turn.citations_donnees:
        dit(parent, "p", "Aucune citation.")
        return
    dit(parent, "p", "Ses citations :")
    quoted = SubElement(parent, "ol")
    for number_, citation in enumerate(turn.citations_donnees, start=1):
        item = SubElement(quoted, "li")
        unfaithful = ", différente du texte enregistré" * (number_ in turn.citations_infideles)
        place = f", page {citation.page}" if citation.page is not None else ""
        dit(
            item,
            "p",
            f"Document {citation.document}, {_portee(citation.portee)}{place}{unfaithful}"
            f"{_tient(citation.prouve, turn)}.",
        )
        tel_quel(item, "blockquote", citation.extrait)


def _passages(parent: Element, turn: MesureTour) -> None:
    listed = SubElement(parent, "ol")
    for passage in turn.passages:
        item = SubElement(listed, "li", {"class": "prouve"} if passage.prouve else {})
        dit(
            item,
            "p",
            f"Document {passage.document}, {_portee(passage.portee)}, caractères {passage.debut} "
            f"à {passage.fin}{_tient(passage.prouve, turn)}.",
        )
        tel_quel(item, "blockquote", passage.texte)


def _portee(portee: str) -> str:
    return "portée nationale" if portee == "nationale" else f"portée locale ({portee})"


def _tient(prouve: Sequence[int], turn: MesureTour) -> str:
    """Say which of the proofs a piece of text holds, where there are any to hold."""
    if not turn.preuves:
        return ""
    if not prouve:
        return " ; ne contient pas de preuve"
    noun = "la preuve" if len(prouve) == 1 else "les preuves"
    return f" ; contient {noun} {', '.join(map(str, prouve))}"
