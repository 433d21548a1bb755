"""Where the program keeps what it makes, and which model it uses, from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

FOLDER_VARIABLE = "CLAS_DONNEES"
MODEL_VARIABLE = "CLAS_MODELE"
ROLES_VARIABLE = "CLAS_ROLES"
LOCAL_VARIABLE = "CLAS_AGENTS_LOCAL"
WATCHED_VARIABLE = "CLAS_DOSSIER_SUIVI"
READER_VARIABLE = "CLAS_LECTEUR"
_REPOSITORY = Path(__file__).resolve().parent.parent


class Configuration(BaseModel):
    """Settings of one process."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    donnees: Path
    """Folder of generated files: model, index versions."""
    modele: str | None
    """Another embedding model (a folder or a hub name); None: the one made at set-up."""
    roles: Path | None = None
    """File that says who holds which role; None: nobody does."""
    agents_local: bool = False
    """Whether a browser of this very computer opens the agents' pages without an account."""
    dossier_suivi: Path | None = None
    """Folder whose changes a keeper may bring to the draft from the page; None: none is watched.
    Whoever sets the server up chooses it: a page never names a folder."""

    lecteur: bool = True
    """Whether the learned reader reads the first candidates, where it is installed."""

    @property
    def dossier_modele(self) -> Path:
        """Where the default model is installed."""
        return self.donnees / "modele"

    @property
    def dossier_index(self) -> Path:
        """Where index versions live."""
        return self.donnees / "index"


def read_configuration(environment: Mapping[str, str] = os.environ) -> Configuration:
    """Read the settings from the environment.

    ``CLAS_DONNEES``: a folder; ``CLAS_MODELE``: a folder or hub name; ``CLAS_ROLES``: a YAML file;
    ``CLAS_AGENTS_LOCAL``: « 1 » and nothing else opens the agents' pages to this computer;
    ``CLAS_DOSSIER_SUIVI``: the folder that the keepers' page watches; ``CLAS_LECTEUR``: « non »
    answers without the learned reader, faster and less well.
    """
    folder = environment.get(FOLDER_VARIABLE, "").strip()
    roles = environment.get(ROLES_VARIABLE, "").strip()
    watched = environment.get(WATCHED_VARIABLE, "").strip()
    return Configuration(
        donnees=Path(folder).expanduser().resolve() if folder else _REPOSITORY / "var",
        modele=environment.get(MODEL_VARIABLE, "").strip() or None,
        roles=Path(roles).expanduser().resolve() if roles else None,
        agents_local=environment.get(LOCAL_VARIABLE) == "1",
        lecteur=environment.get(READER_VARIABLE, "").strip().lower() != "non",
        dossier_suivi=Path(watched).expanduser().resolve() if watched else None,
    )
