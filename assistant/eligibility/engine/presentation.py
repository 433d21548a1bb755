"""Criteria as they are shown: status, reason, what was found, what was expected, quotations."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final, NamedTuple

from assistant.answers.places import nom_departement
from assistant.eligibility.engine.criteria import STATUTS, CasPret, CriterePret, bits, plus_bas
from assistant.eligibility.engine.dossier import Dossier
from assistant.eligibility.engine.partition import INCONNU
from assistant.eligibility.engine.verdict import Instance
from assistant.eligibility.models import Critere
from assistant.eligibility.rulebook import COLLECTIF, NATIONALE, Regles
from assistant.eligibility.templates import montrer, remplir
from assistant.models import Citation

_MEMOIRE_MAXIMUM: Final = 50_000
_EN_MOTS: Final = {
    "conforme": "conforme",
    "sous_reserve": "sous réserve",
    "non_conforme": "non conforme",
    "alerte": "alerte",
    "sans_objet": "sans objet",
}


class Remarques(NamedTuple):
    """What the criteria add to the reserves."""

    reserves: tuple[str, ...]
    lectures: tuple[str, ...]
    """How the program reads a text that could be read otherwise, where a status hangs on it."""


class _Presente(NamedTuple):
    critere: Critere
    reserve: str | None
    lectures: tuple[str, ...]


def presenter(
    dossier: Dossier, regles: Regles, instances: list[Instance]
) -> tuple[tuple[Critere, ...], Remarques]:
    """Show every criterion once, once per collectif where it is so."""
    memoire = regles.memoire.setdefault("criteres", {})
    if len(memoire) > _MEMOIRE_MAXIMUM:
        memoire.clear()
    criteres: list[Critere] = []
    dites: dict[str, None] = {}
    lectures: dict[str, None] = {}
    departement = dossier.projet.departement
    for instance in instances:
        critere, rang = instance.critere, instance.collectif
        valeurs = dossier.valeurs if rang is None else dossier.valeurs_collectifs[rang]
        cle = (critere, rang, departement, instance.cle, critere.montrer(valeurs))
        presente = memoire.get(cle)
        if presente is None:
            presente = memoire[cle] = _presenter(instance, valeurs, departement, regles)
        criteres.append(presente.critere)
        if presente.reserve:
            dites[presente.reserve] = None
        for lecture in presente.lectures:
            lectures[lecture] = None
    return tuple(criteres), Remarques(tuple(dites), tuple(lectures))


def _presenter(
    instance: Instance, valeurs: list[Any], departement: str | None, regles: Regles
) -> _Presente:
    critere, cle = instance.critere, instance.cle
    issue = critere.issue(cle)
    dire = _dire(instance, valeurs, departement, regles)
    numero = None if instance.collectif is None else instance.collectif + 1
    constate = remplir(critere.critere.constate, dire)
    ouvert = critere.critere.indispensable and INCONNU in cle
    if ouvert or issue.statuts & (issue.statuts - 1):
        presente = Critere(
            code=critere.code,
            collectif=numero,
            statut="a_renseigner",
            motif=_motif_ouvert(instance, issue.statuts, regles),
            constate=None if ouvert else constate,
            attendu=remplir(critere.attendu(departement), dire),
            portee=critere.portee,
            citations=_uniques(*_citations_locales(critere, departement), *critere.citations),
        )
        return _Presente(presente, None, ())
    gagnant = critere.cas[plus_bas(issue.gagnants_sur or issue.gagnants)]
    statut = STATUTS[plus_bas(issue.statuts)]
    presente = Critere(
        code=critere.code,
        collectif=numero,
        statut=statut,
        motif=_motif_ferme(gagnant, statut, issue.gagnants_sur, dire),
        constate=constate,
        attendu=remplir(gagnant.attendu or critere.critere.attendu, dire),
        portee=gagnant.portee,
        citations=_uniques(*gagnant.citations, *critere.citations),
    )
    reserve = gagnant.cas.reserve if statut in {"conforme", "sous_reserve"} else None
    lectures = [gagnant.cas.interpretation]
    if statut in {"alerte", "sous_reserve", "non_conforme"}:
        lectures.append(critere.critere.interpretation)
    return _Presente(presente, reserve, tuple([lue for lue in lectures if lue]))


def _motif_ferme(gagnant: CasPret, statut: str, surs: int, dire: Callable[[str], str]) -> str:
    if not surs:
        return f"Quelle que soit la réponse à ce qui n'est pas précisé : {_EN_MOTS[statut]}."
    if statut == "sans_objet" and STATUTS[gagnant.statut] != "sans_objet":
        return "Le texte local ne vaut pas pour cette année scolaire."
    motif = remplir(gagnant.cas.motif, dire)
    if gagnant.plafonne:
        motif += " Le texte local est d'une autre année : à confirmer auprès de la Caf."
    return motif


def _motif_ouvert(instance: Instance, statuts: int, regles: Regles) -> str:
    critere, cle = instance.critere, instance.cle
    inconnus = [
        regles.faits[nom].libelle
        for rang, nom in enumerate(critere.lecture)
        if cle[rang] == INCONNU and (critere.critere.indispensable or _compte(critere, cle, rang))
    ]
    issues = " ou ".join(_EN_MOTS[STATUTS[s]] for s in bits(statuts))
    suite = "" if critere.critere.indispensable else f" Selon la réponse : {issues}."
    return f"À préciser : {', '.join(dict.fromkeys(inconnus))}.{suite}"


def _compte(critere: CriterePret, cle: tuple[int, ...], rang: int) -> bool:
    """Tell whether an unknown fact matters to the status."""
    statuts = {critere.issue(suite).statuts for suite in critere.completer(cle, rang)}
    return len(statuts) > 1 or critere.influe(cle, rang, -1)


def _citations_locales(critere: CriterePret, departement: str | None) -> list[Citation]:
    if departement is None or critere.portee != NATIONALE:
        return []
    return [c for cas in critere.cas if cas.portee == departement for c in cas.citations]


def _uniques(*citations: Citation) -> tuple[Citation, ...]:
    vues: dict[tuple[str, int, int], Citation] = {}
    for citation in citations:
        vues.setdefault((citation.document, citation.debut, citation.fin), citation)
    return tuple(vues.values())


def _dire(
    instance: Instance, valeurs: list[Any], departement: str | None, regles: Regles
) -> Callable[[str], str]:
    """Return what fills the places of a criterion's sentences in."""

    @cache
    def dire(place: str) -> str:
        if place.startswith("p:"):
            return montrer(regles.constante(place[2:], departement))
        if place == "manquants":
            faux = [
                regles.faits[nom].libelle
                for nom in instance.critere.lecture
                if valeurs[regles.faits[nom].indice] is False
            ]
            return ", ".join(faux) or "aucun"
        fait = regles.faits.get(place) or regles.faits[COLLECTIF + place]
        if fait.nom.startswith("annee"):
            return str(valeurs[fait.indice])
        valeur = valeurs[fait.indice]
        if fait.nom == "departement" and valeur is not None:
            return f"{nom_departement(valeur)} ({valeur})"
        return montrer(valeur, fait)

    return dire
