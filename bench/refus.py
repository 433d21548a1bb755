"""Refusals: held out on the development sets, and frozen on the test halves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant.calibration import calibrer, far_away
from assistant.evaluation.measures import share
from assistant.evaluation.report import Mesures, Part, RapportEvaluation
from assistant.evaluation.run import evaluer
from assistant.models import Question, Reponse
from bench.cadre import QUESTIONS, open_cadre, read_sets, share_cell
from bench.tableau import Tableau, decimal
from index.training.data import read_training

HELD_OUT = ("base_dev", "reponses_dev", "silence_dev")
TEST = ("reponses_test", "silence_test")
ANSWERS = (
    "base_dev",
    "reponses_dev",
    "conversations_dev",
    "reponses_test",
    "conversations_test",
)


def run() -> Sequence[Tableau]:
    rows = [_held_out(HELD_OUT), _frozen(TEST)]
    return [
        Tableau(
            "Dire que les textes ne répondent pas : part et intervalle à 95 %",
            (
                "jeux",
                "rappel",
                "rappel, questions lointaines",
                "rappel, quasi",
                "répondables refusées",
                "précision",
            ),
            tuple(rows),
            "Buts : rappel et précision 0,90 ; quasi 0,80 et répondables refusées 0,05 au plus. "
            "« Réglage » : les questions d'apprentissage des sujets dont aucun réseau n'apprend, "
            f"et les {len(far_away(read_training()))} questions sur tout autre chose.",
        ),
        _reliability(TEST),
        Tableau(
            "Les réponses : part et intervalle à 95 %",
            (
                "jeu",
                "justes et complètes",
                "rien d'interdit",
                "citations qui prouvent",
                "citations mot à mot",
                "règles locales déplacées",
            ),
            tuple(_answers(name) for name in ANSWERS),
            "« Justes et complètes » : tous les faits attendus, rien d'interdit, 120 mots au plus.",
        ),
    ]


def _held_out(names: Sequence[str]) -> tuple[str, ...]:
    """As ``python -m assistant.calibration`` does; its model is not kept."""
    reading = open_cadre().assistant.modeles.lecture is not None
    made = calibrer([QUESTIONS / f"{name}.jsonl" for name in names], reglage=True, lecture=reading)
    report = made.rapport
    return (
        f"{', '.join(names)} et réglage (validation croisée)",
        share_cell(report.rappel),
        share_cell(report.rappel_lointain),
        share_cell(report.rappel_quasi),
        share_cell(report.repondables_refusees),
        share_cell(_precision(report.rappel, report.repondables_refusees)),
    )


def _precision(recall: Part, wrongly: Part) -> Part:
    """Unanswerable among refused, from the counts of both kinds."""
    return share(recall.reussites, recall.reussites + wrongly.reussites)


def _frozen(names: Sequence[str]) -> tuple[str, ...]:
    refusals = _measure(names).refus
    return (
        f"{', '.join(names)} (modèle livré)",
        share_cell(refusals.rappel),
        share_cell(refusals.rappel_lointain),
        share_cell(refusals.rappel_quasi),
        share_cell(refusals.repondables_refusees),
        share_cell(refusals.precision),
    )


def _answers(name: str) -> tuple[str, ...]:
    found = _measure((name,))
    return (
        name,
        share_cell(found.reponses_justes),
        share_cell(found.sans_interdit),
        share_cell(found.citations_probantes),
        share_cell(found.citations_verbatim),
        share_cell(found.regles_locales_deplacees),
    )


def _reliability(names: Sequence[str]) -> Tableau:
    """What is announced beside what happened, by class of confidence."""
    found = _report(names).fiabilite
    base = decimal(found.brier_constant or 0.0, 3)
    error, brier = decimal(found.ecart_calibration or 0.0, 3), decimal(found.brier.valeur or 0.0, 3)
    return Tableau(
        f"Fiabilité de la confiance ({', '.join(names)}, {found.tours} questions)",
        ("confiance annoncée", "questions", "moyenne annoncée", "réponses prouvées"),
        tuple(
            (
                f"{decimal(c.de, 1)} à {decimal(c.a, 1)}",
                str(c.prouvees.total),
                decimal(c.confiance_moyenne, 2),
                share_cell(c.prouvees),
            )
            for c in found.classes
            if c.confiance_moyenne is not None
        ),
        f"Écart de calibration : {error} (but 0,05). Score de Brier : {brier} ({base} en annonçant "
        "toujours la même chose). Une question est prouvée quand les textes y répondent et que les "
        "citations de la réponse le prouvent : un refus ne prouve rien.",
    )


def _measure(names: Sequence[str]) -> Mesures:
    return _report(names).ensemble


@lru_cache(maxsize=8)
def _report(names: Sequence[str]) -> RapportEvaluation:
    assistant = open_cadre().assistant

    def answer(question: Question) -> list[Reponse]:
        return [sealed.reponse for sealed in assistant.repondre(question)]

    documents = assistant.documents
    return evaluer(
        read_sets(names),
        answer,
        {name: document.texte for name, document in documents.items()},
        portees={name: document.fiche.portee for name, document in documents.items()},
    )
