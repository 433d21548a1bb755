"""The report as a table for the terminal, in French."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from assistant.evaluation.report import RANGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from assistant.evaluation.report import Mesures, MesureTour, Moyenne, Part, RapportEvaluation

NOTHING = "–"
_LISTED = 20
_LEGEND = (
    "n : réponses ; P@k : preuve dans les k premiers passages ; Prouvées : par leurs citations ; "
    "Refus : questions sans réponse refusées ; À tort : questions répondables refusées."
)


def _number(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}".replace(".", ",")


def _percent(value: float) -> str:
    return _number(100 * value, 1) + " %"


def _share_cells(part: Part) -> tuple[str, str, str]:
    if part.part is None or part.intervalle is None:
        return NOTHING, NOTHING, "0"
    low, high = part.intervalle
    interval = f"{_number(100 * low, 1)} à {_percent(high)}"
    return _percent(part.part), interval, f"{part.reussites}/{part.total}"


def _mean_cells(mean: Moyenne, decimals: int, unit: str = "") -> tuple[str, str, str]:
    if mean.valeur is None or mean.intervalle is None:
        return NOTHING, NOTHING, "0"
    low, high = (_number(bound, decimals) for bound in mean.intervalle)
    return _number(mean.valeur, decimals) + unit, f"{low} à {high}{unit}", str(mean.total)


def _sections(measures: Mesures) -> list[list[tuple[str, tuple[str, str, str]]]]:
    refusal = measures.refus
    within = {
        1: measures.preuve_dans_1,
        3: measures.preuve_dans_3,
        5: measures.preuve_dans_5,
        10: measures.preuve_dans_10,
    }
    return [
        [
            *(
                (f"Preuve dans les {k} premiers passages" if k > 1 else "Preuve en tête", cells)
                for k, cells in ((k, _share_cells(within[k])) for k in RANGS)
            ),
            ("MRR@10", _mean_cells(measures.mrr_10, 3)),
            ("nDCG@10", _mean_cells(measures.ndcg_10, 3)),
        ],
        [
            (
                "Réponses justes (faits, rien de faux, 120 mots)",
                _share_cells(measures.reponses_justes),
            ),
            ("Réponses sans rien d'interdit", _share_cells(measures.sans_interdit)),
            ("Citations qui prouvent la réponse", _share_cells(measures.citations_probantes)),
            ("Citations mot pour mot (toutes)", _share_cells(measures.citations_verbatim)),
            (
                "Règle locale hors de son département (aucune)",
                _share_cells(measures.regles_locales_deplacees),
            ),
        ],
        [
            ("Refus : précision", _share_cells(refusal.precision)),
            ("Refus : rappel", _share_cells(refusal.rappel)),
            ("  lointains : précision", _share_cells(refusal.precision_lointain)),
            ("  lointains : rappel", _share_cells(refusal.rappel_lointain)),
            ("  quasi : précision", _share_cells(refusal.precision_quasi)),
            ("  quasi : rappel", _share_cells(refusal.rappel_quasi)),
            ("Questions répondables refusées", _share_cells(refusal.repondables_refusees)),
        ],
        [
            ("Latence médiane", _mean_cells(measures.latence_mediane_ms, 1, " ms")),
            ("Latence, 95e centile", _mean_cells(measures.latence_p95_ms, 1, " ms")),
        ],
    ]


def tableau_ensemble(rapport: RapportEvaluation) -> Table:
    """Return the measures over the whole set, each with its interval and its count."""
    measures = rapport.ensemble
    title = f"{measures.questions} questions, {measures.tours} réponses"
    table = Table(title=Text(f"{rapport.fichier} : {title}" if rapport.fichier else title))
    table.add_column("Mesure")
    for heading in ("Valeur", "Intervalle à 95 %", "Effectif"):
        table.add_column(heading, justify="right", no_wrap=True)
    for section in _sections(measures):
        for name, cells in section:
            table.add_row(name, *cells)
        table.add_section()
    return table


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
        cells = (NOTHING if s.part is None else _number(100 * s.part, 1) for s in shares)
        table.add_row(Text(name), str(measures.tours), *cells)
    return table


def _faults(turn: MesureTour) -> list[str]:
    faults = []
    if turn.citations_infideles:
        ranks = ", ".join(map(str, turn.citations_infideles))
        faults.append(f"citation(s) {ranks} différente(s) du texte enregistré")
    if turn.portees_deplacees:
        faults.append(f"règle locale hors de propos : {', '.join(turn.portees_deplacees)}")
    return faults


def manquements(rapport: RapportEvaluation) -> list[str]:
    """Return what must never happen and did, one sentence each; and proofs that cannot be found."""
    found = [
        f"{turn.id}, tour {turn.tour} : {fault}"
        for turn in rapport.tours
        for fault in _faults(turn)
    ]
    return found + [f"preuve introuvable : {proof}" for proof in rapport.preuves_introuvables]


def afficher(rapport: RapportEvaluation, console: Console) -> None:
    """Print the report: the whole set, then by style and by subject, then what must not be."""
    console.print(tableau_ensemble(rapport))
    console.print(tableau_groupes("Par style", rapport.par_style))
    console.print(tableau_groupes("Par catégorie", rapport.par_categorie))
    console.print(_LEGEND)
    faults = manquements(rapport)
    for fault in faults[:_LISTED]:
        console.print(Text(fault))
    if len(faults) > _LISTED:
        console.print(f"… et {len(faults) - _LISTED} de plus (voir --json)")
