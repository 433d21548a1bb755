"""What the page shows of a reworded answer; the writers are real servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from accessibilite import violations
from attente import attendre_le_repos
from playwright.sync_api import Browser, expect
from streamlit.testing.v1 import AppTest

from assistant.redacteur.libelles import MENTION, ORIGINE
from assistant.redacteur.service import ouvrir_redacteur
from pages_clas.cartes import Tour
from tests.redacteur_lance import ServeurRedacteur, servir

APP = Path(__file__).resolve().parents[2] / "app.py"
QUESTION = "Combien d'enfants par groupe ?"
LISSE = "enfants au maximum"


@pytest.fixture(scope="module")
def serveur() -> Iterator[ServeurRedacteur]:
    with servir() as ouvert:
        yield ouvert


def _demander(question: str) -> AppTest:
    ouvrir_redacteur.cache_clear()
    page = AppTest.from_file(str(APP), default_timeout=60).run()
    page.chat_input[0].set_value(question).run()
    assert not page.exception
    return page


def _html(page: AppTest) -> str:
    corps = (element.proto.body for element in page.html)
    return "\n".join(c for c in corps if not c.startswith(("<style", "<script")))


def test_a_reworded_answer_says_so_and_keeps_the_answer_within_reach(
    serveur: ServeurRedacteur, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAS_LLM_URL", serveur.url("honnete"))
    page = _demander(QUESTION)
    rendu = _html(page).replace("&#x27;", "'")
    lisse, mention = rendu.index(LISSE), rendu.index(MENTION)
    origine = rendu.index(f"<summary>{ORIGINE}</summary>")
    assert lisse < mention < origine < rendu.index("enfants maximum", origine)
    tour: Tour = page.session_state["tours"][0]
    assert tour.lissee is not None
    # What is copied, judged and cited is the answer as it was composed.
    assert "enfants maximum" in tour.reponse.texte
    assert LISSE not in rendu[rendu.index("clas-a-copier") :]


@pytest.mark.long
@pytest.mark.parametrize("mode", [None, "menteur/3"])
def test_without_a_rewording_that_holds_the_page_is_as_it_was(
    serveur: ServeurRedacteur, monkeypatch: pytest.MonkeyPatch, mode: str | None
) -> None:
    if mode is not None:
        monkeypatch.setenv("CLAS_LLM_URL", serveur.url(mode))
    rendu = _html(_demander(QUESTION))
    assert "clas-lissee" not in rendu
    assert "clas-origine" not in rendu
    assert "enfants maximum" in rendu


@pytest.mark.long
def test_the_answer_is_reached_from_its_rewording_with_the_keyboard_alone(
    navigateur: Browser, serveur: ServeurRedacteur, lancer_serveur: Callable[[dict[str, str]], str]
) -> None:
    adresse = lancer_serveur({"CLAS_LLM_URL": serveur.url("honnete")})
    page = navigateur.new_page(locale="fr-FR", reduced_motion="reduce")
    try:
        page.goto(adresse)
        boite = page.get_by_role("textbox", name="Votre question sur le Clas")
        boite.fill(QUESTION)
        boite.press("Enter")
        expect(page.locator(".clas-lissee")).to_have_text(MENTION, timeout=30_000)
        attendre_le_repos(page)
        origine = page.locator(".clas-origine .clas-corps")
        expect(origine).to_be_hidden()
        page.locator(".clas-origine > summary").focus()
        page.keyboard.press("Enter")
        expect(origine).to_be_visible()
        expect(origine).to_contain_text("enfants maximum")
        assert violations(page) == []
    finally:
        page.close()
