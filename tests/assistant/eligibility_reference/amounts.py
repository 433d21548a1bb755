"""Amounts of a project, straight from the contract, with the range that unknown facts leave.

One principle: an amount is known when it is the same in every valid completion of the unknown
facts, and None otherwise; `total_min` and `total_max` are the least and the greatest total that a
valid completion gives. A valid completion keeps the costs of the collectifs, together, at or under
the total cost. Every amount grows with the costs, the weeks and the bonus, and shrinks with the
other Caf funding, so both ends are found by setting each unknown to its own end.

Readings where the contract leaves a choice:

- a school year before 2021-2022, or unknown, leaves every amount None, the range too;
- no collectif (absent, null or empty list): Ps, totals and advances are None, since what the
  project will do is not described yet; a bonus that is not asked for is still 0;
- other Caf funding with cents: the total is rounded down, so that 80 % is never exceeded;
- 0 week is possible, and gives a Ps of 0 € after a mid-year start;
- in 34, the year of operation is asked for a bonus in every school year;
- `solde` is None as soon as the total or an advance is.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any

TAUX = Fraction(325, 1000)
PRIX_PLAFOND = 7885
PREMIERE_ANNEE = 2021
SEMAINES_PLEINES = 27
MONTANT_BONUS = 300

CLES = (
    "ps_total",
    "bonus_enfants",
    "bonus_parents",
    "total_avant_plafond",
    "plafond_80",
    "total",
    "total_min",
    "total_max",
    "acompte_n_max",
    "acompte_n1_max",
    "solde",
)

# The least and the greatest value over the completions; None: no upper bound.
Etendue = tuple[int, int]


def evaluer_montants(projet: dict[str, Any]) -> dict[str, Any]:
    """The `montants` of the contract, without `detail`; whole euros or None."""
    annee = projet.get("annee_scolaire")
    collectifs = projet.get("collectifs") or []
    montants: dict[str, Any] = dict.fromkeys(CLES)
    montants |= {"ps_par_collectif": [None] * len(collectifs), "bareme": None}
    if annee is None or int(annee[:4]) < PREMIERE_ANNEE:
        return montants

    budget = projet.get("budget") or {}
    cout = _exact(budget.get("cout_total"))
    montants["bareme"] = {
        "annee_scolaire": "2021-2022",
        "prix_plafond": PRIX_PLAFOND,
        "taux": 0.325,
        "a_confirmer": annee != "2021-2022",
    }
    montants["plafond_80"] = None if cout is None else floor(cout * 80 / 100)
    bonus = {volet: _etendue_bonus(projet, volet) for volet in ("enfants", "parents")}
    for volet, etendue in bonus.items():
        if collectifs or etendue == (0, 0):
            montants[f"bonus_{volet}"] = _commune(etendue)
    if not collectifs:
        return montants

    ps_par_collectif, ps_total = _etendues_ps(projet, collectifs, cout)
    avant = (
        ps_total[0] + bonus["enfants"][0] + bonus["parents"][0],
        ps_total[1] + bonus["enfants"][1] + bonus["parents"][1],
    )
    connus = sum((_exact(c.get("prix_de_revient")) or Fraction(0) for c in collectifs), Fraction(0))
    reste = _etendue_reste(cout, connus, _exact(budget.get("autres_financements_caf_clas")))
    total = (max(0, min(avant[0], reste[0])), _au_plus(avant[1], reste[1]))
    ps_gardee = (max(0, min(ps_total[0], reste[0])), _au_plus(ps_total[1], reste[1]))

    montants |= {
        "ps_par_collectif": [_commune(etendue) for etendue in ps_par_collectif],
        "ps_total": _commune(ps_total),
        "total_avant_plafond": _commune(avant),
        "total": _commune(total),
        "total_min": total[0],
        "total_max": total[1],
    }
    montants |= _versements(projet.get("debut"), annee, _commune(total), ps_gardee)
    return montants


def _versements(
    debut: str | None, annee: str, total: int | None, ps_gardee: Etendue
) -> dict[str, int | None]:
    acomptes_n = {ps * 28 // 100 for ps in ps_gardee}
    if debut is None:
        acomptes_n.add(0)
    elif date.fromisoformat(debut) >= date(int(annee[5:]), 1, 1):
        acomptes_n = {0}
    acompte_n = acomptes_n.pop() if len(acomptes_n) == 1 else None
    acompte_n1 = _commune((ps_gardee[0] * 42 // 100, ps_gardee[1] * 42 // 100))
    solde = None
    if total is not None and acompte_n is not None and acompte_n1 is not None:
        solde = total - acompte_n - acompte_n1
    return {"acompte_n_max": acompte_n, "acompte_n1_max": acompte_n1, "solde": solde}


def _etendue_bonus(projet: dict[str, Any], volet: str) -> Etendue:
    """Of one bonus, for all the collectifs."""
    bonus = projet.get("bonus") or {}
    demande = bonus.get(volet) or {}
    reponses = [demande.get(cle) for cle in ("demande", "projet_annuel", "au_dela_du_socle")]
    departement, annees = projet.get("departement"), bonus.get("annees_de_fonctionnement")
    # The condition of seniority is the Hérault's alone: neither known nor excluded without it.
    if departement not in {"34", None} or (annees is not None and annees >= 1):
        reponses.append(True)
    elif annees is not None and departement == "34":
        reponses.append(False)
    else:
        reponses.append(None)
    plein = MONTANT_BONUS * max(1, len(projet.get("collectifs") or []))
    if False in reponses:
        return (0, 0)
    return (plein, plein) if None not in reponses else (0, plein)


def _etendue_reste(
    cout: Fraction | None, connus: Fraction, autres: Fraction | None
) -> tuple[int, int | None]:
    """What 80 % of the cost leaves to the Clas, other Caf funding deducted."""
    cout_min = connus if cout is None else cout
    maximum = None if cout is None else floor(floor(cout * 80 / 100) - (autres or 0))
    # Nothing bounds an unknown funding: it may leave nothing.
    minimum = 0 if autres is None else floor(floor(cout_min * 80 / 100) - autres)
    return min(minimum, maximum) if maximum is not None else minimum, maximum


def _au_plus(valeur: int, plafond: int | None) -> int:
    return max(0, valeur if plafond is None else min(valeur, plafond))


def _etendues_ps(
    projet: dict[str, Any], collectifs: Sequence[dict[str, Any]], cout: Fraction | None
) -> tuple[list[Etendue], Etendue]:
    """Of each collectif and of their sum, which the total cost binds together."""
    connus = [_exact(collectif.get("prix_de_revient")) for collectif in collectifs]
    disponible = None if cout is None else cout - sum(p or Fraction(0) for p in connus)
    par_collectif: list[Etendue] = []
    total_min = total_max = 0
    inconnus: list[Fraction] = []
    for collectif, prix in zip(collectifs, connus, strict=True):
        part_min, part_max = _etendue_part(projet, collectif)
        prix_max = prix if prix is not None else disponible
        plus_haut = ps(PRIX_PLAFOND if prix_max is None else prix_max, part_max)
        par_collectif.append((ps(prix or 0, part_min), plus_haut))
        total_min += par_collectif[-1][0]
        if prix is None:
            inconnus.append(part_max)
        else:
            total_max += plus_haut
    return par_collectif, (total_min, total_max + _ps_conjointes(inconnus, disponible))


def _etendue_part(projet: dict[str, Any], collectif: dict[str, Any]) -> tuple[Fraction, Fraction]:
    """The least and the greatest part of the full Ps that the weeks leave."""
    demarrage = collectif.get("demarrage_en_cours_d_annee")
    if demarrage is None:
        demarrage = projet.get("demarrage_en_cours_d_annee")
    semaines = collectif.get("semaines")
    pleine = Fraction(1)
    if demarrage is False:
        return pleine, pleine
    if semaines is None:
        return Fraction(0), pleine
    part = min(pleine, Fraction(semaines, SEMAINES_PLEINES))
    return part, part if demarrage else pleine


def _ps_conjointes(parts: Sequence[Fraction], disponible: Fraction | None) -> int:
    """The greatest sum of Ps of collectifs of unknown costs that share what the total leaves.

    Exact search in cents: fast for two such collectifs, slow beyond when the total cost binds.
    """
    if disponible is None or disponible >= PRIX_PLAFOND * len(parts):
        return sum(ps(PRIX_PLAFOND, part) for part in parts)
    if not parts:
        return 0
    if len(parts) == 1:
        return ps(disponible, parts[0])
    meilleure = 0
    for montant in range(ps(disponible, parts[0]) + 1):
        depense = _prix_suffisant(montant, parts[0])
        meilleure = max(meilleure, montant + _ps_conjointes(parts[1:], disponible - depense))
    return meilleure


def _prix_suffisant(montant: int, part: Fraction) -> Fraction:
    """The smallest cost, in whole cents, that gives this Ps."""
    if montant == 0:
        return Fraction(0)
    return Fraction(ceil((montant - Fraction(1, 2)) / (TAUX * part) * 100), 100)


def ps(prix: Fraction | int, part: Fraction) -> int:
    """32,5 % of the cost within the ceiling, in proportion; one rounding, halves up."""
    return floor(TAUX * min(prix, PRIX_PLAFOND) * part + Fraction(1, 2))


def _exact(montant: float | str | None) -> Fraction | None:
    """The decimal amount as it is written, and not as a binary float holds it."""
    return None if montant is None else Fraction(str(montant))


def _commune(etendue: Etendue) -> int | None:
    return etendue[0] if etendue[0] == etendue[1] else None
