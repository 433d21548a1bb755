"""The reader reads a question and a text together, bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tokenizers import Tokenizer

from index.learned.reader import QUESTION_TOKENS, Pairs

if TYPE_CHECKING:
    from index.embedding.folder import ModelFolder

QUESTION = "Combien d'enfants dans un groupe ?"
ANSWER = "Un groupe réunit de 5 à 15 enfants."


@pytest.fixture(scope="module")
def pairs(installed_model: ModelFolder) -> Pairs:
    return Pairs(Tokenizer.from_file(str(installed_model.tokenizer)), 64)


def test_question_and_text_are_told_apart(pairs: Pairs) -> None:
    ids, segments = pairs.tokens(QUESTION, ANSWER)
    assert len(ids) == len(segments)
    assert segments == sorted(segments)
    assert set(segments) == {0, 1}


def test_of_a_long_question_the_end_is_read(pairs: Pairs) -> None:
    long = "Nous sommes une association. " * 40 + QUESTION
    ids, segments = Pairs(pairs._tokenizer, 160).tokens(long, ANSWER)
    question = [i for i, s in zip(ids, segments, strict=True) if s == 0]
    short, places = pairs.tokens(QUESTION, ANSWER)
    asked = short[: places.count(0)]
    assert len(question) == QUESTION_TOKENS
    assert question[:3] == asked[:3]
    assert question[-6:] == asked[-6:]


def test_a_pair_is_never_longer_than_what_is_read(pairs: Pairs) -> None:
    ids, _ = pairs.tokens(QUESTION, ANSWER * 50)
    assert len(ids) == 64
