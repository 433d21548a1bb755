"""The documents worth comparing with a text: found without reading them all, and none missed."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.base.kinship import recognise
from corpus.base.models import EntreeBase
from corpus.base.proposal import Proposition, propose, settled
from corpus.base.voisinage import KEPT, Voisinage, traits_of
from corpus.library import Corpus
from corpus.loading.limits import LIMITES
from corpus.loading.worker import read_content
from corpus.models import DocumentCanonique

TODAY, LATER = date(2026, 11, 22), date(2027, 2, 1)
ZERO = "0" * 64
LARGE = tuple(pytest.param(name, marks=pytest.mark.long) for name in ("001", "002", "004"))


@pytest.fixture(scope="module")
def known(corpus: Corpus) -> dict[str, EntreeBase]:
    return {
        name: EntreeBase(fiche=document.fiche, texte=document.version, origine="livre")
        for name, document in corpus.documents.items()
    }


@pytest.fixture
def near(known: dict[str, EntreeBase], corpus: Corpus) -> Voisinage:
    def read(entree: EntreeBase) -> DocumentCanonique:
        return corpus.documents[entree.fiche.id]

    found = Voisinage(read)
    found.follow(known)
    return found


def proposed(content: str, name: str = "texte.txt", today: date = TODAY) -> Proposition:
    charge = read_content(content.encode(), name, LIMITES, lambda _done, _total: None)
    return propose(charge, name, ZERO, (), today)


def every_other_sentence(text: str) -> str:
    return ". ".join(text.split(". ")[::2])


@pytest.mark.parametrize("document", ["000", "003", *LARGE])
@pytest.mark.parametrize("change", [str, every_other_sentence, str.upper])
def test_what_is_told_of_a_text_is_what_comparing_it_with_all_would_tell(  # noqa: PLR0917
    document: str,
    change: type[str],
    near: Voisinage,
    known: dict[str, EntreeBase],
    corpus: Corpus,
    sources: dict[str, str],
) -> None:
    text = proposed(change(sources[document]))

    def read(entree: EntreeBase) -> DocumentCanonique:
        return corpus.documents[entree.fiche.id]

    few = near.of(text, traits_of(text.document))
    assert recognise(text, few, read) == recognise(text, known, read)


def test_a_text_that_looks_like_none_is_compared_with_none(near: Voisinage) -> None:
    text = proposed("Recette. Battez les œufs avec le sucre, puis versez la farine tamisée.")
    assert near.of(text, traits_of(text.document)) == {}


def test_a_text_that_announces_another_is_compared_with_it(near: Voisinage) -> None:
    text = proposed("Circulaire n° 2026-014\n\nElle annule et remplace la circulaire n° 2021-006.")
    assert [*near.of(text, traits_of(text.document))] == ["004"]


def test_the_same_file_is_known_at_once(near: Voisinage, known: dict[str, EntreeBase]) -> None:
    assert near.same_file(known["003"].fiche.sha256) == known["003"]
    assert near.same_file(ZERO) is None


def test_a_document_that_left_is_compared_with_nothing_any_more(
    near: Voisinage, known: dict[str, EntreeBase], sources: dict[str, str]
) -> None:
    near.follow({name: entree for name, entree in known.items() if name != "003"})
    text = proposed(sources["003"])
    assert "003" not in near.of(text, traits_of(text.document))


def test_what_is_found_is_the_same_once_there_are_many(
    near: Voisinage, known: dict[str, EntreeBase], sources: dict[str, str]
) -> None:
    text = proposed(every_other_sentence(sources["002"]))
    before = near.of(text, traits_of(text.document))
    for rank in range(300):
        fiche = known["003"].fiche.model_copy(update={"id": f"autre-{rank}"})
        entree = EntreeBase(fiche=fiche, texte=f"{rank:012x}", origine="apporte")
        near.put(entree, tuple(range(rank * KEPT, (rank + 1) * KEPT)))
    assert near.of(text, traits_of(text.document)) == before


@pytest.mark.parametrize(
    "content",
    [
        "# Note de cadrage Clas 2026-2027\n\nLa Caf du Gard lance l'appel à projets.",
        "# Une note sans date\n\nElle ne dit ni quand ni pour qui.",
        "Circulaire n° 2026-014\n\nParis, le 12/05/2026\n\nObjet : le Clas",
    ],
)
def test_a_proposal_made_elsewhere_is_settled_as_if_made_here(content: str) -> None:
    name = "a.md"
    charge = read_content(content.encode(), name, LIMITES, lambda _done, _total: None)
    first = propose(charge, name, ZERO, (), TODAY)
    taken = {first.fiche.id, f"{first.fiche.id[:34]}-2"}
    assert settled(first, taken, LATER) == propose(charge, name, ZERO, taken, LATER)
