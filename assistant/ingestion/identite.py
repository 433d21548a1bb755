"""What makes the pieces of a process what they are: program, libraries, model, processor.

Pieces made by processes whose identities differ are never mixed: the same file might be read, cut
or embedded otherwise.
"""

from __future__ import annotations

import hashlib
import platform
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from corpus.models import FROZEN
from index.embedding.encoder import Encoder, ModelDescription
from index.entries import entry
from index.ready import embed, pack_ready

_ROOT: Final = Path(__file__).resolve().parents[2]
_FOLDERS: Final = ("corpus", "index", "assistant/ingestion")
_KINDS: Final = frozenset({".py", ".yaml"})
_LIBRARIES: Final = (
    "lxml",
    "markdown-it-py",
    "numpy",
    "onnxruntime",
    "pdfminer.six",
    "pdfplumber",
    "pypdf",
    "pypdfium2",
    "python-docx",
    "tokenizers",
)
_TRIED: Final = "Le porteur du projet Clas dépose son dossier avant le 3 juin 2026 (2026-2027)."


class Identite(BaseModel):
    """What a process is."""

    model_config = FROZEN

    programme: str
    """Digest of the program that reads, cuts and embeds."""
    bibliotheques: str
    """Interpreter and libraries that reading and embedding rest on, with their versions."""
    modele: ModelDescription
    epreuve: str
    """Digest of the vectors of a sentence: processors may round otherwise."""

    @property
    def empreinte(self) -> str:
        """What pieces are named after."""
        return hashlib.sha256(self.model_dump_json().encode("utf-8")).hexdigest()[:32]


def identity_of(encoder: Encoder) -> Identite:
    """The identity of this process, with its encoder."""
    tried = entry("passage", "", _TRIED)
    vectors = pack_ready([tried], [embed(tried, encoder)], encoder.description.dimension)
    return Identite(
        programme=_program(),
        bibliotheques=_libraries(),
        modele=encoder.description,
        epreuve=hashlib.sha256(vectors).hexdigest()[:32],
    )


def differences(expected: Identite, found: Identite) -> str:
    """Say, in French, in what another process differs; empty when it does not."""
    said = []
    if found.programme != expected.programme:
        said.append(
            f"une autre version du programme ({found.programme[:12]}, ici "
            f"{expected.programme[:12]})"
        )
    if found.bibliotheques != expected.bibliotheques:
        here, there = ({*one.split(", ")} for one in (expected.bibliotheques, found.bibliotheques))
        said.append(
            f"d'autres bibliothèques ({', '.join(sorted(there - here)) or 'certaines manquent'} ; "
            f"ici {', '.join(sorted(here - there)) or 'aucune'})"
        )
    if found.modele != expected.modele:
        said.append(f"un autre modèle ({_model(found.modele)}, ici {_model(expected.modele)})")
    elif found.epreuve != expected.epreuve:
        said.append("un processeur qui arrondit autrement les vecteurs du même modèle")
    return ", ".join(said)


def _model(model: ModelDescription) -> str:
    return f"{model.name} {model.precision} {model.content_hash[:12]}"


@lru_cache(maxsize=1)
def _program() -> str:
    digest = hashlib.sha256()
    for folder in _FOLDERS:
        for path in sorted((_ROOT / folder).rglob("*")):
            if path.suffix in _KINDS and path.is_file():
                digest.update(f"{path.relative_to(_ROOT).as_posix()}\n".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:32]


@lru_cache(maxsize=1)
def _libraries() -> str:
    found = [f"Python {platform.python_version()}"]
    for name in _LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)
