"""A folder that is watched: what changed in it since it was last looked at, by digest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, Field, ValidationError

from corpus.base.store import BaseInutilisable
from corpus.files import write_atomically
from corpus.models import FROZEN

STATE: Final = "surveillance.json"


class Vu(BaseModel):
    """A file as it was last taken."""

    model_config = FROZEN

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    document: str
    """The document that it gave, or that it was found to be already."""
    doublon: bool = False
    """Whether it was found to be one that the base had from another file."""


class Surveillance(BaseModel):
    """Files taken from each folder, by the folder's path and the file's place in it."""

    model_config = FROZEN

    dossiers: Mapping[str, Mapping[str, Vu]] = {}

    def of(self, folder: Path) -> Mapping[str, Vu]:
        """What was taken from a folder."""
        return self.dossiers.get(_key(folder), {})

    def taken(self, folder: Path, seen: Mapping[str, Vu]) -> Surveillance:
        """The same, with what is now known of a folder."""
        return Surveillance(dossiers={**self.dossiers, _key(folder): dict(seen)})


def _key(folder: Path) -> str:
    return str(folder.resolve())


def read_watch(base: Path) -> Surveillance:
    """Read what was taken from watched folders; nothing the first time.

    Raises:
        BaseInutilisable: the record cannot be read.
    """
    try:
        return Surveillance.model_validate_json((base / STATE).read_bytes())
    except FileNotFoundError:
        return Surveillance()
    except ValidationError as error:
        raise BaseInutilisable(
            f"le suivi des dossiers ({STATE}) est illisible : supprimez-le, tout sera relu"
        ) from error


def write_watch(base: Path, state: Surveillance) -> None:
    """Replace the record."""
    base.mkdir(parents=True, exist_ok=True)
    write_atomically(base / STATE, [state.model_dump_json(indent=1).encode("utf-8")])
