"""Statuses and verdict of a project, straight from the contract: `evaluer(projet)`.

Plain dictionaries in, plain dictionaries out. A project is supposed valid; a key that is absent or
None is an unknown fact.

Unknown facts are settled by brute force. Each fact has a small set of representative values, one
on each side of every threshold that the contract gives. The facts that several criteria read (the
context: département, school year, rural flag, population, mid-year start, levels) are enumerated
together; under each context, the criteria that share no further fact are enumerated apart, which
is exact, since the worst status of a project is the worst of its parts.

Readings where the contract leaves a choice:

- `calendrier`: an alert that the known dates alone prove is an alert; otherwise one unknown date,
  an unknown school year or a year whose holidays are not known gives `sans_objet`;
- a null in a collectif (`milieu_rural`, `population_commune`, `demarrage_en_cours_d_annee`) is the
  same as its absence: the project's own value holds;
- with an unknown département, local criteria are not listed, but they do count in the completions
  where that département is the one that has them.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

from .amounts import evaluer_montants
from .collectif import groupes_du_collectif
from .groups import (
    A_RENSEIGNER,
    CONFORME,
    PARTITION_CONTEXTE,
    RANG,
    VERDICT_DU_RANG,
    Faits,
    Statuts,
    lire,
)
from .local import CODES_LOCAUX, groupes_locaux
from .national import groupes_nationaux, statut_calendrier


def evaluer(projet: dict[str, Any]) -> dict[str, Any]:
    """Verdict, statuses by (code, collectif or None), and amounts of a valid project."""
    groupes = [*groupes_nationaux(projet), *groupes_locaux(projet)]
    for numero, collectif in enumerate(projet.get("collectifs") or [], start=1):
        groupes += groupes_du_collectif(collectif, numero)

    possibles: dict[tuple[str, int | None], set[str]] = {}
    rangs_du_projet: set[int] = set()
    deja_vues: dict[tuple[Any, ...], list[Statuts]] = {}
    for contexte in _contextes(projet):
        rangs = {0}
        for numero, groupe in enumerate(groupes):
            cle = (numero, *(contexte[nom] for nom in groupe.contexte))
            if cle not in deja_vues:
                deja_vues[cle] = [groupe.regle(faits) for faits in groupe.completions(contexte)]
            issues = deja_vues[cle]
            for issue in issues:
                for code, statut in issue.items():
                    possibles.setdefault((code, groupe.collectif), set()).add(statut)
            pires = {max((RANG[s] for s in issue.values()), default=0) for issue in issues}
            rangs = {max(rang, pire) for rang in rangs for pire in pires}
        rangs_du_projet |= rangs

    departement = projet.get("departement")
    statuts = {
        cle: next(iter(valeurs)) if len(valeurs) == 1 else A_RENSEIGNER
        for cle, valeurs in possibles.items()
        if departement is not None or cle[0] not in CODES_LOCAUX
    }
    for code in ("departement", "annee_scolaire"):
        statuts[code, None] = A_RENSEIGNER if projet.get(code) is None else CONFORME
    statuts["calendrier", None] = statut_calendrier(projet)
    return {
        "verdict": _verdict(projet, rangs_du_projet),
        "criteres": statuts,
        "montants": evaluer_montants(projet),
    }


def _verdict(projet: dict[str, Any], rangs: set[int]) -> str:
    if rangs == {2}:
        return "non_eligible"
    ouvert = (
        len(rangs) > 1
        or not projet.get("collectifs")
        or projet.get("departement") is None
        or projet.get("annee_scolaire") is None
    )
    return "incomplet" if ouvert else VERDICT_DU_RANG[next(iter(rangs))]


def _contextes(projet: dict[str, Any]) -> Iterator[Faits]:
    niveaux = lire(projet, "public", "niveaux")
    connus = {nom: projet.get(nom) for nom in PARTITION_CONTEXTE if nom != "niveaux"}
    connus["niveaux"] = None if niveaux is None else tuple(niveaux)
    valeurs = [
        PARTITION_CONTEXTE[nom] if valeur is None else (valeur,) for nom, valeur in connus.items()
    ]
    for choix in product(*valeurs):
        yield dict(zip(connus, choix, strict=True))
