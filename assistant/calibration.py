"""Fit the confidence model on development questions and freeze it.

``python -m assistant.calibration JEU…`` prints held-out figures and writes the frozen model.

A tool for whoever maintains the program, not used at run time. Test halves are refused.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from assistant.answers.confidence import FILE, ModeleConfiance
from assistant.answers.engine import open_assistant
from assistant.answers.signals import NAMES, READ_NAMES
from assistant.evaluation.cross_validation import Cas, valider
from assistant.evaluation.sets import lire_jeu
from assistant.models import Question
from corpus.files import write_atomically
from index.training.data import Donnees, read_training
from index.training.splits import TUNED_ON

STRENGTH = 0.1
"""Inverse of the L2 penalty: strong, since there are few questions."""
REFUSED_AT_MOST = 0.04
"""Share of answerable questions that may be refused."""


TEST_HALF = "_test.jsonl"
"""How the name of a set ends that no model may be fitted on."""
UNUSABLE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit on the question sets named, print held-out figures, write the frozen model.

    Returns 0, or 2 when a test half is among the sets: nothing is then read or written.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("jeux", nargs="+", type=Path, help="jeux de questions de développement")
    parser.add_argument("--sortie", type=Path, default=FILE)
    parser.add_argument(
        "--reglage",
        action="store_true",
        help="ajoute les questions d'apprentissage des sujets dont aucun réseau n'apprend",
    )
    options = parser.parse_args(arguments)
    tests = [str(path) for path in options.jeux if _is_test_half(path)]
    if tests:
        print(
            f"Jeux de test refusés : {', '.join(tests)}. Le modèle ne s'ajuste que sur des jeux de "
            f"développement, dont le nom ne finit pas par « {TEST_HALF} ».",
            file=sys.stderr,
        )
        return UNUSABLE
    questions = [q for path in options.jeux for q in lire_jeu(path) if len(q.textes) == 1]
    assistant = open_assistant()
    asked = [
        (q.question, q.textes[0], Cas(repondable=True))
        if q.attendus[0].repondable
        else (q.question, q.textes[0], Cas(repondable=False, genre=q.genre_refus))
        for q in questions
    ]
    if options.reglage:
        asked += [(Question(id=""), text, case) for text, case in tuned_on(read_training())]
    measured = [(case, assistant.signaux(question, text)) for question, text, case in asked]
    kept = [(case, signals) for case, signals in measured if signals is not None]
    features = np.stack([signals for _, signals in kept])
    cases = [case for case, _ in kept]
    labels = np.array([case.repondable for case in cases])

    def fit(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        model = _fit(features[rows], labels[rows])
        return np.array([model.probability(signals) for signals in features])

    report = valider(cases, fit, refus_toleres=REFUSED_AT_MOST)
    print(report.model_dump_json(indent=1))
    frozen = _fit(features, labels, report.seuil, _digest(options.jeux))
    write_atomically(options.sortie, [frozen.model_dump_json(indent=1).encode() + b"\n"])
    return 0


def tuned_on(donnees: Donnees) -> list[tuple[str, Cas]]:
    """Training questions, and near misses, of the subjects that no network learned from."""
    subjects = {name for name, cible in donnees.cibles.items() if cible.sujet in TUNED_ON}
    answered = [(q.question, Cas(repondable=True)) for q in donnees.questions]
    missed = [(p.question, Cas(repondable=False, genre="quasi")) for p in donnees.presque]
    told = zip((*donnees.questions, *donnees.presque), (*answered, *missed), strict=True)
    return [case for written, case in told if written.cible in subjects]


def _is_test_half(path: Path) -> bool:
    """Tell it by the name, and by that of the file that a link leads to."""
    return any(name.endswith(TEST_HALF) for name in (path.name, path.resolve().name))


def _fit(
    features: NDArray[np.float64],
    labels: NDArray[np.bool_],
    threshold: float = 0.5,
    version: str = "essai",
) -> ModeleConfiance:
    means, deviations = features.mean(axis=0), features.std(axis=0)
    deviations[deviations < _CONSTANT] = 1.0
    fitted = LogisticRegression(C=STRENGTH, max_iter=1000)
    fitted.fit((features - means) / deviations, labels)
    return ModeleConfiance(
        version=version,
        signals=READ_NAMES if features.shape[1] == len(READ_NAMES) else NAMES,
        means=tuple(round(float(v), 6) for v in means),
        deviations=tuple(round(float(v), 6) for v in deviations),
        weights=tuple(round(float(v), 6) for v in fitted.coef_[0]),
        intercept=round(float(fitted.intercept_[0]), 6),
        threshold=round(threshold, 6),
    )


def _digest(sets: Sequence[Path]) -> str:
    """Identify the questions that a model was fitted on."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sets)).hexdigest()[:12]


_CONSTANT = 1e-9


if __name__ == "__main__":
    sys.exit(main())
