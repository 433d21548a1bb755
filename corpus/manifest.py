"""The manifest: which documents there are, and what each one applies to."""

from __future__ import annotations

import hashlib
from pathlib import Path

import yaml
from pydantic import BaseModel, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from corpus.lecture_yaml import read_yaml
from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import LIMITES
from corpus.loading.models import DocumentCharge
from corpus.loading.opening import load_bytes, read_regular, shown_name
from corpus.loading.plain import read_plain
from corpus.models import FROZEN, FicheDocument


class ManifesteInutilisable(ValueError):
    """The manifest, or a file that it names, cannot be used; the message says which and why."""


class Manifeste(BaseModel):
    """The documents of a corpus, strongest first within the file."""

    model_config = FROZEN

    documents: tuple[FicheDocument, ...] = Field(min_length=1)

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
        ManifesteInutilisable: no such file, unreadable YAML, an unknown key, a missing or
            impossible value.
    """
    data: object = None
    try:
        data = read_yaml(path.read_text(encoding="utf-8"))
        return Manifeste.model_validate(data)
    except FileNotFoundError as error:
        raise ManifesteInutilisable(f"{path.name} est absent de {path.parent}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ManifesteInutilisable(f"{path.name} : YAML illisible ({error})") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise ManifesteInutilisable(
            f"{path.name}, {_place(data, first['loc'])} : {_trouble(first)}"
        ) from error


def _place(data: object, location: tuple[int | str, ...]) -> str:
    """Name where an error stands: by the document's id when it has one, then by field."""
    match data, location:
        case {"documents": list(entries)}, ("documents", int(rank), *rest):
            entry = entries[rank]
            name = entry.get("id") if isinstance(entry, dict) else None
            of = f"document {name}" if name else f"document n° {rank + 1}"
            return ", ".join([of, ".".join(str(part) for part in rest)]) if rest else of
        case _:
            return ".".join(str(part) for part in location) or "contenu"


def _trouble(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            return "clé inconnue"
        case "missing":
            return "valeur absente, obligatoire"
        case "string_pattern_mismatch":
            return f"« {error['input']} » trouvé, attendu de la forme {context['pattern']}"
        case "literal_error":
            return f"« {error['input']} » trouvé, attendu {context['expected']}"
        case "value_error":
            return str(context["error"])
        case _:
            return f"« {error['input']} » trouvé ({error['msg']})"


def read_source(fiche: FicheDocument, folder: Path) -> str:
    """Read a plain text source, checked against the manifest's sha256.

    Raises:
        ManifesteInutilisable: the file is missing, changed, or is no text.
    """
    content = read_checked(fiche, folder)
    try:
        return read_plain(content, LIMITES, _silent).texte
    except FichierRefuse as refus:
        raise ManifesteInutilisable(
            f"document {fiche.id} : {shown_name(fiche.fichier)} : {refus}"
        ) from refus


def read_structured(fiche: FicheDocument, folder: Path) -> DocumentCharge:
    """Read a structured source in a process apart, checked against the manifest's sha256.

    Raises:
        ManifesteInutilisable: the file is missing, changed, cannot be read, or is not of the
            format that the entry says.
    """
    content = read_checked(fiche, folder)
    try:
        charge = load_bytes(content, fiche.fichier)
    except FichierRefuse as refus:
        raise ManifesteInutilisable(f"document {fiche.id} : {refus}") from refus
    if charge.format != fiche.format or not isinstance(charge, DocumentCharge):
        raise ManifesteInutilisable(
            f"document {fiche.id}, format : « {fiche.format} » annoncé, "
            f"{fiche.fichier} est au format « {charge.format} »"
        )
    return charge


def read_checked(fiche: FicheDocument, folder: Path) -> bytes:
    """Read the bytes of a source: those, and no others, that the manifest's sha256 stands for.

    Raises:
        ManifesteInutilisable: the file is missing, too big or changed.
    """
    path = folder / fiche.fichier
    if not path.exists():
        raise ManifesteInutilisable(f"document {fiche.id} : {fiche.fichier} est absent")
    try:
        content = read_regular(path)
    except FichierRefuse as refus:
        raise ManifesteInutilisable(f"document {fiche.id} : {refus}") from refus
    found = hashlib.sha256(content).hexdigest()
    if found != fiche.sha256:
        raise ManifesteInutilisable(
            f"document {fiche.id} : {fiche.fichier} a changé (sha256 {found[:12]}…, "
            f"attendu {fiche.sha256[:12]}…)"
        )
    return content


def _silent(_done: int, _total: int) -> None:
    """Tell nobody of the progress: a plain text is read at once."""
