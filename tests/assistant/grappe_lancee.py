"""A real scheduler and real workers, each a process of its own on loopback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from assistant.configuration import FOLDER_VARIABLE

REPOSITORY = Path(__file__).resolve().parents[2]
_READY = 60.0


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@dataclass
class GrappeLancee:
    """Processes of Dask, and the way to end them."""

    port: int = field(default_factory=free_port)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def scheduler(self) -> subprocess.Popen[bytes]:
        started = self._start(
            "dask_scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard"
        )
        until = time.monotonic() + _READY
        while time.monotonic() < until:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", self.port)) == 0:
                    return started
            time.sleep(0.1)
        raise TimeoutError(self.address)

    def worker(self, donnees: Path, **environment: str) -> subprocess.Popen[bytes]:
        return self._start(
            "dask_worker", self.address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny",
            "--no-dashboard", "--memory-limit", "0",
            **{FOLDER_VARIABLE: str(donnees), **environment},
        )  # fmt: skip

    def _start(self, module: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{module}", *arguments],
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=REPOSITORY,
        )
        self.processes.append(process)
        return process


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process with no warning."""
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)


@contextmanager
def grappe_lancee(port: int | None = None) -> Iterator[GrappeLancee]:
    """Give a way to start them, beside a scheduler at a port or anew; all end at the end."""
    started = GrappeLancee() if port is None else GrappeLancee(port)
    try:
        yield started
    finally:
        for process in started.processes:
            if process.poll() is None:
                kill(process)
