"""Charts: what is drawn stands where the value says, and is said in words as well."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest
from test_evaluation_coverage import silent, tour

from assistant.evaluation import charts
from assistant.evaluation.latency import classes
from assistant.evaluation.markup import dit, espaces, lisible
from assistant.evaluation.measures import share
from assistant.evaluation.page import resume
from assistant.evaluation.reliability import fiabilite

WIDTH = charts.LARGEUR - charts.NOMS - charts.VALEURS


def words(svg: Element) -> list[str]:
    return [text.text or "" for text in svg.iter("text")]


def test_a_bar_is_as_long_as_its_share_and_says_its_count() -> None:
    svg = charts.barres("b", "Titre", "Ce qui se voit.", [charts.Barre("sms", share(3, 4))])
    (bar,) = svg.iter("rect")
    assert float(bar.get("width") or 0) == pytest.approx(0.75 * WIDTH)
    assert float(bar.get("x") or 0) == charts.NOMS
    assert "75,0 % (3/4)" in words(svg)
    assert "sms" in words(svg)


def test_the_interval_of_a_bar_is_drawn_from_bound_to_bound() -> None:
    svg = charts.barres("b", "Titre", "", [charts.Barre("sms", share(8, 10))])
    (whisker,) = [path for path in svg.iter("path") if path.get("class") == "moustache"]
    # Wilson: 0.490162 to 0.943318, over 330 units from 190.
    assert (whisker.get("d") or "").startswith("M351.8,15.0 H501.3 ")


def test_a_bar_with_nothing_to_count_has_no_length_but_words() -> None:
    svg = charts.barres("b", "Titre", "", [charts.Barre("sms", share(0, 0))])
    assert list(svg.iter("rect")) == []
    assert "rien à compter" in words(svg)


def test_a_long_name_is_cut_in_the_drawing() -> None:
    svg = charts.barres("b", "Titre", "", [charts.Barre("x" * 40, share(1, 1))])
    assert "x" * 24 + "…" in words(svg)


def test_a_chart_is_named_and_described() -> None:
    svg = charts.barres("b", "Titre", "Ce qui se voit.", [])
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "b-titre b-description"
    assert [svg.findtext("title"), svg.findtext("desc")] == ["Titre", "Ce qui se voit."]


def test_a_difference_is_drawn_on_its_side_of_zero() -> None:
    lines = [
        charts.Ecart("mieux", 0.1, (0.0, 0.2)),
        charts.Ecart("moins bien", -0.2, (-0.2, 0.0)),
    ]
    svg = charts.ecarts("e", "Titre", "", lines)
    first, second = (float(circle.get("cx") or 0) for circle in svg.iter("circle"))
    # The scale goes from -0.2 to 0.2.
    assert first == pytest.approx(charts.NOMS + 0.75 * WIDTH)
    assert second == pytest.approx(charts.NOMS)
    assert {"+10,0 pt", "−20,0 pt"} <= set(words(svg))


def test_reliability_has_a_point_for_each_class_that_is_not_empty() -> None:
    measure = fiabilite([tour(confiance=1.0), silent(0.0), silent(0.05)])
    svg = charts.fiabilite("f", "Titre", "", measure)
    places = [(circle.get("cx"), circle.get("cy")) for circle in svg.iter("circle")]
    # Mean confidence 0.025 with nothing proved; 1 with all proved: the upper right corner.
    assert places == [("83.8", "284.0"), ("620.0", "20.0")]
    assert {"1", "2"} <= set(words(svg))


def test_the_histogram_counts_and_marks_its_quantiles() -> None:
    sorted_times = classes([10.0, 19.9, 20.0, 40.0, 100.0])
    svg = charts.histogramme("h", "Titre", "", sorted_times, [("Médiane", 20.0)])
    heights = [float(bar.get("height") or 0) for bar in svg.iter("rect")]
    # Two answers of a scale that goes to 5, over 264 units.
    assert heights[1] == pytest.approx(2 / 5 * 264, abs=0.1)
    (mark,) = [path for path in svg.iter("path") if path.get("class") == "repere"]
    assert (mark.get("d") or "").startswith("M180.0,")  # 70 + 2/10 of 550
    assert "Médiane" in words(svg)


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.0, "0,0 pt"), (0.0004, "0,0 pt"), (-0.0004, "0,0 pt"), (0.123, "+12,3 pt"),
     (-0.5, "−50,0 pt")],
)  # fmt: skip
def test_points_have_their_sign(value: float, written: str) -> None:
    assert charts.points(value) == written


def test_bars_are_summed_up_from_the_lowest_to_the_highest() -> None:
    bars = [charts.Barre("SMS", share(1, 4)), charts.Barre("vide", share(0, 0))]
    assert resume(bars) == "Partout 25,0 %."
    assert resume([*bars, charts.Barre("formel", share(3, 4))]) == (
        "De 25,0 % (sms) à 75,0 % (formel)."
    )
    assert resume([]) == "Rien à compter."


def test_french_spaces_do_not_break() -> None:
    assert espaces("« a » : 5 % ; 3 ms ? -2 pt !") == (
        "«\u00a0a\u00a0»\u00a0: 5\u00a0%\u00a0; 3\u00a0ms\u00a0? -2\u00a0pt\u00a0!"
    )


def test_what_no_page_may_hold_or_obey_is_replaced_and_the_rest_kept() -> None:
    assert lisible("a\x00\x1b\ud800b\u202ec") == "a\ufffd\ufffd\ufffdb\ufffdc"
    kept = "7\u00a0885\u202f€ l\u2019\u00ad1\r\n2\t3"
    assert lisible(kept) == kept.replace("\r\n", "\n")


def test_words_are_text_and_never_elements() -> None:
    parent = Element("p")
    assert dit(parent, "b", "<i>x</i>").text == "<i>x</i>"
    assert list(parent[0]) == []
