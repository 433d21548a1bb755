"""What the page keeps of a conversation, what a porteur says of an answer, what agents read."""

from __future__ import annotations

import dataclasses
import logging
from pathlib import Path
from typing import NoReturn

import pytest
from streamlit.testing.v1 import AppTest

from assistant.configuration import LOG_DAYS_VARIABLE, LOG_VARIABLE, read_configuration
from assistant.dialogue.conseiller import Conseiller
from assistant.questions_posees.models import Filtres, Ligne
from assistant.questions_posees.registre import Registre
from assistant.quotation import Refus, ReponseRefusee
from pages_clas import garde
from tests.situations import ICI

RACINE = Path(__file__).resolve().parents[2]
APP = RACINE / "app.py"
PAGE = RACINE / "pages_clas" / "questions_posees.py"
QUESTION = "Combien de séances par semaine ?"
HORS_CORPUS = "Comment obtenir le RSA ?"
HOSTILE = "<b>gras</b> [lien](http://x) =1+1 $x$ :smile:"


@pytest.fixture
def registre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registre:
    """The log of a data folder of one's own, where the page keeps what it is asked."""
    ici = read_configuration()
    for nom in ("modele", "index", "corpus"):
        (tmp_path / nom).symlink_to((ici.donnees / nom).resolve())
    monkeypatch.setenv("CLAS_DONNEES", str(tmp_path))
    monkeypatch.setenv(LOG_VARIABLE, "oui")
    monkeypatch.setenv(LOG_DAYS_VARIABLE, "90")
    return Registre(tmp_path / "questions", 90)


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garde, "situation", lambda: ICI)


def _ouvrir(script: Path) -> AppTest:
    page = AppTest.from_file(str(script), default_timeout=120).run()
    assert not page.exception
    return page


def _liste() -> AppTest:
    """The agents' page, reached from the others: it links to the texts."""
    page = _ouvrir(APP)
    page.switch_page("pages_clas/questions_posees.py").run()
    assert not page.exception
    return page


def _demander(page: AppTest, question: str = QUESTION) -> AppTest:
    page.chat_input[0].set_value(question).run()
    assert not page.exception
    return page


def _html(page: AppTest) -> str:
    corps = (element.proto.body for element in page.get("html"))
    return "\n".join(c for c in corps if not c.startswith(("<style>:root", "<script")))


def _gardes(registre: Registre) -> tuple[Ligne, ...]:
    return registre.lister(Filtres(), 100).lignes


def _commenter(page: AppTest, mots: str) -> AppTest:
    page.text_area[0].set_value(mots)
    next(b for b in page.button if b.label == "Envoyer le commentaire").click().run()
    assert not page.exception
    return page


@pytest.mark.long
def test_a_turn_is_kept_with_what_it_was_answered_from(registre: Registre) -> None:
    page = _ouvrir(APP)
    page.selectbox(key="departement").set_value("34").run()
    _demander(_demander(page), HORS_CORPUS)
    sans, avec = _gardes(registre)
    tour = page.session_state["tours"][0]
    assert (sans.echange.type, sans.echange.question) == ("hors_corpus", HORS_CORPUS)
    assert avec.echange.question == QUESTION
    assert avec.echange.departement == "34"
    assert avec.echange.texte == tour.reponse.texte
    assert [c.debut for c in avec.echange.citations] == [c.debut for c in tour.reponse.citations]
    assert avec.echange.fiches == ("seances-par-semaine",)
    assert avec.echange.version_textes == tour.edition.identite
    assert len(avec.echange.version_regles) == 12
    assert avec.echange.duree_ms > 0
    assert avec.echange.conversation == sans.echange.conversation
    assert (avec.echange.tour, sans.echange.tour) == (1, 2)
    page.button(key="nouvelle").click().run()
    _demander(page)
    assert len({ligne.echange.conversation for ligne in _gardes(registre)}) == 2


@pytest.mark.long
def test_drawing_the_page_again_keeps_nothing_more(registre: Registre) -> None:
    page = _demander(_ouvrir(APP))
    page.run()
    page.selectbox(key="departement").set_value("69").run()
    assert len(_gardes(registre)) == 1


