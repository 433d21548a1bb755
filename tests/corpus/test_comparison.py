"""Comparison of two versions of a text: what changed, and what became of some words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.canonical import build_canonical
from corpus.comparison.alignment import Alignement, align
from corpus.comparison.anchoring import Devenir, follow
from corpus.comparison.changes import Changement, list_changes
from corpus.library import load_corpus
from corpus.models import DocumentCanonique, FicheDocument

MakeFiche = Callable[..., FicheDocument]
Build = Callable[[str], DocumentCanonique]

CIRCULAIRE = """# Le financement

Le prix plafond est fixé à 7 885 € par collectif et par an.

Le porteur doit transmettre son bilan à la Caf avant le 30 juin.

# Le collectif

Un collectif est un groupe de 8 à 12 enfants maximum.

Il se réunit deux fois par semaine, en dehors du temps scolaire.

- Les séances sont gratuites pour les familles.
- Les locaux sont accessibles aux parents.

# Le suivi

La Caf ne peut verser le solde sans bilan qualitatif.
"""


@pytest.fixture
def build(make_fiche: MakeFiche) -> Build:
    """Makes the canonical text of a Markdown source."""
    return lambda source: build_canonical(source, make_fiche())


def compare(build: Build, new: str) -> tuple[Changement, ...]:
    return list_changes(align(build(CIRCULAIRE), build(new)))


def changed(build: Build, new: str) -> list[tuple[str, str]]:
    """Nature and first words of each block that is not as it was."""
    document = build(new)
    old = build(CIRCULAIRE)
    return [
        (
            change.nature,
            document.texte[slice(*change.nouveau)][:24]
            if change.nouveau
            else old.texte[slice(*change.ancien or (0, 0))][:24],
        )
        for change in list_changes(align(old, document))
        if change.nature != "inchange"
    ]


def fate(build: Build, new: str, words: str) -> Devenir:
    old = build(CIRCULAIRE)
    start = old.texte.index(words)
    return follow(align(old, build(new)), start, start + len(words))


def test_a_text_compared_with_itself_has_not_changed(build: Build) -> None:
    assert changed(build, CIRCULAIRE) == []


def test_a_new_amount_is_a_change_of_substance_of_its_block_alone(build: Build) -> None:
    new = CIRCULAIRE.replace("7 885", "8 120")
    assert changed(build, new) == [("fond", "Le prix plafond est fixé")]


def test_the_old_and_the_new_amount_are_both_told(build: Build) -> None:
    new = CIRCULAIRE.replace("7 885", "8 120")
    change = next(c for c in compare(build, new) if c.nature == "fond")
    assert [m.ecrit for m in change.perdues] == ["7 885 €"]
    assert [m.ecrit for m in change.venues] == ["8 120 €"]


def test_must_turned_into_may_is_a_change_of_substance(build: Build) -> None:
    new = CIRCULAIRE.replace("doit transmettre", "peut transmettre")
    assert changed(build, new) == [("fond", "Le porteur doit transmet".replace("doit", "peut"))]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("8 à 12", "12 à 8"),
        ("ne peut verser", "peut verser"),
        ("avant le 30 juin", "après le 30 juin"),
        ("30 juin", "30 juillet"),
        ("deux fois", "trois fois"),
        ("12 enfants maximum", "12 enfants"),
        ("sans bilan", "avec bilan"),
    ],
)
def test_a_word_that_a_rule_hangs_on_makes_a_change_of_substance(
    build: Build, old: str, new: str
) -> None:
    assert old in CIRCULAIRE
    assert [nature for nature, _ in changed(build, CIRCULAIRE.replace(old, new))] == ["fond"]


def test_other_words_for_the_same_rule_are_a_rewording(build: Build) -> None:
    new = CIRCULAIRE.replace(
        "Les locaux sont accessibles aux parents", "Les parents ont accès aux locaux"
    )
    assert [nature for nature, _ in changed(build, new)] == ["reformule"]


def test_lines_cut_elsewhere_are_no_change_of_words(build: Build) -> None:
    new = CIRCULAIRE.replace("7 885 €", "7\u00a0885\u202f€").replace("l'", "l’")
    assert {nature for nature, _ in changed(build, new)} <= {"remis_en_page"}


def test_a_section_put_elsewhere_is_moved_and_nothing_else(build: Build) -> None:
    head, collectif = CIRCULAIRE.split("# Le collectif")
    collectif, suivi = collectif.split("# Le suivi")
    moved = changed(build, f"{head}# Le suivi{suivi}\n# Le collectif{collectif}")
    assert {nature for nature, _ in moved} == {"deplace"}


def test_a_paragraph_added_is_told_with_its_figures(build: Build) -> None:
    new = f"{CIRCULAIRE}\nUn bonus de 150 € récompense les projets de lecture.\n"
    change = next(c for c in compare(build, new) if c.nature == "ajoute")
    assert [m.ecrit for m in change.venues] == ["150 €"]


def test_a_paragraph_taken_away_is_told_where_it_stood(build: Build) -> None:
    gone = "Il se réunit deux fois par semaine, en dehors du temps scolaire.\n\n"
    natures = [change.nature for change in compare(build, CIRCULAIRE.replace(gone, ""))]
    assert natures.index("retire") == 5


def test_words_quoted_from_an_unchanged_sentence_are_the_same(build: Build) -> None:
    new = CIRCULAIRE.replace("7 885", "8 120")
    assert fate(build, new, "8 à 12 enfants maximum").sort == "inchange"


def test_words_quoted_from_a_moved_section_are_moved(build: Build) -> None:
    head, rest = CIRCULAIRE.split("# Le collectif")
    rest, suivi = rest.split("# Le suivi")
    new = f"{head}# Le suivi{suivi}\n# Le collectif{rest}"
    assert fate(build, new, "La Caf ne peut verser le solde").sort == "deplace"


def test_a_quotation_whose_figure_changed_tells_the_new_one(build: Build) -> None:
    found = fate(build, CIRCULAIRE.replace("7 885", "8 120"), "fixé à 7 885 € par collectif")
    assert found.sort == "change"
    assert found.nouveau == "fixé à 8 120 € par collectif"


def test_a_quotation_beside_a_change_is_the_same(build: Build) -> None:
    new = CIRCULAIRE.replace("avant le 30 juin", "avant le 15 juin")
    assert fate(build, new, "Le porteur doit transmettre son bilan").sort == "inchange"


def test_a_quotation_whose_last_word_changed_shows_what_took_its_place(build: Build) -> None:
    new = CIRCULAIRE.replace("12 enfants maximum.", "12 enfants au plus.")
    assert fate(build, new, "8 à 12 enfants maximum").nouveau == "8 à 12 enfants au plus"


def test_a_quotation_of_a_sentence_taken_away_is_gone(build: Build) -> None:
    new = CIRCULAIRE.replace("Il se réunit deux fois par semaine, en dehors du temps scolaire.", "")
    assert fate(build, new, "deux fois par semaine").sort == "disparu"


def test_words_that_also_stand_elsewhere_are_followed_where_they_stood(build: Build) -> None:
    twice = CIRCULAIRE + "\nEn bref : un groupe de 8 à 12 enfants maximum.\n"
    new = twice.replace(
        "Un collectif est un groupe de 8 à 12", "Un collectif est un groupe de 6 à 10"
    )
    old = build(twice)
    start = old.texte.index("8 à 12 enfants")
    found = follow(align(old, build(new)), start, start + len("8 à 12 enfants"))
    assert (found.sort, found.nouveau) == ("change", "6 à 10 enfants")


def test_a_place_without_words_cannot_be_followed(build: Build) -> None:
    alignment = align(build(CIRCULAIRE), build(CIRCULAIRE))
    with pytest.raises(ValueError, match="aucun mot"):
        follow(alignment, 0, 0)


@pytest.fixture(scope="module")
def unchanged() -> dict[str, Alignement]:
    """Each text of the corpus, aligned with itself."""
    return {name: align(text, text) for name, text in load_corpus().documents.items()}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_word_of_an_unchanged_text_is_followed_to_itself(
    unchanged: dict[str, Alignement], data: st.DataObject
) -> None:
    alignment = unchanged[data.draw(st.sampled_from(sorted(unchanged)))]
    mots = alignment.ancien.mots
    first = data.draw(st.integers(0, len(mots) - 1))
    last = data.draw(st.integers(first, min(first + 60, len(mots) - 1)))
    found = follow(alignment, mots[first].debut, mots[last].fin)
    assert (found.sort, found.debut, found.fin) == ("inchange", mots[first].debut, mots[last].fin)
