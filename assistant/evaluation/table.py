"""The report as a table for the terminal, in French."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from assistant.comptes import compte
from assistant.evaluation.errors import bilan, erreurs
from assistant.evaluation.report import RANGS
from assistant.evaluation.wording import libelle_de

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from assistant.evaluation.report import Mesures, Moyenne, Part, RapportEvaluation

NOTHING = "–"
JAMAIS = ("citation infidèle", "règle locale déplacée")
"""Faults that no answer may have."""
_LISTED = 20
_LEGEND = (
    "n : réponses ; P@k : preuve dans les k premiers passages ; Prouvées : par leurs citations ; "
    "Refus : questions sans réponse refusées ; À tort : questions répondables refusées."
)


def number(value: float, decimals: int) -> str:
    """Write a number the French way."""
    return f"{value:.{decimals}f}".replace(".", ",")


def percent(value: float) -> str:
    """Write a share in per cent."""
    return number(100 * value, 1) + " %"


def share_cells(part: Part) -> tuple[str, str, str]:
    """Write a share, its interval and its counts."""
    if part.part is None or part.intervalle is None:
        return NOTHING, NOTHING, "0"
    low, high = part.intervalle
    interval = f"{number(100 * low, 1)} à {percent(high)}"
    return percent(part.part), interval, f"{part.reussites}/{part.total}"


def mean_cells(mean: Moyenne, decimals: int, unit: str = "") -> tuple[str, str, str]:
    """Write a mean, its interval and how many values it has."""
    if mean.valeur is None or mean.intervalle is None:
        return NOTHING, NOTHING, "0"
    low, high = (number(bound, decimals) for bound in mean.intervalle)
    return number(mean.valeur, decimals) + unit, f"{low} à {high}{unit}", str(mean.total)


def preuve_dans(measures: Mesures, k: int) -> Part:
    """Return the share of the questions whose proof is among the first ``k`` passages."""
    within = {
        1: measures.preuve_dans_1,
        3: measures.preuve_dans_3,
        5: measures.preuve_dans_5,
        10: measures.preuve_dans_10,
    }
    return within[k]


def sections(
    measures: Mesures, aire: Moyenne | None = None, brier: Moyenne | None = None
) -> list[list[tuple[str, tuple[str, str, str]]]]:
    """Return the rows of the table of measures, by kind: a name, a value, its interval, its count.

    Args:
        measures: of the whole set or of a group.
        aire: area under the curve of risk against coverage, for the whole set.
        brier: Brier score of the confidences, for the whole set.

    """
    refusal = measures.refus
    return [
        [
            *(
                (f"Preuve dans les {k} premiers passages" if k > 1 else "Preuve en tête", cells)
                for k, cells in ((k, share_cells(preuve_dans(measures, k))) for k in RANGS)
            ),
            ("MRR@10", mean_cells(measures.mrr_10, 3)),
            ("nDCG@10", mean_cells(measures.ndcg_10, 3)),
        ],
        [
            (
                "Bien traitées (réponse juste, ou refus à raison)",
                share_cells(measures.bien_traitees),
            ),
            (
                "Réponses justes (faits, rien de faux, 120 mots)",
                share_cells(measures.reponses_justes),
            ),
            ("Réponses sans rien d'interdit", share_cells(measures.sans_interdit)),
            ("Citations qui prouvent la réponse", share_cells(measures.citations_probantes)),
            ("Citations mot pour mot (toutes)", share_cells(measures.citations_verbatim)),
            (
                "Règle locale hors de son département (aucune)",
                share_cells(measures.regles_locales_deplacees),
            ),
        ],
        [
            ("Refus : précision", share_cells(refusal.precision)),
            ("Refus : rappel", share_cells(refusal.rappel)),
            ("  lointains : précision", share_cells(refusal.precision_lointain)),
            ("  lointains : rappel", share_cells(refusal.rappel_lointain)),
            ("  quasi : précision", share_cells(refusal.precision_quasi)),
            ("  quasi : rappel", share_cells(refusal.rappel_quasi)),
            ("Questions répondables refusées", share_cells(refusal.repondables_refusees)),
            *([] if aire is None else [("Risque selon la couverture : aire", mean_cells(aire, 3))]),
            *([] if brier is None else [("Confiance : score de Brier", mean_cells(brier, 3))]),
        ],
        [
            ("Latence médiane", mean_cells(measures.latence_mediane_ms, 1, " ms")),
            ("Latence, 95e centile", mean_cells(measures.latence_p95_ms, 1, " ms")),
        ],
    ]


def tableau_ensemble(rapport: RapportEvaluation) -> Table:
    """Return the measures over the whole set, each with its interval and its count."""
    measures = rapport.ensemble
    title = f"{compte(measures.questions, 'question')}, {compte(measures.tours, 'réponse')}"
    table = Table(title=Text(f"{rapport.fichier} : {title}" if rapport.fichier else title))
    table.add_column("Mesure")
    for heading in ("Valeur", "Intervalle à 95 %", "Effectif"):
        table.add_column(heading, justify="right", no_wrap=True)
    for section in sections(measures, rapport.risque_couverture.aire, rapport.fiabilite.brier):
        for name, cells in section:
            table.add_row(name, *cells)
        table.add_section()
    return table


def groupes(rapport: RapportEvaluation) -> list[tuple[str, Mapping[str, Mesures]]]:
    """Return the measures by group, each way of grouping with its title; empty ones left out."""
    named: list[tuple[str, Mapping[str, Mesures]]] = [
        ("Par style", rapport.par_style),
        ("Par catégorie", rapport.par_categorie),
        ("Conversations, par rang du tour", rapport.par_rang),
        ("Conversations, par nature du tour", rapport.par_nature),
    ]
    return [(title, groups) for title, groups in named if groups]


def tableau_groupes(titre: str, groupes: Mapping[str, Mesures]) -> Table:
    """Return the main measures by group, in per cent; counts and intervals are in the report."""
    table = Table(title=f"{titre} (en %)")
    table.add_column("")
    for heading in ("n", "P@1", "P@5", "P@10", "Justes", "Prouvées", "Refus", "À tort"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name, measures in groupes.items():
        shares = (
            measures.preuve_dans_1,
            measures.preuve_dans_5,
            measures.preuve_dans_10,
            measures.reponses_justes,
            measures.citations_probantes,
            measures.refus.rappel,
            measures.refus.repondables_refusees,
        )
        cells = (NOTHING if s.part is None else number(100 * s.part, 1) for s in shares)
        table.add_row(Text(libelle_de(name)), str(measures.tours), *cells)
    return table


def manquements(rapport: RapportEvaluation) -> list[str]:
    """Return what must never happen and did, one sentence each; and proofs that cannot be found."""
    found = [
        f"{turn.id}, tour {turn.tour} : {fault.dite}"
        for turn, faults in erreurs(rapport)
        for fault in faults
        if fault.genre in JAMAIS
    ]
    return found + [f"preuve introuvable : {proof}" for proof in rapport.preuves_introuvables]


def afficher(rapport: RapportEvaluation, console: Console) -> None:
    """Print the report: the whole set, then by group of questions, then what must not be."""
    console.print(tableau_ensemble(rapport))
    for title, groups in groupes(rapport):
        console.print(tableau_groupes(title, groups))
    console.print(_LEGEND)
    if said := bilan(rapport):
        console.print(Text(said))
    faults = manquements(rapport)
    for fault in faults[:_LISTED]:
        console.print(Text(fault))
    if len(faults) > _LISTED:
        console.print(f"… et {len(faults) - _LISTED} de plus (voir --json)")