@pytest.mark.long
def test_the_notice_says_what_is_kept_and_how_long(registre: Registre) -> None:
    rendu = _html(_ouvrir(APP))
    assert "pendant 90 jours" in rendu
    assert "sans compte ni nom" in rendu
    assert not registre.lieu.path.exists()


@pytest.mark.long
def test_nothing_is_shown_nor_kept_where_the_log_is_off(
    registre: Registre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LOG_VARIABLE, "non")
    page = _demander(_ouvrir(APP))
    assert "ce-qui-est-garde" not in _html(page)
    assert not page.radio
    assert not registre.lieu.path.exists()


@pytest.mark.long
def test_a_setting_that_says_nonsense_keeps_nothing_and_answers(
    registre: Registre, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(LOG_DAYS_VARIABLE, "toujours")
    with caplog.at_level(logging.ERROR):
        page = _demander(_ouvrir(APP))
    assert "clas-reponse clas-reponse" in _html(page)
    assert not page.radio
    assert "CLAS_JOURNAL_JOURS vaut « toujours »" in caplog.text
    assert not registre.lieu.path.exists()


@pytest.mark.long
def test_an_opinion_is_given_changed_and_commented(registre: Registre) -> None:
    page = _demander(_ouvrir(APP))
    [choix] = page.radio
    assert choix.label == "La réponse 1 vous est-elle utile ?"
    assert choix.value is None
    assert not page.text_area
    choix.set_value("utile").run()
    assert "Avis gardé : utile" in _html(page)
    page.radio[0].set_value("pas_utile").run()
    [ligne] = _gardes(registre)
    assert ligne.opinion is not None
    assert (ligne.opinion.vote, ligne.opinion.commentaire) == ("pas_utile", "")
    _commenter(page, f"{HOSTILE} joignez jean@asso.fr")
    rendu = _html(page)
    assert "&lt;b&gt;gras&lt;/b&gt;" in rendu
    assert "<b>gras" not in rendu
    assert "[courriel masqué]" in rendu
    [ligne] = _gardes(registre)
    assert ligne.opinion is not None
    assert ligne.opinion.commentaire == f"{HOSTILE} joignez [courriel masqué]"
    assert b"jean" not in registre.lieu.path.read_bytes()


@pytest.mark.long
def test_an_opinion_is_on_its_own_answer(registre: Registre) -> None:
    page = _demander(_demander(_ouvrir(APP)), HORS_CORPUS)
    page.radio[1].set_value("pas_utile").run()
    assert [bool(ligne.opinion) for ligne in _gardes(registre)] == [True, False]
    assert _gardes(registre)[0].echange.question == HORS_CORPUS


@pytest.mark.long
def test_an_answer_comes_though_nothing_can_be_kept(
    registre: Registre, caplog: pytest.LogCaptureFixture
) -> None:
    registre.lieu.path.parent.mkdir()
    registre.lieu.path.write_bytes(b"rien de tel" * 500)
    with caplog.at_level(logging.ERROR):
        page = _demander(_ouvrir(APP))
    assert "clas-reponse clas-reponse" in _html(page)
    assert not page.radio
    assert "n'est pas un journal de questions" in caplog.text
    assert QUESTION not in caplog.text


@pytest.mark.long
def test_an_opinion_that_cannot_be_kept_is_not_said_to_be(registre: Registre) -> None:
    page = _demander(_ouvrir(APP))
    registre.lieu.path.write_bytes(b"rien de tel" * 500)
    page.radio[0].set_value("utile").run()
    assert not page.exception
    rendu = _html(page)
    assert "Votre avis n&#x27;a pas pu être gardé" in rendu
    assert "Avis gardé" not in rendu


@pytest.mark.long
def test_a_question_whose_answer_cannot_be_shown_is_kept(
    registre: Registre, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuser(*_: object, **__: object) -> NoReturn:
        raise ReponseRefusee((Refus(motif="introuvable", explication="essai"),))

    page = _ouvrir(APP)
    with monkeypatch.context() as m:
        m.setattr(Conseiller, "echanger", refuser)
        _demander(page)
    [ligne] = _gardes(registre)
    assert (ligne.echange.type, ligne.echange.texte) == ("refusee", "")


@pytest.mark.usefixtures("agent")
def test_an_agent_reads_what_was_asked_and_goes_to_the_texts(registre: Registre) -> None:
    page = _demander(_demander(_ouvrir(APP), f"{HORS_CORPUS} 06 12 34 56 78"))
    cites = len(_gardes(registre)[1].echange.citations)
    liste = _liste()
    rendu = _html(liste)
    assert "<h2>2 échanges</h2>" in rendu
    assert "sans réponse dans les textes : 1" in rendu
    assert "[téléphone masqué]" in rendu
    assert "34 56" not in rendu
    assert rendu.index("Comment obtenir le RSA") < rendu.index(QUESTION)
    assert '<th scope="col">Question</th>' in rendu
    liste.selectbox(key="questions-echange-1-2").set_value(2).run()
    assert not liste.exception
    assert len(liste.page_link) == cites > 0
    tour = page.session_state["tours"][1]
    assert liste.page_link[0].proto.query_string.startswith(
        f"document={tour.reponse.citations[0].document}&version="
    )
    rendu = _html(liste)
    assert tour.edition.identite in rendu
    assert "Version des règles" in rendu


@pytest.mark.long
@pytest.mark.usefixtures("agent")
def test_the_filters_keep_what_they_say_and_an_export_holds_it(registre: Registre) -> None:
    page = _demander(_demander(_ouvrir(APP)), HORS_CORPUS)
    page.radio[0].set_value("pas_utile").run()
    _commenter(page, HOSTILE)
    assert len(_gardes(registre)) == 2
    liste = _liste()
    liste.selectbox(key="questions-vue").set_value("pas_utile").run()
    rendu = _html(liste)
    assert "<h2>1 échange</h2>" in rendu
    assert "Comment obtenir le RSA" not in rendu
    liste.selectbox(key="questions-echange-1-1").set_value(1).run()
    assert "&lt;b&gt;gras" in _html(liste)
    assert "<b>gras" not in _html(liste)
    liste.button(key="questions-preparer").click().run()
    assert not liste.exception
    [telecharger] = liste.get("download_button")
    assert telecharger.proto.label == "Télécharger le fichier (CSV)"
    liste.text_input(key="questions-mots").set_value("introuvable").run()
    assert "Aucun échange" in _html(liste)
    liste.text_input(key="questions-du").set_value("31/02/2026").run()
    assert "n&#x27;est pas un jour" in _html(liste)


@pytest.mark.long
@pytest.mark.usefixtures("agent")
def test_a_damaged_log_is_told_to_agents(registre: Registre) -> None:
    registre.lieu.path.parent.mkdir()
    registre.lieu.path.write_bytes(b"rien de tel" * 500)
    rendu = _html(_ouvrir(PAGE))
    assert "Questions posées illisibles" in rendu
    assert "n&#x27;est pas un journal de questions" in rendu


@pytest.mark.usefixtures("registre")
def test_the_page_refuses_whoever_holds_no_role(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garde, "situation", lambda: dataclasses.replace(ICI, local=False))
    page = _ouvrir(PAGE)
    assert "Page réservée" in _html(page)
    assert not page.selectbox


@pytest.mark.long
def test_a_role_lost_before_the_click_exports_nothing(
    registre: Registre, monkeypatch: pytest.MonkeyPatch
) -> None:
    actuelle = [ICI]
    monkeypatch.setattr(garde, "situation", lambda: actuelle[0])
    _demander(_ouvrir(APP))
    assert _gardes(registre)
    liste = _ouvrir(PAGE)
    actuelle[0] = dataclasses.replace(ICI, local=False)
    liste.button(key="questions-preparer").click().run()
    assert not liste.get("download_button")
    assert "Page réservée" in _html(liste)
