"""The four steps of training, each of which can be interrupted and run again."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, TypeAdapter

from assistant.answers.confidence import load_confidence
from assistant.answers.engine import Assistant
from assistant.answers.modeles import Modeles
from assistant.answers.ranking import load_ranking
from assistant.configuration import Configuration
from assistant.entrainement.matiere import Juge, Matiere, for_adapter, gather, to_read
from assistant.fiches.loading import load_cards
from assistant.preparation import prepare_index
from corpus.files import sha256_of_file, write_atomically
from index.embedding import recipe as model
from index.embedding.factory import open_installed
from index.embedding.folder import ModelFolder
from index.embedding.installation import installer
from index.learned.freezing import examples_of, references_of
from index.learned.record import (
    ADAPTER,
    READER,
    RECORD,
    Learned,
    LearnedRecord,
    Lora,
    ReaderRecord,
)
from index.lexicon import load_lexicon
from index.search import Searcher
from index.storage import open_index
from index.training import data
from index.training.adapter import learn_adapter
from index.training.reader import Lecture, learn_reader
from index.training.recipe import AdapterRecipe, Progress, ReaderRecipe
from index.training.steps import Job

LECTURES = "lectures.json"
PART = 100
"""Questions put to the search between two writings: what an interruption may lose."""
_READ = TypeAdapter(tuple[Lecture, ...])


@dataclass(frozen=True, slots=True)
class Atelier:
    """Where training works, where it writes, whom it tells."""

    configuration: Configuration
    travail: Path
    sortie: Path
    dire: Callable[[str, int, int, str], None]
    """Told of a step's name, what is done, of how much, and a measure."""
    annonce: Callable[[str], None]
    adapter: AdapterRecipe = field(default_factory=AdapterRecipe)
    reader: ReaderRecipe = field(default_factory=ReaderRecipe)

    def said(self, name: str) -> Callable[[int, int, float], None]:
        """What a training tells its progress to."""
        return lambda done, total, loss: self.dire(name, done, total, f"perte {loss:.3f}")


def adaptateur(atelier: Atelier) -> None:
    """Learn the adapter."""
    base = _base(atelier)
    matiere = _matiere(atelier.configuration)
    learn_adapter(
        base.trainable,
        for_adapter(matiere, load_lexicon()),
        atelier.adapter,
        Job(
            _start("adaptateur", atelier.adapter),
            _made(atelier, "adaptateur.etat"),
            _made(atelier, ADAPTER),
            atelier.said("adaptateur"),
        ),
    )


def lectures(atelier: Atelier) -> None:
    """Put every question to the search, adapted, and keep what it brings near, part by part."""
    assistant = _adapted(atelier)
    matiere = _matiere(atelier.configuration)
    juge, asked = Juge(matiere), to_read(matiere)
    key = hashlib.sha256(f"{learned_from()} {assistant.index.info.version}".encode())
    parts = atelier.travail / f"lectures-{key.hexdigest()[:12]}"
    parts.mkdir(parents=True, exist_ok=True)
    starts = range(0, len(asked), PART)
    for start in starts:
        part = parts / f"{start:06}.json"
        if not part.is_file():
            made = tuple(juge.lecture(assistant, one) for one in asked[start : start + PART])
            write_atomically(part, [_READ.dump_json(made)])
        atelier.dire("lectures", min(start + PART, len(asked)), len(asked), "")
    whole = (_READ.validate_json((parts / f"{start:06}.json").read_bytes()) for start in starts)
    write_atomically(
        atelier.travail / LECTURES, [_READ.dump_json(tuple(one for part in whole for one in part))]
    )
    shutil.rmtree(parts)


def lecteur(atelier: Atelier) -> None:
    """Learn the reader."""
    base = _base(atelier)
    text = (atelier.travail / LECTURES).read_bytes()
    learn_reader(
        base.trainable,
        base.tokenizer,
        _READ.validate_json(text),
        atelier.reader,
        Job(
            _start("lecteur", atelier.reader, text),
            _made(atelier, "lecteur.etat"),
            _made(atelier, READER),
            atelier.said("lecteur"),
        ),
    )


