from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from corpus.canonical import build_canonical
from corpus.library import Corpus
from corpus.models import Bloc, DocumentCanonique, FicheDocument, Passage
from corpus.passages import MAXIMUM, TARGET, cut_passages
from corpus.sentences import split_sentences
from corpus.units import cut_units

MakeFiche = Callable[..., FicheDocument]
HEADINGS = ("titre", "question", "encadre")
LISTED = ("element", "ligne_tableau")


@pytest.fixture(scope="module")
def passages(corpus: Corpus) -> dict[str, tuple[Passage, ...]]:
    return {name: cut_passages(document) for name, document in corpus.documents.items()}


def blocks_of(document: DocumentCanonique, passage: Passage) -> list[Bloc]:
    return [b for b in document.blocs if b.debut < passage.fin and b.fin > passage.debut]


Passages = dict[str, tuple[Passage, ...]]


def test_a_passage_is_exactly_its_slice_of_the_text(corpus: Corpus, passages: Passages) -> None:
    for name, found in passages.items():
        document = corpus.documents[name]
        for passage in found:
            assert passage.texte == document.texte[passage.debut : passage.fin]
            assert passage.texte.strip() == passage.texte != ""
            assert passage.version == document.version
            assert passage.id == f"{name}@{document.version}:{passage.debut}-{passage.fin}"


def test_passages_cover_all_but_headings_and_links_exactly_once(
    corpus: Corpus, passages: Passages
) -> None:
    for name, found in passages.items():
        document = corpus.documents[name]
        times = [0] * len(document.texte)
        for passage in found:
            for position in range(passage.debut, passage.fin):
                times[position] += 1
        for bloc in document.blocs:
            wanted = 0 if bloc.nature in (*HEADINGS, "lien") else 1
            places = [p for p in range(bloc.debut, bloc.fin) if not document.texte[p].isspace()]
            assert {times[p] for p in places} == {wanted}


def test_passages_come_in_the_order_of_the_text(passages: Passages) -> None:
    for found in passages.values():
        ends = [0, *(passage.fin for passage in found)]
        assert all(p.debut >= end for p, end in zip(found, ends, strict=False))


def test_no_passage_cuts_a_sentence_or_a_list_item(corpus: Corpus, passages: Passages) -> None:
    for name, found in passages.items():
        document = corpus.documents[name]
        starts, ends = set(), set()
        for bloc in document.blocs:
            whole = [(bloc.debut, bloc.fin)]
            parts = split_sentences(document.texte, bloc.debut, bloc.fin)
            for debut, fin in whole if bloc.nature in LISTED else parts:
                starts.add(debut)
                ends.add(fin)
        for passage in found:
            assert passage.debut in starts
            assert passage.fin in ends


def test_a_passage_belongs_to_one_section(corpus: Corpus, passages: Passages) -> None:
    for name, found in passages.items():
        for passage in found:
            blocs = blocks_of(corpus.documents[name], passage)
            assert {b.section for b in blocs} == {passage.section}


def test_a_passage_names_the_page_that_it_begins_on(corpus: Corpus, passages: Passages) -> None:
    for name, found in passages.items():
        for passage in found:
            assert passage.page == blocks_of(corpus.documents[name], passage)[0].page


def test_a_passage_is_no_longer_than_said(passages: Passages) -> None:
    for found in passages.values():
        assert max(len(p.texte) for p in found) <= MAXIMUM


def test_a_short_passage_is_all_that_its_place_holds(corpus: Corpus, passages: Passages) -> None:
    for name, found in passages.items():
        document = corpus.documents[name]
        for passage, after in itertools.pairwise(found):
            if len(passage.texte) >= TARGET or passage.section != after.section:
                continue
            first = blocks_of(document, after)[0]
            parted = any(
                b.nature in (*HEADINGS, "lien") and passage.fin <= b.debut < after.debut
                for b in document.blocs
            )
            items = [b for b in document.blocs if b.introduit_par == first.numero]
            end = items[-1].fin if items else first.fin
            assert parted or end - passage.debut > MAXIMUM


