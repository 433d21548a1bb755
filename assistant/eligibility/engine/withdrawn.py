"""A rule that was put aside decides nothing: neither for a project, nor against it."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.eligibility.models import Critere, Montants, Resultat, Verdict
from assistant.eligibility.revision import Revision


def set_aside(resultat: Resultat, revision: Revision) -> Resultat:
    """Leave undecided what rests on a rule or a parameter that was put aside, and say so."""
    ecartes = {c.code for c in resultat.criteres} & set(revision.ecartes)
    if not ecartes and not revision.parametres:
        return resultat
    criteres = tuple(
        _undecided(c, revision.ecartes[c.code]) if c.code in ecartes else c
        for c in resultat.criteres
    )
    verdict: Verdict = resultat.verdict
    if ecartes and not any(c.statut == "non_conforme" for c in criteres):
        verdict = "incomplet"
    said = [
        f"La règle « {code} » n'est pas appliquée pour l'instant : {revision.ecartes[code]}"
        for code in sorted(ecartes)
    ]
    changed: dict[str, object] = {
        "verdict": verdict,
        "criteres": criteres,
        "reserves": (*resultat.reserves, *said, *_reserves(revision.parametres)),
    }
    if ecartes:
        # What would lead to « eligible » cannot be told while a criterion decides nothing.
        changed["corrections"] = ()
    if revision.parametres:
        changed["montants"] = _unknown(resultat.montants)
        changed["calendrier_paiement"] = tuple(
            step.model_copy(update={"montant": None}) for step in resultat.calendrier_paiement
        )
    return resultat.model_copy(update=changed)


def _undecided(critere: Critere, raison: str) -> Critere:
    return critere.model_copy(
        update={
            "statut": "a_renseigner",
            "motif": f"La règle a changé dans les textes et n'est pas encore revue : {raison}",
            "attendu": "une règle à relire dans le nouveau texte",
        }
    )


def _reserves(parametres: Mapping[str, str]) -> list[str]:
    return [
        f"Les montants ne sont pas donnés pour l'instant (« {nom} ») : {raison}"
        for nom, raison in sorted(parametres.items())
    ]


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
