"""The installed model's folder: its record, and what its files must be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.files import sha256_of_file
from index.embedding import recipe
from index.embedding.encoder import ModelDescription
from index.embedding.errors import FichierModeleInvalide, ModeleIntrouvable
from index.learned.record import AppriInutilisable, Learned, read_learned

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FOLDER_NAME = "e5-small-fr"
Choice = Learned | Literal["livre", "sans"]
"""What was learned: some of it, what ships with the program, or nothing."""
LEARNED_FOLDER_NAME = "e5-small-fr-clas"
"""The same model with what was learned merged into it."""
RECORD = "modele.json"
TOKENIZER = "tokenizer.json"
TRAINABLE = "sentence-transformers"
ONNX_FP32 = "onnx/model_fp32.onnx"
ONNX_INT8 = "onnx/model_int8.onnx"
READER_FP32 = "onnx/lecteur_fp32.onnx"
READER_INT8 = "onnx/lecteur_int8.onnx"
FROZEN = ConfigDict(frozen=True, extra="forbid")


class Licence(BaseModel):
    """Where a part of the model comes from, and under which licence."""

    model_config = FROZEN

    work: str
    licence: str
    source: str


class ModelRecord(BaseModel):
    """What ``modele.json`` says of the folder that it stands in."""

    model_config = FROZEN

    build: int
    """The way that the files were written (see `recipe.BUILD`)."""
    description: ModelDescription
    onnx: str
    """The file that answers questions, relative to the folder."""
    reader: str | None = None
    """The learned reader's file; None when there is none."""
    reader_tokens: int = 0
    """Tokens that it reads at most."""
    reader_gap: float = 0.0
    """Largest gap between its strengths and the shipped ones, on this machine."""
    fp32_cosine: float
    """Worst cosine of the float32 export with the reference vectors, on this machine."""
    int8_cosine: float
    """The same for the int8 export; below the accepted one, the float32 export serves."""
    licences: tuple[Licence, ...]
    files: dict[str, str]
    """Sha256 of every other file of the folder, by relative path."""


LICENCES = (
    Licence(
        work=recipe.ORIGINAL_MODEL,
        licence=recipe.ORIGINAL_LICENCE,
        source="Wang et al., Multilingual E5 Text Embeddings, arXiv 2402.05672",
    ),
    Licence(
        work=f"{recipe.DATA_PACKAGE} {recipe.DATA_PACKAGE_VERSION}",
        licence=recipe.DATA_PACKAGE_LICENCE,
        source=f"poids 4 bits, {recipe.DATA_MEMBER}",
    ),
)


@dataclass(frozen=True)
class ModelFolder:
    """An installed model: where it is and its record."""

    path: Path
    record: ModelRecord

    @property
    def onnx(self) -> Path:
        """The ONNX file that answers questions."""
        return self.path / self.record.onnx

    @property
    def reader(self) -> Path | None:
        """The ONNX file of the learned reader; None when there is none."""
        return self.path / self.record.reader if self.record.reader else None

    @property
    def tokenizer(self) -> Path:
        """The file that the tokenizers library reads."""
        return self.path / TOKENIZER

    @property
    def trainable(self) -> Path:
        """The standard sentence-transformers folder, for training and other uses."""
        return self.path / TRAINABLE

    def check(self, *names: str) -> None:
        """Check that files (all of them by default) are whole.

        Raises `FichierModeleInvalide` naming the first that is not.
        """
        for name in names or tuple(self.record.files):
            path = self.path / name
            if not path.is_file():
                raise FichierModeleInvalide(f"Le fichier {name} du modèle est absent. {REPAIR}")
            found = sha256_of_file(path)
            expected = self.record.files.get(name)
            if found != expected:
                raise FichierModeleInvalide(
                    f"Le fichier {name} du modèle est abîmé : empreinte {found}, attendue "
                    f"{expected}. {REPAIR}"
                )


REPAIR = "Relancez « make app » ou « clas preparer » pour le refaire."


def place_of(learned: Learned | None) -> tuple[str, str]:
    """Name of the folder of the model with what was learned, or alone, and its content hash."""
    if learned is None:
        return FOLDER_NAME, recipe.CONTENT_HASH
    return LEARNED_FOLDER_NAME, learned.content_hash


def chosen(learned: Choice, annonce: Callable[[str], None] = lambda _: None) -> Learned | None:
    """What is merged into the model; None: nothing, or what ships cannot be used, which is told."""
    if isinstance(learned, Learned):
        return learned
    if learned == "sans":
        return None
    try:
        return read_learned()
    except AppriInutilisable as problem:
        annonce(f"Ce qui a été appris ne sert pas ({problem}) : le modèle général sert seul.")
        return None


def open_folder(folder: Path, learned: Choice = "livre") -> ModelFolder:
    """Open the default model installed below ``folder``, with what was learned or « sans ».

    Raises `ModeleIntrouvable` when there is none, and `FichierModeleInvalide` when its record
    cannot be read or is of another model than the one that this program makes.
    """
    name, expected = place_of(chosen(learned))
    path = folder / name
    try:
        text = (path / RECORD).read_bytes()
    except FileNotFoundError as problem:
        raise ModeleIntrouvable(
            f"Le modèle n'est pas installé dans {folder}. Lancez « make app » ou « clas preparer »."
        ) from problem
    try:
        record = ModelRecord.model_validate_json(text)
    except ValidationError as problem:
        raise FichierModeleInvalide(
            f"Le fichier {path / RECORD} est illisible ({problem.error_count()} erreurs). {REPAIR}"
        ) from problem
    found = record.description.content_hash
    if found != expected:
        raise FichierModeleInvalide(
            f"Le modèle installé a l'empreinte {found[:12]}… ; ce programme attend "
            f"{expected[:12]}…. {REPAIR}"
        )
    if record.build != recipe.BUILD:
        raise FichierModeleInvalide(
            f"Le modèle installé vient d'une autre version de ce programme. {REPAIR}"
        )
    return ModelFolder(path, record)
