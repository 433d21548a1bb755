"""openfisca-core asked from here: a process in an environment of its own, one message a line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.tableau import RAW, ROOT
from tests.assistant.eligibility_reference.strategies import Projet


@dataclass(frozen=True)
class Tranche:
    """What openfisca-core answered for some cases; seconds."""

    secondes: float
    processeur: float
    calcul: float
    calcul_processeur: float
    verdicts: list[str]
    ps: list[int]


class Openfisca:
    """``bench/openfisca_clas.py`` in its own environment, which works only when it is asked."""

    def __init__(self, python: Path, projets: Sequence[Projet]) -> None:
        self._process = subprocess.Popen(
            [str(python), str(ROOT / "bench" / "openfisca_clas.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.version = str(self._exchange(projets)["version"])

    def evaluer(self, first: int, end: int) -> Tranche:
        return Tranche(**self._exchange([first, end]))

    def close(self) -> None:
        self._process.communicate(timeout=20)

    def _exchange(self, message: object) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("openfisca_clas.py s'est arrêté ; sa raison est au-dessus")
        return dict(json.loads(answer))


def openfisca_python() -> Path | None:
    """The interpreter that has openfisca-core, installed if need be; None: it cannot be."""
    own = RAW / "openfisca" / "bin" / "python"
    for python in (Path(sys.executable), own):
        if python.exists() and _succeeds([str(python), "-c", "import openfisca_core"]):
            return python
    made = _succeeds([sys.executable, "-m", "venv", "--clear", str(own.parent.parent)])
    install = [str(own), "-m", "pip", "install", "--quiet", "openfisca-core"]
    return own if made and _succeeds(install) else None


def _succeeds(command: Sequence[str]) -> bool:
    try:
        return (
            subprocess.run(command, check=False, capture_output=True, timeout=300).returncode == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
