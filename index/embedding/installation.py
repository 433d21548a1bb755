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
from index.embedding.encoder import ADAPTED, ModelDescription
from index.embedding.errors import ErreurModele, FichierModeleInvalide
from index.embedding.fetch import fetch_data_file
from index.embedding.folder import Choice, ModelFolder, ModelRecord, chosen, open_folder
from index.embedding.onnx_encoder import OnnxNetwork
from index.embedding.pack import open_packed
from index.embedding.pieces import shipped_pieces
from index.embedding.references import (
    ADAPTED_INT8_COSINE,
    FP32_COSINE,
    INT8_COSINE,
    shipped_references,
    worst_cosine,
)
from index.embedding.tokenizer import build_tokenizer, charsmap
from index.learned.reader import OnnxReader
from index.learned.record import Learned, ReaderRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SOURCE = "source"
"""Keeps the data file, so that a damaged model is made again without any network."""


def installer(
    dossier: Path, *, annonce: Callable[[str], None], learned: Choice = "livre"
) -> ModelFolder:
    """Install the default model below ``dossier``, unless it is there and whole.

    Safe to repeat and to interrupt: the data file is fetched once, and the folder of the model
    appears whole or not at all. ``annonce`` is told of the progress, in French. ``learned``: what
    is merged into it; by default what ships with the program, and where that cannot be used, or
    with « sans », nothing.
    Raises `ErreurModele` when the model cannot be fetched or is not the expected one.
    """
    wanted = chosen(learned, annonce)
    name, _ = layout.place_of(wanted)
    dossier.mkdir(parents=True, exist_ok=True)
    with _alone(dossier, annonce):
        _remove_leftovers(dossier)
        installed = _already_there(dossier, wanted, annonce)
        if installed is not None:
            annonce("Modèle : prêt.")
            return installed
        data = fetch_data_file(dossier / SOURCE, annonce=annonce)
        started = time.monotonic()
        scratch = dossier / f".{name}.construction"
        scratch.mkdir()
        record = build_in(scratch, data, annonce=annonce, learned=wanted)
        sync_tree(scratch)
        _put_in_place(scratch, dossier / name)
        annonce(
            f"Modèle : prêt ({record.description.precision}, {time.monotonic() - started:.0f} s)."
        )
        return ModelFolder(dossier / name, record)


def build_in(
    target: Path,
    data: Path,
    *,
    annonce: Callable[[str], None],
    learned: Learned | None = None,
) -> ModelRecord:
    """Build, export and check the model in the empty folder ``target``; return its record."""
    annonce("Modèle : chargement des outils de construction…")
    # Torch takes seconds to import and is needed only when there is something to build.
    from index.embedding.build import build_folder

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
    (target / layout.ONNX_FP32).parent.mkdir()
    reader = _reader_in(target, learned)
    if learned is not None:
        from index.learned.export import merge_into

        merge_into(target / layout.TRAINABLE, learned)
    _encoder_in(target)
    annonce("Modèle : comparaison avec les vecteurs de référence…")
    return _check_and_record(target, packed.sizes.hidden, learned, reader)


def _encoder_in(target: Path) -> None:
    """Export the encoder of a folder, in float32 and in int8."""
    from index.embedding.export import export_fp32, optimise, quantise_int8

    with tempfile.TemporaryDirectory(dir=target, prefix=".onnx-") as scratch:
        raw_fp32, raw_int8 = Path(scratch) / "fp32.onnx", Path(scratch) / "int8.onnx"
        export_fp32(target / layout.TRAINABLE, raw_fp32)
        quantise_int8(raw_fp32, raw_int8)
        optimise(raw_fp32, target / layout.ONNX_FP32)
        optimise(raw_int8, target / layout.ONNX_INT8)


