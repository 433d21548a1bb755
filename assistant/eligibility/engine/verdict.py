"""The verdict that all completions of the unknown facts share, or none.

Each criterion alone knows the ranks that its own completions reach. Criteria that share an unknown
fact are not independent: the shared facts, and only those, are gone through cell by cell, part of
the graph by part, and what was found for a part is remembered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from assistant.eligibility.engine.conditions import Cle
from assistant.eligibility.engine.criteria import CriterePret, plus_bas, plus_haut
from assistant.eligibility.engine.dossier import Dossier
from assistant.eligibility.engine.partition import INCONNU
from assistant.eligibility.models import Verdict
from assistant.eligibility.rulebook import Regles

REFUS: Final = 2
VERDICTS: Final[tuple[Verdict, ...]] = ("eligible", "eligible_sous_reserve", "non_eligible")
_JUSQU_A: Final = (0b001, 0b011, 0b111)
"""Masks of the ranks up to one."""
_DEPUIS: Final = (0b111, 0b110, 0b100)
"""Masks of the ranks from one."""


class Instance(NamedTuple):
    """A criterion applied to the project or to one collectif."""

    critere: CriterePret
    cle: Cle
    variables: tuple[int, ...]
    """Identity of the fact at each place of the key."""
    collectif: int | None


def instancier(dossier: Dossier, regles: Regles) -> list[Instance]:
    """List the criteria that weigh on the verdict, once per collectif where they do."""
    instances: list[Instance] = []
    identites = [dossier.variables(r, regles) for r in range(len(dossier.cellules_collectifs))]
    for critere in regles.criteres_pesant(dossier.projet.departement):
        if not critere.par_collectif:
            cle = critere.extraire(dossier.cellules)
            instances.append(Instance(critere, cle, critere.indices, None))
            continue
        for rang, cellules in enumerate(dossier.cellules_collectifs):
            variables = critere.extraire(identites[rang])
            instances.append(Instance(critere, critere.extraire(cellules), variables, rang))
    return instances


def indispensables_connus(dossier: Dossier, regles: Regles) -> bool:
    """Tell whether a verdict other than a refusal can be firm."""
    if not dossier.projet.collectifs:
        return False
    return all(
        INCONNU not in critere.extraire(dossier.cellules)
        for critere in regles.criteres_pour(None)
        if critere.critere.indispensable
    )


def conclure(masque: int, indispensables: bool) -> Verdict:
    """Turn the ranks that completions reach into a verdict."""
    if masque == 1 << REFUS:
        return "non_eligible"
    if not indispensables or masque & (masque - 1):
        return "incomplet"
    return VERDICTS[plus_bas(masque)]


def rangs_atteints(instances: Iterable[Instance]) -> int:
    """Return the mask of the worst ranks that completions reach."""
    plancher = 0
    actives: list[Instance] = []
    for instance in instances:
        rangs = instance.critere.issue(instance.cle).rangs
        if rangs & (rangs - 1):
            actives.append(instance)
        elif rangs > 1:
            plancher = max(plancher, plus_bas(rangs))
            if plancher == REFUS:
                return 1 << REFUS
    return _combiner(1 << plancher, _atteindre(actives))


def _combiner(a: int, b: int) -> int:
    """Return the ranks that the worse of two independent parts reaches."""
    bas = max(plus_bas(a), plus_bas(b))
    return (a | b) & _DEPUIS[bas]


def _atteindre(actives: list[Instance]) -> int:
    if not actives:
        return 1
    masque = 1
    for partie in parties(actives):
        masque = _combiner(masque, _atteindre_partie(partie))
        if masque == 1 << REFUS:
            break
    return masque


def _atteindre_partie(partie: list[Instance]) -> int:
    """Branch on the unknown fact that most instances of a connected part share."""
    if len(partie) == 1:
        return partie[0].critere.issue(partie[0].cle).rangs
    partagees = Counter(v for instance in partie for v in set(libres(instance)))
    variable, _ = max(partagees.items(), key=lambda paire: (paire[1], -paire[0]))
    masque = 0
    plein = _borne(partie)
    for cellule in range(cellules_de(variable, partie)):
        masque |= rangs_atteints(fixer(partie, variable, cellule))
        if masque == plein:
            break
    return masque


def _borne(partie: list[Instance]) -> int:
    """Return a mask that holds every rank a part could reach."""
    bas = haut = 0
    for instance in partie:
        rangs = instance.critere.issue(instance.cle).rangs
        bas, haut = max(bas, plus_bas(rangs)), max(haut, plus_haut(rangs))
    return _DEPUIS[bas] & _JUSQU_A[haut]


def libres(instance: Instance) -> list[int]:
    """Return the unknown facts of an instance."""
    return [v for v, c in zip(instance.variables, instance.cle, strict=True) if c == INCONNU]


def cellules_de(variable: int, instances: Iterable[Instance]) -> int:
    """Return how many cells a fact has."""
    for instance in instances:
        if variable in instance.variables:
            return instance.critere.cellules[instance.variables.index(variable)]
    raise KeyError(variable)


def fixer(instances: Iterable[Instance], variable: int, cellule: int) -> list[Instance]:
    """Give a fact a cell, wherever it stands."""
    fixees: list[Instance] = []
    for instance in instances:
        if variable not in instance.variables:
            fixees.append(instance)
            continue
        cle = tuple(
            cellule if v == variable else c
            for v, c in zip(instance.variables, instance.cle, strict=True)
        )
        fixees.append(instance._replace(cle=cle))
    return fixees


def parties(instances: list[Instance]) -> list[list[Instance]]:
    """Split instances into groups that share no unknown fact."""
    groupes: list[tuple[set[int], list[Instance]]] = []
    for instance in instances:
        variables = set(libres(instance))
        membres = [instance]
        restants = []
        for vues, groupe in groupes:
            if vues & variables:
                variables |= vues
                membres = groupe + membres
            else:
                restants.append((vues, groupe))
        groupes = [*restants, (variables, membres)]
    return [groupe for _, groupe in groupes]
