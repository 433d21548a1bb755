"""The process that reads one broken file after another, under the limits of the real one.

It takes a line of JSON for each case on its standard input, and gives one back.
"""

from __future__ import annotations

import json
import logging
import random
import re
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from bench.fuzz.mutations import mutate
from bench.fuzz.souches import NOMS
from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import LIMITES, Advance
from corpus.loading.worker import Lu, _bound, read_content
from corpus.models import Format

_SHORT = 160
_OFTEN = 0.85


def case_bytes(format_lu: Format, number: int, files: Sequence[bytes]) -> bytes:
    """The bytes of a case: the same for the same files, on any machine."""
    draw = random.Random(f"{format_lu}:{number}")
    # Short files are read more quickly: they are broken in more ways.
    short = files[: max(1, len(files) // 2)]
    return mutate(draw.choice(short if draw.random() < _OFTEN else files), format_lu, files, draw)


def outcome(content: bytes, format_lu: Format, advance: Advance) -> str:
    """How reading ends: ``lu``, ``refus:MOTIF``, ``limite:`` or ``faute:`` and where."""
    try:
        charge = read_content(content, NOMS[format_lu], LIMITES, advance)
        Lu(charge=charge).model_dump_json()
    except FichierRefuse as refus:
        return f"refus:{refus.motif}"
    except MemoryError as error:
        return f"limite:{_signature(error)}"
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        return f"faute:{_signature(error)}"
    return "lu"


def _signature(error: BaseException) -> str:
    """An exception and where in the loaders it went through, so that like faults count as one."""
    places = [
        f"{Path(frame.filename).parent.name}/{Path(frame.filename).name}:{frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
        if "/corpus/" in frame.filename
    ]
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = places[-1] if places else "?"
    said = re.sub(r"\d+", "#", " ".join(str(error).split()))[:_SHORT]
    return f"{type(error).__name__} @ {where} < {Path(last.filename).name}:{last.name} ({said})"


def silent(_done: int, _total: int) -> None:
    """Tell nobody of the progress."""


class _Life:
    """Says now and then, in an empty line, that the reading goes on."""

    def __init__(self) -> None:
        self._told = (-1, -1)
        self._at = perf_counter()

    def __call__(self, done: int, total: int) -> None:
        if (done, total) != self._told and perf_counter() - self._at > 1:
            self._told, self._at = (done, total), perf_counter()
            sys.stdout.write("\n")
            sys.stdout.flush()


def main(folder: str, format_lu: Format) -> None:
    logging.disable(logging.CRITICAL)
    files = [path.read_bytes() for path in sorted(Path(folder).iterdir())]
    _bound(LIMITES)
    for line in sys.stdin:
        begun = perf_counter()
        ended = outcome(case_bytes(format_lu, int(line), files), format_lu, _Life())
        answer = {"cas": int(line), "issue": ended, "secondes": perf_counter() - begun}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], next(known for known in NOMS if known == sys.argv[2]))
