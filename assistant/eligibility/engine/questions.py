"""What to fill in next: first what settles the verdict soonest, then what the amounts need.

A fact that can change neither is never asked. For the verdict, each unknown fact is weighed by the
chance that its answer alone ends the matter (a refusal), then by the chance that its criterion
fails for each question left in it: in a series of tests, the likeliest to fail per question asked
come first.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from assistant.eligibility.engine.amounts import (
    BONUS,
    Donnees,
    anciennete_requise,
    etendre,
    fourchette,
    plancher,
    proratise,
)
from assistant.eligibility.engine.criteria import plus_bas
from assistant.eligibility.engine.dossier import Dossier, chemin_de_variable, constituer
from assistant.eligibility.engine.partition import INCONNU
from assistant.eligibility.engine.verdict import REFUS, Instance, instancier
from assistant.eligibility.models import Verdict
from assistant.eligibility.project import DemandeDeBonus, Projet
from assistant.eligibility.rulebook import COLLECTIF, Regles

COLLECTIFS: Final = "collectifs"


class Poids(NamedTuple):
    """How soon a fact settles the verdict; greater first."""

    refus_immediat: float
    refus_par_question: float


def a_renseigner(
    dossier: Dossier,
    regles: Regles,
    instances: list[Instance],
    donnees: Donnees,
    verdict: Verdict,
) -> tuple[str, ...]:
    """List the facts to fill in, the most useful first."""
    chemins = [*_pour_le_verdict(dossier, regles, instances)] if verdict == "incomplet" else []
    chemins += _pour_les_montants(dossier, regles, donnees)
    return tuple(dict.fromkeys(chemins))


def _pour_le_verdict(dossier: Dossier, regles: Regles, instances: list[Instance]) -> list[str]:
    poids: dict[str, Poids] = {}
    if not dossier.projet.collectifs:
        poids[COLLECTIFS] = Poids(1.0, 1.0)
    for critere in regles.criteres_pour(None):
        if critere.critere.indispensable:
            for place in critere.indices:
                if dossier.cellules[place] == INCONNU:
                    poids[regles.faits_projet[place].nom] = Poids(0.0, 0.0)
    bas = [plus_bas(i.critere.issue(i.cle).rangs) for i in instances]
    seuils = _seuils_des_autres(bas)
    for instance, seuil in zip(instances, seuils, strict=True):
        if INCONNU not in instance.cle:
            continue
        for variable, apport in peser(instance, seuil):
            chemin = _chemin(variable, regles)
            deja = poids.get(chemin)
            poids[chemin] = max(deja, apport) if deja else apport
    rangs = {chemin: rang for rang, chemin in enumerate(poids)}
    return sorted(poids, key=lambda c: (-poids[c][0], -poids[c][1], rangs[c]))


def a_preciser(projet: Projet, regles: Regles, code: str) -> tuple[str, ...]:
    """List the unknown facts that one criterion hangs on, collectif by collectif.

    ``code``: of a criterion; one that the project's département does not have gives nothing.
    """
    dossier = constituer(projet, regles)
    return tuple(
        dict.fromkeys(
            _chemin(instance.variables[rang], regles)
            for instance in instancier(dossier, regles)
            if instance.critere.code == code
            for rang, cellule in enumerate(instance.cle)
            if cellule == INCONNU and instance.critere.influe(instance.cle, rang, -1)
        )
    )


def _seuils_des_autres(bas: list[int]) -> list[int]:
    """Return, for each instance, the rank that the others reach at best."""
    haut = max(bas, default=0)
    seul = bas.count(haut) == 1
    second = max((b for b in bas if b < haut), default=0)
    return [second if seul and b == haut else haut for b in bas]


def peser(instance: Instance, seuil: int) -> list[tuple[int, Poids]]:
    """Weigh the unknown facts of a criterion that can still change the verdict."""
    critere, cle = instance.critere, instance.cle
    utiles = [
        rang
        for rang, cellule in enumerate(cle)
        if cellule == INCONNU and critere.influe(cle, rang, seuil)
    ]
    if not utiles:
        return []
    par_question = critere.parts(cle)[REFUS] / len(utiles)
    pesees = []
    for rang in utiles:
        suites = list(critere.completer(cle, rang))
        refus = sum(critere.issue(s).rangs == 1 << REFUS for s in suites)
        poids = Poids(refus / len(suites), par_question)
        pesees.append((instance.variables[rang], poids))
    return pesees


def _chemin(variable: int, regles: Regles) -> str:
    chemin = chemin_de_variable(variable, regles)
    derive = regles.derives.get(chemin)
    return derive.montant_retenu.liste if derive and derive.montant_retenu else chemin


def _pour_les_montants(dossier: Dossier, regles: Regles, donnees: Donnees) -> list[str]:
    chemins: list[str] = []
    if donnees.annee is None:
        chemins.append("annee_scolaire")
        dernier, _ = regles.parametre("prix_plafond", _DERNIERE_ANNEE)
        donnees = donnees._replace(plafond=dernier)
    if donnees.plafond is None:
        return []
    if not donnees.collectifs:
        chemins.append(COLLECTIFS)
    for rang in range(len(donnees.collectifs)):
        chemins += _pour_la_ps(rang, dossier, regles, donnees)
    chemins += _pour_les_bonus(dossier, regles, donnees)
    etendues = etendre(donnees)
    if donnees.cout_total is None:
        chemins.append("budget.cout_total")
    if donnees.autres is None and (etendues is None or etendues.total.haut > 0):
        chemins.append("budget.autres_financements_caf_clas")
    part = donnees.parts_acomptes[0]
    if donnees.debut is None and (etendues is None or plancher(etendues.garde.haut * part)):
        chemins.append("debut")
    return chemins


_DERNIERE_ANNEE: Final = 9998


def _pour_la_ps(rang: int, dossier: Dossier, regles: Regles, donnees: Donnees) -> list[str]:
    assert donnees.plafond is not None
    collectif = donnees.collectifs[rang]
    connus = sum(c.prix for c in donnees.collectifs if c.prix is not None)
    prix_max = donnees.plafond.valeur
    if donnees.cout_total is not None:
        prix_max = min(prix_max, donnees.cout_total - connus)

    def variable(nom: str) -> str:
        place = regles.faits[COLLECTIF + nom].indice
        return chemin_de_variable(dossier.variables(rang, regles)[place], regles)

    def haut(**faits: Any) -> int:  # noqa: ANN401 - fields of a collectif
        return fourchette(collectif._replace(**faits), donnees, prix_max)[1]

    chemins = []
    if collectif.prix is None and haut() > 0:
        chemins.append(variable("prix_de_revient"))
    entiere = haut(en_cours_d_annee=False)
    if collectif.en_cours_d_annee is None:
        semaines = collectif.semaines if collectif.semaines is not None else 0
        if haut(en_cours_d_annee=True, semaines=semaines) != entiere:
            chemins.append(variable("demarrage_en_cours_d_annee"))
    au_prorata = collectif._replace(en_cours_d_annee=True, semaines=0)
    if (
        collectif.semaines is None
        and collectif.en_cours_d_annee is not False
        and proratise(au_prorata, donnees)
        and entiere > 0
    ):
        chemins.append(variable("semaines"))
    return chemins


def _pour_les_bonus(dossier: Dossier, regles: Regles, donnees: Donnees) -> list[str]:
    chemins: list[str] = []
    bonus = dossier.projet.bonus
    for nom, du in zip(BONUS, donnees.bonus, strict=True):
        if du is None:
            demande = getattr(bonus, nom) if bonus else None
            chemins += [
                f"bonus.{nom}.{champ}"
                for champ in DemandeDeBonus.model_fields
                if demande is None or getattr(demande, champ) is None
            ]
    if None in donnees.bonus:
        bas, haut = anciennete_requise(dossier.projet.departement, regles)
        annees = bonus.annees_de_fonctionnement if bonus else None
        if bas != haut and (annees is None or annees < haut):
            chemins.append("departement")
        if annees is None and haut > 0:
            chemins.append("bonus.annees_de_fonctionnement")
    return chemins
