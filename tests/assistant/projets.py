"""A project that conforms, and ways to change it, for the tests of eligibility."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

from assistant.eligibility import Regles, Resultat, charger_regles, verifier
from assistant.eligibility.project import AxeEcole, AxeEnfants, AxeParents, AxeTerritoire
from assistant.eligibility.samples import exemple
from corpus.library import load_corpus

Projet = dict[str, Any]

AXES = {
    "enfants": tuple(AxeEnfants.model_fields),
    "parents": tuple(AxeParents.model_fields),
    "ecole": tuple(AxeEcole.model_fields),
    "territoire": tuple(AxeTerritoire.model_fields),
}


@cache
def regles() -> Regles:
    """The rules that come with the program."""
    return charger_regles(load_corpus().documents)


@cache
def _conforme(departement: str) -> str:
    return exemple(departement, regles())


def conforme(departement: str = "75", /, **faits: Any) -> Projet:
    """A complete project that conforms, with some top-level facts replaced."""
    projet: Projet = json.loads(_conforme(departement))
    projet["axes"] = {axe: dict.fromkeys(noms, True) for axe, noms in AXES.items()}
    return projet | faits


def poser(projet: Projet, chemin: str, valeur: Any) -> Projet:
    """The same project with the fact at a path (collectifs count from 1) replaced."""
    copie = copy.deepcopy(projet)
    noeud: Any = copie
    parties = chemin.split(".")
    for partie in parties[:-1]:
        if isinstance(noeud, list):
            noeud = noeud[int(partie) - 1]
            continue
        if noeud.get(partie) is None:
            noeud[partie] = {}
        noeud = noeud[partie]
    noeud[parties[-1]] = valeur
    return copie


def avec(projet: Projet, **faits: Any) -> Projet:
    """The same project, its first collectif changed."""
    for nom, valeur in faits.items():
        projet = poser(projet, f"collectifs.1.{nom}", valeur)
    return projet


def statut(projet: Projet, code: str, collectif: int | None = None) -> str:
    """The status of one criterion."""
    trouves = [
        c.statut
        for c in verifier(projet, regles()).criteres
        if c.code == code and c.collectif == collectif
    ]
    assert len(trouves) == 1, f"{code} is listed {len(trouves)} times"
    return trouves[0]


def resultat(projet: Projet) -> Resultat:
    """The whole result."""
    return verifier(projet, regles())
