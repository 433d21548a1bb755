"""The manifest: which documents there are, and what each one applies to."""

from __future__ import annotations

import hashlib
from pathlib import Path

import yaml
from pydantic import BaseModel, ValidationError, model_validator

from corpus.models import FROZEN, FicheDocument


class ManifesteInutilisable(ValueError):
    """The manifest, or a file that it names, cannot be used; the message says which and why."""


class Manifeste(BaseModel):
    """The documents of a corpus, strongest first within the file."""

    model_config = FROZEN

    documents: tuple[FicheDocument, ...]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Manifeste:
        ids = [fiche.id for fiche in self.documents]
        repeated = sorted({i for i in ids if ids.count(i) > 1})
        if repeated:
            raise ValueError(f"identifiant répété : {', '.join(repeated)}")
        return self


def load_manifest(path: Path) -> Manifeste:
    """Read a manifest file.

    Raises:
        ManifesteInutilisable: unreadable YAML, an unknown key, a missing or impossible value.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Manifeste.model_validate(data)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ManifesteInutilisable(f"{path.name} : YAML illisible ({error})") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ManifesteInutilisable(f"{path.name}, {place} : {first['msg']}") from error


def read_source(fiche: FicheDocument, folder: Path) -> str:
    """Read a source file, checked against the manifest's sha256, as text with Unix line ends.

    Raises:
        ManifesteInutilisable: the file is missing, changed, or not UTF-8.
    """
    path = folder / fiche.fichier
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ManifesteInutilisable(f"document {fiche.id} : {fiche.fichier} est absent") from error
    found = hashlib.sha256(content).hexdigest()
    if found != fiche.sha256:
        raise ManifesteInutilisable(
            f"document {fiche.id} : {fiche.fichier} a changé (sha256 {found[:12]}…, "
            f"attendu {fiche.sha256[:12]}…)"
        )
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise ManifesteInutilisable(
            f"document {fiche.id} : {fiche.fichier} n'est pas en UTF-8"
        ) from error
