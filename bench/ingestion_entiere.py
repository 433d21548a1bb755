"""Two thousand files, some 24,000 passages, to the version in service: half an hour by itself.

``CLAS_BANC_DOCUMENTS`` says another number of files.
"""

from __future__ import annotations

from collections.abc import Sequence

from bench.ingestion import run_whole
from bench.tableau import Tableau


def run() -> Sequence[Tableau]:
    """Read, cut, embed, put in the draft and publish, by two workers."""
    return run_whole()
