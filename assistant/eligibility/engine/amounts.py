"""Ps, bonus, ceiling, advances and balance, in ``Decimal``; null where an unknown is needed.

Amounts are computed as if the project were agreed. Every number comes from the rule files.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Final, NamedTuple

from assistant.eligibility.engine.dossier import Dossier, date_du_parametre
from assistant.eligibility.models import Bareme, Montants
from assistant.eligibility.parameters import Valeur
from assistant.eligibility.project import DemandeDeBonus
from assistant.eligibility.rulebook import COLLECTIF, Regles

_UN: Final = Decimal(1)
BONUS: Final = ("enfants", "parents")


class Collectif(NamedTuple):
    """What the Ps of a collectif takes."""

    prix: Decimal | None
    semaines: int | None
    en_cours_d_annee: bool | None


class Donnees(NamedTuple):
    """What the amounts take: facts of the project and parameters of its year."""

    annee: int | None
    plafond: Valeur | None
    """Ceiling price; None when the year is unknown or earlier than all the texts."""
    taux: Decimal
    semaines_annee: int
    collectifs: tuple[Collectif, ...]
    cout_total: Decimal | None
    autres: Decimal | None
    bonus: tuple[bool | None, bool | None]
    """For each bonus: due, not due, unknown."""
    bonus_montant: int
    part_caf: Decimal
    parts_acomptes: tuple[Decimal, Decimal]
    debut: dt.date | None
    exercice_n1: dt.date | None


def reunir(dossier: Dossier, regles: Regles) -> Donnees:
    """Gather what the amounts take."""
    projet, annee = dossier.projet, dossier.annee
    prix = regles.faits[f"{COLLECTIF}prix_de_revient"].indice
    semaines = regles.faits[f"{COLLECTIF}semaines"].indice
    demarrage = regles.faits[f"{COLLECTIF}demarrage_en_cours_d_annee"].indice
    budget = projet.budget
    plafond = None if annee is None else regles.parametre("prix_plafond", annee)[0]
    return Donnees(
        annee=annee,
        plafond=plafond,
        taux=regles.constante("taux_ps"),
        semaines_annee=regles.constante("semaines_annee"),
        collectifs=tuple(
            Collectif(v[prix], v[semaines], v[demarrage]) for v in dossier.valeurs_collectifs
        ),
        cout_total=budget.cout_total if budget else None,
        autres=budget.autres_financements_caf_clas if budget else None,
        bonus=bonus_dus(dossier, regles),
        bonus_montant=regles.constante("bonus_montant"),
        part_caf=regles.constante("plafond_caf"),
        parts_acomptes=(regles.constante("acompte_n"), regles.constante("acompte_n1")),
        debut=projet.debut,
        exercice_n1=None
        if annee is None
        else date_du_parametre(regles, "debut_exercice_n1", annee),
    )


def anciennete_requise(departement: str | None, regles: Regles) -> tuple[int, int]:
    """Return the least and the most completed years that a bonus may take."""
    national = int(regles.constante("bonus_anciennete"))
    if departement is not None:
        valeur, _ = regles.parametre("bonus_anciennete", 0, departement)
        exact = national if valeur is None else int(valeur.valeur)
        return exact, exact
    connues = [
        int(parametre.valeurs[0].valeur)  # type: ignore[arg-type]  # a number, by its use
        for (_, nom), parametre in regles.parametres.items()
        if nom == "bonus_anciennete"
    ]
    return min(connues), max(connues)


def bonus_dus(dossier: Dossier, regles: Regles) -> tuple[bool | None, bool | None]:
    """Tell for each bonus whether it is due, as far as facts say."""
    bonus = dossier.projet.bonus
    if bonus is None:
        return None, None
    bas, haut = anciennete_requise(dossier.projet.departement, regles)
    annees = bonus.annees_de_fonctionnement
    anciennete: bool | None = None
    if haut == 0 or (annees is not None and annees >= haut):
        anciennete = True
    elif annees is not None and annees < bas:
        anciennete = False
    return _du(bonus.enfants, anciennete), _du(bonus.parents, anciennete)


def _du(demande: DemandeDeBonus | None, anciennete: bool | None) -> bool | None:
    conditions: tuple[bool | None, ...] = (None, anciennete)
    if demande is not None:
        conditions = (
            demande.demande,
            demande.projet_annuel,
            demande.au_dela_du_socle,
            anciennete,
        )
    if False in conditions:
        return False
    return None if None in conditions else True


def ps_exacte(prix: Decimal, collectif: Collectif, donnees: Donnees) -> Decimal:
    """Return the Ps of a collectif before rounding; its weeks and start must be known if used."""
    assert donnees.plafond is not None
    base: Decimal = donnees.taux * min(prix, donnees.plafond.valeur)
    if proratise(collectif, donnees):
        assert collectif.semaines is not None
        return base * collectif.semaines / donnees.semaines_annee
    return base


def proratise(collectif: Collectif, donnees: Donnees) -> bool:
    """Tell whether the Ps is in proportion to the weeks."""
    return (
        collectif.en_cours_d_annee is True
        and collectif.semaines is not None
        and collectif.semaines < donnees.semaines_annee
    )


def arrondir(montant: Decimal) -> int:
    """Round to the nearest euro, halves up."""
    return int(montant.quantize(_UN, ROUND_HALF_UP))


def plancher(montant: Decimal) -> int:
    """Round down to the euro."""
    return int(montant.quantize(_UN, ROUND_FLOOR))


def fourchette(collectif: Collectif, donnees: Donnees, prix_max: Decimal) -> tuple[int, int]:
    """Return the least and the greatest Ps of a collectif; ``prix_max`` bounds an unknown price."""
    prix_bas = collectif.prix if collectif.prix is not None else Decimal(0)
    prix_haut = collectif.prix if collectif.prix is not None else prix_max
    bas = haut = collectif
    if collectif.en_cours_d_annee is None:
        bas, haut = bas._replace(en_cours_d_annee=True), haut._replace(en_cours_d_annee=False)
    if collectif.semaines is None:
        bas, haut = bas._replace(semaines=0), haut._replace(semaines=donnees.semaines_annee)
    return (
        arrondir(ps_exacte(prix_bas, bas, donnees)),
        arrondir(ps_exacte(prix_haut, haut, donnees)),
    )


class Etendue(NamedTuple):
    """The least and the greatest value of an amount over the completions of the unknown facts."""

    bas: int
    haut: int

    @property
    def commune(self) -> int | None:
        """The value, when all completions share it."""
        return self.bas if self.bas == self.haut else None


class Etendues(NamedTuple):
    """What completions of the unknown facts can reach."""

    ps: tuple[Etendue, ...]
    """Of each collectif."""
    ps_total: Etendue
    avant: Etendue
    total: Etendue
    garde: Etendue
    """The Ps once the bonus has been cut first: what advances are computed on."""


def etendre(donnees: Donnees) -> Etendues | None:
    """Return the range of each amount, or None without a ceiling price or a collectif.

    Every amount grows with the costs, the weeks and the bonus, and shrinks with the other money of
    the Caf: both ends are reached by setting each unknown to its own end.
    """
    if donnees.plafond is None or not donnees.collectifs:
        return None
    plafond = Decimal(donnees.plafond.valeur)
    connus = sum((c.prix for c in donnees.collectifs if c.prix is not None), Decimal(0))
    disponible = plafond * len(donnees.collectifs)
    if donnees.cout_total is not None:
        disponible = donnees.cout_total - connus
    ps = tuple(
        Etendue(*fourchette(c, donnees, min(plafond, disponible))) for c in donnees.collectifs
    )
    inconnus = [c for c in donnees.collectifs if c.prix is None]
    connues = sum(e.haut for e, c in zip(ps, donnees.collectifs, strict=True) if c.prix is not None)
    haut = connues + (repartir(inconnus, disponible, donnees) if inconnus else 0)
    ps_total = Etendue(sum(e.bas for e in ps), haut)
    bonus = donnees.bonus_montant * len(donnees.collectifs)
    avant = Etendue(
        ps_total.bas + bonus * sum(du is True for du in donnees.bonus),
        ps_total.haut + bonus * sum(du is not False for du in donnees.bonus),
    )
    # Unknown costs are at least those of the collectifs, and have no greatest value; unknown money
    # of the Caf may leave nothing.
    couts = connus if donnees.cout_total is None else donnees.cout_total
    reste_bas = 0 if donnees.autres is None else _reste(couts, donnees.autres, donnees)
    reste_haut = None
    if donnees.cout_total is not None:
        reste_haut = _reste(donnees.cout_total, donnees.autres or Decimal(0), donnees)
        reste_bas = min(reste_bas, reste_haut)
    return Etendues(
        ps=ps,
        ps_total=ps_total,
        avant=avant,
        total=_couper(avant, reste_bas, reste_haut),
        garde=_couper(ps_total, reste_bas, reste_haut),
    )


def _reste(couts: Decimal, autres: Decimal, donnees: Donnees) -> int:
    """Return what the ceiling on all the money of the Caf leaves, rounded down."""
    return plancher(plancher(donnees.part_caf * couts) - autres)


def _couper(montant: Etendue, reste_bas: int, reste_haut: int | None) -> Etendue:
    haut = montant.haut if reste_haut is None else min(montant.haut, reste_haut)
    return Etendue(max(0, min(montant.bas, reste_bas)), max(0, haut))


def repartir(inconnus: list[Collectif], reste: Decimal, donnees: Donnees) -> int:
    """Return the greatest Ps of collectifs of unknown price that share what is left of the costs.

    Each euro of Ps has its price (the first costs half of the next, thanks to the rounding): the
    cheapest are bought first, which no other choice beats.
    """
    assert donnees.plafond is not None
    plafond = Decimal(donnees.plafond.valeur)
    hauts = [fourchette(c, donnees, plafond)[1] for c in inconnus]
    if reste >= plafond * len(inconnus):
        return sum(hauts)
    achats: list[tuple[Fraction, int]] = []
    for collectif, haut in zip(inconnus, hauts, strict=True):
        if haut == 0:
            continue
        taux = Fraction(donnees.taux)
        if proratise(collectif, donnees):
            taux *= Fraction(collectif.semaines or 0, donnees.semaines_annee)
        achats += [(1 / taux / 2, 1), (1 / taux, haut - 1)]
    argent, total = Fraction(reste), 0
    for cout, nombre in sorted(achats):
        pris = min(nombre, int(argent / cout))
        argent -= pris * cout
        total += pris
    return total


def calculer(donnees: Donnees) -> Montants:
    """Compute every amount; ``detail`` is left to ``arithmetic``."""
    etendues = etendre(donnees)
    calculable = donnees.plafond is not None
    bonus = tuple(_bonus(du, donnees) if calculable else None for du in donnees.bonus)
    plafond_80 = (
        plancher(donnees.part_caf * donnees.cout_total)
        if calculable and donnees.cout_total is not None
        else None
    )
    if etendues is None:
        return _sans_collectif(donnees, bonus, plafond_80)
    acompte_n = _acompte_n(etendues.garde, donnees)
    part = donnees.parts_acomptes[1]
    acompte_n1 = Etendue(
        plancher(etendues.garde.bas * part), plancher(etendues.garde.haut * part)
    ).commune
    total = etendues.total.commune
    return Montants(
        bareme=bareme(donnees),
        ps_par_collectif=tuple([e.commune for e in etendues.ps]),
        ps_total=etendues.ps_total.commune,
        ps_min=etendues.ps_total.bas,
        ps_max=etendues.ps_total.haut,
        bonus_enfants=bonus[0],
        bonus_parents=bonus[1],
        total_avant_plafond=etendues.avant.commune,
        plafond_80=plafond_80,
        total=total,
        total_min=etendues.total.bas,
        total_max=etendues.total.haut,
        acompte_n_max=acompte_n,
        acompte_n1_max=acompte_n1,
        solde=_solde(total, acompte_n, acompte_n1),
        detail=(),
    )


def _sans_collectif(
    donnees: Donnees, bonus: tuple[int | None, ...], plafond_80: int | None
) -> Montants:
    """Nothing but the bonus refused and the ceiling is known before a collectif is described."""
    return Montants(
        bareme=bareme(donnees),
        ps_par_collectif=(None,) * len(donnees.collectifs),
        ps_total=None,
        ps_min=None,
        ps_max=None,
        bonus_enfants=bonus[0],
        bonus_parents=bonus[1],
        total_avant_plafond=None,
        plafond_80=plafond_80,
        total=None,
        total_min=None,
        total_max=None,
        acompte_n_max=None,
        acompte_n1_max=None,
        solde=None,
        detail=(),
    )


def _solde(total: int | None, *acomptes: int | None) -> int | None:
    if total is None or None in acomptes:
        return None
    return total - sum(a for a in acomptes if a is not None)


def bareme(donnees: Donnees) -> Bareme:
    """Say which ceiling price was used."""
    plafond = donnees.plafond
    if plafond is None:
        return Bareme(
            annee_scolaire=None, prix_plafond=None, taux=float(donnees.taux), a_confirmer=True
        )
    return Bareme(
        annee_scolaire=plafond.datee.du,
        prix_plafond=entier_ou_decimal(plafond.valeur),
        taux=float(donnees.taux),
        a_confirmer=not plafond.certain,
    )


def entier_ou_decimal(valeur: Any) -> int | float:  # noqa: ANN401 - int or Decimal
    """Return an int where the value is whole."""
    return int(valeur) if valeur == int(valeur) else float(valeur)


def _bonus(du: bool | None, donnees: Donnees) -> int | None:
    if du is False:
        return 0
    if du is None or not donnees.collectifs:
        return None
    return donnees.bonus_montant * len(donnees.collectifs)


def demarre_en_n1(donnees: Donnees) -> bool | None:
    """Tell whether every collectif starts in year N+1: no advance is then possible in year N."""
    if donnees.debut is None or donnees.exercice_n1 is None:
        return None
    return donnees.debut >= donnees.exercice_n1


def _acompte_n(garde: Etendue, donnees: Donnees) -> int | None:
    part = donnees.parts_acomptes[0]
    tardif = demarre_en_n1(donnees)
    bas = 0 if tardif is not False else plancher(garde.bas * part)
    haut = 0 if tardif else plancher(garde.haut * part)
    return Etendue(bas, haut).commune
