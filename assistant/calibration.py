"""Fit the confidence model on development questions and freeze it.

``python -m assistant.calibration JEU…`` prints held-out figures and writes the frozen model.

A tool for whoever maintains the program, not used at run time. Test halves are refused.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.answers.confidence import FAR, FILE, ModeleConfiance, Regression
from assistant.answers.engine import Assistant
from assistant.answers.finding import Trouvaille
from assistant.answers.lecture import load_reading
from assistant.answers.signals import NAMES, READ_NAMES, READ_SIGNS
from assistant.answers.understanding import comprendre
from assistant.etalonnage import calibrated, calibration_error
from assistant.evaluation.cross_validation import PLIS, Cas, RapportSeuil, plis_stratifies, valider
from assistant.evaluation.measures import citations_prove
from assistant.evaluation.proof import ProofGroups, prepare_proofs
from assistant.evaluation.sets import Preuve, lire_jeu
from assistant.models import Question
from assistant.reglage import opened
from corpus.files import write_atomically
from index.training.data import Donnees, read_training
from index.training.splits import TUNED_ON

STRENGTH = 0.1
"""Inverse of the L2 penalty: strong, since there are few questions."""
REFUSED_AT_MOST = 0.04
"""Share of answerable questions that may be refused."""


SUBJECT = (
    "cosinus",
    "interaction",
    "proximite",
    "question_connue",
    "fiche",
    "hors_sujet",
    "bm25",
    "couverture",
    "mots_connus",
    "mots_inconnus",
    "part_absente_de_tout",
)
"""Signals that tell what a question is about: how near it comes to anything that is known here."""
TEST_HALF = "_test.jsonl"
"""How the name of a set ends that no model may be fitted on."""
UNUSABLE = 2


@dataclass(frozen=True, slots=True)
class Essai:
    """A question, what is expected of its answer, and what proves it."""

    question: Question
    texte: str
    cas: Cas
    preuves: ProofGroups


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit on the question sets named, print held-out figures, write the frozen model.

    Returns 0, or 2 when a test half is among the sets: nothing is then read or written.
    """
    options = _options(arguments)
    tests = [str(path) for path in options.jeux if _is_test_half(path)]
    if tests:
        print(
            f"Jeux de test refusés : {', '.join(tests)}. Le modèle ne s'ajuste que sur des jeux de "
            f"développement, dont le nom ne finit pas par « {TEST_HALF} ».",
            file=sys.stderr,
        )
        return UNUSABLE
    made = calibrer(options.jeux, reglage=options.reglage, lecture=options.lecture)
    print(made.rapport.model_dump_json(indent=1))
    print(f"écart de calibration : {made.ecart_avant:.3f} avant étalonnage,")
    print(f"{made.ecart_apres:.3f} après (hors pli)")
    write_atomically(options.sortie, [made.modele.model_dump_json(indent=1).encode() + b"\n"])
    return 0


@dataclass(frozen=True, slots=True)
class Calibrage:
    """A model of confidence, and what it is worth on questions that it did not see."""

    modele: ModeleConfiance
    rapport: RapportSeuil
    ecart_avant: float
    """Calibration error of the bare probabilities."""
    ecart_apres: float
    """The same of what is announced."""


