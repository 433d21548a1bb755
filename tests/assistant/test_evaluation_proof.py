"""The 60 % rule, and how facts and words are read."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.facts import fact_stands_in, readable, word_count
from assistant.evaluation.proof import (
    Piece,
    letters_and_digits,
    longest_common_substring,
    places,
    prepare_proofs,
    required_length,
    stands_in,
)
from assistant.evaluation.sets import Preuve

FEW_LETTERS = st.text(alphabet="abc", max_size=14)


def brute_force(first: str, second: str) -> str:
    best = ""
    for start in range(len(first)):
        for end in range(start + 1, len(first) + 1):
            if end - start > len(best) and first[start:end] in second:
                best = first[start:end]
    return best


@given(FEW_LETTERS, FEW_LETTERS)
def test_the_longest_common_substring_is_that_of_brute_force(first: str, second: str) -> None:
    assert longest_common_substring(first, second) == brute_force(first, second)


@given(FEW_LETTERS, FEW_LETTERS)
def test_the_rule_is_60_percent_of_the_longest_common_substring(proof: str, text: str) -> None:
    common = len(brute_force(proof, text))
    assert stands_in(proof, text) == (bool(proof) and 10 * common >= 6 * len(proof))


@given(st.text())
def test_only_letters_and_digits_are_kept(text: str) -> None:
    lowered = unicodedata.normalize("NFKC", text).lower()
    assert letters_and_digits(text) == "".join(c for c in lowered if c.isalnum())


def test_normalisation_drops_marks_spaces_and_ligatures() -> None:
    assert (
        letters_and_digits("**8 à 12** en\u00adfants\u00a0; ﬁn_Été, 1½") == "8à12enfantsfinété112"
    )


@pytest.mark.parametrize(
    ("length", "needed"), [(1, 1), (2, 2), (3, 2), (5, 3), (6, 4), (10, 6), (100, 60), (101, 61)]
)
def test_the_needed_length_is_60_percent_rounded_up(length: int, needed: int) -> None:
    assert required_length(length) == needed


def test_six_letters_of_ten_in_one_piece_prove() -> None:
    assert stands_in("abcdefghij", "xxcdefghxx")


def test_five_letters_of_ten_do_not_prove() -> None:
    assert not stands_in("abcdefghij", "xxcdefgxx")


def test_eight_letters_of_ten_in_two_pieces_do_not_prove() -> None:
    assert not stands_in("abcdefghij", "abcd-ghij")


def test_the_same_words_of_another_document_do_not_prove() -> None:
    proofs = prepare_proofs([[Preuve(document="004", extrait="27 semaines")]])
    assert proofs.proved_by(Piece("001", "27semaines")) == frozenset()
    assert proofs.proved_by(Piece("004", "27semaines")) == {0}


def test_each_group_needs_one_of_its_alternatives() -> None:
    first = [Preuve(document="001", extrait="aaa"), Preuve(document="004", extrait="bbb")]
    second = [Preuve(document="001", extrait="ccc")]
    proofs = prepare_proofs([first, second])
    assert not proofs.complete({0, 1})
    assert proofs.complete({1, 2})


def test_an_alternative_shared_by_two_groups_serves_both() -> None:
    shared = Preuve(document="001", extrait="aaa")
    proofs = prepare_proofs([[shared], [shared, Preuve(document="001", extrait="ccc")]])
    assert len(proofs.alternatives) == 2
    assert proofs.complete({0})


def test_no_proof_expected_is_never_proved() -> None:
    assert not prepare_proofs([]).complete(set())


def test_a_quotation_and_the_same_with_its_context_are_one_place() -> None:
    alternatives = [
        Piece("001", "27semaines"),
        Piece("001", "surunepériodede27semainesdefonctionnement"),
        Piece("004", "27semaines"),
        Piece("001", "autrechose"),
    ]
    assert places(alternatives, range(4)) == {0: 0, 1: 0, 2: 2, 3: 3}


def test_places_are_numbered_among_the_kept_alternatives_only() -> None:
    alternatives = [Piece("001", "aaaa"), Piece("001", "aaaaa"), Piece("001", "bbbb")]
    assert places(alternatives, {1, 2}) == {1: 1, 2: 2}


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("8 à 12", "Un groupe de **8** à **12\u00a0enfants**"),
        ("7 885 €", "Le plafond est de 7\u202f885\u00a0€."),
        ("7885€", "Le plafond est de 7 885 €."),
        ("32,5 %", "à hauteur de 32,5%"),
        ("l’école", "dans L'ÉCOLE du quartier"),
        ("1 h 30", "deux séances d'1h30"),
        ("2025-2026", "pour 2025–2026"),
        ("animateur", "deux animateurs"),
        ("27", "sur 27."),
        ("8", "de 8, 9 ou 10"),
    ],
)
def test_a_fact_is_found_whatever_its_typography(variant: str, text: str) -> None:
    assert fact_stands_in(variant, text)


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("12", "212 enfants"),
        ("12", "120 enfants"),
        ("5", "32,5 %"),
        ("32", "32,5 %"),
        ("885 €", "7 885 €"),
        ("885", "7 885 €"),
        ("2h", "2h30"),
        ("éligible", "le projet est inéligible"),
        ("non", "il faut dénoncer la convention"),
        ("été", "ete"),
        ("**", "** gras **"),
    ],
)
def test_a_fact_is_not_found_inside_a_number_or_after_a_prefix(variant: str, text: str) -> None:
    assert not fact_stands_in(variant, text)


def test_a_year_before_a_number_is_no_thousand() -> None:
    assert readable("En 2025 300 euros") == "en 2025 300 euros"


def test_words_hold_a_letter_or_a_digit() -> None:
    assert word_count("- Oui : l'Hérault, **8 à 12** enfants ; 50 € ?") == 7
