"""Open the encoder that is asked for, once per process."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from index.embedding.folder import TOKENIZER, open_folder
from index.embedding.onnx_encoder import OnnxEncoder, OnnxNetwork
from index.learned.reader import OnnxReader

if TYPE_CHECKING:
    from pathlib import Path

    from index.embedding.encoder import Encoder
    from index.embedding.folder import ModelFolder
    from index.learned.reader import Reader


ONE_AT_A_TIME = Lock()


def open_encoder(reference: str | None, folder: Path) -> Encoder:
    """Open an encoder; asked again for the same one, give the one already open.

    Without ``reference``, the default model installed below ``folder``; otherwise any
    sentence-transformers model, by its folder or its name on the hub.
    Raises `ModeleIntrouvable` when the model is not there, `FichierModeleInvalide` when it is
    damaged.
    """
    with ONE_AT_A_TIME:
        return _open(reference, folder)


@lru_cache(maxsize=1)
def _open(reference: str | None, folder: Path) -> Encoder:
    if reference is not None:
        # Torch takes seconds to import: only who asks for another model pays for it.
        from index.embedding.sentence_transformers_encoder import (  # noqa: PLC0415
            open_sentence_transformer,
        )

        return open_sentence_transformer(reference)
    return open_installed(open_folder(folder))


def open_installed(installed: ModelFolder) -> Encoder:
    """Open the encoder of an installed model, once it is known to be whole."""
    installed.check(installed.record.onnx, TOKENIZER)
    description = installed.record.description
    network = OnnxNetwork(installed.onnx, installed.tokenizer, description.max_tokens)
    return OnnxEncoder(network, description)


@lru_cache(maxsize=1)
def open_reader(folder: Path) -> Reader | None:
    """Open the learned reader installed below ``folder``; None when none was learned.

    Raises `ModeleIntrouvable` when no model is there, `FichierModeleInvalide` when it is damaged.
    """
    installed = open_folder(folder)
    if installed.reader is None or installed.record.reader is None:
        return None
    installed.check(installed.record.reader)
    return OnnxReader(installed.reader, installed.tokenizer, installed.record.reader_tokens)
