"""A page that stays open while the texts change: what was answered, what is asked next."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from attente import attendre_le_repos
from playwright.sync_api import Browser, expect
from streamlit.testing.v1 import AppTest

from assistant.configuration import Configuration, read_configuration
from assistant.preparation import preparer
from assistant.publication.etat import documents_of, open_base, version_in_service
from assistant.publication.publier import go_back, publish
from corpus.base.models import Brouillon, VersionBase
from corpus.canonical import build_canonical
from corpus.library import SOURCES
from corpus.manifest import read_source
from pages_clas import acces
from pages_clas.cartes import Tour

RACINE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(RACINE))
APP = RACINE / "app.py"
LECTURE = "pages_clas/lire_les_textes.py"
QUESTION = "Combien de séances par semaine ?"
AJOUT = "Ce paragraphe a été ajouté pour un essai et ne règle rien."
AVIS = "Les textes ont été mis à jour"
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def installee(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as the program sets it up, only to be copied."""
    construit = read_configuration()
    dossier = tmp_path_factory.mktemp("installee")
    (dossier / "modele").symlink_to(construit.dossier_modele.resolve())
    shutil.copytree(construit.dossier_index, dossier / "index")
    preparer(Configuration(donnees=dossier, modele=None), annonce=lambda _: None)
    return dossier


