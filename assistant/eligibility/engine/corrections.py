"""The smallest sets of changes, among facts that a porteur can change, that mend a project.

A set is smallest when no other that works has fewer changes. Criteria that share no fact that may
change are mended apart, so the search stays small whatever the number of collectifs. With unknown
facts, a criterion that fails is mended for good where it can be; one that is undecided must stay
open.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, islice, product
from typing import Any, Final, NamedTuple

from assistant.eligibility.engine.amounts import entier_ou_decimal
from assistant.eligibility.engine.conditions import Cle
from assistant.eligibility.engine.criteria import (
    RANG,
    CriterePret,
    plus_bas,
    plus_haut,
)
from assistant.eligibility.engine.dossier import Dossier, chemin_de_variable
from assistant.eligibility.engine.partition import INCONNU, Fait
from assistant.eligibility.engine.verdict import Instance, fixer, rangs_atteints
from assistant.eligibility.models import Correction, Verdict
from assistant.eligibility.rulebook import Regles
from assistant.eligibility.templates import remplir

ENSEMBLES_MAXIMUM: Final = 12
"""Sets shown at most."""

Changement = tuple[int, int]
"""A fact and the cell that it moves to."""
Ensemble = tuple[Changement, ...]


class Exigence(NamedTuple):
    """A criterion and what a mended project asks of it."""

    instance: Instance
    ferme: bool
    """True: under every completion; False: under some."""
    a_mender: bool


def corriger(
    dossier: Dossier, regles: Regles, instances: list[Instance], verdict: Verdict
) -> tuple[Correction, ...]:
    """Return the changes that lead to ``eligible`` or else to ``eligible_sous_reserve``."""
    if verdict == "eligible":
        return ()
    utiles = [i for i in instances if _rang_maximum(i.critere)]
    for cible in (0,) if verdict == "eligible_sous_reserve" else (0, 1):
        parties = _parties_a_mender(utiles, regles, cible)
        if not parties:
            return ()
        solutions = [_resoudre(partie, regles, dossier, cible) for partie in parties]
        if all(solutions):
            ensembles = list(islice(_combiner(solutions), ENSEMBLES_MAXIMUM))
            gardes = [e for e in ensembles if _tient(utiles, e, cible)]
            if gardes:
                return tuple(_ecrire(gardes, dossier, regles, parties))
    return ()


def _rang_maximum(critere: CriterePret) -> int:
    return max(RANG[cas.statut] for cas in critere.cas)


def _corrigibles(instance: Instance, regles: Regles) -> list[int]:
    """Return the known facts of an instance that a porteur can change."""
    noms = instance.critere.lecture
    return [
        variable
        for nom, variable, cellule in zip(noms, instance.variables, instance.cle, strict=True)
        if cellule != INCONNU and regles.faits[nom].corrigible
    ]


def _parties_a_mender(
    instances: list[Instance], regles: Regles, cible: int
) -> list[list[Exigence]]:
    """Group what fails with all that a change of its facts may touch."""
    exigences: list[Exigence] = []
    for instance in instances:
        rangs = instance.critere.issue(instance.cle).rangs
        a_mender = plus_bas(rangs) > cible
        exigences.append(Exigence(instance, a_mender or plus_haut(rangs) <= cible, a_mender))
    if not any(e.a_mender for e in exigences):
        return []
    lecteurs: dict[int, list[int]] = {}
    variables = [_corrigibles(e.instance, regles) for e in exigences]
    for rang, lues in enumerate(variables):
        for variable in lues:
            lecteurs.setdefault(variable, []).append(rang)
    vus: set[int] = set()
    parties = []
    for depart, exigence in enumerate(exigences):
        if depart in vus or not exigence.a_mender:
            continue
        membres, pile = {depart}, [depart]
        while pile:
            for variable in variables[pile.pop()]:
                nouveaux = [r for r in lecteurs[variable] if r not in membres]
                membres.update(nouveaux)
                pile += nouveaux
        vus |= membres
        parties.append([exigences[rang] for rang in sorted(membres)])
    return parties


def _resoudre(
    partie: list[Exigence], regles: Regles, dossier: Dossier, cible: int
) -> list[Ensemble]:
    """Return the smallest sets that mend a part: firmly or, failing that, as far as is known."""
    variables = list(dict.fromkeys(v for e in partie for v in _corrigibles(e.instance, regles)))
    places = {v: _place(v, partie, regles) for v in variables}
    forme = tuple(
        (
            e.instance.critere.portee,
            e.instance.critere.code,
            e.instance.cle,
            e.ferme,
            tuple(variables.index(v) if v in places else None for v in e.instance.variables),
        )
        for e in partie
    )
    memoire = regles.memoire.setdefault("corrections", {})
    cle = (forme, cible)
    if cle not in memoire:
        if len(memoire) > _MEMOIRE_MAXIMUM:
            memoire.clear()
        memoire[cle] = _chercher(partie, variables, places, cible)
    trouves: list[tuple[tuple[int, int], ...]] = memoire[cle]
    return _les_plus_proches(
        [tuple((variables[v], c) for v, c in ensemble) for ensemble in trouves],
        {v: fait for v, (fait, _) in places.items()},
        dossier,
        regles,
    )


_MEMOIRE_MAXIMUM: Final = 20_000


def _place(variable: int, partie: list[Exigence], regles: Regles) -> tuple[Fait, int]:
    """Return a fact and the cell that it is in."""
    for exigence in partie:
        instance = exigence.instance
        if variable in instance.variables:
            rang = instance.variables.index(variable)
            return regles.faits[instance.critere.lecture[rang]], instance.cle[rang]
    raise KeyError(variable)


def _chercher(
    partie: list[Exigence],
    variables: list[int],
    places: dict[int, tuple[Fait, int]],
    cible: int,
) -> list[Ensemble]:
    """Try sets of one change, then two…: the first size that works has them all."""
    souple = [e._replace(ferme=False) if e.a_mender else e for e in partie]
    for exigences in (partie, souple):
        for taille in range(1, len(variables) + 1):
            trouves = [
                tuple((rang, cellule) for rang, cellule in zip(rangs, cellules, strict=True))
                for rangs in combinations(range(len(variables)), taille)
                for cellules in product(*(_autres(places[variables[r]]) for r in rangs))
                if _satisfait(
                    exigences,
                    {variables[r]: c for r, c in zip(rangs, cellules, strict=True)},
                    cible,
                )
            ]
            if trouves:
                return trouves
    return []


def _autres(place: tuple[Fait, int]) -> list[int]:
    fait, cellule = place
    return [c for c in range(fait.cellules) if c != cellule]


def _satisfait(exigences: list[Exigence], changes: dict[int, int], cible: int) -> bool:
    for exigence in exigences:
        rangs = exigence.instance.critere.issue(_changer(exigence.instance, changes)).rangs
        if (plus_haut(rangs) if exigence.ferme else plus_bas(rangs)) > cible:
            return False
    return True


def _changer(instance: Instance, changes: dict[int, int]) -> Cle:
    return tuple(changes.get(v, c) for v, c in zip(instance.variables, instance.cle, strict=True))


def _les_plus_proches(
    ensembles: list[Ensemble], faits: dict[int, Fait], dossier: Dossier, regles: Regles
) -> list[Ensemble]:
    """Keep one set for each group of facts, the least change; the least changes first."""
    retenus: dict[tuple[int, ...], tuple[int, Ensemble]] = {}
    for ensemble in ensembles:
        ecart = 0
        for variable, cellule in ensemble:
            fait, avant = faits[variable], valeur_de(variable, dossier, regles)
            ecart += fait.distance(avant, fait.proche(avant, cellule))
        groupe = tuple(v for v, _ in ensemble)
        if groupe not in retenus or ecart < retenus[groupe][0]:
            retenus[groupe] = (ecart, ensemble)
    return [ensemble for _, ensemble in sorted(retenus.values(), key=lambda r: r[0])]


def valeur_de(variable: int, dossier: Dossier, regles: Regles) -> Any:  # noqa: ANN401 - a fact
    """Return the value of a fact."""
    nombre = len(regles.faits_projet)
    if variable < nombre:
        return dossier.valeurs[variable]
    rang, place = divmod(variable - nombre, len(regles.faits_collectif))
    return dossier.valeurs_collectifs[rang][nombre + place]


def _combiner(solutions: list[list[Ensemble]]) -> Iterator[Ensemble]:
    for choix in product(*solutions):
        yield tuple(changement for ensemble in choix for changement in ensemble)


def _tient(instances: list[Instance], ensemble: Ensemble, cible: int) -> bool:
    """Check a set on the whole project: parts mended apart may still share an unknown fact."""
    for variable, cellule in ensemble:
        instances = fixer(instances, variable, cellule)
    return plus_bas(rangs_atteints(instances)) <= cible


def _ecrire(
    ensembles: list[Ensemble], dossier: Dossier, regles: Regles, parties: list[list[Exigence]]
) -> Iterator[Correction]:
    nombre = len(regles.faits_projet)
    for numero, ensemble in enumerate(ensembles, 1):
        for variable, cellule in ensemble:
            place = variable
            if variable >= nombre:
                place = nombre + (variable - nombre) % len(regles.faits_collectif)
            fait = (*regles.faits_projet, *regles.faits_collectif)[place]
            motif = _motif(variable, dossier, parties, regles)
            derive = regles.derives.get(fait.nom)
            if derive is not None and derive.montant_retenu is not None:
                yield _ajouter_une_ligne(numero, dossier, regles, fait.nom, motif)
                continue
            avant = valeur_de(variable, dossier, regles)
            yield Correction(
                ensemble=numero,
                champ=chemin_de_variable(variable, regles),
                de=_ecrire_valeur(avant, fait),
                vers=_ecrire_valeur(fait.proche(avant, cellule), fait),
                motif=motif,
            )


def _ajouter_une_ligne(
    numero: int, dossier: Dossier, regles: Regles, nom: str, motif: str
) -> Correction:
    operation = regles.derives[nom].montant_retenu
    assert operation is not None
    liste: Any = dossier.projet
    for partie in operation.liste.split("."):
        liste = getattr(liste, partie)
    avant = [
        {
            cle: entier_ou_decimal(valeur) if isinstance(valeur, Decimal) else valeur
            for cle, valeur in ligne.model_dump(exclude_none=True).items()
        }
        for ligne in liste
    ]
    return Correction(
        ensemble=numero,
        champ=operation.liste,
        de=avant,
        vers=[*avant, dict(operation.ajouter)],
        motif=motif,
    )


def _ecrire_valeur(valeur: Any, fait: Fait) -> Any:  # noqa: ANN401 - any fact value
    if isinstance(valeur, frozenset):
        ordre = fait.declaration.valeurs if fait.declaration else ()
        return sorted(valeur, key=ordre.index)
    return valeur


def _motif(variable: int, dossier: Dossier, parties: list[list[Exigence]], regles: Regles) -> str:
    """Name what a change is for: the criteria that fail and read the fact."""
    vises: dict[str, str] = {}
    for partie in parties:
        for exigence in partie:
            instance = exigence.instance
            if exigence.a_mender and variable in instance.variables:
                attendu = remplir(
                    instance.critere.attendu(dossier.projet.departement),
                    lambda nom: str(
                        regles.constante(nom.removeprefix("p:"), dossier.projet.departement)
                    ),
                )
                titre = instance.critere.critere.titre
                vises[titre] = f"{titre} : {attendu}"
    return " ; ".join(vises.values()) or "Accompagne les autres changements."
