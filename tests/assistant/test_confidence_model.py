"""The frozen confidence: what it is made of, what it was fitted on, how it behaves."""

from __future__ import annotations

import hashlib
import math
import re
from pathlib import Path

import numpy as np
import pytest
from essais import DAY, QUESTIONS, Ask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from assistant import calibration
from assistant.answers.confidence import ModeleConfiance, Regression, load_confidence
from assistant.answers.engine import Assistant
from assistant.answers.signals import NAMES, READ_NAMES
from assistant.dialogue.conseiller import Conseiller
from assistant.models import Question

REPOSITORY = Path(__file__).resolve().parents[2]
FITTED_ON = ("base_dev", "reponses_dev", "silence_dev")
SIGNALS = len(NAMES)
COUNTS = (len(NAMES), len(READ_NAMES))


def _digest(*names: str) -> str:
    content = b"".join((QUESTIONS / f"{name}.jsonl").read_bytes() for name in names)
    return hashlib.sha256(content).hexdigest()[:12]


def test_the_frozen_model_weighs_the_signals_that_are_measured() -> None:
    assert load_confidence().repond.signals == NAMES


def test_the_frozen_model_is_finite_and_its_threshold_a_probability() -> None:
    model = load_confidence()
    for part in (model.sujet, model.repond):
        assert all(map(math.isfinite, (*part.means, *part.weights, part.intercept)))
        assert all(deviation > 0 for deviation in part.deviations)
    assert 0 < model.threshold < 1


def test_the_frozen_model_was_fitted_on_the_development_sets_as_they_are() -> None:
    assert load_confidence().version == _digest(*FITTED_ON)


def test_no_test_half_was_fitted_on() -> None:
    halves = sorted(path.stem for path in QUESTIONS.glob("*_test.jsonl"))
    assert len(halves) == 3
    for half in halves:
        assert load_confidence().version != _digest(*FITTED_ON, half)
        assert load_confidence().version != _digest(half)


def test_no_documented_calibration_names_a_test_half() -> None:
    texts = [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md"), REPOSITORY / "Makefile"]
    commands = [
        line
        for text in texts
        if text.is_file()
        for line in text.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
        if calibration.__name__ in line
    ]
    assert [c for c in commands if re.search(r"_test\b|\*\.jsonl", c)] == []


@pytest.mark.parametrize("name", ["reponses_test.jsonl", "lien.jsonl"])
def test_a_calibration_refuses_a_test_half_before_it_reads_anything(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lien.jsonl").symlink_to(tmp_path / "absent_test.jsonl")
    target = tmp_path / "modele.json"
    dev = QUESTIONS / "base_dev.jsonl"
    status = calibration.main([str(dev), str(tmp_path / name), "--sortie", str(target)])
    assert status == 2
    assert capsys.readouterr().err == (
        f"Jeux de test refusés : {tmp_path / name}. Le modèle ne s'ajuste que sur des jeux de "
        "développement, dont le nom ne finit pas par « _test.jsonl ».\n"
    )
    assert not target.exists()


def test_a_frozen_file_that_lacks_a_weight_is_refused() -> None:
    data = load_confidence().repond.model_dump()
    with pytest.raises(ValidationError, match="un poids par signal"):
        Regression.model_validate(data | {"weights": data["weights"][:-1]})


def test_a_frozen_file_that_weighs_a_signal_that_is_not_measured_is_refused() -> None:
    data = load_confidence().model_dump()
    data["sujet"]["signals"] = ("humeur", *data["sujet"]["signals"][1:])
    with pytest.raises(ValidationError, match="signaux inconnus, humeur"):
        ModeleConfiance.model_validate(data)


@given(values=st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=SIGNALS, max_size=SIGNALS))
@pytest.mark.filterwarnings("ignore:overflow encountered in exp")
def test_any_signals_give_a_probability(values: list[float]) -> None:
    probability = load_confidence().probability(np.array(values))
    assert 0 <= probability <= 1


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(typed=st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_signals_are_finite_whatever_is_typed(rules_assistant: Assistant, typed: str) -> None:
    question = Question(id="q", question=typed, date=DAY)
    signals = rules_assistant.signaux(question, typed)
    assert signals is None or (len(signals) in COUNTS and np.isfinite(signals).all())


@pytest.mark.parametrize("scheme", ["du RSA", "de la crèche", "des APL", "de Parcoursup"])
def test_naming_another_scheme_lowers_the_confidence(ask: Ask, scheme: str) -> None:
    plain = ask("Quelles sont les conditions de financement ?")
    other = ask(f"Quelles sont les conditions de financement {scheme} ?")
    assert other.confiance < plain.confiance


@pytest.mark.parametrize(
    ("asked", "besides"),
    [
        ("Combien de séances par semaine ?", "Combien de matchs de rugby par semaine ?"),
        ("Qui peut encadrer les enfants ?", "Qui peut réparer les voitures ?"),
        ("Quel est le prix plafond du Clas ?", "Quel est le prix plafond du carburant ?"),
    ],
)
def test_a_question_about_something_else_is_less_trusted(
    ask: Ask, asked: str, besides: str
) -> None:
    assert ask(besides).confiance < ask(asked).confiance


def test_a_question_under_the_threshold_is_refused_and_one_above_is_answered(
    ask: Ask, assistant: Conseiller
) -> None:
    both = (assistant.modeles.confiance, assistant.modeles.confiance_lue)
    thresholds = [m.announced(m.threshold) for m in both if m is not None]
    refused, answered = ask("Comment cuire un rôti de porc ?"), ask("Qui paie le Clas ?")
    assert refused.confiance < min(thresholds)
    assert max(thresholds) <= answered.confiance
    assert (refused.type, answered.type) == ("hors_corpus", "reponse")


@pytest.mark.parametrize(
    "question",
    ["Quel est le montant du RSA pour une personne seule ?", "Mon voisin répare des voitures."],
)
def test_repeating_a_question_does_not_make_it_answerable(ask: Ask, question: str) -> None:
    once, often = ask(question), ask(f"{question} " * 100)
    assert once.type == often.type == "hors_corpus"
    assert often.confiance <= once.confiance + 0.05


ANYTHING_ELSE = (
    "Comment nettoyer une tache de café sur un canapé ?",
    "C'est quoi la vitesse du son ?",
    "tu connai un bon resto a lyon",
    "Peut-on conduire après une opération de la cataracte ?",
    "programme tv ce soir",
    "Combien coûte un chaton de race ?",
    "Mon voisin gare sa camionnette devant mon portail. J'ai appelé la police, que faire ?",
    "Quelle est la racine carrée de 144 ?",
    "Écris-moi un slogan pour une marque de chaussures.",
    "Quand passe le camion des encombrants ?",
)


def test_nine_questions_in_ten_about_anything_else_are_refused(ask: Ask) -> None:
    answered = [asked for asked in ANYTHING_ELSE if ask(asked).type != "hors_corpus"]
    assert len(answered) <= 1, answered
