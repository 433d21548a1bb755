from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.french import accent_table, fold, stem, stems, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l’enfant d'un lycée", ["enfant", "un", "lycée"]),
        ("Qu'est-ce que c'est ?", ["est", "ce", "que", "est"]),
        ("jusqu’au 15 juin, lorsqu'il", ["au", "15", "juin", "il"]),
        ("aujourd'hui", ["aujourd", "hui"]),
        ("2\u202f563 € et 32,5 %", ["2563", "€", "et", "32,5", "%"]),
        ("7 885 euros en 2021-2022", ["7885", "euros", "en", "2021", "2022"]),
        ("4/10ème", ["4/10", "ème"]),
        ("OEUVRE Œuvre", ["oeuvre", "œuvre"]),
        ("ﬁnancement", ["financement"]),
    ],
)
def test_words_are_read_as_french_writes_them(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("séances", "séance"),
        ("éligibles", "éligible"),
        ("financements", "financement"),
        ("hebdomadaires", "hebdomadaire"),
        ("bénévoles", "benevoles"),
        ("école", "ecole"),
        ("groupes", "groupe"),
    ],
)
def test_forms_of_a_word_meet(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("parent", "part"), ("séance", "session"), ("8", "80")])
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_stop_words_are_left_out_whatever_their_accents() -> None:
    assert stems("Où sont les séances ?", frozenset({"ou", "sont", "les"})) == [stem("séances")]


@pytest.mark.parametrize("apostrophe", ["'", "’", "ʼ", "´", "`"])
def test_every_apostrophe_elides(apostrophe: str) -> None:
    assert words(f"l{apostrophe}école") == ["école"]


def test_the_usual_spelling_is_the_one_met_most_often() -> None:
    assert accent_table(["côté", "cote", "côté", "école"]) == {"cote": "côté", "ecole": "école"}


@given(st.text(max_size=300))
def test_any_text_is_read_into_folded_lower_case_words(text: str) -> None:
    for word in words(text):
        assert word
        assert not word.isspace()
        assert fold(fold(word)) == fold(word)
        stem(word)
