"""Install the default model in a folder: fetched, built, exported, checked, then put in place."""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.files import sha256_of_file, sync_folder, sync_tree, write_atomically
from index.embedding import folder as layout
from index.embedding import recipe
from index.embedding.encoder import ModelDescription
from index.embedding.errors import ErreurModele, FichierModeleInvalide
from index.embedding.fetch import fetch_data_file
from index.embedding.folder import ModelFolder, ModelRecord, open_folder
from index.embedding.onnx_encoder import OnnxNetwork
from index.embedding.pack import open_packed
from index.embedding.pieces import shipped_pieces
from index.embedding.references import (
    FP32_COSINE,
    INT8_COSINE,
    shipped_references,
    worst_cosine,
)
from index.embedding.tokenizer import build_tokenizer, charsmap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SOURCE = "source"
"""Keeps the data file, so that a damaged model is made again without any network."""


def installer(dossier: Path, *, annonce: Callable[[str], None]) -> ModelFolder:
    """Install the default model below ``dossier``, unless it is there and whole.

    Safe to repeat and to interrupt: the data file is fetched once, and the folder of the model
    appears whole or not at all. ``annonce`` is told of the progress, in French.
    Raises `ErreurModele` when the model cannot be fetched or is not the expected one.
    """
    dossier.mkdir(parents=True, exist_ok=True)
    with _alone(dossier, annonce):
        _remove_leftovers(dossier)
        installed = _already_there(dossier, annonce)
        if installed is not None:
            annonce("Modèle : prêt.")
            return installed
        data = fetch_data_file(dossier / SOURCE, annonce=annonce)
        started = time.monotonic()
        scratch = dossier / f".{layout.FOLDER_NAME}.construction"
        scratch.mkdir()
        record = build_in(scratch, data, annonce=annonce)
        sync_tree(scratch)
        _put_in_place(scratch, dossier / layout.FOLDER_NAME)
        annonce(
            f"Modèle : prêt ({record.description.precision}, {time.monotonic() - started:.0f} s)."
        )
        return ModelFolder(dossier / layout.FOLDER_NAME, record)


def build_in(target: Path, data: Path, *, annonce: Callable[[str], None]) -> ModelRecord:
    """Build, export and check the model in the empty folder ``target``; return its record."""
    annonce("Modèle : chargement des outils de construction…")
    # Torch takes seconds to import and is needed only when there is something to build.
    from index.embedding.build import build_folder  # noqa: PLC0415
    from index.embedding.export import export_fp32, optimise, quantise_int8  # noqa: PLC0415

    annonce("Modèle : lecture des poids et choix du vocabulaire français…")
    packed = open_packed(data)
    kept, table = shipped_pieces(), charsmap()
    found = build_folder(packed, kept, table, target / layout.TRAINABLE)
    if found != recipe.CONTENT_HASH:
        raise FichierModeleInvalide(
            f"Le modèle construit a l'empreinte {found} ; celle attendue est {recipe.CONTENT_HASH}."
        )
    pieces = [packed.pieces[number] for number in kept]
    tokenizer = build_tokenizer(pieces, packed.scores[kept], table)
    tokenizer.save(str(target / layout.TOKENIZER))
    annonce("Modèle : export ONNX et passage en 8 bits…")
    fp32, int8 = target / layout.ONNX_FP32, target / layout.ONNX_INT8
    fp32.parent.mkdir()
    with tempfile.TemporaryDirectory(dir=target, prefix=".onnx-") as scratch:
        raw_fp32, raw_int8 = Path(scratch) / "fp32.onnx", Path(scratch) / "int8.onnx"
        export_fp32(target / layout.TRAINABLE, raw_fp32)
        quantise_int8(raw_fp32, raw_int8)
        optimise(raw_fp32, fp32)
        optimise(raw_int8, int8)
    annonce("Modèle : comparaison avec les vecteurs de référence…")
    return _check_and_record(target, packed.sizes.hidden)


def reference_cosine(onnx: Path, tokenizer: Path) -> float:
    """Worst cosine of an ONNX file with the shipped reference vectors, on this processor."""
    network = OnnxNetwork(onnx, tokenizer, recipe.MAX_TOKENS)
    return worst_cosine(lambda text: network.encode("", text).sentence, shipped_references())


def _check_and_record(target: Path, dimension: int) -> ModelRecord:
    fp32, int8 = target / layout.ONNX_FP32, target / layout.ONNX_INT8
    fp32_cosine = reference_cosine(fp32, target / layout.TOKENIZER)
    if not fp32_cosine >= FP32_COSINE:
        raise ErreurModele(
            f"Le modèle construit s'écarte des vecteurs de référence : cosinus {fp32_cosine:.5f}, "
            f"au moins {FP32_COSINE} attendu."
        )
    int8_cosine = reference_cosine(int8, target / layout.TOKENIZER)
    sound = int8_cosine >= INT8_COSINE
    (fp32 if sound else int8).unlink()
    record = ModelRecord(
        build=recipe.BUILD,
        description=ModelDescription(
            name=recipe.MODEL_NAME,
            content_hash=recipe.CONTENT_HASH,
            precision="int8" if sound else "fp32",
            dimension=dimension,
            query_prompt=recipe.QUERY_PROMPT,
            passage_prompt=recipe.PASSAGE_PROMPT,
            max_tokens=recipe.MAX_TOKENS,
        ),
        onnx=layout.ONNX_INT8 if sound else layout.ONNX_FP32,
        fp32_cosine=fp32_cosine,
        int8_cosine=int8_cosine,
        licences=layout.LICENCES,
        files={
            path.relative_to(target).as_posix(): sha256_of_file(path)
            for path in sorted(target.rglob("*"))
            if path.is_file()
        },
    )
    text = record.model_dump_json(indent=1) + "\n"
    write_atomically(target / layout.RECORD, [text.encode()])
    return record


def _already_there(dossier: Path, annonce: Callable[[str], None]) -> ModelFolder | None:
    if not (dossier / layout.FOLDER_NAME).is_dir():
        return None
    try:
        installed = open_folder(dossier)
        installed.check()
    except ErreurModele as problem:
        annonce(f"Modèle à refaire : {problem}")
        return None
    return installed


def _remove_leftovers(dossier: Path) -> None:
    """Remove what an interrupted installation left."""
    for leftover in dossier.glob(f".{layout.FOLDER_NAME}.*"):
        shutil.rmtree(leftover)


def _put_in_place(built: Path, final: Path) -> None:
    if final.exists():
        final.rename(final.with_name(f".{final.name}.ancien"))
    built.rename(final)
    sync_folder(final.parent)
    shutil.rmtree(final.with_name(f".{final.name}.ancien"), ignore_errors=True)


@contextmanager
def _alone(dossier: Path, annonce: Callable[[str], None]) -> Iterator[None]:
    """Let one installation at a time work in ``dossier``; the system frees the lock on a crash."""
    try:
        import fcntl  # noqa: PLC0415 - absent from systems that are not POSIX
    except ModuleNotFoundError:
        yield
        return
    with (dossier / ".verrou").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            annonce("Modèle : une autre installation est en cours, attente…")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
