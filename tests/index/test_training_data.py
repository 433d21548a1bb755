"""What the ranking learns from: enough of it, of every kind, and nothing that measures it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from rapidfuzz import fuzz, process

from corpus.library import load_corpus
from corpus.passages import cut_passages
from index.embedding.encoder import Encoder
from index.training.data import (
    CIBLES,
    LOINTAINES,
    PRESQUE,
    QUESTIONS,
    Donnees,
    DonneesInutilisables,
    read_training,
    same_words,
)
from index.training.labels import Etiquettes, label
from index.training.records import Manque, Registre, Voix
from index.training.splits import HELD_OUT, split

SETS = Path(__file__).parents[1] / "questions"
ALIKE = 80
"""Of 100, by letters: above, one question is the other with a word changed."""
NEAR = 0.95
"""Cosine of two questions: above, one says the other in other words."""


@pytest.fixture(scope="module")
def donnees() -> Donnees:
    return read_training()


@pytest.fixture(scope="module")
def etiquettes(donnees: Donnees) -> Etiquettes:
    documents = load_corpus().documents
    passages = [p for document in documents.values() for p in cut_passages(document)]
    return label(donnees.cibles, documents, passages)


def evaluation_questions() -> Iterator[str]:
    for path in sorted(SETS.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            record = json.loads(line)
            yield from record.get("tours") or [record["question"]]


def written(donnees: Donnees) -> list[str]:
    every = chain(donnees.questions, donnees.presque, donnees.lointaines)
    return [one.question for one in every]


def test_there_are_questions_and_near_misses_enough(donnees: Donnees) -> None:
    assert len(donnees.questions) >= 4_000
    assert len(donnees.presque) >= 1_500


def test_every_voice_and_every_register_is_heard_often(donnees: Donnees) -> None:
    voices = Counter(one.voix for one in donnees.questions)
    registers = Counter(one.registre for one in donnees.questions)
    assert set(voices) == set(get_args(Voix))
    assert set(registers) == set(get_args(Registre))
    assert min((*voices.values(), *registers.values())) >= 400


def test_near_misses_lack_a_thing_a_place_a_year_or_a_scheme(donnees: Donnees) -> None:
    assert set(Counter(one.manque for one in donnees.presque)) == set(get_args(Manque))


def test_questions_about_anything_else_are_asked_in_every_register_but_that_of_a_follow_up(
    donnees: Donnees,
) -> None:
    assert len(donnees.lointaines) >= 150
    assert {one.registre for one in donnees.lointaines} == set(get_args(Registre)) - {"suite"}


def test_every_passage_has_eight_questions_that_it_answers(
    donnees: Donnees, etiquettes: Etiquettes
) -> None:
    asked = Counter(question.cible for question in donnees.questions)
    rows = np.array([asked[name] for name in etiquettes.cibles])
    assert (rows @ etiquettes.positifs).min() >= 8


def test_every_quotation_of_a_target_is_in_the_texts(donnees: Donnees) -> None:
    texts = {name: document.texte for name, document in load_corpus().documents.items()}
    lost = [
        (cible.id, one.extrait)
        for cible in donnees.cibles.values()
        for one in (*cible.repond, *cible.en_partie, *cible.ne_repond_pas)
        if one.extrait not in texts[one.document]
    ]
    assert lost == []


def test_a_passage_that_answers_is_never_a_negative(etiquettes: Etiquettes) -> None:
    assert not (etiquettes.positifs & etiquettes.negatifs).any()
    assert not (etiquettes.inconnus & (etiquettes.positifs | etiquettes.negatifs)).any()


def test_a_fifth_of_the_subjects_is_held_out_with_its_passages(
    donnees: Donnees, etiquettes: Etiquettes
) -> None:
    subjects = {cible.sujet for cible in donnees.cibles.values()}
    assert subjects >= HELD_OUT
    assert 0.18 <= len(HELD_OUT) / len(subjects) <= 0.24
    parts = split(donnees, etiquettes)
    for one in chain(parts.questions, parts.presque):
        assert donnees.cibles[one.cible].sujet not in HELD_OUT
    for one in parts.questions:
        answers = etiquettes.positifs[etiquettes.cibles[one.cible]]
        assert (answers & ~parts.passages_a_part).any()


def test_no_question_of_a_set_is_learned_from_word_for_word_or_nearly(donnees: Donnees) -> None:
    mine = [same_words(question) for question in written(donnees)]
    theirs = [same_words(question) for question in evaluation_questions()]
    assert len(theirs) > 800
    likeness = process.cdist(mine, theirs, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.uint8)
    assert [mine[row] for row in np.flatnonzero(likeness.max(axis=1))] == []


@pytest.mark.long
def test_no_question_of_a_set_is_learned_from_in_other_words(
    donnees: Donnees, encoder: Encoder
) -> None:
    def vectors(questions: list[str]) -> np.ndarray:
        return np.stack([encoder.encode_query(question).sentence for question in questions])

    mine = written(donnees)
    nearness = (vectors(mine) @ vectors(list(evaluation_questions())).T).max(axis=1)
    assert [mine[row] for row in np.flatnonzero(nearness >= NEAR)] == []


# --- files that do not hold together -------------------------------------------------------------

CIBLE = {"id": "a", "sujet": "axes", "repond": [{"document": "001", "extrait": "douze lettres."}]}
ECRITE = {
    "id": "e1",
    "question": "Combien ?",
    "cible": "a",
    "voix": "parent",
    "registre": "courant",
    "fabrication": "à la main",
}


def folder(tmp_path: Path, cibles: list[object], questions: list[object]) -> Path:
    files = ((CIBLES, cibles), (QUESTIONS, questions), (PRESQUE, []), (LOINTAINES, []))
    for name, records in files:
        lines = "".join(f"{json.dumps(record)}\n" for record in records)
        (tmp_path / name).write_text(lines, "utf-8")
    return tmp_path


def test_the_same_question_twice_is_refused(tmp_path: Path) -> None:
    twice = [ECRITE, {**ECRITE, "id": "e2", "question": "COMBIEN"}]
    with pytest.raises(DonneesInutilisables, match="écrit deux fois : « combien »"):
        read_training(folder(tmp_path, [CIBLE], twice))


def test_a_question_of_no_known_target_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DonneesInutilisables, match="e1 : cible inconnue, « b »"):
        read_training(folder(tmp_path, [CIBLE], [{**ECRITE, "cible": "b"}]))


def test_a_question_that_nothing_answers_is_refused(tmp_path: Path) -> None:
    silent = {"id": "a", "sujet": "axes", "silence": True}
    with pytest.raises(DonneesInutilisables, match="rien dans les textes ne répond"):
        read_training(folder(tmp_path, [silent], [ECRITE]))


def test_a_line_that_is_no_record_is_told_by_its_number(tmp_path: Path) -> None:
    with pytest.raises(DonneesInutilisables, match=r"questions\.jsonl, ligne 2"):
        read_training(folder(tmp_path, [CIBLE], [ECRITE, {**ECRITE, "voix": "martien"}]))
