from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path
from typing import NoReturn

import pytest
from streamlit.testing.v1 import AppTest

from assistant.configuration import read_configuration
from assistant.dialogue.conseiller import Conseiller
from assistant.quotation import Refus, ReponseRefusee, ReponseScellee
from assistant.understanding.repertoire import lire_departements
from corpus.library import load_corpus
from pages_clas import acces
from pages_clas.cartes import Tour, texte_a_copier
from pages_clas.conversation_tours import EXEMPLES

APP = Path(__file__).resolve().parents[2] / "app.py"
QUESTION = "Combien de séances par semaine ?"
HORS_CORPUS = "Comment obtenir le RSA ?"


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_file(str(APP), default_timeout=60).run()


def _demander(page: AppTest, question: str) -> AppTest:
    page.chat_input[0].set_value(question).run()
    assert not page.exception
    return page


def _html(page: AppTest) -> str:
    """What the pages wrote themselves: the style sheet and the script are left out."""
    corps = (element.proto.body for element in page.html)
    return "\n".join(c for c in corps if not c.startswith(("<style", "<script")))


def _tours(page: AppTest) -> list[Tour]:
    tours: list[Tour] = page.session_state["tours"]
    return tours


def test_the_first_page_offers_examples_and_no_answer(page: AppTest) -> None:
    assert sorted(bouton.label for bouton in page.button) == sorted(EXEMPLES)
    assert "clas-reponse" not in _html(page)


def test_every_departement_can_be_chosen_and_none_is_by_default(page: AppTest) -> None:
    choix = page.selectbox(key="departement")
    assert choix.value == ""
    assert len(choix.options) == len(lire_departements()) + 1
    assert "Hérault (34)" in choix.options


def test_an_answer_comes_before_its_numbered_cards(page: AppTest) -> None:
    rendu = _html(_demander(page, QUESTION))
    assert rendu.index("clas-reponse clas-reponse") < rendu.index('id="citation-1-1"')
    reponse = _tours(page)[0].reponse
    assert len(page.page_link) == len(reponse.citations)


def test_an_answer_kept_in_the_session_is_a_sealed_one(page: AppTest) -> None:
    assert isinstance(_tours(_demander(page, QUESTION))[0].scellee, ReponseScellee)


def test_each_card_shows_its_quotation_word_for_word(page: AppTest) -> None:
    rendu = _html(_demander(page, QUESTION))
    cartes = re.findall(r"<blockquote>(.*?)</blockquote>", rendu, flags=re.DOTALL)
    citations = _tours(page)[0].reponse.citations
    assert len(cartes) == len(citations)
    for carte, citation in zip(cartes, citations, strict=True):
        surligne = "".join(re.findall(r"<mark[^>]*>(.*?)</mark>", carte, flags=re.DOTALL))
        mots = re.sub(r'<span class="clas-lu">.*?</span>', "", surligne)
        assert "".join(unescape(mots).split()) == "".join(citation.extrait.split())


def test_each_card_links_to_its_place_in_the_text(page: AppTest) -> None:
    citations = _tours(_demander(page, QUESTION))[0].reponse.citations
    for lien, citation in zip(page.page_link, citations, strict=True):
        assert lien.proto.query_string == (
            f"document={citation.document}&version={citation.version}"
            f"&debut={citation.debut}&fin={citation.fin}"
        )


def test_the_departement_chosen_is_asked_for_and_shown(page: AppTest) -> None:
    page.selectbox(key="departement").set_value("34").run()
    _demander(page, "Quelle est la date limite de dépôt du dossier ?")
    assert _tours(page)[0].departement == "34"
    rendu = _html(page)
    assert "Pour : Hérault (34)" in rendu
    assert "Local : Hérault (34)" in rendu


def test_a_card_says_when_its_text_is_of_another_year_than_the_one_asked_about(
    page: AppTest,
) -> None:
    page.selectbox(key="departement").set_value("34").run()
    page.selectbox(key="annee_scolaire").set_value("2026-2027").run()
    _demander(page, "Quelle est la date limite de dépôt du dossier ?")
    assert "hors de l'année demandée (2026-2027)" in _html(page)


def test_a_question_outside_the_texts_is_said_to_be_so_in_words(page: AppTest) -> None:
    rendu = _html(_demander(page, HORS_CORPUS))
    assert "Les textes ne répondent pas" in rendu
    assert "clas-reponse clas-hors_corpus" in rendu
    assert "citations à l'appui" not in rendu


def test_a_greeting_gets_a_reply_that_is_not_shown_as_an_answer(page: AppTest) -> None:
    rendu = _html(_demander(page, "bonjour"))
    assert "À vous de préciser" in rendu
    assert "clas-reponse clas-precision" in rendu
    assert "data-copier" not in rendu


@pytest.mark.parametrize("question", ["😀😀", "   ", "x" * 100_000, "\x00\x07", "DROP TABLE; --"])
def test_odd_input_gets_a_page_and_no_trace(page: AppTest, question: str) -> None:
    page.chat_input[0].set_value(question).run()
    assert not page.exception
    assert len(_html(page)) < 60_000


def test_an_example_asks_its_question(page: AppTest) -> None:
    next(b for b in page.button if b.label == EXEMPLES[0]).click().run()
    assert _tours(page)[0].question == EXEMPLES[0]


def test_the_conversation_is_kept_in_order(page: AppTest) -> None:
    _demander(_demander(page, QUESTION), HORS_CORPUS)
    rendu = _html(page)
    assert rendu.index('id="question-1"') < rendu.index('id="question-2"')
    assert [tour.question for tour in _tours(page)] == [QUESTION, HORS_CORPUS]


