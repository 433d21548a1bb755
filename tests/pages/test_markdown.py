from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages_clas.markdown import en_html, en_texte


def test_a_mark_leads_to_its_citation() -> None:
    rendu = en_html("Deux séances. [2]", citations=2, prefixe="citation-1-")
    assert 'href="#citation-1-2"' in rendu


def test_a_mark_without_a_citation_stays_plain_words() -> None:
    assert en_html("Voir [3]", citations=2, prefixe="c") == "<p>Voir [3]</p>"


def test_an_escaped_bracket_is_not_a_mark() -> None:
    assert en_html(r"Note \[1\]", citations=1, prefixe="c") == "<p>Note [1]</p>"


def test_bold_lists_and_paragraphs_are_rendered() -> None:
    rendu = en_html("**Circulaire** : « a »\n\n- un\n- deux", citations=0, prefixe="c")
    assert rendu == "<p><strong>Circulaire</strong> : « a »</p><ul><li>un</li><li>deux</li></ul>"


def test_a_lone_double_star_stays_as_it_is() -> None:
    assert en_html("5 ** 2", citations=0, prefixe="c") == "<p>5 ** 2</p>"


@pytest.mark.parametrize(
    "mots",
    [
        "<img src=x onerror=alert(1)>",
        "[lien](https://exemple.fr)",
        "$x^2$",
        ":red[rouge]",
        "a -> b",
    ],
)
def test_other_signs_are_shown_as_they_are(mots: str) -> None:
    attendu = mots.replace("<", "&lt;").replace(">", "&gt;")
    assert en_html(mots, citations=0, prefixe="c") == f"<p>{attendu}</p>"


def test_plain_text_keeps_marks_and_drops_signs() -> None:
    assert en_texte("**Note** : a\\*b [1]\n\n- un\n- deux") == "Note : a*b [1]\n\n- un\n- deux"


@given(st.text())
def test_no_tag_but_our_own_comes_out(texte: str) -> None:
    rendu = en_html(texte, citations=3, prefixe="c")
    for balise in ("p", "ul", "li", "br", "strong", "a", "span"):
        rendu = rendu.replace(f"<{balise}>", "").replace(f"</{balise}>", "")
    for numero in ("1", "2", "3"):
        rendu = rendu.replace(f'<a class="clas-appel" href="#c{numero}">', "")
    assert "<" not in rendu.replace('<span class="clas-lu">', "")
