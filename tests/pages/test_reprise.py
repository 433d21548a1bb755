"""A conversation that another replica takes over, by its address."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from assistant.configuration import LOG_VARIABLE
from assistant.conversations.garde import Conversations
from assistant.conversations.scelle import est_un_jeton, nouveau_jeton
from corpus.magasin.adresse import BASE_VARIABLE
from corpus.magasin.moteur import Magasin
from pages_clas.cartes import Tour, texte_a_copier
from tests.postgres_lance import ServeurPostgres

APP = Path(__file__).resolve().parents[2] / "app.py"
QUESTION = "Combien de séances par semaine ?"
RACONTEE = "On a 10 enfants et 2 animateurs, c'est bon ?"


@pytest.fixture
def partage(
    serveur_postgres: ServeurPostgres,
    base_postgres: str,
    magasin: Magasin,
    monkeypatch: pytest.MonkeyPatch,
) -> Magasin:
    """The store that the pages of this test share."""
    monkeypatch.setenv(BASE_VARIABLE, serveur_postgres.url(base_postgres))
    return magasin


def _ouvrir(jeton: str | None = None) -> AppTest:
    page = AppTest.from_file(str(APP), default_timeout=60)
    if jeton is not None:
        page.query_params["conversation"] = jeton
    return _sans_faute(page.run())


def _sans_faute(page: AppTest) -> AppTest:
    assert not page.exception
    return page


def _demander(page: AppTest, question: str) -> AppTest:
    return _sans_faute(page.chat_input[0].set_value(question).run())


def _jeton(page: AppTest) -> str | None:
    found = page.query_params.get("conversation")
    return found[0] if isinstance(found, list) else found


def _tours(page: AppTest) -> list[Tour]:
    tours: list[Tour] = page.session_state["tours"]
    return tours


def _html(page: AppTest) -> str:
    corps = (element.proto.body for element in page.html)
    return "\n".join(c for c in corps if not c.startswith(("<style", "<script")))


def _compter(magasin: Magasin, table: str) -> int:
    with magasin.connexion() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def test_a_conversation_goes_on_where_it_is_taken_over(partage: Magasin) -> None:
    avant = _ouvrir()
    assert _jeton(avant) is None
    avant.selectbox(key="departement").set_value("34").run()
    _demander(_demander(avant, RACONTEE), QUESTION)
    jeton = _jeton(avant)
    assert jeton is not None
    assert est_un_jeton(jeton)

    assert "L'adresse de cette page rouvre votre conversation" in _html(avant)

    apres = _ouvrir(jeton)
    assert [t.reponse for t in _tours(apres)] == [t.reponse for t in _tours(avant)]
    assert _html(apres) == _html(avant)
    assert apres.session_state["memoire"] == avant.session_state["memoire"]
    assert apres.selectbox(key="departement").value == "34"
    assert "Conversation reprise" not in _html(apres)
    # What follows is the same on both, and each goes on its own way.
    for page in (avant, apres):
        _demander(page, "et en milieu rural ?")
    assert _html(apres) == _html(avant)
    assert _jeton(avant) == jeton
    assert _jeton(apres) != jeton
    assert _compter(partage, "conversations.gardees") == 2


@pytest.mark.long
@pytest.mark.usefixtures("partage")
def test_a_new_conversation_leaves_the_address_of_the_one_before() -> None:
    page = _demander(_ouvrir(), QUESTION)
    premier = _jeton(page)
    _sans_faute(page.button(key="nouvelle").click().run())
    assert _jeton(page) is None
    assert _tours(page) == []
    _demander(page, QUESTION)
    assert _jeton(page) not in (None, premier)


@pytest.mark.long
@pytest.mark.usefixtures("partage")
def test_the_token_stands_in_no_link_and_in_no_copied_text() -> None:
    page = _demander(_ouvrir(), QUESTION)
    jeton = _jeton(page)
    assert jeton is not None
    assert jeton not in _html(page)
    assert not any(jeton in lien.proto.query_string for lien in page.page_link)
    assert jeton not in texte_a_copier(_tours(page)[0], {}, "http://exemple.fr/")


@pytest.mark.long
def test_an_unknown_token_is_a_page_without_conversation(partage: Magasin) -> None:
    for inconnu in (nouveau_jeton(), "<b>", "a" * 5000):
        page = _ouvrir(inconnu)
        assert _tours(page) == []
        assert _jeton(page) is None
    assert _compter(partage, "conversations.gardees") == 0


@pytest.mark.long
def test_turns_taken_over_are_not_logged_twice(
    partage: Magasin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LOG_VARIABLE, "oui")
    avant = _demander(_ouvrir(), QUESTION)
    apres = _ouvrir(_jeton(avant))
    assert len(_tours(apres)) == 1
    _demander(apres, "Qui peut encadrer les enfants ?")
    assert _compter(partage, "questions.echanges") == 2
    with partage.connexion() as connection:
        liees = connection.scalar(
            text("SELECT count(DISTINCT conversation) FROM questions.echanges")
        )
    assert liees == 1


@pytest.mark.long
def test_without_the_store_the_page_works_and_its_address_says_nothing(
    serveur_postgres: ServeurPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BASE_VARIABLE, serveur_postgres.url("absente"))
    page = _demander(_ouvrir(), QUESTION)
    assert len(_tours(page)) == 1
    assert _jeton(page) is None
    assert "L'adresse de cette page" not in _html(page)


@pytest.mark.long
def test_without_a_shared_store_nothing_is_taken_over() -> None:
    page = _demander(_ouvrir(nouveau_jeton()), QUESTION)
    assert len(_tours(page)) == 1


@pytest.mark.long
def test_answers_made_again_on_another_version_of_the_texts_are_said_to_be_so(
    partage: Magasin,
) -> None:
    avant = _demander(_ouvrir(), QUESTION)
    jeton = _jeton(avant)
    assert jeton is not None
    conversations = Conversations(partage)
    gardee = conversations.lire(jeton).conversation
    assert gardee is not None
    ancienne = tuple(t.model_copy(update={"edition": "une autre"}) for t in gardee.tours)
    conversations.garder(jeton, gardee.model_copy(update={"tours": ancienne}))
    assert "Conversation reprise" in _html(_ouvrir(jeton))


@pytest.mark.long
def test_an_answer_given_before_a_fact_was_corrected_is_still_said_to_be_so(
    partage: Magasin,
) -> None:
    avant = _demander(_ouvrir(), RACONTEE)
    retirer = next(b for b in avant.button if (b.key or "").startswith("retirer-fait-"))
    _sans_faute(retirer.click().run())
    assert _compter(partage, "conversations.gardees") == 1
    apres = _ouvrir(_jeton(avant))
    assert [t.perimee for t in _tours(apres)] == [t.perimee for t in _tours(avant)] == [True]
    assert apres.session_state["memoire"] == avant.session_state["memoire"]
