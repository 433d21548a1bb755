"""The report as one web page that stands alone: no script, nothing fetched, all words escaped.

Built as a tree and serialised by the standard library: no text can become markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assistant.comptes import compte
from assistant.evaluation import charts
from assistant.evaluation.curve import description, dessin, paliers
from assistant.evaluation.latency import classes, quantiles
from assistant.evaluation.markup import (
    dit,
    document,
    en_octets,
    figure,
    liste,
    sommaire,
    tableau,
)
from assistant.evaluation.misses import partie_erreurs
from assistant.evaluation.report import RANGS
from assistant.evaluation.table import (
    NOTHING,
    groupes,
    mean_cells,
    number,
    percent,
    preuve_dans,
    sections,
    share_cells,
)
from assistant.evaluation.wording import libelle_de

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.etree.ElementTree import Element

    from assistant.evaluation.charts import Barre
    from assistant.evaluation.report import Fiabilite, Mesures, Part, RapportEvaluation

_TITRE: Final = "Mesures sur un jeu de questions"


def en_html(rapport: RapportEvaluation) -> bytes:
    """Lay the report out. The same report always gives the same bytes."""
    html, main = document(_TITRE, rapport.fichier or "")
    measures = rapport.ensemble
    named = f"{rapport.fichier} : " if rapport.fichier else ""
    asked, given = compte(measures.questions, "question"), compte(measures.tours, "réponse")
    dit(main, "p", f"{named}{asked}, {given}.")
    _ensemble(main, rapport)
    _preuves(main, measures)
    for rank, (title, groups) in enumerate(groupes(rapport), start=1):
        _groupes(main, f"groupe-{rank}", title, groups)
    _courbe(main, rapport)
    _fiabilite(main, rapport.fiabilite)
    _latence(main, [turn.latence_ms for turn in rapport.tours])
    partie_erreurs(main, rapport)
    if rapport.preuves_introuvables:
        dit(main, "h2", "Preuves introuvables dans les textes")
        liste(main, rapport.preuves_introuvables)
    sommaire(main, 1)
    return en_octets(html)


def _ensemble(main: Element, rapport: RapportEvaluation) -> None:
    dit(main, "h2", "Ensemble")
    rows = [
        (f"Refus, {name.strip()}" if name.startswith(" ") else name, *cells)
        for section in sections(
            rapport.ensemble, rapport.risque_couverture.aire, rapport.fiabilite.brier
        )
        for name, cells in section
    ]
    headings = ("Mesure", "Valeur", "Intervalle à 95 %", "Effectif")
    tableau(main, "Mesures sur l'ensemble", headings, rows)


def _preuves(main: Element, measures: Mesures) -> None:
    title = "Preuve parmi les premiers passages"
    dit(main, "h2", title)
    bars = [
        charts.Barre("En tête" if k == 1 else f"Dans les {k} premiers", preuve_dans(measures, k))
        for k in RANGS
    ]
    dit(
        main,
        "p",
        "Part des questions dont les premiers passages retrouvés, ensemble, contiennent la preuve "
        "attendue.",
    )
    said = resume(bars)
    figure(main, charts.barres("preuves", title, said, bars), said)
    headings = ("Passages", "Part", "Intervalle à 95 %", "Effectif")
    tableau(main, f"{title}, en chiffres", headings, [(n, *share_cells(p)) for n, p in bars])


def resume(bars: Sequence[Barre]) -> str:
    """Say in a sentence what bars show."""
    counted = [(name, part.part) for name, part in bars if part.part is not None]
    if not counted:
        return "Rien à compter."
    name, value = max(counted, key=lambda pair: pair[1])
    last, low = min(counted, key=lambda pair: pair[1])
    if value == low:
        return f"Partout {percent(value)}."
    return f"De {percent(low)} ({last.lower()}) à {percent(value)} ({name.lower()})."


def _courbe(main: Element, rapport: RapportEvaluation) -> None:
    curve = rapport.risque_couverture
    dit(main, "h2", "Risque selon la couverture")
    dit(
        main,
        "p",
        "Plus la confiance demandée baisse, plus le programme donne de réponses. À chaque niveau : "
        "la part des questions répondues, et parmi les réponses, la part de celles qui sont "
        "fausses ou que les textes ne permettent pas. Une question refusée n'est pas une réponse : "
        "la courbe s'arrête à la part que le programme répond.",
    )
    area, interval, _ = mean_cells(curve.aire, 3)
    figure(
        main,
        dessin(curve),
        f"{description(curve)} Aire sous la courbe (risque moyen, AURC) : {area} "
        f"(intervalle à 95 % : {interval}), sur {compte(curve.repondus, 'réponse')} pour "
        f"{compte(curve.tours, 'question', 'jugée')}.",
    )
    rows = [
        (percent(point.couverture), percent(point.risque), number(point.confiance, 3))
        for point in paliers(curve)
    ]
    headings = ("Questions répondues", "Réponses fausses", "Confiance la plus basse")
    tableau(main, "La même courbe, par dixièmes de couverture", headings, rows)


def _fiabilite(main: Element, reliability: Fiabilite) -> None:
    title = "Fiabilité de la confiance"
    dit(main, "h2", title)
    dit(
        main,
        "p",
        "La confiance annonce la probabilité que les textes répondent et que les citations le "
        "prouvent. Une confiance fiable suit la diagonale : parmi les réponses à 80 %, huit sur "
        "dix sont prouvées. Le nombre à côté de chaque point est celui des réponses de la classe.",
    )
    said = resume_fiabilite(reliability)
    figure(main, charts.fiabilite("fiabilite", title, said, reliability), said)
    rows = [
        (
            f"{number(one.de, 1)} à {number(one.a, 1)}",
            NOTHING if one.confiance_moyenne is None else number(one.confiance_moyenne, 3),
            *share_cells(one.prouvees),
        )
        for one in reliability.classes
    ]
    headings = ("Confiance", "Moyenne", "Part prouvée", "Intervalle à 95 %", "Effectif")
    tableau(main, f"{title}, par classe", headings, rows)


def resume_fiabilite(reliability: Fiabilite) -> str:
    """Say in a sentence how far confidence is from what it announces."""
    if reliability.ecart_calibration is None or reliability.brier_constant is None:
        return "Aucune réponse à juger."
    brier, interval, count = mean_cells(reliability.brier, 3)
    return (
        f"Écart moyen entre la confiance et la part prouvée (ECE) : "
        f"{number(reliability.ecart_calibration, 3)}. Score de Brier : {brier} (intervalle à "
        f"95 % : {interval}), contre {number(reliability.brier_constant, 3)} pour une confiance "
        f"toujours égale à la part d'ensemble ; sur {compte(int(count), 'réponse')}."
    )


def _latence(main: Element, durations: Sequence[float]) -> None:
    title = "Temps de réponse"
    dit(main, "h2", title)
    dit(
        main,
        "p",
        "Ces durées dépendent de la machine et de ce qu'elle fait d'autre : elles ne se comparent "
        "qu'à d'autres prises sur la même machine. Chaque tour d'une conversation est chronométré "
        "à part.",
    )
    found = quantiles(durations)
    if not found:
        dit(main, "p", "Aucune réponse.")
        return
    values = dict(found)
    marks = [(name, values[name]) for name in ("Médiane", "95e centile")]
    said = (
        f"Médiane : {number(values['Médiane'], 1)} ms ; 95e centile : "
        f"{number(values['95e centile'], 1)} ms ; de {number(values['Minimum'], 1)} à "
        f"{number(values['Maximum'], 1)} ms, sur {compte(len(durations), 'réponse')}."
    )
    drawn = classes(durations)
    figure(main, charts.histogramme("latence", title, said, drawn, marks), said)
    rows = [(name, f"{number(value, 1)} ms") for name, value in found]
    tableau(main, f"{title} : quantiles", ("Quantile", "Durée"), rows)
    counted = [
        (
            f"{number(one.de, one.decimales)} ms ou plus"
            if one.a is None
            else f"de {number(one.de, one.decimales)} à {number(one.a, one.decimales)} ms",
            str(one.reponses),
        )
        for one in drawn
    ]
    tableau(main, f"{title} : répartition", ("Durée", "Réponses"), counted)


def _groupes(main: Element, ident: str, title: str, groups: Mapping[str, Mesures]) -> None:
    dit(main, "h2", title)
    drawn = {
        "Preuve dans les 5 premiers passages": [
            charts.Barre(libelle_de(name), measures.preuve_dans_5)
            for name, measures in groups.items()
        ],
        "Bien traitées (réponse juste, ou refus à raison)": [
            charts.Barre(libelle_de(name), measures.bien_traitees)
            for name, measures in groups.items()
        ],
    }
    for rank, (what, bars) in enumerate(drawn.items(), start=1):
        if any(bar.part.total for bar in bars):
            said = f"{what}. {resume(bars)}"
            figure(main, charts.barres(f"{ident}-{rank}", f"{title} : {what}", said, bars), said)
    rows = [
        (
            libelle_de(name),
            str(measures.tours),
            *(
                _part(part)
                for part in (
                    measures.preuve_dans_1,
                    measures.preuve_dans_5,
                    measures.preuve_dans_10,
                    measures.bien_traitees,
                    measures.reponses_justes,
                    measures.citations_probantes,
                    measures.refus.rappel,
                    measures.refus.repondables_refusees,
                )
            ),
            *(
                mean_cells(time, 1, " ms")[0]
                for time in (measures.latence_mediane_ms, measures.latence_p95_ms)
            ),
        )
        for name, measures in groups.items()
    ]
    headings = (
        "Groupe",
        "Réponses",
        "Preuve en tête",
        "Preuve dans les 5",
        "Preuve dans les 10",
        "Bien traitées",
        "Justes",
        "Prouvées",
        "Sans réponse, refusées",
        "Répondables, refusées",
        "Latence médiane",
        "Latence, 95e centile",
    )
    tableau(main, f"{title} : part, intervalle à 95 %, effectif", headings, rows)


def _part(part: Part) -> str:
    value, interval, count = share_cells(part)
    return NOTHING if part.part is None else f"{value} ({interval} ; {count})"
