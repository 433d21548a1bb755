"""Cold starts: a command from the shell, the page from nothing; and the memory they take."""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from bench.tableau import ROOT, Tableau, decimal, size, verdict

RUNS = 9
QUESTION = "Combien d'enfants par groupe ?"
COLD_SECONDS = 1.5
PAGE_SECONDS = 10.0
KIB = 1024
_WATCH = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
wall = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([wall, used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""


@dataclass(frozen=True)
class Execution:
    """One run of a command: seconds by the clock, seconds of processor, most memory (octets)."""

    wall: float
    cpu: float
    memory: int


def run() -> Sequence[Tableau]:
    python = sys.executable
    commands = {
        "python vide": [python, "-c", "pass"],
        "clas --help": [str(Path(python).with_name("clas")), "--help"],
        "clas chercher": [str(Path(python).with_name("clas")), "chercher", QUESTION],
        "clas demander": [str(Path(python).with_name("clas")), "demander", QUESTION],
    }
    runs: dict[str, list[Execution]] = {name: [] for name in commands}
    for turn in range(RUNS + 1):
        for name, command in commands.items():
            done = _execute(command)
            if turn:  # The first round only warms the disk cache.
                runs[name].append(done)
    return [_commands(runs), _page()]


def _execute(command: Sequence[str]) -> Execution:
    """Run a command below a small process, which alone sees the memory of this one command."""
    done = subprocess.run(
        [sys.executable, "-c", _WATCH, *command], check=True, capture_output=True, cwd=ROOT
    )
    wall, cpu, memory = json.loads(done.stdout)
    return Execution(wall, cpu, memory * KIB)


def _commands(runs: dict[str, list[Execution]]) -> Tableau:
    rows = []
    for name, executions in runs.items():
        wall = statistics.median(e.wall for e in executions)
        rows.append(
            (
                name,
                decimal(wall),
                decimal(max(e.wall for e in executions)),
                decimal(statistics.median(e.cpu for e in executions)),
                size(statistics.median(e.memory for e in executions)),
                verdict(wall, COLD_SECONDS) if name == "clas demander" else "—",
            )
        )
    return Tableau(
        f"Depuis un terminal, {RUNS} fois chacune, à tour de rôle",
        ("commande", "médiane (s)", "la plus longue (s)", "processeur (s)", "mémoire", "but"),
        tuple(rows),
        "Fichiers déjà dans le cache du disque. « mémoire » : la plus haute du processus.",
    )


def _page() -> Tableau:
    start = time.perf_counter()
    with _server() as (process, port):
        _wait_healthy(port, process)
        healthy = time.perf_counter() - start
        empty = _resident(process.pid)
        first = _first_display(port)
        shown = time.perf_counter() - start
        second = _first_display(port)
        opened = _resident(process.pid)
    return Tableau(
        "La page",
        ("étape", "temps (s)", "mémoire", "but"),
        (
            ("le serveur répond", decimal(healthy), size(empty), "—"),
            ("première visite, page entière", decimal(first), size(opened), "—"),
            ("visite suivante", decimal(second), size(opened), "—"),
            ("du lancement à la page", decimal(shown), size(opened), verdict(shown, PAGE_SECONDS)),
        ),
        "Temps du serveur seul : ce que le navigateur met à dessiner n'y est pas.",
    )


@contextmanager
def _server() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process, port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_healthy(port: int, process: subprocess.Popen[bytes], patience: float = 60) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
    raise RuntimeError("la page n'a pas démarré")


def _first_display(port: int) -> float:
    """Seconds that a new visit takes, from its first message to the end of the page's script."""
    start = time.perf_counter()
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], max_size=None) as socket_:  # type: ignore[list-item]
        ask = BackMsg()
        ask.rerun_script.query_string = ""
        socket_.send(ask.SerializeToString())
        while True:
            message = ForwardMsg.FromString(socket_.recv(timeout=60, decode=False))
            if message.WhichOneof("type") == "script_finished":
                return time.perf_counter() - start


def _resident(pid: int) -> int:
    """Memory of a process that stands in RAM, in octets (0 where the system does not say)."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("utf-8").split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