def test_a_new_conversation_forgets_the_questions_and_keeps_the_situation(page: AppTest) -> None:
    page.selectbox(key="departement").set_value("69").run()
    _demander(page, QUESTION)
    page.button(key="nouvelle").click().run()
    assert _tours(page) == []
    assert page.selectbox(key="departement").value == "69"
    assert len([b for b in page.button if b.label in EXEMPLES]) == len(EXEMPLES)


def test_the_conversation_is_there_on_the_way_back_from_a_text(page: AppTest) -> None:
    page.selectbox(key="departement").set_value("34").run()
    _demander(page, QUESTION)
    page.switch_page("pages_clas/lire_les_textes.py").run()
    page.switch_page("pages_clas/poser_une_question.py").run()
    assert "clas-reponse" in _html(page)
    assert page.selectbox(key="departement").value == "34"


@pytest.mark.parametrize(
    "hostile",
    ["<img src=x onerror=alert(1)>", "[lien](https://exemple.fr)", "$x^2$", ":red[rouge]"],
)
def test_a_question_is_shown_escaped_and_never_given_to_markdown(
    page: AppTest, hostile: str
) -> None:
    _demander(page, f"combien d'enfants {hostile}")
    assert (
        f'dir="auto">combien d&#x27;enfants {hostile.replace("<", "&lt;").replace(">", "&gt;")}<'
        in (_html(page))
    )
    assert not any(hostile in markdown.value for markdown in page.markdown)


def test_the_text_to_copy_holds_the_answer_and_every_source(page: AppTest) -> None:
    tour = _tours(_demander(page, QUESTION))[0]
    texte = texte_a_copier(tour, dict(load_corpus().documents), "http://exemple.fr/")
    assert texte.startswith(f"Question : {QUESTION}")
    for numero, citation in enumerate(tour.reponse.citations, start=1):
        assert f"[{numero}] {citation.titre}" in texte
        assert f"« {citation.extrait} »" in texte
        assert f"http://exemple.fr/textes?document={citation.document}&version=" in texte
    assert "**" not in texte


def test_without_an_index_the_page_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAS_DONNEES", str(tmp_path))
    page = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not page.exception
    assert "make app" in _html(page)
    assert not page.chat_input


def test_an_answer_refused_by_the_citation_check_is_not_shown(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuser(*_tour: object) -> NoReturn:
        raise ReponseRefusee((Refus(motif="introuvable", explication="Citation introuvable."),))

    monkeypatch.setattr(Conseiller, "echanger", refuser)
    _demander(page, QUESTION)
    assert "Aucune réponse ne peut être montrée" in _html(page)
    assert "clas-reponse" not in _html(page)
    assert _tours(page) == []


def test_two_people_do_not_see_each_other_s_questions(page: AppTest) -> None:
    autre = AppTest.from_file(str(APP), default_timeout=60).run()
    _demander(page, QUESTION)
    autre.run()
    assert _tours(autre) == []


@pytest.mark.long
def test_a_damaged_index_version_is_said_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    construit = read_configuration()
    (tmp_path / "modele").symlink_to(construit.dossier_modele)
    shutil.copytree(construit.dossier_index, tmp_path / "index")
    (tmp_path / "index" / "courante").write_text("absente")
    monkeypatch.setenv("CLAS_DONNEES", str(tmp_path))
    page = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not page.exception
    assert "Version de secours des textes" in _html(page)
    assert "clas-reponse clas-reponse" in _html(_demander(page, QUESTION))


def test_what_was_told_of_the_project_is_shown_with_its_words(page: AppTest) -> None:
    rendu = _html(_demander(page, "g 6 gamins a la campagne et 1 anim c bon ?"))
    assert "Ce que j'ai retenu de votre projet" in rendu
    assert "« 6 gamins »" in rendu


def test_a_question_of_the_rules_leaves_nothing_to_hold(page: AppTest) -> None:
    assert "Ce que j'ai retenu" not in _html(_demander(page, QUESTION))


def test_a_follow_up_shows_the_question_as_it_was_understood(page: AppTest) -> None:
    rendu = _html(_demander(_demander(page, QUESTION), "et en milieu rural ?"))
    assert f"Question comprise : et en milieu rural ? (à propos de : {QUESTION})" in rendu


def test_a_question_offered_after_an_answer_asks_itself(page: AppTest) -> None:
    _demander(page, QUESTION)
    next(b for b in page.button if b.label == "Où est-ce écrit ?").click().run()
    assert [tour.question for tour in _tours(page)] == [QUESTION, "Où est-ce écrit ?"]
    assert set(_tours(page)[1].reponse.citations) <= set(_tours(page)[0].reponse.citations)


def test_a_new_conversation_forgets_what_was_told(page: AppTest) -> None:
    _demander(page, "On a 10 enfants et 2 animateurs, c'est bon ?")
    page.button(key="nouvelle").click().run()
    assert "Ce que j'ai retenu" not in _html(_demander(page, QUESTION))


def test_a_departement_chosen_on_the_page_takes_over_from_one_told(page: AppTest) -> None:
    _demander(page, "On est à Montpellier.")
    page.selectbox(key="departement").set_value("69").run()
    _demander(page, "Combien d'enfants par groupe ?")
    assert _tours(page)[1].departement == "69"


def test_the_page_reads_nothing_again_where_it_is_told_not_to() -> None:
    ici = read_configuration()
    sans = acces._ouvrir(ici.model_copy(update={"lecteur": False}), None)
    assert sans.modeles.lecture is None
    avec = acces._ouvrir(ici, None)
    assert avec.modeles.rangement == "lu"
