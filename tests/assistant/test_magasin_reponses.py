"""The same version in files and in the shared store: the same passages, scores and answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from essais import DAY
from threadpoolctl import threadpool_limits

from assistant.answers.engine import Assistant, assistant_over
from assistant.avis.registre import open_marks
from assistant.configuration import Configuration
from assistant.dialogue.conseiller import Conseiller
from assistant.models import Question
from corpus.magasin.moteur import Magasin
from index.embedding.encoder import Encoder
from index.lexicon import Lexique
from index.models import SearchQuery
from index.postgres.opening import PostgresIndex, open_postgres
from index.postgres.versions import copy_version
from index.search import Retrieval, Searcher
from index.storage import StoredIndex, open_index

QUESTIONS = Path(__file__).resolve().parents[1] / "questions"


def read(name: str) -> list[dict[str, Any]]:
    lines = (QUESTIONS / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def parts(questions: list[dict[str, Any]], few: int) -> list[Any]:
    """Some questions for the short suite, the others for the long one."""
    step = len(questions) // few
    some = questions[::step][:few]
    rest = [question for question in questions if question not in some]
    return [
        pytest.param(some, id="quelques-unes"),
        pytest.param(rest, id="les-autres", marks=pytest.mark.long),
    ]


@pytest.fixture(scope="module")
def fichiers(donnees: Path, lexique: Lexique) -> StoredIndex:
    return open_index(donnees / "index", lexique)


@pytest.fixture(scope="module")
def magasin_lu(
    fichiers: StoredIndex, magasin_des_versions: Magasin, lexique: Lexique
) -> PostgresIndex:
    with magasin_des_versions.connexion(120) as connection:
        copy_version(connection, fichiers)
    return open_postgres(magasin_des_versions.connexion, lexique, fichiers.info.version)


def found(searcher: Searcher, asked: dict[str, Any]) -> Retrieval:
    query = SearchQuery(
        text=asked["question"],
        departements=(asked["departement"],) if asked.get("departement") else (),
        annee_scolaire=asked.get("annee_scolaire"),
    )
    return searcher.retrieve(query, 12)


def differences(ours: Retrieval, theirs: Retrieval) -> list[str]:
    """What is not the same, to the bit."""
    told = {
        "résultat": ours.result == theirs.result,
        "mots": (ours.words, ours.rarities) == (theirs.words, theirs.rarities),
        "phrases": all(
            ours.proximities(hit.passage.id) == theirs.proximities(hit.passage.id)
            for hit in theirs.result.hits
        ),
    }
    for name in ("rows", "dense", "lexical", "expanded"):
        pair = [getattr(one.steps.candidates, name) for one in (ours, theirs)]
        told[name] = np.array_equal(*pair)
    for name in ("score", "late", "asked"):
        pair = [getattr(one.steps.ranked, name) for one in (ours, theirs)]
        told[name] = np.array_equal(*pair)
    return [name for name, same in told.items() if not same]


@pytest.mark.parametrize("questions", parts(read("base_dev"), 25))
def test_both_stores_find_the_same_passages_with_the_same_scores(
    fichiers: StoredIndex,
    magasin_lu: PostgresIndex,
    encoder: Encoder,
    questions: Sequence[dict[str, Any]],
) -> None:
    with threadpool_limits(limits=1):
        theirs, ours = Searcher(fichiers, encoder), Searcher(magasin_lu, encoder)
        for asked in questions:
            assert differences(found(ours, asked), found(theirs, asked)) == [], asked["question"]


def test_a_departement_and_a_year_are_kept_to_alike(
    fichiers: StoredIndex, magasin_lu: PostgresIndex, encoder: Encoder
) -> None:
    with threadpool_limits(limits=1):
        theirs, ours = Searcher(fichiers, encoder), Searcher(magasin_lu, encoder)
        for departement in ("34", "69", "01"):
            for year in (None, "2021-2022", "2025-2026"):
                asked = {
                    "question": "Quel financement pour le plan mercredi du comité local ?",
                    "departement": departement,
                    "annee_scolaire": year,
                }
                assert differences(found(ours, asked), found(theirs, asked)) == [], asked


@pytest.fixture(scope="module")
def sur_le_magasin(
    rules_assistant: Assistant, donnees: Path, magasin_lu: PostgresIndex, encoder: Encoder
) -> Conseiller:
    settings = Configuration(donnees=donnees, modele=None)
    made = assistant_over(magasin_lu, encoder, settings, open_marks(settings))
    assert made.index.info == rules_assistant.index.info
    return Conseiller(made)


@pytest.mark.parametrize("questions", parts(read("reponses_dev"), 10))
def test_both_stores_answer_the_same(
    assistant: Conseiller, sur_le_magasin: Conseiller, questions: Sequence[dict[str, Any]]
) -> None:
    for asked in questions:
        put = Question(
            id=asked["id"],
            question=asked["question"],
            departement=asked["departement"],
            annee_scolaire=asked["annee_scolaire"],
            date=DAY,
        )
        ours, theirs = (
            one.repondre(put)[0].reponse.model_dump_json() for one in (sur_le_magasin, assistant)
        )
        assert ours == theirs
