"""Write the default model as a standard sentence-transformers folder, weights in float16.

Torch and its libraries are imported here: nothing that answers questions imports this module.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors.numpy import load_file, save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from transformers import BertConfig, PreTrainedTokenizerFast

from index.embedding import recipe
from index.embedding.libraries import quiet_libraries
from index.embedding.tokenizer import BOS, EOS, PAD, build_tokenizer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from index.embedding.pack import PackedModel, PackedSizes

WEIGHTS = "model.safetensors"
LAYER_NORM_EPSILON = 1e-12
NO_POOLER = {"add_pooling_layer": False}
"""Without it the libraries add a layer that is not used, filled at random."""
Tensors = dict[str, "NDArray[np.float32]"]


def named_tensors(packed: PackedModel, kept: NDArray[np.int64]) -> Tensors:
    """Every tensor of the network under its BERT name, float32; of the embeddings, ``kept`` rows.

    There is no ``pooler``: the model does not use it.
    """
    sizes = packed.sizes
    hidden, wide = sizes.hidden, sizes.intermediate
    tensors = {
        "embeddings.word_embeddings.weight": packed.tensor(
            "emb.word", (sizes.vocabulary, hidden), kept
        ),
        "embeddings.position_embeddings.weight": packed.tensor(
            "emb.pos", (sizes.positions, hidden)
        ),
        "embeddings.token_type_embeddings.weight": packed.tensor(
            "emb.type", (sizes.token_types, hidden)
        ),
        "embeddings.LayerNorm.weight": packed.tensor("emb.ln.w", (hidden,)),
        "embeddings.LayerNorm.bias": packed.tensor("emb.ln.b", (hidden,)),
    }
    linear = {
        "q": ("attention.self.query", hidden, hidden),
        "k": ("attention.self.key", hidden, hidden),
        "v": ("attention.self.value", hidden, hidden),
        "ao": ("attention.output.dense", hidden, hidden),
        "fi": ("intermediate.dense", wide, hidden),
        "fo": ("output.dense", hidden, wide),
    }
    norms = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
    for layer in range(sizes.layers):
        source, target = f"l{layer}", f"encoder.layer.{layer}"
        for short, (name, rows, columns) in linear.items():
            tensors[f"{target}.{name}.weight"] = packed.tensor(
                f"{source}.{short}.w", (rows, columns)
            )
            tensors[f"{target}.{name}.bias"] = packed.tensor(f"{source}.{short}.b", (rows,))
        for short, name in norms.items():
            tensors[f"{target}.{name}.weight"] = packed.tensor(f"{source}.{short}.w", (hidden,))
            tensors[f"{target}.{name}.bias"] = packed.tensor(f"{source}.{short}.b", (hidden,))
    return tensors


def content_hash(
    tensors: Mapping[str, NDArray[np.float16]],
    pieces: Sequence[str],
    scores: NDArray[np.float32],
) -> str:
    """Sha256 over the named tensors and the vocabulary: what makes vectors what they are.

    File formats, libraries' versions and the order of the tensors do not change it.
    """
    digest = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name]
        digest.update(f"{name} {tensor.dtype.str} {tensor.shape}\n".encode())
        digest.update(np.ascontiguousarray(tensor).tobytes())
    digest.update("\0".join(pieces).encode())
    digest.update(scores.astype("<f4").tobytes())
    digest.update(recipe.CHARSMAP_SHA256.encode())
    return digest.hexdigest()


def half_precision(tensors: Tensors) -> dict[str, NDArray[np.float16]]:
    """The tensors rounded to little-endian float16, the precision of the saved folder."""
    return {name: tensor.astype("<f2") for name, tensor in tensors.items()}


def write_network(
    folder: Path,
    tokenizer: Tokenizer,
    tensors: Mapping[str, NDArray[np.floating]],
    sizes: PackedSizes,
) -> None:
    """Write weights, configuration and tokenizer as the transformers library reads them."""
    BertConfig(
        architectures=["BertModel"],
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=sizes.hidden,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.intermediate,
        max_position_embeddings=sizes.positions,
        type_vocab_size=sizes.token_types,
        layer_norm_eps=LAYER_NORM_EPSILON,
        pad_token_id=PAD,
        bos_token_id=BOS,
        eos_token_id=EOS,
        hidden_act="gelu",
    ).save_pretrained(folder)
    begin, pad, end, unknown = recipe.SPECIAL_TOKENS
    wrapped = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]  # it has no annotation
        tokenizer_object=tokenizer,
        bos_token=begin,
        eos_token=end,
        unk_token=unknown,
        pad_token=pad,
        cls_token=begin,
        sep_token=end,
        model_max_length=recipe.MAX_TOKENS,
        model_input_names=["input_ids", "attention_mask"],
    )
    wrapped.save_pretrained(folder)
    save_file(dict(tensors), folder / WEIGHTS, metadata={"format": "pt"})


def save_folder(
    target: Path,
    tokenizer: Tokenizer,
    tensors: Mapping[str, NDArray[np.float16]],
    sizes: PackedSizes,
) -> None:
    """Write the folder that ``SentenceTransformer(target)`` opens, prompts and pooling included."""
    quiet_libraries()
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".transformers-") as scratch:
        write_network(Path(scratch), tokenizer, tensors, sizes)
        modules = [
            Transformer(scratch, max_seq_length=recipe.MAX_TOKENS, model_kwargs=NO_POOLER),
            Pooling(sizes.hidden, pooling_mode="mean"),
            Normalize(),
        ]
        model = SentenceTransformer(
            modules=modules,
            device="cpu",
            prompts={"query": recipe.QUERY_PROMPT, "document": recipe.PASSAGE_PROMPT},
            similarity_fn_name="cosine",
        )
        model.save(str(target), create_model_card=False)
    settings = target / "sentence_bert_config.json"
    kept = json.loads(settings.read_text(encoding="utf-8"))
    # Weights stored in float16 would otherwise run in float16, which is slow on a processor.
    kept["model_kwargs"] = {**NO_POOLER, "dtype": "float32"}
    settings.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def build_folder(packed: PackedModel, kept: NDArray[np.int64], table: bytes, target: Path) -> str:
    """Build the model in ``target`` and return the content hash of what was saved."""
    pieces = [packed.pieces[number] for number in kept]
    scores = packed.scores[kept]
    tensors = half_precision(named_tensors(packed, kept))
    save_folder(target, build_tokenizer(pieces, scores, table), tensors, packed.sizes)
    return content_hash(load_file(target / WEIGHTS), pieces, scores)