def _reader_in(target: Path, learned: Learned | None) -> tuple[str, float] | None:
    """Export the learned reader beside the encoder; its file and its gap with what is expected."""
    if learned is None or learned.reader is None or learned.record.reader is None:
        return None
    from index.embedding.export import optimise, quantise_int8
    from index.learned.export import export_reader, open_reader_network

    record = learned.record.reader
    network = open_reader_network(
        target / layout.TRAINABLE, learned.reader, record.lora, record.layers
    )
    with tempfile.TemporaryDirectory(dir=target, prefix=".onnx-") as scratch:
        raw_fp32, raw_int8 = Path(scratch) / "fp32.onnx", Path(scratch) / "int8.onnx"
        export_reader(network, raw_fp32)
        quantise_int8(raw_fp32, raw_int8)
        optimise(raw_fp32, target / layout.READER_FP32)
        optimise(raw_int8, target / layout.READER_INT8)
    gaps = {
        name: reader_gap(target / name, target / layout.TOKENIZER, record)
        for name in (layout.READER_FP32, layout.READER_INT8)
    }
    if gaps[layout.READER_FP32] > FP32_GAP:
        raise ErreurModele(
            "Le lecteur appris s'écarte de ce qui est attendu : "
            f"{gaps[layout.READER_FP32]:.3f}, au plus {FP32_GAP} accepté."
        )
    sound = gaps[layout.READER_INT8] <= INT8_GAP
    kept, dropped = (
        (layout.READER_INT8, layout.READER_FP32)
        if sound
        else (layout.READER_FP32, layout.READER_INT8)
    )
    (target / dropped).unlink()
    return kept, gaps[kept]


FP32_GAP = 0.02
"""Largest gap of the reader's strengths in float32 with the shipped ones (log-odds)."""
INT8_GAP = 1.5
"""The same in int8: beyond, this processor saturates and the float32 export serves."""


def reader_gap(onnx: Path, tokenizer: Path, record: ReaderRecord) -> float:
    """Largest gap between the strengths that an ONNX file gives and the shipped ones."""
    reader = OnnxReader(onnx, tokenizer, record.max_tokens)
    return max(abs(reader.strength(e.question, e.texte) - e.force) for e in record.examples)


def reference_cosine(onnx: Path, tokenizer: Path, learned: Learned | None = None) -> float:
    """Worst cosine of an ONNX file with the shipped reference vectors, on this processor."""
    network = OnnxNetwork(onnx, tokenizer, recipe.MAX_TOKENS)
    references = learned.references() if learned else shipped_references()
    return worst_cosine(lambda text: network.encode("", text).sentence, references)


def _check_and_record(
    target: Path, dimension: int, learned: Learned | None, reader: tuple[str, float] | None
) -> ModelRecord:
    fp32, int8 = target / layout.ONNX_FP32, target / layout.ONNX_INT8
    fp32_cosine = reference_cosine(fp32, target / layout.TOKENIZER, learned)
    if not fp32_cosine >= FP32_COSINE:
        raise ErreurModele(
            f"Le modèle construit s'écarte des vecteurs de référence : cosinus {fp32_cosine:.5f}, "
            f"au moins {FP32_COSINE} attendu."
        )
    int8_cosine = reference_cosine(int8, target / layout.TOKENIZER, learned)
    sound = int8_cosine >= (INT8_COSINE if learned is None else ADAPTED_INT8_COSINE)
    (fp32 if sound else int8).unlink()
    name, content_hash = recipe.MODEL_NAME, recipe.CONTENT_HASH
    if learned is not None:
        name, content_hash = name + ADAPTED, learned.content_hash
    record = ModelRecord(
        build=recipe.BUILD,
        description=ModelDescription(
            name=name,
            content_hash=content_hash,
            precision="int8" if sound else "fp32",
            dimension=dimension,
            query_prompt=recipe.QUERY_PROMPT,
            passage_prompt=recipe.PASSAGE_PROMPT,
            max_tokens=recipe.MAX_TOKENS,
        ),
        onnx=layout.ONNX_INT8 if sound else layout.ONNX_FP32,
        reader=reader[0] if reader else None,
        reader_tokens=learned.record.reader.max_tokens if learned and learned.record.reader else 0,
        reader_gap=reader[1] if reader else 0.0,
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


def _already_there(
    dossier: Path, learned: Learned | None, annonce: Callable[[str], None]
) -> ModelFolder | None:
    if not (dossier / layout.place_of(learned)[0]).is_dir():
        return None
    try:
        installed = open_folder(dossier, learned or "sans")
        installed.check()
    except ErreurModele as problem:
        annonce(f"Modèle à refaire : {problem}")
        return None
    return installed


def _remove_leftovers(dossier: Path) -> None:
    """Remove what an interrupted installation left."""
    for leftover in dossier.glob(f".{layout.FOLDER_NAME}*.*"):
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
        import fcntl  # absent from systems that are not POSIX
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