def calibrer(jeux: Sequence[Path], *, reglage: bool = False, lecture: bool = False) -> Calibrage:
    """Fit a model on sets of questions; see the options of the command."""
    asked = [essai for path in jeux for essai in of_set(path)]
    if reglage:
        written = read_training()
        asked += [*tuned_on(written), *far_away(written)]
    searcher, models = opened(load_reading() if lecture else None)
    assistant = Assistant(searcher, models)
    found = [(one, assistant.trouver(comprendre(one.question, one.texte))) for one in asked]
    # What cannot be in these texts is refused by rule: it is not read, and decides nothing here.
    kept = [
        (one, seen)
        for one, seen in found
        if seen.lu.genre == "question" and (seen.lecture is not None or not lecture)
    ]
    features = np.stack([assistant.mesurer(seen) for _, seen in kept])
    cases = [one.cas for one, _ in kept]

    def fit(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        model = _fit(features[rows], [cases[row] for row in rows])
        return np.array([model.probability(signals) for signals in features])

    report = valider(cases, fit, refus_toleres=REFUSED_AT_MOST)
    frozen = _fit(features, cases, report.seuil, _digest(jeux))
    unseen = _unseen(cases, fit)
    always = frozen.model_copy(update={"threshold": 0.0})
    drafting = Assistant(searcher, replace(models, confiance=always, confiance_lue=always))
    proved = np.array([_proved(drafting, one, seen) for one, seen in kept])
    held = proved & (unseen >= frozen.threshold)
    announced = _announced(unseen, held, frozen.threshold, cases)
    points = calibrated(unseen, held, frozen.threshold)
    return Calibrage(
        modele=frozen.model_copy(update={"etalonnage": points}),
        rapport=report,
        ecart_avant=calibration_error(unseen, held),
        ecart_apres=calibration_error(announced, held),
    )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("jeux", nargs="+", type=Path, help="jeux de questions de développement")
    parser.add_argument("--sortie", type=Path, default=FILE)
    parser.add_argument(
        "--reglage",
        action="store_true",
        help="ajoute les questions d'apprentissage des sujets dont aucun réseau n'apprend",
    )
    parser.add_argument(
        "--lecture", action="store_true", help="les premiers candidats de chaque question sont lus"
    )
    return parser.parse_args(arguments)


def of_set(path: Path) -> list[Essai]:
    """Plain questions of a set; those that nothing says to be answerable or not are left out."""
    return [
        Essai(
            q.question,
            q.textes[0],
            Cas(repondable=bool(attendu.repondable), genre=q.genre_refus),
            prepare_proofs(attendu.groupes),
        )
        for q in lire_jeu(path)
        for attendu in q.attendus
        if len(q.textes) == 1 and attendu.repondable is not None
    ]


def tuned_on(donnees: Donnees) -> list[Essai]:
    """Training questions, and near misses, of the subjects that no network learned from."""
    made = []
    for written, answered in (
        *((q, True) for q in donnees.questions),
        *((p, False) for p in donnees.presque),
    ):
        cible = donnees.cibles[written.cible]
        if cible.sujet in TUNED_ON:
            proofs = [Preuve(document=e.document, extrait=e.extrait) for e in cible.repond]
            case = Cas(repondable=answered, genre=None if answered else "quasi")
            groups = prepare_proofs([proofs] if answered else [])
            made.append(Essai(Question(id=""), written.question, case, groups))
    return made


def far_away(donnees: Donnees) -> list[Essai]:
    """Questions about anything else than the Clas."""
    return [
        Essai(
            Question(id=""),
            written.question,
            Cas(repondable=False, genre="lointain"),
            prepare_proofs([]),
        )
        for written in donnees.lointaines
    ]


def _proved(drafting: Assistant, essai: Essai, found: Trouvaille) -> bool:
    """Whether the answer that would be given is proved by its citations."""
    draft = drafting.rediger(found).reponse
    if not essai.cas.repondable or draft.type != "reponse":
        return False
    return citations_prove(essai.preuves, draft.citations)


def _unseen(
    cases: Sequence[Cas], fit: Callable[[NDArray[np.int64]], NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Probability of each question, by a model fitted on the other folds."""
    folds = plis_stratifies(cases)
    made = np.zeros(len(cases))
    for fold in range(PLIS):
        made[folds == fold] = fit(np.flatnonzero(folds != fold))[folds == fold]
    return made


def _announced(
    unseen: NDArray[np.float64],
    held: NDArray[np.bool_],
    threshold: float,
    cases: Sequence[Cas],
) -> NDArray[np.float64]:
    """What is announced of each question, by points made of the other folds."""
    folds = plis_stratifies(cases)
    announced = np.zeros(len(cases))
    for fold in range(PLIS):
        there = folds == fold
        points = calibrated(unseen[~there], held[~there], threshold)
        read, observed = np.array(points).T
        announced[there] = np.interp(unseen[there], read, observed)
    return announced


def _is_test_half(path: Path) -> bool:
    """Tell it by the name, and by that of the file that a link leads to."""
    return any(name.endswith(TEST_HALF) for name in (path.name, path.resolve().name))


def _fit(
    features: NDArray[np.float64],
    cases: Sequence[Cas],
    threshold: float = 0.5,
    version: str = "essai",
) -> ModeleConfiance:
    """Fit both regressions: what a question is about, on all; what is answered, on the others."""
    names = READ_NAMES if features.shape[1] == len(READ_NAMES) else NAMES
    far = np.array([case.genre == "lointain" for case in cases])
    answered = np.array([case.repondable for case in cases])
    places = [names.index(name) for name in SUBJECT]
    return ModeleConfiance(
        version=version,
        sujet=regression(features[:, places], ~far, SUBJECT),
        repond=regression(features[~far], answered[~far], names),
        threshold=round(threshold, 6),
    )


def regression(
    features: NDArray[np.float64], labels: NDArray[np.bool_], names: tuple[str, ...]
) -> Regression:
    """Fit a logistic regression whose weights all have the sign that their signal's meaning has.

    Args:
        features: signals of each question, shape (questions, names).
        labels: what is to be told of each question, shape (questions,).
        names: of the signals, in the order of the columns.
    """
    means, deviations = features.mean(axis=0), features.std(axis=0)
    deviations[deviations < _CONSTANT] = 1.0
    rows = np.clip((features - means) / deviations, -FAR, FAR)
    signs = np.where(labels, 1.0, -1.0)

    def loss(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margins = signs * (rows @ point[1:] + point[0])
        slopes = -signs / (1 + np.exp(margins))
        penalty = point[1:] / STRENGTH
        value = np.logaddexp(0, -margins).sum() + penalty @ point[1:] / 2
        return float(value), np.concatenate([[slopes.sum()], rows.T @ slopes + penalty])

    limits = [(None, None), *(_limits(name) for name in names)]
    fitted = minimize(loss, np.zeros(len(names) + 1), jac=True, bounds=limits, method="L-BFGS-B").x
    return Regression(
        signals=names,
        means=tuple(round(float(v), 6) for v in means),
        deviations=tuple(round(float(v), 6) for v in deviations),
        weights=tuple(round(float(v), 6) + 0.0 for v in fitted[1:]),
        intercept=round(float(fitted[0]), 6),
    )


def _limits(name: str) -> tuple[float | None, float | None]:
    """Between what the weight of a signal may lie."""
    sign = READ_SIGNS[name]
    return None if sign < 0 else 0.0, None if sign > 0 else 0.0


def _digest(sets: Sequence[Path]) -> str:
    """Identify the questions that a model was fitted on."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sets)).hexdigest()[:12]


_CONSTANT = 1e-9


if __name__ == "__main__":
    sys.exit(main())
