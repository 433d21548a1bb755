"""A result written for a terminal: verdict, what blocks, what is uncertain, what is fine, money."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from assistant.eligibility.models import Correction, Critere, Montants, Resultat
from assistant.eligibility.rulebook import COLLECTIF, Regles
from assistant.eligibility.schema import Statut
from assistant.eligibility.templates import euros
from assistant.models import Citation

_VERDICTS: Final = {
    "eligible": "ÉLIGIBLE",
    "eligible_sous_reserve": "ÉLIGIBLE SOUS RÉSERVE",
    "non_eligible": "NON ÉLIGIBLE",
    "incomplet": "INCOMPLET : des faits manquent pour conclure",
}
_RUBRIQUES: Final[tuple[tuple[str, tuple[Statut, ...]], ...]] = (
    ("Ce qui bloque", ("non_conforme",)),
    ("Ce qui est incertain", ("sous_reserve", "a_renseigner", "alerte")),
    ("Ce qui convient", ("conforme",)),
    ("Sans objet", ("sans_objet",)),
)
_MARQUES: Final = {
    "non_conforme": "✗",
    "sous_reserve": "~",
    "a_renseigner": "?",
    "alerte": "!",
    "conforme": "✓",
    "sans_objet": "–",
}
_EXTRAIT_MAXIMUM: Final = 220
_QUESTIONS_MONTREES: Final = 5


def en_texte(resultat: Resultat, regles: Regles) -> str:
    """Write a whole result."""
    titres = {c.code: c.critere.titre for criteres in regles.criteres.values() for c in criteres}
    parties: list[list[str]] = [[f"Verdict : {_VERDICTS[resultat.verdict]}"]]
    for rubrique, statuts in _RUBRIQUES:
        criteres = [c for c in resultat.criteres if c.statut in statuts]
        if criteres:
            detaille = "conforme" not in statuts and "sans_objet" not in statuts
            lignes = [ligne for c in criteres for ligne in _critere(c, titres, detaille=detaille)]
            parties.append([rubrique, *lignes])
    parties.append(["Montants", *_montants(resultat.montants)])
    parties.append(["Calendrier de paiement", *_calendrier(resultat)])
    parties.append(["Financement pluriannuel", f"  {resultat.pluriannuel.motif}"])
    if resultat.a_renseigner:
        parties.append(_questions(resultat.a_renseigner, regles))
    if resultat.corrections:
        parties.append(["Corrections possibles", *_corrections(resultat.corrections)])
    parties.append(["Réserves", *(f"  - {r}" for r in resultat.reserves)])
    return "\n\n".join("\n".join(lignes) for lignes in parties) + "\n"


def _critere(critere: Critere, titres: dict[str, str], *, detaille: bool) -> Iterator[str]:
    ou = f" (collectif {critere.collectif})" if critere.collectif else ""
    titre = titres.get(critere.code, critere.code)
    yield f"  {_MARQUES[critere.statut]} {titre}{ou} : {critere.motif}"
    if detaille:
        yield from (f"      {_citer(citation)}" for citation in critere.citations[:2])


def _citer(citation: Citation) -> str:
    extrait = " ".join(citation.extrait.split())
    if len(extrait) > _EXTRAIT_MAXIMUM:
        extrait = extrait[:_EXTRAIT_MAXIMUM].rsplit(" ", 1)[0] + " […]"
    return f"« {extrait} » ({citation.document}, {citation.titre})"


def _montants(montants: Montants) -> Iterator[str]:
    for ligne in montants.detail:
        yield f"  {ligne}"
    if montants.total is None and montants.total_min is not None and montants.total_max is not None:
        yield (
            f"  Total : de {euros(montants.total_min)} à {euros(montants.total_max)}, selon ce "
            "qui reste à renseigner."
        )
    elif montants.total is None:
        yield "  Total : pas encore calculable."


def _calendrier(resultat: Resultat) -> Iterator[str]:
    for echeance in resultat.calendrier_paiement:
        montant = "à préciser" if echeance.montant is None else euros(echeance.montant)
        yield f"  {echeance.quand} : {montant}. {echeance.quoi}"


def _questions(chemins: tuple[str, ...], regles: Regles) -> list[str]:
    lignes = [f"Prochaine question : {question(chemins[0], regles)} ({chemins[0]})"]
    suite = chemins[1:_QUESTIONS_MONTREES]
    if suite:
        reste = len(chemins) - 1 - len(suite)
        fin = f", et {reste} autres" if reste else ""
        lignes.append(f"  Puis : {', '.join(suite)}{fin}.")
    return lignes


def question(chemin: str, regles: Regles) -> str:
    """Return the French question that asks for a fact, by its path in a project file."""
    if chemin == "collectifs":
        return "Quels collectifs d'enfants le projet compte-t-il ?"
    if chemin == "budget.cofinancements":
        return "Quels cofinancements le projet a-t-il ?"
    parties = chemin.split(".")
    if parties[0] == "collectifs":
        fait = regles.faits[COLLECTIF + parties[-1]]
        precision = f"Collectif {parties[1]} : "
    else:
        fait, precision = regles.faits[chemin], ""
    texte = fait.declaration.question if fait.declaration else fait.libelle
    return precision + texte


def _corrections(corrections: Iterable[Correction]) -> Iterator[str]:
    ensemble = 0
    for correction in corrections:
        if correction.ensemble != ensemble:
            ensemble = correction.ensemble
            yield f"  {ensemble})"
        avant, apres = _valeur(correction.de), _valeur(correction.vers)
        yield f"     {correction.champ} : {avant} → {apres} ({correction.motif})"


def _valeur(valeur: Any) -> str:  # noqa: ANN401 - any JSON value
    return json.dumps(valeur, ensure_ascii=False)
