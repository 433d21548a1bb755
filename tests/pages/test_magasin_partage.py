"""The pages of a replica, where questions and marks are in the shared store."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assistant.avis.actes import mark
from assistant.avis.empreintes import target_of_answer
from assistant.avis.journal import Journal
from assistant.avis.partage import JournalPartage
from assistant.avis.registre import Registre as Avis
from assistant.configuration import LOG_VARIABLE, read_configuration
from assistant.questions_posees.models import Filtres
from assistant.questions_posees.partage import Partage
from assistant.questions_posees.registre import Registre
from corpus.magasin.adresse import BASE_VARIABLE
from corpus.magasin.moteur import Magasin
from tests.postgres_lance import ServeurPostgres

APP = Path(__file__).resolve().parents[2] / "app.py"
QUESTION = "Combien de séances par semaine ?"


@pytest.fixture
def replique(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    serveur_postgres: ServeurPostgres,
    base_postgres: str,
) -> Path:
    """The data folder of a replica that shares a store."""
    ici = read_configuration()
    for nom in ("modele", "index", "corpus"):
        (tmp_path / nom).symlink_to((ici.donnees / nom).resolve())
    monkeypatch.setenv("CLAS_DONNEES", str(tmp_path))
    monkeypatch.setenv(LOG_VARIABLE, "oui")
    monkeypatch.setenv(BASE_VARIABLE, serveur_postgres.url(base_postgres))
    return tmp_path


def _demander(page: AppTest) -> AppTest:
    page.chat_input[0].set_value(QUESTION).run()
    assert not page.exception
    return page


def _ouvrir() -> AppTest:
    page = AppTest.from_file(str(APP), default_timeout=120).run()
    assert not page.exception
    return page


def _posees(magasin: Magasin) -> list[str]:
    lignes = Registre(Partage(magasin), 365).lister(Filtres(), 100).lignes
    return [ligne.echange.question for ligne in lignes]


@pytest.mark.long
def test_what_is_asked_and_judged_is_in_the_store(replique: Path, magasin: Magasin) -> None:
    page = _demander(_ouvrir())
    assert _posees(magasin) == [QUESTION]
    reponse = page.session_state["tours"][0].reponse
    # Another replica says that this answer is wrong: it is not given here any more.
    ailleurs = Avis(JournalPartage(magasin, Journal(replique / "ailleurs")))
    mark(ailleurs, target_of_answer(reponse, ""), "faux", "le nombre est faux", "Une agente")
    time.sleep(1.1)
    encore = _demander(_ouvrir()).session_state["tours"][0].reponse
    assert encore.texte != reponse.texte
    assert not (replique / "questions").exists()
    assert not (replique / "avis" / "journal.jsonl").exists()


@pytest.mark.long
@pytest.mark.usefixtures("replique")
def test_a_page_answers_while_the_store_is_frozen_and_keeps_the_question(
    serveur_postgres: ServeurPostgres, magasin: Magasin, replique: Path
) -> None:
    page = _demander(_ouvrir())
    avant = page.session_state["tours"][0].reponse.texte
    _demander(page)
    with serveur_postgres.gele():
        # Nothing but its own delays lets the page go: the store says nothing before the end.
        _demander(page)
        assert page.session_state["tours"][2].reponse.texte == avant
    assert (replique / "questions" / "attente.sqlite3").is_file()
    # Found again by itself, at most a pause later.
    time.sleep(10)
    page.run()
    assert len(_posees(magasin)) == 3
