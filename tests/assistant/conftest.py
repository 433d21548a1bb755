"""What tests of answers and commands share: a data folder, an assistant, a way to run ``clas``."""

from __future__ import annotations

import io
import shutil
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from essais import DAY, Ask, Clas, Sortie

from assistant.answers.engine import Assistant, open_assistant
from assistant.cli import main
from assistant.configuration import (
    FOLDER_VARIABLE,
    MODEL_VARIABLE,
    Configuration,
    read_configuration,
)
from assistant.dialogue.conseiller import Conseiller, open_conseiller
from assistant.models import Question, Reponse
from assistant.preparation import preparer

if TYPE_CHECKING:
    from index.embedding.folder import ModelFolder


@pytest.fixture(scope="session")
def donnees(
    models_folder: Path,
    installed_model: ModelFolder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A data folder as ``CLAS_DONNEES`` names one, set up by the program itself.

    It begins as a copy of the index already built, so that no text is embedded twice.
    """
    assert installed_model.onnx.is_file()
    folder = tmp_path_factory.mktemp("donnees")
    (folder / "modele").symlink_to(models_folder.resolve())
    built = read_configuration().dossier_index
    if built.is_dir():
        shutil.copytree(built, folder / "index")
    preparer(Configuration(donnees=folder, modele=None), annonce=lambda _: None)
    open_assistant.cache_clear()
    open_conseiller.cache_clear()
    return folder


@pytest.fixture(scope="session")
def assistant(donnees: Path) -> Conseiller:
    """An assistant on the five documents."""
    return open_conseiller(Configuration(donnees=donnees, modele=None))


@pytest.fixture(scope="session")
def rules_assistant(assistant: Conseiller, donnees: Path) -> Assistant:
    """What answers from the texts alone, under the conversation."""
    assert assistant.documents
    return open_assistant(Configuration(donnees=donnees, modele=None))


@pytest.fixture(scope="session")
def ask(assistant: Conseiller) -> Ask:
    """Asks one question; gives its answer."""

    def answer(question: str, departement: str | None = None, annee: str | None = None) -> Reponse:
        put = Question(
            id="q", question=question, departement=departement, annee_scolaire=annee, date=DAY
        )
        return assistant.repondre(put)[0].reponse

    return answer


@pytest.fixture
def clas(donnees: Path, monkeypatch: pytest.MonkeyPatch) -> Clas:
    """Runs the command in this process, on the data folder above."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(donnees))
    monkeypatch.delenv(MODEL_VARIABLE, raising=False)

    def run(*arguments: str | Path) -> Sortie:
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
        with redirect_stdout(out), redirect_stderr(err):
            try:
                status = main([str(argument) for argument in arguments])
            except SystemExit as leaving:
                status = int(str(leaving.code or 0))
        out.flush()
        err.flush()
        raw, said = out.buffer, err.buffer
        assert isinstance(raw, io.BytesIO)
        assert isinstance(said, io.BytesIO)
        return Sortie(status, raw.getvalue(), said.getvalue().decode("utf-8"))

    return run
