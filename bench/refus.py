"""Refusals: held out on the development sets, and frozen on the test halves."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path

from assistant import calibration
from assistant.answers.confidence import load_confidence
from assistant.evaluation.cross_validation import RapportSeuil
from assistant.evaluation.measures import share
from assistant.evaluation.report import Mesures, Part
from assistant.evaluation.run import evaluer
from assistant.models import Question, Reponse
from bench.cadre import QUESTIONS, open_cadre, read_sets, share_cell
from bench.tableau import Tableau

HELD_OUT = (("base_dev",), ("base_dev", "reponses_dev", "silence_dev"))
TEST = ("reponses_test", "silence_test")
ANSWERS = (
    "base_dev",
    "reponses_dev",
    "conversations_dev",
    "reponses_test",
    "conversations_test",
)


def run() -> Sequence[Tableau]:
    rows = [_held_out(names) for names in HELD_OUT] + [_frozen(TEST)]
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
            "Buts sur base_dev : rappel 0,70 au moins, 0,05 au plus des répondables refusées. "
            "base_dev ne dit pas si une question est lointaine ou quasi. Modèle livré : "
            f"{load_confidence().version}, réglé sur les jeux de développement réunis.",
        ),
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
    files = [str(QUESTIONS / f"{name}.jsonl") for name in names]
    printed = io.StringIO()
    with tempfile.TemporaryDirectory() as scratch, redirect_stdout(printed):
        calibration.main([*files, "--sortie", str(Path(scratch) / "essai.json")])
    report = RapportSeuil.model_validate_json(printed.getvalue())
    return (
        f"{', '.join(names)} (validation croisée)",
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
    found = _measure([name])
    return (
        name,
        share_cell(found.reponses_justes),
        share_cell(found.sans_interdit),
        share_cell(found.citations_probantes),
        share_cell(found.citations_verbatim),
        share_cell(found.regles_locales_deplacees),
    )


def _measure(names: Sequence[str]) -> Mesures:
    assistant = open_cadre().assistant

    def answer(question: Question) -> list[Reponse]:
        return [sealed.reponse for sealed in assistant.repondre(question)]

    documents = assistant.documents
    return evaluer(
        read_sets(names),
        answer,
        {name: document.texte for name, document in documents.items()},
        portees={name: document.fiche.portee for name, document in documents.items()},
    ).ensemble
