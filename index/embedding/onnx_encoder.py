"""The default encoder: an ONNX file run by onnxruntime, cut by tokenizers; no torch.

One text per pass, without padding: dynamic int8 takes one scale of activations for a whole batch,
so that in a batch a vector would depend on its neighbours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from index.embedding.encoder import EncodedText, unit_rows
from index.embedding.normalise import normalise_input

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from index.embedding.encoder import ModelDescription

ERRORS_ONLY = 3
SPECIAL_OFFSET = (0, 0)


def open_session(onnx: Path, threads: int = 1) -> onnxruntime.InferenceSession:
    """Open an ONNX file whose graph was simplified when it was made (see `export.optimise`)."""
    onnxruntime.set_default_logger_severity(ERRORS_ONLY)
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = ERRORS_ONLY
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    return onnxruntime.InferenceSession(str(onnx), options, providers=["CPUExecutionProvider"])


class OnnxNetwork:
    """A tokenizer and a network; encodes texts that already hold their prompt."""

    def __init__(self, onnx: Path, tokenizer: Path, max_tokens: int, threads: int = 1) -> None:
        self._session = open_session(onnx, threads)
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)

    def encode(self, prompt: str, text: str) -> EncodedText:
        """One forward pass over ``prompt + text``."""
        encoding = self._tokenizer.encode(prompt + text)
        ids = np.array([encoding.ids], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        sentence, states = self._session.run(None, feed)
        return EncodedText(
            sentence=sentence[0],
            tokens=unit_rows(states[0]),
            token_ids=ids[0],
            ends=token_ends(encoding.offsets, len(prompt)),
            content=content_rows(encoding.offsets, len(prompt)),
        )


def token_ends(offsets: list[tuple[int, int]], prompt_length: int) -> NDArray[np.int32]:
    """Where each token ends in the text that follows the prompt (0 for the prompt's own)."""
    ends = np.array([end for _, end in offsets], dtype=np.int32) - prompt_length
    return np.maximum(ends, 0, dtype=np.int32)


def content_rows(offsets: list[tuple[int, int]], prompt_length: int) -> slice:
    """The rows whose token ends after the prompt; the last token is always the special end."""
    end = len(offsets) - 1
    start = next((row for row in range(end) if offsets[row][1] > prompt_length), end)
    return slice(start, end)


class OnnxEncoder:
    """`Encoder` over an `OnnxNetwork` and the prompts of its description."""

    def __init__(self, network: OnnxNetwork, description: ModelDescription) -> None:
        self._network = network
        self._description = description

    @property
    def description(self) -> ModelDescription:
        """Which model this is."""
        return self._description

    def encode_query(self, text: str) -> EncodedText:
        """Encode what someone asks."""
        return self._network.encode(self._description.query_prompt, normalise_input(text))

    def encode_passage(self, text: str) -> EncodedText:
        """Encode a passage to be found."""
        return self._network.encode(self._description.passage_prompt, normalise_input(text))
