"""What is wrong with the answer to a turn, said in French."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple

from assistant.evaluation.coverage import reussi
from assistant.evaluation.facts import MAX_WORDS

if TYPE_CHECKING:
    from assistant.evaluation.report import MesureTour, RapportEvaluation

Genre = Literal[
    "répondue à tort",
    "refusée à tort",
    "fait manquant",
    "mot interdit",
    "trop longue",
    "non prouvée",
    "citation infidèle",
    "règle locale déplacée",
]


class Faute(NamedTuple):
    """One thing wrong with an answer."""

    genre: Genre
    dite: str
    """What exactly, in a sentence without its full stop."""


def fautes(tour: MesureTour) -> tuple[Faute, ...]:
    """Return what is wrong with the answer; nothing when it is as expected.

    A refusal of an answerable turn is that one fault: it cannot hold the facts as well.
    """
    found: list[Faute] = []
    if tour.repondable is True and tour.refusee:
        found.append(Faute("refusée à tort", "refusée, alors que les textes répondent"))
    else:
        found += _contenu(tour)
    if tour.citations_infideles:
        ranks = ", ".join(map(str, tour.citations_infideles))
        found.append(
            Faute("citation infidèle", f"citation(s) {ranks} différente(s) du texte enregistré")
        )
    if tour.portees_deplacees:
        codes = ", ".join(tour.portees_deplacees)
        found.append(Faute("règle locale déplacée", f"règle locale hors de propos : {codes}"))
    return tuple(found)


def _contenu(tour: MesureTour) -> list[Faute]:
    found: list[Faute] = []
    if tour.repondable is False and not tour.refusee:
        found.append(Faute("répondue à tort", "répondue, alors que les textes ne répondent pas"))
    if tour.faits_manquants:
        found.append(Faute("fait manquant", f"il manque : {_cites(tour.faits_manquants)}"))
    if tour.interdits_trouves:
        found.append(Faute("mot interdit", f"interdit : {_cites(tour.interdits_trouves)}"))
    if tour.juste is False and tour.mots > MAX_WORDS:
        found.append(Faute("trop longue", f"{tour.mots} mots ; {MAX_WORDS} au plus"))
    if tour.citations_probantes is False:
        found.append(Faute("non prouvée", "ses citations ne prouvent pas la réponse"))
    return found


def attendu(tour: MesureTour) -> str:
    """Say what was expected of the answer."""
    if tour.repondable is None:
        return "rien de mesuré ici"
    if not tour.repondable:
        kind = f" ({tour.genre_refus})" if tour.genre_refus else ""
        return f"un refus{kind} : les textes ne répondent pas"
    if tour.faits_attendus:
        return f"une réponse qui dit : {_cites(tour.faits_attendus)}"
    return "une réponse"


def erreurs(rapport: RapportEvaluation) -> tuple[tuple[MesureTour, tuple[Faute, ...]], ...]:
    """Return the turns answered wrongly, in the order of the set, with what is wrong."""
    judged = ((tour, fautes(tour)) for tour in rapport.tours)
    return tuple((tour, found) for tour, found in judged if found)


def bilan(rapport: RapportEvaluation) -> str:
    """Tell the answers with a fault that are not well dealt with from those that are even so.

    Empty when there is no fault.
    """
    trouvees = erreurs(rapport)
    if not trouvees:
        return ""
    mal = sum(reussi(tour) is False for tour, _ in trouvees)
    traitees = rapport.ensemble.bien_traitees
    phrases = [
        f"Réponses avec au moins une faute : {len(trouvees)}.",
        f"Pas bien traitées : {mal} (bien traitées : {traitees.reussites}/{traitees.total}).",
    ]
    for quoi, issue in (("Bien traitées, avec une autre faute", True), ("Non jugées", None)):
        autres = [found for tour, found in trouvees if reussi(tour) is issue]
        if autres:
            genres = Counter(fault.genre for found in autres for fault in found).most_common()
            dits = ", ".join(f"{genre} ({nombre})" for genre, nombre in genres)
            phrases.append(f"{quoi} : {len(autres)}, dont {dits}.")
    return " ".join(phrases)


def _cites(words: tuple[str, ...]) -> str:
    return ", ".join(f"« {word} »" for word in words)
