"""Export the model to ONNX, and quantise it to int8.

Torch is imported here: nothing that answers questions imports this module.
"""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING

import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import BertModel

if TYPE_CHECKING:
    from pathlib import Path

INPUTS = ("input_ids", "attention_mask")
OUTPUTS = ("sentence_embedding", "token_embeddings")
OPSET = 17


class _SentenceAndTokens(torch.nn.Module):
    """The network with its two outputs: unit mean vector (b, d), last hidden state (b, n, d)."""

    def __init__(self, network: torch.nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        states = self.network(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1)
        return torch.nn.functional.normalize(mean, dim=1), states


def export_fp32(folder: Path, target: Path) -> None:
    """Export the sentence-transformers ``folder`` to a float32 ONNX file."""
    network = BertModel.from_pretrained(
        folder,
        add_pooling_layer=False,
        attn_implementation="eager",
        dtype=torch.float32,
        local_files_only=True,
    )
    example = torch.arange(5, 37).reshape(2, 16)
    batch = {0: "batch", 1: "tokens"}
    with warnings.catch_warnings():
        # The tracing exporter is kept on purpose: the newer one needs one more package and writes
        # a graph that the quantiser handles less well; its warnings say only that it is old.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _SentenceAndTokens(network),
            (example, torch.ones_like(example)),
            str(target),
            dynamo=False,
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes={
                **dict.fromkeys((*INPUTS, OUTPUTS[1]), batch),
                OUTPUTS[0]: {0: "batch"},
            },
            opset_version=OPSET,
        )


def quantise_int8(source: Path, target: Path) -> None:
    """Quantise the weights of ``source`` to int8, one scale per output channel."""
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)  # it advises a pre-processing that changes nothing here
    try:
        quantize_dynamic(source, target, weight_type=QuantType.QInt8, per_channel=True)
    finally:
        root.setLevel(level)


def optimise(source: Path, target: Path) -> None:
    """Write ``source`` with its graph already simplified, which quarters the time to open it.

    The extended level, not the last one: it does not depend on the processor.
    """
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(target)
    onnxruntime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])
