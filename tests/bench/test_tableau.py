from __future__ import annotations

import pytest

from bench.cadre import Issue, hits
from bench.tableau import Machine, Tableau, decimal, render, replace_between, signed, size

PAGE = "avant\n<!-- banc:a -->\nvieux\n<!-- /banc:a -->\nentre\n<!-- banc:b -->\n<!-- /banc:b -->\n"
MACHINE = Machine("2026-01-02", "puce", 2, 0.5, 1.25, "abc", "m")


def test_only_the_part_between_the_markers_of_the_bench_changes() -> None:
    page = replace_between(PAGE, "a", r"neuf \1")

    assert page == PAGE.replace("\nvieux\n", "\n\nneuf \\1\n\n")


@pytest.mark.parametrize("page", ["sans repère", PAGE + PAGE])
def test_a_page_without_one_pair_of_markers_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="banc:a"):
        replace_between(page, "a", "neuf")


def test_numbers_are_written_as_in_french() -> None:
    assert decimal(1234.5, 1) == "1\u202f234,5"
    assert size(56_400) == "56,4 ko"
    assert size(12) == "12 octets"


def test_a_gap_has_a_sign_unless_it_rounds_to_nothing() -> None:
    assert [signed(0.01), signed(-0.01), signed(-0.0001)] == ["+0,010", "−0,010", "0,000"]


def test_every_cell_of_a_table_stands_in_its_row() -> None:
    text = render([Tableau("Titre", ("nom", "valeur"), (("x", "1"), ("y", "2")), "Note.")], MACHINE)

    assert "charge 0,50 avant et 1,25 après" in text
    assert "| nom | valeur |\n| --- | ---: |\n| x | 1 |\n| y | 2 |\n\nNote." in text


def test_hits_count_a_proof_not_found_as_a_miss() -> None:
    found = Issue(ranks=(1, None, 4, 2), seconds=(0.0,) * 4, gains=(0.0,) * 4)

    assert hits(found, found) == ("0,25", "0,50", "0,75", "0,75", "0,438", "—")
