"""A training of a few steps, from the questions to files that install and answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.files import sha256_of_file
from index.embedding import recipe as model
from index.embedding.factory import open_installed
from index.embedding.folder import ModelFolder
from index.embedding.installation import installer
from index.learned.freezing import examples_of, references_of
from index.learned.reader import OnnxReader
from index.learned.record import ADAPTER, READER, Learned, LearnedRecord, Lora, ReaderRecord
from index.training.adapter import learn_adapter
from index.training.material import Material
from index.training.reader import ANSWERS, DOES_NOT, Candidat, Lecture, learn_reader
from index.training.recipe import AdapterRecipe, Progress, ReaderRecipe
from index.training.records import QuestionEcrite
from index.training.steps import Job

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.long

SAID = {
    "groupe": "Un groupe réunit de huit à douze enfants dans un même lieu.",
    "date": "Le dossier se dépose chaque année avant la fin du mois de juin.",
    "gratuit": "L'accompagnement à la scolarité est gratuit pour les familles.",
    "parents": "Un temps d'échange avec les parents est prévu chaque trimestre.",
}
ASKED = {
    "groupe": ("combien d'enfants par groupe", "la taille d'un groupe ?"),
    "date": ("quand déposer le dossier", "la date limite du dossier ?"),
    "gratuit": ("est-ce que les familles paient", "c'est gratuit ?"),
    "parents": ("faut-il voir les parents", "les parents doivent venir ?"),
}
ADAPTER_RECIPE = AdapterRecipe(epochs=2, questions=4, rank=2, alpha=4)
READER_RECIPE = ReaderRecipe(epochs=4, questions=4, rank=2, alpha=4, layers=2, max_tokens=64)


@pytest.fixture(scope="module")
def base(models_folder: Path) -> ModelFolder:
    return installer(models_folder, annonce=print, learned="sans")


@pytest.fixture(scope="module")
def learned(base: ModelFolder, tmp_path_factory: pytest.TempPathFactory) -> Learned:
    """What two steps of each training make, frozen."""
    folder = tmp_path_factory.mktemp("appris")
    learn_adapter(base.trainable, material(), ADAPTER_RECIPE, job(folder, ADAPTER, "adaptateur"))
    learn_reader(
        base.trainable, base.tokenizer, lectures(), READER_RECIPE, job(folder, READER, "lecteur")
    )
    adapter = Lora(sha256=sha256_of_file(folder / ADAPTER), rank=2, alpha=4)
    lora = Lora(sha256=sha256_of_file(folder / READER), rank=2, alpha=4)
    record = LearnedRecord(
        base=model.CONTENT_HASH,
        donnees="0" * 12,
        graine=7,
        adapter=adapter,
        references=references_of(base, folder / ADAPTER, adapter),
        reader=ReaderRecord(
            lora=lora,
            layers=2,
            max_tokens=64,
            examples=examples_of(base, folder / READER, lora, 2, 64),
        ),
    )
    return Learned(folder, record)


@pytest.fixture(scope="module")
def installed(
    learned: Learned, models_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> ModelFolder:
    """What was learned, installed beside the data file that the model is made from."""
    folder = tmp_path_factory.mktemp("modele")
    (folder / "source").symlink_to((models_folder / "source").resolve())
    return installer(folder, annonce=print, learned=learned)


def material() -> Material:
    names = list(SAID)
    answers = np.eye(len(names), dtype=np.bool_)
    return Material(
        questions=tuple(
            QuestionEcrite(
                id=f"{name}-{n}",
                question=question,
                cible=name,
                voix="benevole",
                registre="courant",
                fabrication="essai",
            )
            for name in names
            for n, question in enumerate(ASKED[name])
        ),
        texts=tuple(SAID.values()),
        targets={name: row for row, name in enumerate(names)},
        answers=answers,
        usable=np.ones_like(answers),
        refused=np.roll(answers, 1, axis=1),
        ways=ASKED,
        kinds=dict.fromkeys(names, "quoi"),
    )


def lectures() -> tuple[Lecture, ...]:
    def candidates(name: str, said: Mapping[str, str]) -> tuple[Candidat, ...]:
        return tuple(
            Candidat(texte=text, juge=ANSWERS if key == name else DOES_NOT)
            for key, text in said.items()
        )

    return tuple(
        Lecture(question=question, fiches=candidates(name, SAID), phrases=())
        for name, questions in ASKED.items()
        for question in questions
    )


def job(folder: Path, name: str, kind: str) -> Job:
    start = Progress.model_validate({"kind": kind, "recipe": "essai", "step": 0, "loss": 0.0})
    return Job(start, folder / f"{name}.etat", folder / name, lambda *_: None)


def test_the_installed_model_holds_what_was_learned(
    installed: ModelFolder, base: ModelFolder
) -> None:
    before, after = open_installed(base), open_installed(installed)
    assert after.description.adapted
    assert not before.description.adapted
    text = "combien d'enfants par groupe"
    cosine = before.encode_query(text).sentence @ after.encode_query(text).sentence
    assert 0.5 < cosine < 0.99999


def test_the_installed_reader_gives_the_strengths_of_the_training(
    installed: ModelFolder, learned: Learned
) -> None:
    assert installed.reader is not None
    assert learned.record.reader is not None
    reader = OnnxReader(installed.reader, installed.tokenizer, installed.record.reader_tokens)
    for example in learned.record.reader.examples:
        found = reader.strength(example.question, example.texte)
        assert found == pytest.approx(example.force, abs=0.5)


def test_a_training_repeated_gives_the_same_weights(
    base: ModelFolder, learned: Learned, tmp_path: Path
) -> None:
    learn_adapter(base.trainable, material(), ADAPTER_RECIPE, job(tmp_path, ADAPTER, "adaptateur"))
    assert sha256_of_file(tmp_path / ADAPTER) == learned.record.adapter.sha256
