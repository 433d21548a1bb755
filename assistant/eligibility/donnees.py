"""A project as plain data: reading and setting one fact by its path, writing one back.

Paths count from 1 (``collectifs.1.enfants``). An absent fact is unknown, and nothing else.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from assistant.eligibility.project import Projet
from assistant.eligibility.rulebook import Regles


def lire(projet: Mapping[str, Any], chemin: str) -> Any:  # noqa: ANN401 - any fact value
    """Return the value at a path that counts from 1 (``collectifs.1.enfants``); None: unknown."""
    valeur: Any = projet
    for partie in chemin.split("."):
        if isinstance(valeur, list):
            rang = int(partie) - 1
            valeur = valeur[rang] if 0 <= rang < len(valeur) else None
        elif isinstance(valeur, Mapping):
            valeur = valeur.get(partie)
        else:
            return None
    return valeur


def poser(projet: Mapping[str, Any], chemin: str, valeur: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the project with one value changed; None takes it out, and blocks left empty go."""
    suite: dict[str, Any] = _poser(copy.deepcopy(dict(projet)), chemin.split("."), valeur)
    return suite


def _poser(dans: Any, parties: list[str], valeur: Any) -> Any:  # noqa: ANN401 - any part of a project
    if not parties:
        return valeur
    cle, reste = parties[0], parties[1:]
    if cle.isdigit():
        lignes = list(dans or [])
        rang = int(cle)
        lignes += [{} for _ in range(rang - len(lignes))]
        lignes[rang - 1] = _poser(lignes[rang - 1], reste, valeur) or {}
        return lignes
    bloc = dict(dans or {})
    nouvelle = _poser(bloc.get(cle), reste, valeur)
    if nouvelle is None or nouvelle == {}:
        bloc.pop(cle, None)
    else:
        bloc[cle] = nouvelle
    return bloc


def simple(valeur: Any) -> Any:  # noqa: ANN401 - any fact value
    """Write a value with the types of JSON alone."""
    if isinstance(valeur, Decimal):
        return int(valeur) if valeur == valeur.to_integral_value() else float(valeur)
    if isinstance(valeur, dt.date):
        return valeur.isoformat()
    if isinstance(valeur, Mapping):
        return {cle: simple(v) for cle, v in valeur.items() if v is not None}
    if isinstance(valeur, list | tuple):
        return [simple(v) for v in valeur]
    return valeur


def en_donnees(projet: Projet, regles: Regles) -> dict[str, Any]:
    """Write a project that was read back as the mapping of a project file, known facts alone."""
    donnees = projet.model_dump(exclude_none=True)
    locaux = donnees.pop(Projet.LOCAUX)
    suite: dict[str, Any] = {}
    for cle, valeur in {**donnees, **locaux}.items():
        ecrite = _ranger(cle, valeur, regles)
        if ecrite != {}:
            suite[cle] = ecrite
    return suite


def _ranger(chemin: str, valeur: Any, regles: Regles) -> Any:  # noqa: ANN401 - any fact value
    """Write a value with sets in their declared order, and without blocks left empty."""
    if isinstance(valeur, Mapping):
        ecrites = {c: _ranger(f"{chemin}.{c}", v, regles) for c, v in valeur.items()}
        return {c: v for c, v in ecrites.items() if v != {}}
    if isinstance(valeur, frozenset | set):
        declaration = regles.faits[chemin].declaration
        return [v for v in (declaration.valeurs if declaration else ()) if v in valeur]
    if isinstance(valeur, list | tuple):
        return [_ranger(f"{chemin}.*", v, regles) for v in valeur]
    return simple(valeur)
