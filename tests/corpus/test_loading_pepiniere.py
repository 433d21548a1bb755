"""Readers forked from one process where the parsers are loaded: the same reading, as bounded."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import hostiles
import pytest

from corpus.loading.errors import FichierRefuse
from corpus.loading.limits import LIMITES
from corpus.loading.opening import load_bytes
from corpus.loading.pepiniere import Pepiniere

pytestmark = pytest.mark.long
"""Processes of their own."""

NOTE = "# Note\n\nLa Caf du Gard lance l'appel à projets.\n".encode()


@pytest.fixture(scope="module")
def pepiniere() -> Iterator[Pepiniere]:
    made = Pepiniere()
    yield made
    made.close()


def children() -> set[int]:
    tasks = Path("/proc/self/task").glob("*/children")
    return {int(number) for task in tasks for number in task.read_text("ascii").split()}


@pytest.mark.parametrize(
    ("content", "name"),
    [(NOTE, "note.md"), (NOTE, "note.txt"), (hostiles.sound_pdf(2), "note.pdf")],
)
def test_a_file_is_read_as_by_a_process_started_from_nothing(
    content: bytes, name: str, pepiniere: Pepiniere
) -> None:
    assert load_bytes(content, name, pepiniere=pepiniere) == load_bytes(content, name)


@pytest.mark.parametrize(
    ("content", "limits"),
    [
        (hostiles.scanned_pdf(), {}),
        (hostiles.encrypted_pdf(), {}),
        (b"%PDF-1.4 rien", {}),
        (hostiles.sound_pdf(6), {"secondes": 0.01}),
        (hostiles.sound_pdf(2), {"pages": 1}),
    ],
)
def test_what_is_refused_is_refused_alike_and_harms_no_other_file(
    content: bytes, limits: dict[str, float], pepiniere: Pepiniere
) -> None:
    bounds = LIMITES.model_copy(update=limits)
    said = []
    for way in (pepiniere, None):
        with pytest.raises(FichierRefuse) as refused:
            load_bytes(content, "note.pdf", bounds, pepiniere=way)
        said.append(str(refused.value))
    assert said[0] == said[1]
    assert load_bytes(NOTE, "note.md", pepiniere=pepiniere) == load_bytes(NOTE, "note.md")


def test_files_are_read_again_once_the_process_that_forks_died() -> None:
    before = children()
    made = Pepiniere()
    first = load_bytes(NOTE, "note.md", pepiniere=made)
    for started in children() - before:
        os.kill(started, signal.SIGKILL)
    assert load_bytes(NOTE, "note.md", pepiniere=made) == first
    made.close()
    assert children() <= before


def test_nothing_is_left_once_it_is_closed() -> None:
    before = children()
    made = Pepiniere()
    load_bytes(NOTE, "note.md", pepiniere=made)
    made.close()
    assert children() <= before
