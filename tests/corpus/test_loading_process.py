"""The process that reads files: what it may do, and how it ends."""

from __future__ import annotations

import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

import hostiles
import pytest
from lectures import refused, words_of

from corpus.loading.limits import LIMITES
from corpus.loading.opening import load_bytes

pytestmark = pytest.mark.long
"""Hostile files, each in a process of its own."""


def children() -> set[int]:
    """Processes that this one has started, the dead ones that it has not buried included."""
    tasks = Path("/proc/self/task").glob("*/children")
    return {int(number) for task in tasks for number in task.read_text("ascii").split()}


def test_progress_is_told_page_by_page() -> None:
    told: list[tuple[int, int]] = []
    load_bytes(hostiles.sound_pdf(6), "note.pdf", advance=lambda *news: told.append(news))
    assert told
    assert {total for _, total in told} == {6}
    assert told == sorted(told)


class Assez(Exception):
    """The caller has had enough."""


def test_a_caller_that_stops_leaves_no_process_behind() -> None:
    before = children()

    def stop(_done: int, _total: int) -> None:
        raise Assez

    with pytest.raises(Assez):
        load_bytes(hostiles.sound_pdf(6), "note.pdf", advance=stop)
    assert children() <= before


def test_no_process_is_left_behind_by_a_file_read_or_refused() -> None:
    before = children()
    load_bytes(b"Une note", "note.txt")
    refused(b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, "note.pdf")
    refused(hostiles.sound_pdf(6), "a.pdf", LIMITES.model_copy(update={"secondes": 0.01}))
    assert children() <= before


def test_several_threads_read_at_once() -> None:
    texts = [f"Note n° {number}. " * 1_000 for number in range(4)]
    with ThreadPoolExecutor(3) as pool:
        read = pool.map(lambda text: load_bytes(text.encode("utf-8"), "note.txt"), texts)
        assert [words_of(charge) for charge in read] == texts


def test_a_file_as_big_as_allowed_goes_through() -> None:
    text = "Une ligne du Clas.\n" * 250_000
    assert words_of(load_bytes(text.encode("utf-8"), "note.txt")) == text


def run(code: str) -> str:
    """What a Python of its own prints."""
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=root, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_process_that_reads_can_write_no_file_and_no_more_memory(tmp_path: Path) -> None:
    tried = f"""
import resource
from corpus.loading.limits import LIMITES
from corpus.loading.worker import _bound
_bound(LIMITES)
try:
    with open({str(tmp_path / "trace")!r}, "w") as file:
        file.write("mot")
except OSError as error:
    print("écriture :", error.strerror)
try:
    bytearray(LIMITES.memoire)
except MemoryError:
    print("mémoire")
try:
    resource.setrlimit(resource.RLIMIT_CPU, (1000, 1000))
except ValueError:
    print("limite")
print(resource.getrlimit(resource.RLIMIT_CPU))
"""
    said = run(tried)
    assert "écriture : File too large" in said
    assert "mémoire" in said
    assert "(300, 301)" in said or "(1000, 1000)" in said


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.create_connection(('127.0.0.1', port), 2)",
        "import urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{port}/', timeout=2)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
    ],
    ids=["prise", "adresse", "programme", "commande"],
)
def test_the_process_that_reads_reaches_no_machine_and_starts_no_program(attempt: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        said = run(f"""
from corpus.loading.worker import _cut_off
port = {server.getsockname()[1]}
_cut_off()
try:
    {attempt}
except Exception as error:
    print(error)
""")
        with pytest.raises(TimeoutError):
            server.accept()
    assert "interdit pendant la lecture d'un fichier" in said


def test_the_caller_imports_no_parser() -> None:
    parsers = {"pypdf", "pdfplumber", "pdfminer", "lxml", "docx", "odfdo", "bs4", "markdown_it"}
    loaded = run("import corpus.library, sys; print(*sys.modules)").split()
    assert not parsers & set(loaded)


def test_the_parsers_bring_in_nothing_heavy() -> None:
    code = "from corpus.loading.worker import READERS, reader_of; [reader_of(k) for k in READERS]"
    loaded = set(run(f"{code}; import sys; print(*sys.modules)").split())
    assert "lxml" in loaded
    assert not {"numpy", "torch", "faiss", "pandas", "index", "assistant"} & loaded


def test_the_process_that_reads_dies_with_the_one_that_asked() -> None:
    code = """
import sys
from corpus.loading.opening import _started
from corpus.loading.worker import Demande
from corpus.loading.limits import LIMITES
import os, time
asked = Demande(nom="note.txt", taille=10, limites=LIMITES, parent=os.getpid())
with _started(asked) as process:
    process.stdout.readline()
    print(process.pid, flush=True)
    time.sleep(60)
"""
    asker = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert asker.stdout is not None
    reader = int(asker.stdout.readline())
    assert Path(f"/proc/{reader}").exists()
    asker.kill()
    asker.wait()
    asker.stdout.close()
    until = monotonic() + 60
    while _lives(reader) and monotonic() < until:
        sleep(0.02)
    assert not _lives(reader)


def _lives(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text("ascii")
    except FileNotFoundError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"
