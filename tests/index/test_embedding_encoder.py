from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.embedding.factory import open_encoder
from index.embedding.installation import reference_cosine
from index.embedding.normalise import MAX_CHARS, normalise_input
from index.embedding.references import ADAPTED_INT8_COSINE, FP32_COSINE
from index.learned.record import read_learned

if TYPE_CHECKING:
    from pathlib import Path

    from index.embedding.encoder import EncodedText, Encoder
    from index.embedding.folder import ModelFolder

QUESTIONS = (
    "Combien d'enfants par groupe ?",
    "cb d'animateurs fo t il svp",
    "oui",
    "Le dossier doit-il être déposé avant la fin du mois de juin par le porteur ? " * 12,
)
HOSTILE = {
    "ligature longue": "\ufdfa" * 50,
    "ligature longue, 10 000 fois": "\ufdfa" * 10_000,
    "100 ko": "le groupe d'enfants " * 5_000,
    "un mot de 100 ko": "a" * 100_000,
    "accents empilés": "a" + "\u0301\u0316" * 50_000,
    "caractère nul": "\0a\0",
    "demi-codets": "\ud800\udfff\ud800",
    "émojis": "😀👩‍👩‍👧" * 5_000,
    "jetons spéciaux": "<s></s><pad><unk><mask>" * 100,
    "blancs": " \n\t" * 30_000,
    "idéogrammes": "漢字" * 10_000,
    "vide": "",
}


def assert_same(left: EncodedText, right: EncodedText) -> None:
    assert np.array_equal(left.sentence, right.sentence)
    assert np.array_equal(left.tokens, right.tokens)
    assert np.array_equal(left.token_ids, right.token_ids)


def test_reference_cosines_hold_on_this_processor(installed_model: ModelFolder) -> None:
    record = installed_model.record
    accepted = {"int8": ADAPTED_INT8_COSINE, "fp32": FP32_COSINE}[record.description.precision]
    found = reference_cosine(installed_model.onnx, installed_model.tokenizer, read_learned())
    assert found >= accepted
    assert record.fp32_cosine >= FP32_COSINE


def test_a_text_gets_unit_vectors_of_the_announced_dimension(encoder: Encoder) -> None:
    encoded = encoder.encode_query(QUESTIONS[0])
    dimension = encoder.description.dimension
    assert encoded.sentence.shape == (dimension,)
    assert encoded.tokens.shape == (len(encoded.token_ids), dimension)
    assert encoded.sentence.dtype == encoded.tokens.dtype == np.float32
    assert np.linalg.norm(encoded.sentence) == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(encoded.tokens, axis=1) == pytest.approx(1, abs=1e-5)


def test_content_rows_leave_the_prompt_and_special_tokens_out(encoder: Encoder) -> None:
    short, long = encoder.encode_passage("oui"), encoder.encode_query("oui " * 2000)
    assert short.content.stop - short.content.start == 1
    assert long.content.stop == encoder.description.max_tokens - 1


def test_no_content_row_comes_from_an_empty_text(encoder: Encoder) -> None:
    content = encoder.encode_query("").content
    assert content.start == content.stop


def test_a_text_encodes_the_same_alone_or_after_others(encoder: Encoder) -> None:
    alone = [encoder.encode_query(text) for text in QUESTIONS]
    for text in (*HOSTILE.values(), *QUESTIONS):
        encoder.encode_passage(text)
    for text, first in zip(QUESTIONS, alone, strict=True):
        assert_same(encoder.encode_query(text), first)


def test_a_text_encodes_the_same_from_several_threads(encoder: Encoder) -> None:
    alone = [encoder.encode_query(text) for text in QUESTIONS]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(encoder.encode_query, QUESTIONS * 5))
    for first, other in zip(alone * 5, together, strict=True):
        assert_same(first, other)


def test_a_query_is_nearer_to_the_passage_that_answers_it(encoder: Encoder) -> None:
    query = encoder.encode_query("Quel est l'effectif maximal d'un groupe ?").sentence
    answer = encoder.encode_passage("Un groupe compte au plus douze enfants.").sentence
    other = encoder.encode_passage("La réunion du comité a lieu en préfecture.").sentence
    assert query @ answer > query @ other


def test_query_and_passage_prompts_differ(encoder: Encoder) -> None:
    as_query, as_passage = encoder.encode_query("oui"), encoder.encode_passage("oui")
    assert not np.array_equal(as_query.sentence, as_passage.sentence)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_read_of_a_hostile_input_is_bounded(encoder: Encoder, text: str) -> None:
    encoded = encoder.encode_query(text)
    assert len(normalise_input(text)) <= MAX_CHARS
    assert len(encoded.token_ids) <= encoder.description.max_tokens
    assert np.isfinite(encoded.sentence).all()
    if len(text) >= MAX_CHARS:
        assert_same(encoded, encoder.encode_query(text[:MAX_CHARS] + "jamais lu"))


def test_a_second_opening_gives_the_encoder_already_open(
    installed_model: ModelFolder, models_folder: Path
) -> None:
    assert installed_model
    assert open_encoder(None, models_folder) is open_encoder(None, models_folder)


def test_opening_imports_neither_torch_nor_its_libraries(
    installed_model: ModelFolder, models_folder: Path
) -> None:
    assert installed_model
    script = (
        "import sys; from pathlib import Path; from index.embedding.factory import open_encoder; "
        f"open_encoder(None, Path({str(models_folder)!r})).encode_query('oui'); "
        "print([n for n in ('torch', 'transformers', 'sentence_transformers', 'sentencepiece') "
        "if n in sys.modules])"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert done.stderr == ""
