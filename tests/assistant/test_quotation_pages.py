"""A citation of a file with pages names the page that its first word stands on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.models import Citation
from assistant.quotation import Verificateur
from corpus.canonical import build_loaded
from corpus.loading.models import BlocCharge, DocumentCharge, TexteSitue
from corpus.models import Boite, DocumentCanonique, FicheDocument

WORDS = "Le porteur transmet son bilan annuel à la Caf avant la fin du mois de juin."
TURN = WORDS.index("avant")
"""The second half of the sentence is on the next page."""


@pytest.fixture
def document(make_fiche: Callable[..., FicheDocument]) -> DocumentCanonique:
    """One paragraph that begins on page 4 and ends on page 5."""
    boxes, start = [], 0
    for word in WORDS.split():
        page = 4 if start < TURN else 5
        boxes.append(Boite(start, start + len(word), page, 0.0, 0.0, 1.0, 1.0))
        start += len(word) + 1
    charge = DocumentCharge(
        format="pdf",
        pages=5,
        blocs=(
            BlocCharge(
                nature="paragraphe",
                contenu=TexteSitue(texte=WORDS, boites=tuple(boxes)),
                page=4,
            ),
        ),
    )
    return build_loaded(charge, make_fiche(format="pdf", mise_en_page=None))


@pytest.mark.parametrize(
    ("words", "page"), [("Le porteur transmet son bilan", 4), ("avant la fin du mois de juin", 5)]
)
def test_a_citation_is_on_the_page_of_its_first_word(
    document: DocumentCanonique, words: str, page: int
) -> None:
    start = document.texte.index(words)
    cited = Verificateur({"essai": document}).citer("essai", start, start + len(words))
    assert isinstance(cited, Citation)
    assert cited.page == page
