"""The piece that a task leaves of a file: what was read of it, ready for the draft."""

from __future__ import annotations

import hashlib
import zlib
from typing import Final

from pydantic import BaseModel, ValidationError

from corpus.base.proposal import Proposition
from corpus.base.voisinage import Traits
from corpus.loading.models import Charge
from corpus.models import FROZEN

_LARGEST: Final = 400 << 20
"""Bytes that a piece may unpack to."""
_FAST: Final = 1


class Lecture(BaseModel):
    """What was read of a file. Its vectors are in a piece of their own, which a build finds."""

    model_config = FROZEN

    charge: Charge
    proposition: Proposition
    """With the id that it would have in an empty base."""
    traits: Traits


def reading_name(sha256: str, name: str, identite: str) -> str:
    """Name of the piece of a file: after its bytes, its name and what reads it."""
    told = f"{sha256}\n{name}\n{identite}"
    return "lecture-" + hashlib.sha256(told.encode("utf-8")).hexdigest()[:32]


def pack_reading(lecture: Lecture) -> bytes:
    """Write what was read."""
    return zlib.compress(lecture.model_dump_json().encode("utf-8"), _FAST)


def unpack_reading(content: bytes) -> Lecture | None:
    """Read it again; None when it is not such a piece."""
    opener = zlib.decompressobj()
    try:
        text = opener.decompress(content, _LARGEST)
        return None if opener.unconsumed_tail else Lecture.model_validate_json(text)
    except (zlib.error, ValidationError):
        return None
