"""Run cases for some minutes in a process that is watched, and started again when it dies."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import IO

from bench.tableau import ROOT
from corpus.loading.limits import LIMITES
from corpus.models import Format

_RENEW = 400
"""Cases after which the process is replaced: memory that libraries keep is not a file's fault."""
_MARGE = 2.0
"""Seconds of silence allowed beyond those of the real process: this one also makes the files."""


@dataclass
class Course:
    """What came out of the cases of a format."""

    format: Format
    cas: int = 0
    issues: Counter[str] = field(default_factory=Counter)
    fautes: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Ends that nobody foresaw: how many times, and the first case."""
    limites: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Ends that a limit of the process brought: the same."""
    plus_long: tuple[float, int] = (0.0, 0)
    """Seconds of the longest case, and its number."""

    def count(self, number: int, issue: str, seconds: float) -> None:
        self.cas += 1
        self.plus_long = max(self.plus_long, (seconds, number))
        kind, _, _ = issue.partition(":")
        found = {"faute": self.fautes, "limite": self.limites}.get(kind)
        if found is None:
            self.issues[issue] += 1
        else:
            times, first = found.get(issue, (0, number))
            found[issue] = (times + 1, first)


def courir(format_lu: Format, folder: Path, minutes: float, depart: int = 0) -> Course:
    """Play cases from number ``depart`` on, until the time is over."""
    course = Course(format_lu)
    end = monotonic() + 60 * minutes
    number = depart
    while monotonic() < end:
        with _ouvrier(folder, format_lu) as process:
            for _ in range(_RENEW):
                issue, seconds = _play(process, number)
                course.count(number, issue, seconds)
                number += 1
                if process.poll() is not None or issue == SILENT or monotonic() >= end:
                    break
    return course


SILENT = f"limite:plus de {LIMITES.secondes + _MARGE:g} s"


@contextmanager
def _ouvrier(folder: Path, format_lu: Format) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-B", "-m", "bench.fuzz.ouvrier", str(folder), format_lu],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        _of(process.stdin).close()
        _of(process.stdout).close()
        process.wait()


def _of(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


def _play(process: subprocess.Popen[str], number: int) -> tuple[str, float]:
    begun = monotonic()
    asked, answers = _of(process.stdin), _of(process.stdout)
    try:
        asked.write(f"{number}\n")
        asked.flush()
    except BrokenPipeError:
        return _death(process), monotonic() - begun
    while True:
        with selectors.DefaultSelector() as selector:
            selector.register(answers, selectors.EVENT_READ)
            # The first case also waits for the process to start.
            if not selector.select(LIMITES.secondes + _MARGE):
                return SILENT, monotonic() - begun
        line = answers.readline()
        if not line:
            return _death(process), monotonic() - begun
        if line.strip():
            answer = json.loads(line)
            return answer["issue"], answer["secondes"]


def _death(process: subprocess.Popen[str]) -> str:
    code = process.wait(5)
    return f"faute:mort ({signal.Signals(-code).name if code < 0 else f'code {code}'})"
