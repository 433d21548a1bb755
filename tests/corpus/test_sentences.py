from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.library import Corpus
from corpus.sentences import split_sentences


def sentences(texte: str) -> list[str]:
    return [texte[debut:fin] for debut, fin in split_sentences(texte)]


@pytest.mark.parametrize(
    "parts",
    [
        ["Il finance le Clas.", "Les Caf payent.", "Fin."],
        ["Est-ce possible ?", "Oui !", "Voir plus loin…", "Et après."],
        ["Le groupe a 8 à 12 enfants.", "27 semaines sont prévues."],
        ["Il vaut 32,5 %.", "Élargir les centres d’intérêt est un but."],
        ["C’est « prévu dans les instances ».", "Les Clas sont pilotés."],
        ["La dimension « de détour ».", "« En revanche » est cité."],
        ["Les actions durent de N à N+1.", "Il n’y a pas de charge."],
        ["Le site est caf.fr.", "On le consulte."],
        ["Des sorties, des fêtes, etc.", "Les parents viennent."],
    ],
)
def test_a_sentence_ends_where_the_next_begins(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


@pytest.mark.parametrize(
    "sentence",
    [
        "Voir art. 5 du texte.",
        "Les exigences (cf. Annexe 2) demeurent.",
        "Selon M. Dupont et Mme. Durand, tout va.",
        "L’avis de F. Marinacce compte.",
        "Les actions (ex/ Reaap, ex. Pedt) comptent.",
        "Le prix est de 7 885.50 € par an.",
        "La version 2.2 du texte.",
        "On écrit à Caf.fr pour cela.",
        "Des temps forts (fêtes, etc.) réunissent les parents.",
        "La fiche n°4 de la Cog 2018-2022.",
        "Le dispositif (Pre, Pedt, cité éducative...) est partagé.",
        "Une heure 30 min. par séance.",
        "Voir p. 12 du document.",
    ],
)
def test_a_full_stop_inside_a_sentence_ends_nothing(sentence: str) -> None:
    assert sentences(sentence) == [sentence]


def test_a_short_word_before_a_full_stop_is_no_abbreviation() -> None:
    for word in ("Clas", "Caf", "ans", "lieu", "Ps", "mois", "2023", "(Cog)", "€"):
        assert len(sentences(f"C’est le cas de {word}. Les autres suivent.")) == 2, word


@given(st.text(max_size=200))
def test_sentences_of_any_text_are_in_order_and_leave_out_only_white_space(texte: str) -> None:
    end = 0
    for debut, fin in split_sentences(texte):
        assert not texte[end:debut].strip()
        assert fin > debut
        assert not texte[debut].isspace()
        assert not texte[fin - 1].isspace()
        end = fin
    assert not texte[end:].strip()


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_a_part_of_a_text_is_split_without_looking_outside(
    before: str, inside: str, after: str
) -> None:
    shifted = [
        (debut - len(before), fin - len(before))
        for debut, fin in split_sentences(
            before + inside + after, len(before), len(before) + len(inside)
        )
    ]
    assert all(0 <= debut < fin <= len(inside) for debut, fin in shifted)


def test_no_sentence_of_the_corpus_begins_with_a_small_letter_after_a_full_stop(
    corpus: Corpus,
) -> None:
    for document in corpus.documents.values():
        for bloc in document.blocs:
            for debut, _ in split_sentences(document.texte, bloc.debut, bloc.fin)[1:]:
                assert not document.texte[debut].islower()


def test_known_paragraphs_have_their_sentences(corpus: Corpus) -> None:
    document = corpus.documents["000"]
    start = document.texte.index("Le cofinancement est un principe")
    bloc = next(b for b in document.blocs if b.debut == start)
    found = [document.texte[a:b] for a, b in split_sentences(document.texte, bloc.debut, bloc.fin)]
    assert found == [
        "Le cofinancement est un principe obligatoire.",
        (
            "Le porteur de projet Clas devra solliciter chaque financeur potentiel directement "
            "selon les modalités respectives de dépôt de chacun."
        ),
    ]
