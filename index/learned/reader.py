"""The reader: a question and a text together, and how strongly the text answers it.

It reads one pair per pass: in a batch, dynamic int8 would let each pair move its neighbours'
strengths.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from index.embedding import recipe
from index.embedding.normalise import normalise_input
from index.embedding.onnx_encoder import open_session

INPUTS = ("input_ids", "segments")
QUESTION_TOKENS = 72
"""Tokens of the question that are read, the last ones: a long story ends with what it asks."""


class Reader(Protocol):
    """Reads a text beside a question; safe to share between threads."""

    def strength(self, question: str, texte: str) -> float:
        """Log-odds, against « nothing here answers », that the text answers the question."""
        ...


class Pairs:
    """Turns a question and a text into the tokens that the network reads."""

    def __init__(self, tokenizer: Tokenizer, max_tokens: int) -> None:
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._max_tokens = max_tokens

    def tokens(self, question: str, texte: str) -> tuple[list[int], list[int]]:
        """Token ids, and for each 0 (question) or 1 (text); as long as ``max_tokens`` at most."""
        asked = self._tokenizer.encode(recipe.QUERY_PROMPT + normalise_input(question)).ids
        read = self._tokenizer.encode(recipe.PASSAGE_PROMPT + normalise_input(texte)).ids[1:]
        if len(asked) > QUESTION_TOKENS:
            asked = [*asked[:PROMPT_TOKENS], *asked[PROMPT_TOKENS - QUESTION_TOKENS :]]
        room = self._max_tokens - len(asked)
        if len(read) > room:
            read = [*read[: room - 1], read[-1]]
        return [*asked, *read], [0] * len(asked) + [1] * len(read)


PROMPT_TOKENS = 3
"""Beginning of a question that is always kept: the special token and the prompt."""


class OnnxReader:
    """`Reader` over an ONNX file."""

    def __init__(self, onnx: Path, tokenizer: Path, max_tokens: int) -> None:
        self._session: onnxruntime.InferenceSession = open_session(onnx)
        self._pairs = Pairs(Tokenizer.from_file(str(tokenizer)), max_tokens)

    def strength(self, question: str, texte: str) -> float:
        """One forward pass over the pair."""
        ids, segments = self._pairs.tokens(question, texte)
        feed = {
            name: np.array([row], dtype=np.int64)
            for name, row in zip(INPUTS, (ids, segments), strict=True)
        }
        (logit,) = self._session.run(None, feed)
        return float(logit[0])