@pytest.fixture
def place(installee: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Configuration:
    """A data folder of one's own, that pages are served from."""
    shutil.copytree(installee, tmp_path / "var", symlinks=True)
    monkeypatch.setenv("CLAS_DONNEES", str(tmp_path / "var"))
    return Configuration(donnees=tmp_path / "var", modele=None)


@pytest.fixture(scope="module")
def publiee(installee: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a second version published, then the first put back: to be copied."""
    dossier = tmp_path_factory.mktemp("publiee") / "var"
    shutil.copytree(installee, dossier, symlinks=True)
    place = Configuration(donnees=dossier, modele=None)
    premiere = version_in_service(place)
    assert premiere is not None
    _publier(place)
    go_back(place, premiere.identite, "Un autre", annonce=lambda _: None)
    return dossier


@pytest.fixture
def deux(publiee: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Configuration:
    """Two versions, the first in service."""
    shutil.copytree(publiee, tmp_path / "var", symlinks=True)
    monkeypatch.setenv("CLAS_DONNEES", str(tmp_path / "var"))
    return Configuration(donnees=tmp_path / "var", modele=None)


def _publier(place: Configuration) -> VersionBase:
    """Publish every text with a paragraph put before its words: all that it says has moved."""
    base, parent = open_base(place), version_in_service(place)
    assert parent is not None
    entrees = []
    for document in documents_of(base, parent).values():
        source = read_source(document.fiche, SOURCES)
        texte = build_canonical(f"{AJOUT}\n\n{source}", document.fiche)
        base.keep_text(texte)
        avant = parent.en_service[document.fiche.id]
        entrees.append(avant.model_copy(update={"texte": texte.version}))
    base.write_draft(Brouillon(parent=parent.identite, documents=tuple(entrees)))
    return publish(place, "Une gestionnaire", "Un paragraphe de plus", annonce=lambda _: None)


def _seconde(place: Configuration) -> VersionBase:
    """Put the second version in service."""
    version = open_base(place).versions()[0]
    assert version.numero == 2
    return go_back(place, version.identite, "Un autre", annonce=lambda _: None)


def _demander(page: AppTest, question: str) -> AppTest:
    page.chat_input[0].set_value(question).run()
    assert not page.exception
    return page


def _html(page: AppTest) -> str:
    corps = (element.proto.body for element in page.html)
    return unescape("\n".join(c for c in corps if not c.startswith(("<style", "<script"))))


def _tours(page: AppTest) -> list[Tour]:
    tours: list[Tour] = page.session_state["tours"]
    return tours


def _cartes(page: AppTest, numero: int) -> list[str]:
    """What the cards of an answer show."""
    corps = [str(element.proto.body) for element in page.html]
    return [unescape(c) for c in corps if f'id="citation-{numero}-' in c and "clas-carte" in c]


def _surligne(carte: str) -> str:
    marques = "".join(re.findall(r"<mark[^>]*>(.*?)</mark>", carte, flags=re.DOTALL))
    return re.sub(r'<span class="clas-lu">.*?</span>', "", marques)


@pytest.fixture
def page(deux: Configuration) -> AppTest:
    assert deux.dossier_index.is_dir()
    ouverte = AppTest.from_file(str(APP), default_timeout=60).run()
    return _demander(ouverte, QUESTION)


def test_what_was_answered_keeps_the_words_and_the_text_of_its_day(
    page: AppTest, deux: Configuration
) -> None:
    avant = [re.sub(r"<p class=\"clas-parti\">.*?</p>", "", c) for c in _cartes(page, 1)]
    version = _seconde(deux)
    page.run()
    assert not page.exception
    apres = _cartes(page, 1)
    assert [re.sub(r"<p class=\"clas-parti\">.*?</p>", "", c) for c in apres] == avant
    citations = _tours(page)[0].reponse.citations
    assert version.date is not None
    for carte, citation in zip(apres, citations, strict=True):
        assert "".join(_surligne(carte).split()) == "".join(citation.extrait.split())
        assert f"Texte remplacé le {version.date:%d/%m/%Y}" in carte


def test_the_next_question_is_answered_from_the_new_version_and_the_page_says_so_once(
    page: AppTest, deux: Configuration
) -> None:
    assert AVIS not in _html(page)
    version = _seconde(deux)
    _demander(page, QUESTION)
    _demander(page, "Combien d'enfants par groupe ?")
    rendu = _html(page)
    assert rendu.count(AVIS) == 1
    assert rendu.index('id="question-1"') < rendu.index(AVIS) < rendu.index('id="question-2"')
    assert "version n° 2" in rendu
    for tour in _tours(page)[1:]:
        for citation in tour.reponse.citations:
            assert citation.version == version.en_service[citation.document].texte
    for carte in _cartes(page, 2):
        assert "clas-parti" not in carte


def test_a_page_that_nobody_touches_says_nothing_and_keeps_its_answers(
    page: AppTest, deux: Configuration
) -> None:
    _seconde(deux)
    page.run()
    assert AVIS not in _html(page)
    assert len(_tours(page)) == 1


def test_what_the_visit_holds_is_kept_through_a_publication(deux: Configuration) -> None:
    page = AppTest.from_file(str(APP), default_timeout=60).run()
    page.selectbox(key="departement").set_value("34").run()
    _demander(page, "j'ai 6 enfants en milieu rural, c'est bon ?")
    _seconde(deux)
    _demander(page, "et avec 9 enfants ?")
    assert page.selectbox(key="departement").value == "34"
    assert len(_tours(page)) == 2
    assert "Ce que j'ai retenu de votre projet" in _html(page)


def test_a_card_of_a_text_that_is_lost_still_shows_its_words(
    page: AppTest, deux: Configuration
) -> None:
    _seconde(deux)
    base = open_base(deux)
    for citation in _tours(page)[0].reponse.citations:
        path = base.folder / "textes" / f"{citation.document}@{citation.version}.json"
        path.write_bytes(b"{}")
    page.run()
    assert not page.exception
    for carte, citation in zip(_cartes(page, 1), _tours(page)[0].reponse.citations, strict=True):
        assert "".join(_surligne(carte).split()) == "".join(citation.extrait.split())


def test_the_link_of_an_earlier_answer_opens_the_text_of_its_day(
    page: AppTest, deux: Configuration
) -> None:
    citation = _tours(page)[0].reponse.citations[0]
    version = _seconde(deux)
    page.switch_page(LECTURE)
    for nom, valeur in {
        "document": citation.document,
        "version": citation.version,
        "debut": str(citation.debut),
        "fin": str(citation.fin),
    }.items():
        page.query_params[nom] = valeur
    page.run()
    assert not page.exception
    rendu = _html(page)
    assert version.date is not None
    assert f"Texte remplacé le {version.date:%d/%m/%Y}" in rendu
    assert "".join(_surligne(rendu).split()) == "".join(citation.extrait.split())
    assert AJOUT not in rendu
    assert any(lien.label == "Lire le texte en service" for lien in page.page_link)


def test_another_page_says_once_that_the_texts_changed(deux: Configuration) -> None:
    page = AppTest.from_file(str(APP), default_timeout=60).run()
    page.switch_page(LECTURE).run()
    assert AVIS not in _html(page)
    _seconde(deux)
    page.run()
    assert AVIS in _html(page)
    page.run()
    assert AVIS not in _html(page)


def test_the_assistant_of_the_version_before_is_released(deux: Configuration) -> None:
    acces._ouvrir.clear()
    premiere = acces._ouvrir(deux, "1")
    assert acces._ouvrir(deux, "1") is premiere
    _seconde(deux)
    seconde = acces._ouvrir(deux, "2")
    assert seconde.index.info.version != premiere.index.info.version
    assert acces._ouvrir(deux, "2") is seconde
    # No room is kept for the first: asked for again, it is opened again, as what is in service.
    assert acces._ouvrir(deux, "1") is not premiere


def test_a_publication_is_answered_from_without_the_server_being_started_again(
    page: AppTest, deux: Configuration
) -> None:
    damaged = deux.dossier_index / "courante"
    premiere = damaged.read_text("ascii")
    _seconde(deux)
    assert damaged.read_text("ascii") != premiere
    _demander(page, QUESTION)
    editions = [tour.edition.numero for tour in _tours(page) if tour.edition]
    assert editions == [1, 2]


def test_a_browser_left_open_moves_to_the_new_version_at_its_next_question(
    navigateur: Browser, lancer_serveur: Callable[[dict[str, str]], str], deux: Configuration
) -> None:
    adresse = lancer_serveur({"CLAS_DONNEES": str(deux.donnees)})
    contexte = navigateur.new_context(locale="fr-FR", reduced_motion="reduce")
    contexte.set_default_timeout(60_000)
    onglet = contexte.new_page()
    onglet.goto(adresse)
    boite = onglet.get_by_role("textbox", name="Votre question sur le Clas")
    boite.fill(QUESTION)
    boite.press("Enter")
    expect(onglet.locator(".clas-reponse")).to_have_count(1, timeout=60_000)
    attendre_le_repos(onglet)
    mots = onglet.locator("#citation-1-1 mark").all_inner_texts()
    _seconde(deux)
    boite.fill("Combien d'enfants par groupe ?")
    boite.press("Enter")
    expect(onglet.locator(".clas-reponse")).to_have_count(2, timeout=60_000)
    attendre_le_repos(onglet)
    expect(onglet.get_by_text(AVIS)).to_have_count(1)
    expect(onglet.locator("#citation-1-1 .clas-parti")).to_contain_text("Texte remplacé le")
    assert onglet.locator("#citation-1-1 mark").all_inner_texts() == mots
    expect(onglet.locator("#citation-2-1 .clas-parti")).to_have_count(0)
    onglet.get_by_role("link", name="Lire la citation 1 dans le texte").first.click()
    expect(onglet.get_by_text("Ce texte n'est plus en service")).to_be_visible()
    expect(onglet.locator("#passage-cite")).to_be_visible()
    contexte.close()
