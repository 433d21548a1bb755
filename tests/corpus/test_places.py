"""Where words stand on the pages of their source."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corpus.canonical import build_canonical, build_loaded
from corpus.library import Corpus
from corpus.loading.models import BlocCharge, DocumentCharge, TexteSitue
from corpus.models import Boite, DocumentCanonique, FicheDocument
from corpus.places import boxes_of, page_at

MakeFiche = Callable[..., FicheDocument]


def box(debut: int, fin: int, page: int) -> Boite:
    return Boite(debut, fin, page, 72.0, 100.0 + debut, 90.0, 110.0 + debut)


@pytest.fixture(scope="module")
def document(make_fiche: MakeFiche) -> DocumentCanonique:
    """« Un titre » on page 1, « deux pages » over pages 1 and 2, a paragraph without places."""
    blocs = (
        BlocCharge(
            nature="titre",
            niveau=1,
            page=1,
            contenu=TexteSitue(texte="Un titre", boites=(box(0, 2, 1), box(3, 8, 1))),
        ),
        BlocCharge(
            nature="paragraphe",
            page=1,
            contenu=TexteSitue(texte="deux pages", boites=(box(0, 4, 1), box(5, 10, 2))),
        ),
        BlocCharge(nature="paragraphe", page=3, contenu=TexteSitue(texte="sans place")),
    )
    charge = DocumentCharge(format="pdf", blocs=blocs, pages=3)
    return build_loaded(charge, make_fiche(format="pdf", mise_en_page=None))


def words(document: DocumentCanonique, debut: int, fin: int) -> list[str]:
    return [document.texte[b.debut : b.fin] for b in boxes_of(document, debut, fin)]


def test_the_boxes_of_a_span_are_those_of_its_words(document: DocumentCanonique) -> None:
    start = document.texte.index("deux")
    assert words(document, start, start + 10) == ["deux", "pages"]
    assert words(document, 0, start) == ["Un", "titre"]
    assert words(document, 0, len(document.texte)) == ["Un", "titre", "deux", "pages"]


def test_a_span_that_cuts_a_word_has_its_box(document: DocumentCanonique) -> None:
    start = document.texte.index("titre")
    assert words(document, start + 2, start + 3) == ["titre"]
    assert words(document, start + 4, document.texte.index("eux")) == ["titre", "deux"]


def test_a_span_between_words_has_no_box(document: DocumentCanonique) -> None:
    assert words(document, 2, 3) == []
    assert words(document, document.texte.index("sans"), len(document.texte)) == []


def test_a_word_is_on_the_page_of_its_box(document: DocumentCanonique) -> None:
    assert page_at(document, document.texte.index("deux")) == 1
    assert page_at(document, document.texte.index("pages")) == 2
    assert page_at(document, document.texte.index("ages")) == 2


def test_a_space_is_on_the_page_of_the_word_before_it(document: DocumentCanonique) -> None:
    assert page_at(document, document.texte.index(" pages")) == 1


def test_a_word_without_box_is_on_the_page_of_its_block(document: DocumentCanonique) -> None:
    assert page_at(document, document.texte.index("sans")) == 3


def test_a_text_without_boxes_has_the_pages_of_its_blocks(corpus: Corpus) -> None:
    paged = corpus.documents["000"]
    assert paged.boites == ()
    for bloc in paged.blocs:
        assert page_at(paged, bloc.debut) == page_at(paged, bloc.fin - 1) == bloc.page
    assert boxes_of(paged, 0, 10) == ()


def test_a_text_without_pages_has_none(make_fiche: MakeFiche) -> None:
    assert page_at(build_canonical("Un paragraphe.\n", make_fiche()), 3) is None


@pytest.mark.parametrize(("debut", "fin"), [(-1, 2), (3, 3), (4, 3), (0, 10_000)])
def test_a_span_out_of_the_text_is_an_error(
    document: DocumentCanonique, debut: int, fin: int
) -> None:
    with pytest.raises(ValueError, match="hors du texte"):
        boxes_of(document, debut, fin)