def geler(atelier: Atelier) -> None:
    """Write the shipped folder: matrices, and the record that names and checks them."""
    base = _base(atelier)
    atelier.sortie.mkdir(parents=True, exist_ok=True)
    for name in (ADAPTER, READER):
        found = atelier.travail / name
        if found.is_file():
            write_atomically(atelier.sortie / name, [found.read_bytes()])
    record = _record(atelier, base, atelier.sortie)
    text = record.model_dump_json(indent=1) + "\n"
    write_atomically(atelier.sortie / RECORD, [text.encode()])
    atelier.annonce(f"Écrit : {atelier.sortie}")


def _record(atelier: Atelier, base: ModelFolder, folder: Path) -> LearnedRecord:
    adapter = _lora_of(atelier.adapter, folder / ADAPTER)
    reader = None
    if (folder / READER).is_file():
        shape = atelier.reader
        lora = Lora(sha256=sha256_of_file(folder / READER), rank=shape.rank, alpha=shape.alpha)
        reader = ReaderRecord(
            lora=lora,
            layers=shape.layers,
            max_tokens=shape.max_tokens,
            examples=examples_of(base, folder / READER, lora, shape.layers, shape.max_tokens),
        )
    return LearnedRecord(
        base=model.CONTENT_HASH,
        donnees=learned_from()[:12],
        graine=atelier.adapter.seed,
        adapter=adapter,
        references=references_of(base, folder / ADAPTER, adapter),
        reader=reader,
    )


def _lora_of(recipe: AdapterRecipe, matrices: Path) -> Lora:
    return Lora(sha256=sha256_of_file(matrices), rank=recipe.rank, alpha=recipe.alpha * recipe.kept)


def _adapted(atelier: Atelier) -> Assistant:
    """An assistant over the adapted encoder, in a data folder of its own."""
    folder = atelier.travail / "adapte"
    folder.mkdir(parents=True, exist_ok=True)
    base = _base(atelier)
    adapter = _lora_of(atelier.adapter, _made(atelier, ADAPTER))
    learned = Learned(
        atelier.travail,
        LearnedRecord(
            base=model.CONTENT_HASH,
            donnees=learned_from()[:12],
            graine=atelier.adapter.seed,
            adapter=adapter,
            references=references_of(base, _made(atelier, ADAPTER), adapter),
        ),
    )
    installed = installer(
        atelier.configuration.dossier_modele, annonce=atelier.annonce, learned=learned
    )
    settings = atelier.configuration.model_copy(update={"donnees": folder})
    encoder = open_installed(installed)
    prepare_index(settings, encoder, atelier.annonce)
    stored = open_index(settings.dossier_index, load_lexicon())
    return Assistant(
        Searcher(stored, encoder), Modeles("general", load_ranking(), load_confidence())
    )


def _matiere(configuration: Configuration) -> Matiere:
    stored = open_index(configuration.dossier_index, load_lexicon())
    cards = load_cards(stored.attached).values()
    return gather(data.read_training(), stored.documents, stored.passages, cards)


def _base(atelier: Atelier) -> ModelFolder:
    """The general model alone, installed."""
    return installer(atelier.configuration.dossier_modele, annonce=atelier.annonce, learned="sans")


def _made(atelier: Atelier, name: str) -> Path:
    atelier.travail.mkdir(parents=True, exist_ok=True)
    return atelier.travail / name


def _start(kind: str, recipe: BaseModel, *more: bytes) -> Progress:
    digest = hashlib.sha256(f"{recipe.model_dump_json()} {learned_from()}".encode())
    for part in more:
        digest.update(part)
    return Progress.model_validate(
        {"kind": kind, "recipe": digest.hexdigest(), "step": 0, "loss": 0.0}
    )


def learned_from() -> str:
    """Identify what the networks learn from: sha256, in hexadecimal, of its files.

    The questions about anything else are not among them: they only set the confidence.
    """
    digest = hashlib.sha256()
    for name in (data.CIBLES, data.PRESQUE, data.QUESTIONS):
        digest.update((data.FOLDER / name).read_bytes())
    return digest.hexdigest()
