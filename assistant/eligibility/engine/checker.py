"""From a project to its result: the one entry of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.eligibility.engine.amounts import Donnees, calculer, reunir
from assistant.eligibility.engine.arithmetic import detailler
from assistant.eligibility.engine.corrections import corriger
from assistant.eligibility.engine.dossier import Dossier, constituer
from assistant.eligibility.engine.presentation import presenter
from assistant.eligibility.engine.questions import a_renseigner
from assistant.eligibility.engine.remarks import calendrier, pluriannuel, reserves
from assistant.eligibility.engine.verdict import (
    REFUS,
    conclure,
    indispensables_connus,
    instancier,
    rangs_atteints,
)
from assistant.eligibility.engine.withdrawn import set_aside
from assistant.eligibility.models import Resultat, Verdict
from assistant.eligibility.project import Projet
from assistant.eligibility.reading import lire_projet
from assistant.eligibility.rulebook import NATIONALE, Regles


def verifier(projet: Projet | Mapping[str, Any], regles: Regles) -> Resultat:
    """Check a project, or the mapping of a project file.

    Raises:
        ProjetInutilisable: a mapping with a key or a value that is refused.
    """
    if not isinstance(projet, Projet):
        projet = lire_projet(projet, regles)
    dossier = constituer(projet, regles)
    instances = instancier(dossier, regles)
    masque = rangs_atteints(instances)
    if projet.departement is None:
        # Local criteria weigh in the completions of their département, and are not listed.
        instances = [i for i in instances if i.critere.portee == NATIONALE]
    conclusion = conclure(masque, indispensables_connus(dossier, regles))
    donnees: Donnees = reunir(dossier, regles)
    montants = calculer(donnees)
    montants = montants.model_copy(update={"detail": detailler(donnees, montants)})
    criteres, remarques = presenter(dossier, regles, instances)
    resultat = Resultat(
        verdict=conclusion,
        criteres=criteres,
        montants=montants,
        calendrier_paiement=calendrier(regles, montants),
        pluriannuel=pluriannuel(dossier, regles),
        a_renseigner=a_renseigner(dossier, regles, instances, donnees, conclusion),
        corrections=corriger(dossier, regles, instances, conclusion),
        reserves=reserves(dossier, regles, donnees, montants, remarques),
    )
    return set_aside(resultat, regles, projet.departement)


def verdict(projet: Projet, regles: Regles) -> Verdict:
    """Return the verdict of a project that was read and checked, and nothing else."""
    if regles.revision.ecartes or regles.revision.parametres:
        return verifier(projet, regles).verdict
    dossier = constituer(projet, regles)
    masque = _masque_sans_inconnue(dossier, regles)
    if masque is None:
        masque = rangs_atteints(instancier(dossier, regles))
    if masque == 1 << REFUS:
        return "non_eligible"
    return conclure(masque, indispensables_connus(dossier, regles))


def _masque_sans_inconnue(dossier: Dossier, regles: Regles) -> int | None:
    """Return the mask of the worst rank when each criterion alone has one, None otherwise."""
    pire: int | None = 1
    for critere in regles.criteres_pesant(dossier.projet.departement):
        vecteurs = dossier.cellules_collectifs if critere.par_collectif else (dossier.cellules,)
        connues, extraire = critere.issues, critere.extraire
        for cellules in vecteurs:
            cle = extraire(cellules)
            # The table is read here rather than through a method: this loop is the hot one.
            issue = connues.get(cle) or critere.issue(cle)
            rangs = issue[1]
            if rangs == 1 << REFUS:
                return rangs
            if rangs & (rangs - 1):
                pire = None
            elif pire is not None and rangs > pire:
                pire = rangs
    return pire
