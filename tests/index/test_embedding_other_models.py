from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.embedding.errors import ModeleIntrouvable
from index.embedding.references import FP32_COSINE, worst_cosine
from index.embedding.sentence_transformers_encoder import (
    SentenceTransformerEncoder,
    open_sentence_transformer,
)
from index.learned.record import read_learned
from tests.travail import travail

if TYPE_CHECKING:
    from index.embedding.encoder import Encoder
    from index.embedding.folder import ModelFolder

pytestmark = pytest.mark.long  # its libraries take longer to import than anything that it does
QUESTION = "Combien d'enfants par groupe ?"


@pytest.fixture(scope="module")
def other(installed_model: ModelFolder) -> SentenceTransformerEncoder:
    """The trainable folder of the default model, opened as anybody's model."""
    return open_sentence_transformer(str(installed_model.trainable))


def test_a_folder_tells_its_prompts_and_size(
    other: SentenceTransformerEncoder, encoder: Encoder
) -> None:
    described, default = other.description, encoder.description
    assert described.query_prompt == default.query_prompt
    assert described.passage_prompt == default.passage_prompt
    assert described.dimension == default.dimension
    assert described.max_tokens == default.max_tokens


def test_the_trainable_folder_gives_the_reference_vectors(
    other: SentenceTransformerEncoder,
) -> None:
    prompt = other.description.query_prompt
    learned = read_learned()
    assert learned is not None
    questions = tuple(e for e in learned.references() if e.texte.startswith(prompt))
    assert questions
    worst = worst_cosine(
        lambda text: other.encode_query(text.removeprefix(prompt)).sentence, questions
    )
    assert worst >= FP32_COSINE


@pytest.mark.parametrize("text", [QUESTION, "", "oui " * 3000, "\ufdfa" * 50, "\0\ud800"])
def test_both_encoders_cut_a_text_alike(
    other: SentenceTransformerEncoder, encoder: Encoder, text: str
) -> None:
    left, right = other.encode_passage(text), encoder.encode_passage(text)
    assert left.token_ids.tolist() == right.token_ids.tolist()
    assert left.content == right.content
    assert left.tokens.shape == right.tokens.shape


def test_token_vectors_are_unit_and_as_wide_as_the_model(
    other: SentenceTransformerEncoder,
) -> None:
    tokens = other.encode_query(QUESTION).tokens
    assert tokens.shape[1] == other.description.dimension
    assert np.linalg.norm(tokens, axis=1) == pytest.approx(1, abs=1e-5)


def test_the_content_hash_is_the_same_at_each_opening(
    other: SentenceTransformerEncoder, installed_model: ModelFolder
) -> None:
    again = open_sentence_transformer(str(installed_model.trainable))
    assert again.description == other.description


def test_a_lost_folder_is_said_so_without_looking_elsewhere() -> None:
    def lost() -> None:
        with pytest.raises(ModeleIntrouvable, match="CLAS_MODELE attend"):
            open_sentence_transformer("/nulle/part/mon-modele")

    # Nobody is asked for it elsewhere, again and again.
    assert not {"socket.connect", "getaddrinfo"} & set(travail(lost).noms)


def test_a_folder_that_holds_no_model_is_said_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(ModeleIntrouvable, match="n'a pas pu être ouvert"):
        open_sentence_transformer(str(tmp_path_factory.mktemp("vide")))
