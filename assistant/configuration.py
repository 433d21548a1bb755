"""Where the program keeps what it makes, and which model it uses, from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

FOLDER_VARIABLE = "CLAS_DONNEES"
MODEL_VARIABLE = "CLAS_MODELE"
_REPOSITORY = Path(__file__).resolve().parent.parent


class Configuration(BaseModel):
    """Settings of one process."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    donnees: Path
    """Folder of generated files: model, index versions."""
    modele: str | None
    """Another embedding model (a folder or a hub name); None: the one made at set-up."""

    @property
    def dossier_modele(self) -> Path:
        """Where the default model is installed."""
        return self.donnees / "modele"

    @property
    def dossier_index(self) -> Path:
        """Where index versions live."""
        return self.donnees / "index"


def read_configuration(environment: Mapping[str, str] = os.environ) -> Configuration:
    """Read the settings: ``CLAS_DONNEES`` (a folder) and ``CLAS_MODELE`` (a folder or hub name)."""
    folder = environment.get(FOLDER_VARIABLE, "").strip()
    return Configuration(
        donnees=Path(folder).expanduser().resolve() if folder else _REPOSITORY / "var",
        modele=environment.get(MODEL_VARIABLE, "").strip() or None,
    )
