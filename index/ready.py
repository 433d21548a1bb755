"""Vectors made ahead of a build, one piece for a document: a build takes them up by their name.

A piece is named after all that its vectors depend on, the texts embedded and the model: it is the
same, to the bit, whoever makes it, and no other build could take it up. It is no program: a line
of JSON, then arrays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from pydantic import BaseModel, ValidationError

from index.before import Embedded
from index.embedding.encoder import Encoder, ModelDescription
from index.late import quantise
from index.models import FROZEN, Entry

ReadReady = Callable[[str], bytes | None]
"""Gives a piece by its name, once its checksum is checked; None when there is none."""

_FORMAT: Final = 1
_END: Final = b"\n"


class _Head(BaseModel):
    """What a piece holds."""

    model_config = FROZEN

    format: int
    keys: tuple[str, ...]
    lengths: tuple[int, ...]
    """How many tokens each entry has."""
    dimension: int


def embed(entry: Entry, encoder: Encoder) -> Embedded:
    """Vectors of one entry; it is encoded alone, so that they depend on nothing else."""
    encode = encoder.encode_query if entry.kind == "question" else encoder.encode_passage
    encoded = encode(entry.searched)
    values, scales = quantise(encoded.tokens[encoded.content])
    return Embedded(encoded.sentence, values, scales, encoded.ends[encoded.content])


def ready_name(entries: Sequence[Entry], model: ModelDescription) -> str:
    """Name of the piece of the vectors of some entries."""
    told = "\n".join((str(_FORMAT), model.model_dump_json(), *(entry.key for entry in entries)))
    return "vecteurs-" + hashlib.sha256(told.encode("utf-8")).hexdigest()[:32]


def pack_ready(entries: Sequence[Entry], vectors: Sequence[Embedded], dimension: int) -> bytes:
    """Write the vectors of some entries, in their order."""
    head = _Head(
        format=_FORMAT,
        keys=tuple(entry.key for entry in entries),
        lengths=tuple(len(one.scales) for one in vectors),
        dimension=dimension,
    )
    arrays = [
        np.ascontiguousarray(array, kind).tobytes()
        for one in vectors
        for array, kind in (
            (one.sentence, "<f4"),
            (one.scales, "<f4"),
            (one.ends, "<i4"),
            (one.tokens, "i1"),
        )
    ]
    return b"".join((head.model_dump_json().encode("utf-8"), _END, *arrays))


def unpack_ready(content: bytes, entries: Sequence[Entry], dimension: int) -> dict[str, Embedded]:
    """Vectors by entry key; none at all when the piece is not that of these entries."""
    line, _, rest = content.partition(_END)
    try:
        head = _Head.model_validate_json(line)
    except ValidationError:
        return {}
    if (head.format, head.dimension, head.keys) != (
        _FORMAT,
        dimension,
        tuple(entry.key for entry in entries),
    ):
        return {}
    if len(rest) != sum(4 * dimension + (8 + dimension) * length for length in head.lengths):
        return {}
    found: dict[str, Embedded] = {}
    at = 0
    for key, length in zip(head.keys, head.lengths, strict=True):
        sentence = np.frombuffer(rest, "<f4", dimension, at)
        at += sentence.nbytes
        scales = np.frombuffer(rest, "<f4", length, at)
        at += scales.nbytes
        ends = np.frombuffer(rest, "<i4", length, at)
        at += ends.nbytes
        tokens = np.frombuffer(rest, "i1", length * dimension, at).reshape(length, dimension)
        at += tokens.nbytes
        found[key] = Embedded(sentence, tokens, scales, ends)
    return found


def take_up(
    entries: Sequence[Entry], model: ModelDescription, read: ReadReady
) -> dict[str, Embedded]:
    """Vectors of some entries, where they were made ahead: by entry key, or none at all."""
    content = read(ready_name(entries, model))
    return {} if content is None else unpack_ready(content, entries, model.dimension)
