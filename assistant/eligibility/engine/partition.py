"""Facts cut into the finitely many cells that the rules can tell apart.

A rule compares a number to thresholds, a choice to values, a set to lists: only the cell that a
value falls in matters. Reasoning over unknown facts is then exact, by going through cells, and
takes a time that does not depend on how large numbers may be.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import Any, Final, NamedTuple

from assistant.eligibility.schema import FaitDeclare

INCONNU: Final = -1
"""Cell of an unknown fact."""
AUTRE: Final = "autre"
"""Cell of the départements and years that no rule tells apart."""
VALEURS_D_ENSEMBLE_MAXIMUM: Final = 12

Predicat = Callable[[Any], bool]


class Fait(NamedTuple):
    """A fact made ready: its place in the vector of facts, its cells, and how to encode a value."""

    nom: str
    libelle: str
    type: str
    indice: int
    par_collectif: bool
    corrigible: bool
    herite: int | None
    cellules: int
    coder: Callable[[Any], int]
    """Value to cell; ``None`` to ``INCONNU``."""
    representants: tuple[Any, ...]
    """A value of each cell, the lowest for numbers."""
    bornes: tuple[Any, ...]
    """For numbers and dates, where each cell but the first starts."""
    declaration: FaitDeclare | None

    def proche(self, valeur: Any, cellule: int) -> Any:  # noqa: ANN401 - any fact value
        """Return the value of a cell that is the least change from ``valeur``."""
        if self.type == "ensemble":
            return self._ensemble_proche(valeur, cellule)
        if self.type not in {"entier", "date"} or valeur is None:
            return self.representants[cellule]
        bas = self.representants[cellule]
        if valeur < bas:
            return bas
        haut = self.bornes[cellule]
        return haut - (dt.timedelta(days=1) if self.type == "date" else 1)

    def _ensemble_proche(self, valeur: Any, cellule: int) -> Any:  # noqa: ANN401
        depart = frozenset(valeur or ())
        valeurs = self.declaration.valeurs if self.declaration else ()
        candidats = [e for e in sous_ensembles(valeurs) if self.coder(e) == cellule]
        return min(
            candidats,
            key=lambda e: (len(e ^ depart), len(e - depart), [v not in e for v in valeurs]),
        )

    def distance(self, avant: Any, apres: Any) -> int:  # noqa: ANN401 - any fact value
        """Tell how large a change is, to prefer the smallest."""
        if self.type == "ensemble":
            return len(frozenset(avant or ()) ^ frozenset(apres or ()))
        if self.type == "choix" and self.declaration and avant is not None:
            rangs = self.declaration.valeurs
            return abs(rangs.index(avant) - rangs.index(apres))
        if self.type == "entier" and avant is not None:
            return abs(int(apres) - int(avant))
        return 1


def sous_ensembles(valeurs: Sequence[str]) -> Iterable[frozenset[str]]:
    """Go through every subset, the small ones first."""
    for taille in range(len(valeurs) + 1):
        for choix in combinations(valeurs, taille):
            yield frozenset(choix)


def coder_par_table(valeurs: Sequence[Any]) -> Callable[[Any], int]:
    """Encode by looking up: booleans, choices."""
    table: dict[Any, int] = {valeur: rang for rang, valeur in enumerate(valeurs)}
    table[None] = INCONNU
    return table.__getitem__


def coder_par_seuils(bornes: Sequence[Any]) -> Callable[[Any], int]:
    """Encode numbers and dates by the thresholds below them."""
    seuils = list(bornes)

    def coder(valeur: Any) -> int:  # noqa: ANN401 - a number or a date
        return INCONNU if valeur is None else bisect_right(seuils, valeur)

    return coder


def coder_annee(bornes: Sequence[int]) -> Callable[[str | None], int]:
    """Encode a school year by its first civil year."""
    seuils = list(bornes)

    def coder(valeur: str | None) -> int:
        return INCONNU if valeur is None else bisect_right(seuils, int(valeur[:4]))

    return coder


def coder_departement(codes: Sequence[str]) -> Callable[[str | None], int]:
    """Encode a département: those with local rules have a cell each, the others share the last."""
    table = {code: rang for rang, code in enumerate(codes)}
    autre = len(codes)

    def coder(valeur: str | None) -> int:
        return INCONNU if valeur is None else table.get(valeur, autre)

    return coder


def grouper_ensembles(
    valeurs: Sequence[str], predicats: Sequence[Predicat]
) -> tuple[Callable[[Any], int], tuple[frozenset[str], ...]]:
    """Group subsets that no predicate tells apart; the encoder and a subset of each group."""
    groupes: dict[tuple[bool, ...], int] = {}
    representants: list[frozenset[str]] = []
    table: dict[Any, int] = {None: INCONNU}
    for ensemble in sous_ensembles(valeurs):
        signature = tuple(predicat(ensemble) for predicat in predicats)
        if signature not in groupes:
            groupes[signature] = len(groupes)
            representants.append(ensemble)
        table[ensemble] = groupes[signature]
    return table.__getitem__, tuple(representants)
