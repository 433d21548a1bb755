"""Merge the adapter into the weights of an installed folder, and export the reader to ONNX.

Torch is imported here: nothing that answers questions imports this module.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from transformers import BertModel

from index.embedding.build import WEIGHTS, half_precision
from index.embedding.export import OPSET
from index.learned.lora import A, B, merge
from index.learned.network import Reading
from index.learned.reader import INPUTS
from index.learned.record import AppriInutilisable, Learned, Lora

OUTPUT = "force"
LAYER = "encoder.layer."


def merge_into(folder: Path, learned: Learned) -> None:
    """Add the adapter to the weights of a sentence-transformers ``folder``, in float16.

    Raises:
        AppriInutilisable: the matrices are not of these weights.
    """
    path = folder / WEIGHTS
    merged = merge(load_file(path), load_file(learned.adapter), learned.record.adapter)
    save_file(half_precision(merged), path, metadata={"format": "pt"})


def open_reader_network(folder: Path, weights: Path, lora: Lora, layers: int) -> Reading:
    """The reader in float32: first layers of the model in ``folder``, matrices merged, and head.

    Raises:
        AppriInutilisable: the weights are not of this network.
    """
    learned = load_file(weights)
    matrices = {name: t for name, t in learned.items() if name.endswith((A, B))}
    head = {name: t for name, t in learned.items() if name not in matrices}
    base = {
        name: tensor
        for name, tensor in load_file(folder / WEIGHTS).items()
        if not name.startswith(LAYER) or int(name.split(".")[2]) < layers
    }
    trunk = BertModel.from_pretrained(
        folder,
        add_pooling_layer=False,
        num_hidden_layers=layers,
        attn_implementation="eager",
        dtype=torch.float32,
        local_files_only=True,
    )
    network = Reading(trunk, trunk.config.hidden_size)
    state = {f"trunk.{name}": t for name, t in merge(base, matrices, lora).items()}
    state |= {name: tensor.astype(np.float32) for name, tensor in head.items()}
    missing, unexpected = network.load_state_dict(
        {name: torch.from_numpy(tensor) for name, tensor in state.items()}, strict=False
    )
    if missing or unexpected:
        raise AppriInutilisable(
            f"poids du lecteur : {[*missing, *unexpected][0]} de trop ou absent"
        )
    return network.eval()


def export_reader(network: Reading, target: Path) -> None:
    """Export the reader to a float32 ONNX file, one pair or several at a time."""
    example = torch.arange(5, 37).reshape(2, 16)
    segments = torch.tensor([0, 1]).repeat_interleave(8).expand(2, 16)
    batch = {0: "batch", 1: "tokens"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as for the encoder, see `index.embedding.export`
        torch.onnx.export(
            network,
            (example, segments),
            str(target),
            dynamo=False,
            input_names=list(INPUTS),
            output_names=[OUTPUT],
            dynamic_axes={**dict.fromkeys(INPUTS, batch), OUTPUT: {0: "batch"}},
            opset_version=OPSET,
        )
