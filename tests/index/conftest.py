"""What the tests of the index share: the installed model."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.embedding.factory import open_encoder
from index.embedding.installation import installer

if TYPE_CHECKING:
    from index.embedding.encoder import Encoder
    from index.embedding.folder import ModelFolder

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def models_folder() -> Path:
    """The folder that the model is installed in, as the program finds it."""
    return Path(os.environ.get("CLAS_DONNEES", REPOSITORY / "var")) / "modele"


@pytest.fixture(scope="session")
def installed_model(models_folder: Path) -> ModelFolder:
    """The default model, installed if it was not."""
    return installer(models_folder, annonce=print)


@pytest.fixture(scope="session")
def encoder(installed_model: ModelFolder, models_folder: Path) -> Encoder:
    """The default encoder, ready."""
    assert installed_model.onnx.is_file()
    return open_encoder(None, models_folder)
