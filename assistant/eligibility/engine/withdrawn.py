"""A rule that was put aside decides nothing: neither for a project, nor against it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from pydantic import BaseModel

from assistant.eligibility.models import (
    Critere,
    EcheanceDePaiement,
    Montants,
    Pluriannuel,
    Resultat,
    Verdict,
)
from assistant.eligibility.rulebook import NATIONALE, Regles
from assistant.eligibility.schema import Critere as Regle
from assistant.eligibility.schema import Variante
from assistant.eligibility.templates import places

_NOMME: Final = re.compile(r"(?P<nom>.*?)(?: \((?P<portee>\w+)\))?")
"""A name, and the département that it is of where it is local: « depot_limite (34) »."""
_VARIANTE: Final = "variante "
_RESERVE: Final = "réserve "
_ECHEANCE: Final = "échéance "
_PLURIANNUEL: Final = "pluriannuel "


class _Ecart(NamedTuple):
    """Why a criterion decides nothing for now."""

    raison: str
    retire: bool
    """Whether its text was withdrawn, rather than changed."""


def set_aside(resultat: Resultat, regles: Regles, departement: str | None) -> Resultat:
    """Leave undecided what rests on a rule or a parameter that was put aside, and say so."""
    revision = regles.revision
    if not revision.ecartes and not revision.parametres:
        return resultat
    toutes = _raisons(regles, departement)
    ecartes = {c.code for c in resultat.criteres} & set(toutes)
    criteres = tuple(
        _undecided(c, toutes[c.code], regles, departement) if c.code in ecartes else c
        for c in resultat.criteres
    )
    verdict: Verdict = resultat.verdict
    if ecartes and not any(c.statut == "non_conforme" for c in criteres):
        verdict = "incomplet"
    parametres = dict(_parametres(regles, departement))
    said = [
        f"La règle « {code} » n'est pas appliquée pour l'instant : {toutes[code].raison}"
        for code in sorted(ecartes)
    ]
    changed: dict[str, object] = {
        "verdict": verdict,
        "criteres": criteres,
        "montants": _without(resultat.montants, regles),
        "calendrier_paiement": tuple(_calendar(resultat.calendrier_paiement, regles)),
        "pluriannuel": _several_years(resultat.pluriannuel, regles),
        "reserves": (
            *resultat.reserves,
            *said,
            *_silent(regles, departement),
            *_reserves(parametres),
        ),
    }
    if ecartes:
        # What would lead to « eligible » cannot be told while a criterion decides nothing.
        changed["corrections"] = ()
    if parametres:
        changed["montants"] = _unknown(resultat.montants)
        changed["calendrier_paiement"] = tuple(
            step.model_copy(update={"montant": None})
            for step in _calendar(resultat.calendrier_paiement, regles)
        )
    return resultat.model_copy(update=changed)


def _raisons(regles: Regles, departement: str | None) -> Mapping[str, _Ecart]:
    """Codes of the criteria that decide nothing for a département, and why."""
    memoire = regles.memoire.setdefault("ecartes", {})
    if departement not in memoire:
        memoire[departement] = dict(_ecarts(regles, departement))
    found: Mapping[str, _Ecart] = memoire[departement]
    return found


def _ecarts(regles: Regles, departement: str | None) -> Iterator[tuple[str, _Ecart]]:
    revision = regles.revision
    yield from _par_parametre(regles, departement)
    for element, raison in revision.ecartes.items():
        ecart = _Ecart(raison, ("regle", element) in revision.archives)
        if not element.startswith(_VARIANTE):
            yield element, ecart
            continue
        code, portee = _nomme(element.removeprefix(_VARIANTE))
        concernes = (portee,) if portee else _variant_in(regles, code)
        if departement is None or departement in concernes:
            yield code, ecart


def _variant_in(regles: Regles, code: str) -> tuple[str, ...]:
    return tuple(
        portee
        for portee, fichier in regles.fichiers.items()
        if any(variante.critere == code for variante in fichier.variantes)
    )


def _par_parametre(regles: Regles, departement: str | None) -> Iterator[tuple[str, _Ecart]]:
    """Criteria that compare a fact to a parameter put aside, or that say its value."""
    ecartes = regles.revision.parametres
    if not ecartes:
        return
    for portee, fichier in regles.fichiers.items():
        if portee != NATIONALE and departement not in (None, portee):
            continue
        regles_du_fichier: Iterable[Regle | Variante] = (*fichier.criteres, *fichier.variantes)
        for regle in regles_du_fichier:
            code = regle.code if isinstance(regle, Regle) else regle.critere
            lus = _mots(regle) | {
                mot
                for fait in regle.faits
                if fait in regles.derives
                for mot in _mots(regles.derives[fait])
            }
            for element, raison in ecartes.items():
                nom, locale = _nomme(element)
                lu_de = _lu_de(regles, portee, nom)
                if nom in lus and lu_de in ((locale,) if locale else (NATIONALE, portee)):
                    retire = ("parametre", element) in regles.revision.archives
                    yield code, _Ecart(f"{raison} (paramètre « {nom} »)", retire)


def _lu_de(regles: Regles, portee: str, nom: str) -> str:
    """Scope of the parameter that the rules of a scope read under a name."""
    return portee if (portee, nom) in regles.parametres else NATIONALE


def _mots(modele: BaseModel) -> set[str]:
    """Every word of a rule that may name a parameter."""

    def lire(valeur: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
        if isinstance(valeur, str):
            yield valeur
            yield from (place.removeprefix("p:") for place in places(valeur))
        elif isinstance(valeur, dict):
            for dedans in valeur.values():
                yield from lire(dedans)
        elif isinstance(valeur, list):
            for dedans in valeur:
                yield from lire(dedans)

    return set(lire(modele.model_dump(mode="json")))


def _nomme(element: str) -> tuple[str, str | None]:
    lu = _NOMME.fullmatch(element)
    return (lu["nom"], lu["portee"]) if lu else (element, None)


def _parametres(regles: Regles, departement: str | None) -> Iterator[tuple[str, str]]:
    """Parameters put aside that may weigh on the amounts of a département."""
    for element, raison in regles.revision.parametres.items():
        if _nomme(element)[1] in (None, departement) or departement is None:
            yield element, raison


def _undecided(critere: Critere, ecart: _Ecart, regles: Regles, departement: str | None) -> Critere:
    prets = regles.criteres_pour(departement)
    declarees = next(c.citations for c in prets if c.critere.code == critere.code)
    motif = "La règle a changé dans les textes et n'est pas encore revue"
    attendu = "une règle à relire dans le nouveau texte"
    if ecart.retire:
        motif = "Le texte qui porte cette règle a été retiré"
        attendu = "un texte en service qui porte cette règle"
    return critere.model_copy(
        update={
            "statut": "a_renseigner",
            "motif": f"{motif} : {ecart.raison}",
            "attendu": attendu,
            "citations": critere.citations or declarees,
        }
    )


def _silent(regles: Regles, departement: str | None) -> list[str]:
    """Say which reserves of the texts that hold for a département are not said for now."""
    ecartes = regles.revision.ecartes
    return [
        f"Une réserve n'est pas rappelée pour l'instant (« {reserve.id} ») : {raison}"
        for portee, fichier in regles.fichiers.items()
        for reserve in fichier.reserves
        if portee in (NATIONALE, departement)
        and (raison := ecartes.get(f"{_RESERVE}{reserve.id}")) is not None
    ]


def _reserves(parametres: Mapping[str, str]) -> list[str]:
    return [
        f"Les montants ne sont pas donnés pour l'instant (« {nom} ») : {raison}"
        for nom, raison in sorted(parametres.items())
    ]


def _calendar(steps: Iterable[EcheanceDePaiement], regles: Regles) -> Iterator[EcheanceDePaiement]:
    """Steps of payment; of one whose words are to be read again, neither its words nor amount."""
    for step, citee in zip(steps, regles.calendrier, strict=True):
        raison = regles.revision.ecartes.get(f"{_ECHEANCE}{citee.echeance.montant}")
        if raison is None:
            yield step
        else:
            said = f"Échéance à relire dans les textes : {raison}"
            yield step.model_copy(update={"quoi": said, "montant": None})


def _without(montants: Montants, regles: Regles) -> Montants:
    """Amounts without those of the steps of payment put aside."""
    named = {c.echeance.montant for c in regles.calendrier}
    gone = {nom for nom in named if f"{_ECHEANCE}{nom}" in regles.revision.ecartes}
    return montants.model_copy(update=dict.fromkeys(gone)) if gone else montants


def _several_years(pluriannuel: Pluriannuel, regles: Regles) -> Pluriannuel:
    """Whether several years may be funded; not known where a case, or its length, is put aside."""
    revision, declare = regles.revision, regles.fichiers[NATIONALE].pluriannuel
    lus = _mots(declare) if declare else set()
    raisons = [
        *(r for nom, r in revision.ecartes.items() if nom.startswith(_PLURIANNUEL)),
        *(r for nom, r in revision.parametres.items() if nom in lus),
    ]
    if not raisons:
        return pluriannuel
    said = f"Règle à relire dans les textes : {raisons[0]}"
    return pluriannuel.model_copy(
        update={"possible": None, "duree_max_annees": None, "motif": said}
    )


def _unknown(montants: Montants) -> Montants:
    """Amounts without one figure: none rests on a parameter that is put aside."""
    return montants.model_copy(
        update={
            "bareme": montants.bareme.model_copy(update={"prix_plafond": None, "taux": None}),
            "ps_par_collectif": (None,) * len(montants.ps_par_collectif),
            "detail": (),
            **dict.fromkeys(
                (
                    "ps_total", "ps_min", "ps_max", "bonus_enfants", "bonus_parents",
                    "total_avant_plafond", "plafond_80", "total", "total_min", "total_max",
                    "acompte_n_max", "acompte_n1_max", "solde",
                )
            ),
        }
    )  # fmt: skip
