from __future__ import annotations

import re
from html import unescape

import pytest

from corpus.library import load_corpus
from corpus.models import DocumentCanonique
from pages_clas.balises import Marque, echapper, marquer, surligner
from pages_clas.texte_html import contexte_html, plan, texte_html


@pytest.fixture(scope="module")
def documents() -> dict[str, DocumentCanonique]:
    return dict(load_corpus().documents)


def _mots_visibles(rendu: str) -> str:
    sans_lu = re.sub(r'<span class="clas-lu">.*?</span>', "", rendu)
    return unescape(re.sub(r"<[^>]*>", "", sans_lu))


def test_every_word_of_every_text_is_shown_in_order(
    documents: dict[str, DocumentCanonique],
) -> None:
    for document in documents.values():
        rendu = re.sub(r'<p class="clas-(page|trou)">.*?</p>', "", texte_html(document, ()))
        rendu = re.sub(r'<h\d [^>]*class="clas-restitue">.*?</h\d>', "", rendu)
        assert "".join(_mots_visibles(rendu).split()) == "".join(document.texte.split())


def test_missing_content_is_shown_just_after_the_words_that_announce_it(
    documents: dict[str, DocumentCanonique],
) -> None:
    rendu = _mots_visibles(texte_html(documents["004"], ()))
    avant, apres = rendu.split("Contenu manquant :")
    assert avant.rstrip("!").endswith("dans le tableau ci-dessous :")
    assert apres.strip().startswith("le tableau des critères")


def test_pages_are_numbered_where_the_source_has_pages(
    documents: dict[str, DocumentCanonique],
) -> None:
    rendu = texte_html(documents["000"], ())
    pages = [int(p) for p in re.findall(r'<p class="clas-page">Page (\d+)</p>', rendu)]
    assert pages == sorted(set(pages))
    assert len(pages) > 1
    assert "clas-page" not in texte_html(documents["001"], ())


def test_heading_levels_never_skip_one(documents: dict[str, DocumentCanonique]) -> None:
    for document in documents.values():
        niveau = 2
        for suivant in map(int, re.findall(r"<h(\d) ", texte_html(document, ()))):
            assert suivant <= niveau + 1
            niveau = suivant


def test_every_line_of_the_outline_leads_to_one_heading(
    documents: dict[str, DocumentCanonique],
) -> None:
    for document in documents.values():
        rendu = texte_html(document, ())
        ancres = [titre.ancre for titre in plan(document)]
        assert len(set(ancres)) == len(ancres)
        assert all(rendu.count(f'id="{ancre}"') == 1 for ancre in ancres)


def test_headings_that_the_source_lost_are_in_the_outline_and_said_to_be_restored(
    documents: dict[str, DocumentCanonique],
) -> None:
    restitues = [titre.texte for titre in plan(documents["004"]) if titre.restitue]
    assert "I. Le cadre partenarial du dispositif Clas" in restitues
    assert texte_html(documents["004"], ()).count("(titre restitué)") == len(restitues)


def test_overlapping_marks_keep_the_words_and_one_id_each() -> None:
    texte = "Deux séances par semaine"
    marques = [
        Marque(debut=0, fin=12, type="citation"),
        Marque(debut=5, fin=16, type="courant"),
    ]
    rendu = surligner(texte, 0, len(texte), marques)
    assert _mots_visibles(rendu) == texte
    assert rendu.count('id="passage-cite"') == rendu.count('id="resultat-courant"') == 1
    assert '<mark class="clas-citation clas-courant" id="resultat-courant"' in rendu


def test_white_space_around_a_quotation_is_not_highlighted() -> None:
    assert marquer("a\n bb \nc", 1, 6, "citation") == Marque(debut=3, fin=5, type="citation")


def test_a_quotation_over_several_blocks_is_opened_and_closed_once(
    documents: dict[str, DocumentCanonique],
) -> None:
    document = documents["000"]
    debut, fin = document.blocs[5].debut - 1, document.blocs[8].fin
    rendu = texte_html(document, [marquer(document.texte, debut, fin, "citation")])
    assert rendu.count('id="passage-cite"') == 1
    assert rendu.count("Début de la citation") == rendu.count("Fin de la citation") == 1


def test_a_cited_list_item_comes_with_the_sentence_that_introduces_it(
    documents: dict[str, DocumentCanonique],
) -> None:
    document = documents["001"]
    element = next(b for b in document.blocs if b.introduit_par is not None)
    assert element.introduit_par is not None
    phrase = document.blocs[element.introduit_par]
    rendu = _mots_visibles(contexte_html(document, element.debut, element.fin))
    assert rendu.startswith(document.texte[phrase.debut : phrase.fin])
    assert document.texte[element.debut : element.fin] in rendu


def test_hostile_words_are_escaped_in_a_text(documents: dict[str, DocumentCanonique]) -> None:
    hostile = "<script>alert(1)</script> & \"x\" 'y'"
    modele = documents["003"]
    bloc = modele.blocs[1].model_copy(update={"debut": 0, "fin": len(hostile), "section": ("<b>",)})
    document = modele.model_copy(update={"texte": hostile, "blocs": (bloc,), "trous": ()})
    rendu = texte_html(document, ())
    assert "<script" not in rendu
    assert "<b>" not in rendu


def test_a_lone_surrogate_becomes_a_question_mark() -> None:
    assert echapper("a\ud800b") == "a?b"
