"""The search for files that break the loaders can be played again, and sees what breaks."""

from __future__ import annotations

import random
from typing import get_args

import pytest

from bench.fuzz.course import Course
from bench.fuzz.mutations import WAYS, mutate
from bench.fuzz.ouvrier import case_bytes, outcome, silent
from corpus.models import Format

FILES = (
    b"%PDF-1.7\n4 0 obj << /Length 9 >>\nstream\nBT ET q Q\nendstream\n%%EOF",
    b"<!doctype html><html><body><h1 class='a'>Un</h1><p id=\"b\">Deux</p></body></html>",
    b"# Titre\n\n- un\n- deux\n",
    b"",
)


@pytest.mark.parametrize("known", get_args(Format))
def test_a_case_is_always_the_same_bytes(known: Format) -> None:
    for number in range(50):
        assert case_bytes(known, number, FILES) == case_bytes(known, number, FILES)


@pytest.mark.parametrize("known", get_args(Format))
def test_cases_differ_from_one_another(known: Format) -> None:
    assert len({case_bytes(known, number, FILES) for number in range(60)}) > 30


def test_every_way_bears_any_bytes() -> None:
    draw = random.Random("ways")
    ways = {way for ways in WAYS.values() for way in ways}
    for way in sorted(ways, key=lambda way: way.__name__):
        for content in (*FILES, draw.randbytes(300)):
            assert isinstance(way(content, draw), bytes)


def test_mutations_do_not_grow_a_file_without_end() -> None:
    for number in range(60):
        assert len(mutate(FILES[1], "html", FILES, random.Random(number))) < 2 * 1024 * 1024


def test_the_end_of_a_reading_is_told() -> None:
    assert outcome(b"Une note", "texte", silent) == "lu"
    assert outcome(b"", "texte", silent) == "refus:vide"


def test_ends_are_counted_with_their_first_case() -> None:
    course = Course("pdf")
    course.count(7, "faute:ValueError", 0.5)
    course.count(8, "faute:ValueError", 2.5)
    course.count(9, "limite:MemoryError", 1.0)
    course.count(10, "lu", 0.1)
    assert course.cas == 4
    assert course.fautes == {"faute:ValueError": (2, 7)}
    assert course.limites == {"limite:MemoryError": (1, 9)}
    assert course.plus_long == (2.5, 8)
