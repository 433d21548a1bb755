"""What a sound installation gives of what was learned: computed once, when it is frozen.

Torch is imported here: nothing that answers questions imports this module.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import torch
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer
from transformers import BertModel

from index.embedding.build import WEIGHTS
from index.embedding.folder import ModelFolder
from index.embedding.make_references import PASSAGES, QUERIES, vectors_of
from index.embedding.references import Reference
from index.learned.export import open_reader_network
from index.learned.lora import merge
from index.learned.reader import Pairs
from index.learned.record import Example, Lora


def references_of(base: ModelFolder, matrices: Path, lora: Lora) -> tuple[Reference, ...]:
    """Vectors of a few texts by the adapted encoder in float32."""
    merged = merge(load_file(base.trainable / WEIGHTS), load_file(matrices), lora)
    with tempfile.TemporaryDirectory() as scratch:
        for path in base.trainable.iterdir():
            if path.is_file() and path.name != WEIGHTS:
                (Path(scratch) / path.name).write_bytes(path.read_bytes())
        save_file(merged, Path(scratch) / WEIGHTS, metadata={"format": "pt"})
        network = BertModel.from_pretrained(
            scratch, add_pooling_layer=False, dtype=torch.float32, local_files_only=True
        )
    return vectors_of(network, Tokenizer.from_file(str(base.tokenizer)))


def examples_of(
    base: ModelFolder, weights: Path, lora: Lora, layers: int, max_tokens: int
) -> tuple[Example, ...]:
    """Strengths of a few pairs by the reader in float32."""
    network = open_reader_network(base.trainable, weights, lora, layers)
    pairs = Pairs(Tokenizer.from_file(str(base.tokenizer)), max_tokens)
    made = []
    with torch.inference_mode():
        for question in QUERIES:
            for texte in PASSAGES[:2]:
                ids, segments = pairs.tokens(question, texte)
                force = network(torch.tensor([ids]), torch.tensor([segments]))
                made.append(Example(question=question, texte=texte, force=round(float(force), 5)))
    return tuple(made)
