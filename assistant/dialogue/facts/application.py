"""``appliquer``: a project with facts put into it, always one that can be read."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from assistant.dialogue.facts.donnees import lire_vocabulaire
from assistant.dialogue.facts.models import FaitLu, FaitsLus
from assistant.eligibility.project import (
    COFINANCEMENTS_MAXIMUM,
    COLLECTIFS_MAXIMUM,
    AxeEcole,
    AxeEnfants,
    AxeParents,
    AxeTerritoire,
    Projet,
)

_AXES: Final[Mapping[str, type[BaseModel]]] = {
    "enfants": AxeEnfants,
    "parents": AxeParents,
    "ecole": AxeEcole,
    "territoire": AxeTerritoire,
}
_COLLECTIFS: Final = "collectifs"
_LISTES: Final[Mapping[str, int]] = {
    _COLLECTIFS: COLLECTIFS_MAXIMUM,
    "cofinancements": COFINANCEMENTS_MAXIMUM,
}


def appliquer(projet: Mapping[str, Any], faits: FaitsLus | Iterable[FaitLu]) -> dict[str, Any]:
    """Return ``projet`` with ``faits`` put into it, in order.

    ``projet`` is plain data that ``lire_projet`` accepts; it is not changed, and what is returned
    is accepted too. A fact replaces what was known; ``collectifs`` sets how many there are. Where
    a new fact and an old one cannot both be true (costs of the collectifs above the total, end
    before start), the old one becomes unknown. A fact that the model refuses (10 001 children, a
    path it does not have) is left out.
    """
    resultat: dict[str, Any] = _en_donnees(projet)
    for fait in faits.faits if isinstance(faits, FaitsLus) else faits:
        resultat = _poser(resultat, fait)
    return resultat


def _poser(projet: dict[str, Any], fait: FaitLu) -> dict[str, Any]:
    essai = copy.deepcopy(projet)
    if not _ecrire(essai, fait):
        return projet
    if _se_lit(essai, fait.chemin):
        return essai
    for conflit in _conflits(fait.chemin):
        _oublier(essai, conflit)
    return essai if _se_lit(essai, fait.chemin) else projet


def _ecrire(projet: dict[str, Any], fait: FaitLu) -> bool:
    valeur = copy.deepcopy(fait.valeur)
    if fait.chemin == _COLLECTIFS:
        return _compter_collectifs(projet, valeur)
    *parties, derniere = fait.chemin.split(".")
    noeud: Any = projet
    for rang, partie in enumerate(parties):
        suivante = [*parties, derniere][rang + 1]
        noeud = _descendre(noeud, partie, suivante)
        if noeud is None:
            return False
    if isinstance(noeud, list):
        place = _rang(noeud, derniere, COFINANCEMENTS_MAXIMUM)
        if place is None or not isinstance(valeur, dict):
            return False
        ancien = noeud[place] if isinstance(noeud[place], dict) else {}
        noeud[place] = {**ancien, **{c: v for c, v in valeur.items() if v is not None}}
        return True
    if not isinstance(noeud, dict):
        return False
    noeud[derniere] = valeur
    return True


def _compter_collectifs(projet: dict[str, Any], valeur: object) -> bool:
    if isinstance(valeur, bool) or not isinstance(valeur, int):
        return False
    if not 0 <= valeur <= COLLECTIFS_MAXIMUM:
        return False
    connus = list(projet.get(_COLLECTIFS) or [])
    projet[_COLLECTIFS] = connus[:valeur] + [{} for _ in range(valeur - len(connus))]
    return True


def _descendre(noeud: Any, partie: str, suivante: str) -> Any:  # noqa: ANN401 - plain data
    """Return what stands at ``partie``, made if it is unknown; None where nothing can."""
    if isinstance(noeud, list):
        place = _rang(noeud, partie, COLLECTIFS_MAXIMUM)
        return None if place is None else noeud[place]
    if not isinstance(noeud, dict):
        return None
    present = noeud.get(partie)
    if isinstance(present, list) and partie in _AXES and not suivante.isdigit():
        # The short form: the objectives listed are true, the others false.
        present = {nom: nom in present for nom in _AXES[partie].model_fields}
    elif present is None:
        present = [] if partie in _LISTES else {}
    noeud[partie] = present
    return present


def _rang(liste: list[Any], partie: str, maximum: int) -> int | None:
    """Return the place of an element counted from 1, made with those before it if need be."""
    if not (partie.isascii() and partie.isdigit() and len(partie) <= len(str(maximum))):
        return None
    rang = int(partie)
    if not 0 < rang <= maximum:
        return None
    liste.extend({} for _ in range(rang - len(liste)))
    if liste[rang - 1] is None:
        liste[rang - 1] = {}
    return rang - 1


def _conflits(chemin: str) -> tuple[str, ...]:
    if chemin == "budget.cout_total":
        return ("collectifs.*.prix_de_revient",)
    if chemin.endswith(".prix_de_revient"):
        return ("budget.cout_total",)
    return {"debut": ("fin",), "fin": ("debut",)}.get(chemin, ())


def _oublier(projet: dict[str, Any], chemin: str) -> None:
    if chemin.startswith(_COLLECTIFS):
        for collectif in projet.get(_COLLECTIFS) or []:
            collectif.pop("prix_de_revient", None)
        return
    *parties, derniere = chemin.split(".")
    noeud = projet
    for partie in parties:
        noeud = noeud.get(partie) or {}
    noeud.pop(derniere, None)


@cache
def _locaux() -> dict[str, tuple[Any, bool]]:
    """Return the values that each local fact may take, and whether it is a set of them."""
    locaux: dict[str, tuple[Any, bool]] = {}
    for choix in lire_vocabulaire().choix:
        if choix.departement is None:
            continue
        valeurs: list[Any] = []
        for cas in choix.cas:
            valeurs += cas.valeur if isinstance(cas.valeur, list) else [cas.valeur]
        if valeurs == [True]:
            valeurs.append(False)
        locaux[choix.chemin] = (valeurs, choix.ensemble)
    return locaux


def _se_lit(projet: dict[str, Any], chemin: str) -> bool:
    """Whether the project is one that can be read, as far as the fact at ``chemin`` changes it."""
    bloc = chemin.split(".", maxsplit=1)[0]
    if bloc not in Projet.model_fields:
        return _local_se_lit(projet, chemin)
    if bloc == Projet.LOCAUX:
        return False
    nationaux = {c: v for c, v in projet.items() if c in Projet.model_fields}
    try:
        Projet.model_validate(nationaux)
    except ValidationError:
        return False
    return True


def _local_se_lit(projet: dict[str, Any], chemin: str) -> bool:
    if chemin not in _locaux():
        return False
    bloc, _, nom = chemin.partition(".")
    valeurs, ensemble = _locaux()[chemin]
    dite = projet[bloc].get(nom)
    if ensemble:
        return isinstance(dite, list) and all(valeur in valeurs for valeur in dite)
    return any(type(dite) is type(valeur) and dite == valeur for valeur in valeurs)


def _en_donnees(donnees: Any) -> Any:  # noqa: ANN401 - plain data
    """Copy plain data; sequences become lists."""
    if isinstance(donnees, Mapping):
        return {cle: _en_donnees(valeur) for cle, valeur in donnees.items()}
    if isinstance(donnees, list | tuple | set | frozenset):
        return [_en_donnees(valeur) for valeur in donnees]
    return donnees
