"""What rests on the texts, as people know it: a card by its question, a rule by its name."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from assistant.fiches.loading import read_cards
from pages_clas.textes_tableau import compte, liste

_BEAUCOUP = 8
"""From so many on, a list is folded."""


def nom_lisible(nom: str) -> str:
    """« Combien d'enfants par groupe ? » (fiche effectif-nombre), or « paramètre prix plafond »."""
    titre = _titres().get(nom)
    return f"« {titre} » (fiche {nom})" if titre else nom.replace("_", " ")


def noms_html(noms: Iterable[str]) -> str:
    """A list of names; rules and parameters first, cards folded where they are many."""
    tous = tuple(noms)
    regles = [nom_lisible(n) for n in tous if n not in _titres()]
    fiches = [nom_lisible(n) for n in tous if n in _titres()]
    if len(fiches) < _BEAUCOUP:
        return liste([*regles, *fiches])
    dit = compte(len(fiches), "fiche de réponse", "fiches de réponse")
    return f"{liste(regles)}<details><summary>{dit}</summary>{liste(fiches)}</details>"


@cache
def _titres() -> dict[str, str]:
    """Titles of the cards, by id: they come with the program."""
    return {card.id: card.titre for card in read_cards()}
