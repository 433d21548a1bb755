"""Encoder over any sentence-transformers model, by folder or by name on the hub.

Torch is imported here: it costs seconds, so only who asks for another model imports this module.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from index.embedding.encoder import EncodedText, ModelDescription, unit_rows
from index.embedding.errors import ErreurModele, ModeleIntrouvable
from index.embedding.libraries import quiet_libraries
from index.embedding.named import is_a_path
from index.embedding.normalise import normalise_input
from index.embedding.onnx_encoder import content_rows, token_ends

if TYPE_CHECKING:
    from numpy.typing import NDArray

PASSAGE_NAMES = ("document", "passage")
MAX_TOKENS_WHEN_UNKNOWN = 512


class SentenceTransformerEncoder:
    """`Encoder` over a loaded model; one text per pass, so that batches change nothing."""

    def __init__(self, model: SentenceTransformer, name: str) -> None:
        prompts = {key: value or "" for key, value in model.prompts.items()}
        dimension = model.get_embedding_dimension()
        if dimension is None:
            raise ErreurModele(f"Le modèle « {name} » ne dit pas la dimension de ses vecteurs.")
        named = [prompts[key] for key in PASSAGE_NAMES if prompts.get(key)]
        self._model = model
        self._description = ModelDescription(
            name=name,
            content_hash=weights_hash(model),
            precision="fp32",
            dimension=dimension,
            query_prompt=prompts.get("query", ""),
            passage_prompt=named[0] if named else "",
            max_tokens=model.max_seq_length or MAX_TOKENS_WHEN_UNKNOWN,
        )

    @property
    def description(self) -> ModelDescription:
        """Which model this is."""
        return self._description

    def encode_query(self, text: str) -> EncodedText:
        """Encode what someone asks."""
        return self._encode(self._description.query_prompt, text)

    def encode_passage(self, text: str) -> EncodedText:
        """Encode a passage to be found."""
        return self._encode(self._description.passage_prompt, text)

    def _encode(self, prompt: str, text: str) -> EncodedText:
        whole = prompt + normalise_input(text)
        features = self._model.encode(whole, prompt="", output_value=None, show_progress_bar=False)
        cut = self._model.tokenizer(
            whole,
            truncation=True,
            max_length=self._description.max_tokens,
            return_offsets_mapping=True,
        )
        sentence = _array(features["sentence_embedding"])[np.newaxis]
        return EncodedText(
            sentence=unit_rows(sentence)[0],
            tokens=unit_rows(_array(features["token_embeddings"])),
            token_ids=np.array(cut["input_ids"], dtype=np.int64),
            ends=token_ends(cut["offset_mapping"], len(prompt)),
            content=content_rows(cut["offset_mapping"], len(prompt)),
        )


def _array(values: torch.Tensor) -> NDArray[np.float32]:
    return np.asarray(values.float().cpu().numpy(), dtype=np.float32)


def weights_hash(model: SentenceTransformer) -> str:
    """Sha256 over the named tensors of a model and its vocabulary; unused poolers do not count."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        if ".pooler." in name:
            continue
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.contiguous().cpu().view(torch.uint8).numpy().tobytes())
    for piece, number in sorted(model.tokenizer.get_vocab().items()):
        digest.update(f"{number} {piece}\n".encode())
    return digest.hexdigest()


def open_sentence_transformer(reference: str) -> SentenceTransformerEncoder:
    """Open a model by folder or hub name, in float32 on the processor.

    Raises `ModeleIntrouvable` when neither a folder nor a model of that name can be read.
    """
    if is_a_path(reference) and not Path(reference).is_dir():
        raise ModeleIntrouvable(
            f"Le dossier {reference} n'existe pas. CLAS_MODELE attend le dossier d'un modèle "
            "sentence-transformers ou son nom sur un dépôt de modèles ; sans cette variable, le "
            "modèle par défaut sert."
        )
    quiet_libraries()
    try:
        model = SentenceTransformer(reference, device="cpu", model_kwargs={"dtype": torch.float32})
    except (OSError, ValueError) as problem:
        raise ModeleIntrouvable(
            f"Le modèle « {reference} » n'a pas pu être ouvert : {problem} "
            "CLAS_MODELE attend le dossier d'un modèle sentence-transformers ou son nom sur un "
            "dépôt de modèles ; sans cette variable, le modèle par défaut sert."
        ) from problem
    return SentenceTransformerEncoder(model.eval(), name=reference)
