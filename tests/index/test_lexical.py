from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.library import Corpus
from index.french import fold, stem, words
from index.lexical import LexicalIndex
from index.lexicon import Lexique, load_lexicon
from tests.travail import travail

TEXTS = [
    "Deux séances hebdomadaires d’une heure trente sont proposées pour chaque collectif d’enfants.",
    "Le montant maximal est de 2 563 € par groupe d’enfants et par année scolaire.",
    "Les animateurs bénévoles respectent la laïcité et la confidentialité.",
    "L’agrément du comité des financeurs est obligatoire.",
]


@pytest.fixture(scope="module")
def lexical(lexique: Lexique) -> LexicalIndex:
    return LexicalIndex.build(TEXTS, lexique)


def best(lexical: LexicalIndex, question: str) -> int:
    read = lexical.read(question)
    return int(np.argmax(lexical.scores(read.own)))


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("combien de séances par semaine ?", 0),
        ("LA SEANCE", 0),
        ("l'agrement est-il obligatoire", 3),
        ("le montant maximal", 1),
        ("2563 €", 1),
        ("2 563 euros", 1),
        ("laicite", 2),
        ("animateur benevole", 2),
    ],
)
def test_a_question_finds_its_words_whatever_accents_elision_and_number(
    lexical: LexicalIndex, question: str, place: int
) -> None:
    assert best(lexical, question) == place


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("agremment", "agrément"),
        ("hebdomadiares", "hebdomadaires"),
        ("obligatiore", "obligatoire"),
        ("confidencialité", "confidentialité"),
        ("colectif", "collectif"),
        ("benevole", "bénévole"),
        ("confidentialite", "confidentialité"),
    ],
)
def test_a_misspelt_word_is_mended(lexical: LexicalIndex, typed: str, meant: str) -> None:
    assert lexical.read(typed).own == (stem(meant),)
    assert lexical.read(typed).unknown == ()


@pytest.mark.parametrize("word", ["zébrure", "chat", "12345", "boulangerie"])
def test_a_word_that_nothing_resembles_is_told_unknown(lexical: LexicalIndex, word: str) -> None:
    assert lexical.read(f"une {word}").unknown == (stem(word),)


def test_a_number_is_never_mended_into_another(lexical: LexicalIndex) -> None:
    assert lexical.read("2564 €").own == ("2564", "€")


def test_words_that_people_say_add_those_of_the_texts(lexical: LexicalIndex) -> None:
    read = lexical.read("combien de gamins ?")
    assert stem("enfant") in read.added
    assert stem("enfant") not in read.own
    assert stem("gamins") not in read.unknown, "said words are known"


def test_an_abbreviation_adds_its_long_form(lexical: LexicalIndex) -> None:
    assert {stem("réussite"), stem("éducative")} <= set(lexical.read("le Pre").added)


def test_a_question_of_stop_words_has_no_content(lexical: LexicalIndex) -> None:
    read = lexical.read("est-ce que vous pouvez me dire s'il vous plaît")
    assert set(read.own) <= {stem("plaît")}


def test_scores_of_unknown_words_are_zero(lexical: LexicalIndex) -> None:
    assert lexical.scores(("zebrur",)).tolist() == [0.0] * len(TEXTS)
    assert lexical.scores(()).tolist() == [0.0] * len(TEXTS)


def test_a_rare_word_weighs_more_than_a_common_one_and_an_unknown_one_most(
    lexical: LexicalIndex,
) -> None:
    common, rare = lexical.rarity(stem("enfants")), lexical.rarity(stem("laïcité"))
    assert 0 < common < rare <= lexical.rarity("zebrur")


def test_an_index_read_from_disk_scores_alike(lexical: LexicalIndex, tmp_path: Path) -> None:
    lexical.save(tmp_path / "bm25")
    again = LexicalIndex.load(tmp_path / "bm25", lexical.spellings, load_lexicon())
    for question in ("séances de groupe", "l’agrément", "gamins"):
        read = again.read(question)
        assert read == lexical.read(question)
        assert again.scores(read.own).tolist() == lexical.scores(read.own).tolist()


SAVE = """
import sys
from pathlib import Path
from index.lexical import LexicalIndex
from index.lexicon import load_lexicon
LexicalIndex.build(sys.argv[2:], load_lexicon()).save(Path(sys.argv[1]))
"""


def test_the_stored_index_does_not_depend_on_the_process_that_built_it(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", SAVE, str(tmp_path / seed), *TEXTS],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
        )
    first = {p.name: p.read_bytes() for p in (tmp_path / "1").iterdir()}
    assert first == {p.name: p.read_bytes() for p in (tmp_path / "2").iterdir()}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_question_is_read(lexical: LexicalIndex, question: str) -> None:
    read = lexical.read(question)
    assert set(read.unknown) <= set(read.own)
    assert not set(read.added) & set(read.own)
    assert np.isfinite(lexical.scores(read.own)).all()


def test_work_stays_in_proportion_to_a_question_of_unknown_words(
    corpus: Corpus, lexique: Lexique
) -> None:
    whole = LexicalIndex.build([d.texte for d in corpus.documents.values()], lexique)
    words = [f"xylo{chr(97 + n % 26)}phonique" for n in range(300)]
    whole.read(words[0])
    half, all_ = (travail(lambda n=n: whole.read(" ".join(words[:n]))) for n in (150, 300))
    assert all_.appels < 2.5 * half.appels
    # The nearest known spelling is looked for once a word.
    assert all_.noms["extractOne"] <= len(words)


# The shipped lexicon.

SHIPPED = load_lexicon()


def test_every_text_word_of_the_lexicon_really_stands_in_the_corpus(corpus: Corpus) -> None:
    known = {stem(w) for d in corpus.documents.values() for w in words(d.texte)}
    absent = {
        expression
        for group in SHIPPED.synonymes
        for expression in group.textes
        if any(stem(w) not in known and fold(w) not in SHIPPED.stop for w in words(expression))
    }
    assert not absent


def test_an_expression_of_stop_words_alone_is_not_said(lexique: Lexique) -> None:
    # Several stop words together may mean something (« au moins »), one alone never does.
    stops = {stem(word) for word in SHIPPED.stop} | SHIPPED.stop
    alone = {
        expression
        for group in SHIPPED.synonymes
        for expression in group.dits
        if len(words(expression)) == 1 and fold(expression) in SHIPPED.stop
    }
    # « sûr » folds into « sur »: it is left out when the lexicon is read.
    assert alone <= {"sûr"}
    assert "sur" in stops
    assert lexique.said_as([stem("sur")]) == []


def test_no_expression_is_empty_and_none_is_said_twice_in_its_group() -> None:
    for group in SHIPPED.synonymes:
        assert group.dits
        assert group.textes
        assert all(words(expression) for expression in (*group.dits, *group.textes))
        assert len(set(group.dits)) == len(group.dits)


def test_abbreviations_are_written_folded_and_opened_into_more_words() -> None:
    for short, long_form in SHIPPED.sigles.items():
        assert fold(short) == short
        assert short not in SHIPPED.stop
        assert len(words(long_form)) >= 2


def test_an_expression_of_several_words_is_met_in_order_only(lexique: Lexique) -> None:
    said = [stem(w) for w in words("cours particuliers")]
    assert tuple(said) in [key for key, _ in lexique.said_as(said)]
    assert tuple(said) not in [key for key, _ in lexique.said_as(said[::-1])]
