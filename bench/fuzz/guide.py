"""The same search, guided by the code that each file makes run (atheris, if it is installed).

``pip install atheris`` in the environment first: it is not among the dependencies of the project.
The files found on the way are kept under ``var/bench/fuzz/``, out of the repository.
"""

from __future__ import annotations

import random
import sys

from bench.fuzz.mutations import mutate
from bench.fuzz.ouvrier import outcome, silent
from bench.fuzz.souches import souches
from bench.tableau import RAW
from corpus.loading.limits import LIMITES, MIB
from corpus.models import Format


def guider(format_lu: Format, minutes: float) -> int:
    """Search for some minutes; the process ends at the first failure, whose file it keeps."""
    try:
        import atheris  # noqa: PLC0415 - optional
    except ImportError:
        print("atheris n'est pas installé : .venv/bin/pip install atheris", file=sys.stderr)
        return 2
    files = souches(format_lu)
    folder = RAW / "fuzz" / format_lu
    folder.mkdir(parents=True, exist_ok=True)
    for rank, content in enumerate(files):
        (folder / f"souche-{rank:03}").write_bytes(content)

    def read(content: bytes) -> None:
        ended = outcome(content, format_lu, silent)
        if ended.startswith("faute:"):
            raise AssertionError(ended)

    def break_more(content: bytes, size: int, seed: int) -> bytes:
        return mutate(content, format_lu, files, random.Random(seed))[:size]

    with atheris.instrument_imports(include=["corpus.loading"]):
        outcome(files[0], format_lu, silent)
    atheris.Setup(
        [
            sys.argv[0],
            f"-max_total_time={int(60 * minutes)}",
            f"-max_len={2 * max(map(len, files))}",
            f"-timeout={int(LIMITES.secondes)}",
            f"-rss_limit_mb={LIMITES.memoire // MIB}",
            f"-artifact_prefix={folder.parent}/faute-{format_lu}-",
            str(folder),
        ],
        read,
        custom_mutator=break_more,
    )
    atheris.Fuzz()
    return 0
