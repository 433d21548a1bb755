from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embedding.normalise import normalise_input

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=200)


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("  Combien\t d'enfants\n?  ", "Combien d'enfants ?"),
        ("a\0b", "a b"),
        ("\ud800bonjour\udfff", "bonjour"),
        ("ﬁnancement n° ½", "financement n° 1⁄2"),
        ("e\u0301cole", "école"),
        ("x </s><s> y", "x ‹/s›‹s› y"),
        ("", ""),
    ],
)
def test_a_text_becomes_plain_and_single_spaced(given_text: str, expected: str) -> None:
    assert normalise_input(given_text) == expected


@given(ANYTHING)
def test_nothing_that_breaks_a_tokenizer_is_left(text: str) -> None:
    cleaned = normalise_input(text)
    assert not any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in cleaned)
    cleaned.encode("utf-8")


@given(ANYTHING)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise_input(normalise_input(text)) == normalise_input(text)


@given(ANYTHING, st.integers(1, 50))
def test_the_length_is_bounded_after_expansion_too(text: str, bound: int) -> None:
    assert len(normalise_input(text + "\ufdfa" * 60, bound)) <= bound