def test_most_passages_have_the_length_that_was_measured_best(passages: Passages) -> None:
    lengths = sorted(len(p.texte) for found in passages.values() for p in found)
    assert 250 <= lengths[len(lengths) // 2] <= 450


def test_an_item_too_long_for_a_passage_stays_whole(make_fiche: MakeFiche) -> None:
    item = "- " + " ".join(f"La phrase numéro {n} du même point de la liste." for n in range(40))
    document = build_canonical(f"Il faut :\n\n{item}\n- court.\n", make_fiche())
    assert item in [passage.texte for passage in cut_passages(document)]


def test_a_long_paragraph_is_cut_between_sentences_into_like_parts(make_fiche: MakeFiche) -> None:
    text = " ".join(f"La phrase numéro {n} dit une chose utile." for n in range(60))
    found = cut_passages(build_canonical(text, make_fiche()))
    assert " ".join(passage.texte for passage in found) == text
    assert all(passage.texte.startswith("La phrase") for passage in found)
    assert max(len(p.texte) for p in found) <= MAXIMUM
    assert min(len(p.texte) for p in found) >= TARGET / 2


def test_a_sentence_without_end_is_one_passage(make_fiche: MakeFiche) -> None:
    text = "mot " * 2000
    (found,) = cut_passages(build_canonical(text, make_fiche()))
    assert found.texte == text.strip()


def test_a_short_list_stays_with_its_introduction(make_fiche: MakeFiche) -> None:
    filler = "Une phrase de remplissage assez longue pour compter. " * 6
    source = f"{filler}\n\nIl faut :\n\n- un lieu ;\n- deux adultes.\n"
    found = cut_passages(build_canonical(source, make_fiche()))
    assert found[-1].texte.endswith("Il faut :\n- un lieu ;\n- deux adultes.")


# Units: what an answer quotes.


def test_units_stand_inside_their_passage_and_their_introduction_before_them(
    corpus: Corpus, passages: Passages
) -> None:
    for name, found in passages.items():
        for passage in found:
            for unit in cut_units(passage, corpus.documents[name]):
                assert passage.debut <= unit.debut < unit.fin <= passage.fin
                if unit.introduction is not None:
                    assert unit.introduction[0] < unit.introduction[1] <= unit.debut


def test_units_that_are_not_lists_cover_their_passage_once(
    corpus: Corpus, passages: Passages
) -> None:
    for name, found in passages.items():
        document = corpus.documents[name]
        for passage in found:
            end = passage.debut
            plain = [u for u in cut_units(passage, document) if not u.liste]
            for unit in plain:
                assert not document.texte[end : unit.debut].strip()
                end = unit.fin
            assert end == passage.fin


def test_a_list_is_a_unit_with_the_sentence_that_introduces_it(
    corpus: Corpus, passages: Passages
) -> None:
    document = corpus.documents["002"]
    lists = [
        document.texte[unit.debut : unit.fin]
        for passage in passages["002"]
        for unit in cut_units(passage, document)
        if unit.liste
    ]
    assert (
        "Attention : en milieu rural (commune de moins de 5000 habitants), selon la spécificité "
        "du territoire, peuvent être acceptés :\n- Collectif de 5 enfants\n- Un animateur pour un "
        "collectif inférieur à 8 enfants\n- Une séance hebdomadaire de 2 h min"
    ) in lists


def test_an_item_is_a_unit_with_the_place_of_its_introduction(
    corpus: Corpus, passages: Passages
) -> None:
    document = corpus.documents["002"]
    (unit,) = [
        unit
        for passage in passages["002"]
        for unit in cut_units(passage, document)
        if document.texte[unit.debut : unit.fin] == "- Collectif de 5 enfants"
    ]
    assert unit.introduction is not None
    assert document.texte[slice(*unit.introduction)].startswith("Attention : en milieu rural")
