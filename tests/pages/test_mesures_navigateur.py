"""The page of measures in a real browser."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext

from assistant.evaluation.page import en_html
from assistant.evaluation.run import evaluer
from assistant.evaluation.sets import lire_ligne
from assistant.models import Question, Reponse


def _mesures() -> bytes:
    """A right answer, a wrong one, and one where the texts are silent."""
    lignes = (
        '{"id": "1", "question": "Combien ?", "faits": [["douze"]]}',
        '{"id": "2", "question": "Combien ?", "faits": [["quinze"]]}',
        '{"id": "3", "question": "Combien ?", "repondable": false}',
    )

    def repondre(question: Question) -> list[Reponse]:
        texte, confiance = "Douze enfants.", 0.9 - int(question.id) / 10
        return [
            Reponse(
                type="reponse", texte=texte, citations=(), passages=(), portee="nationale",
                confiance=confiance,
            )
        ]  # fmt: skip

    questions = [lire_ligne(ligne) for ligne in lignes]
    return en_html(evaluer(questions, repondre, {}, portees={}, fichier="jeu.jsonl"))


def test_the_page_of_measures_is_accessible_and_fits_a_narrow_phone(
    petit_ecran: BrowserContext,
) -> None:
    page = petit_ecran.new_page()
    page.set_content(_mesures().decode("utf-8"))
    assert Axe().run(page).response["violations"] == []
    assert page.get_by_role("img", name="Risque selon la couverture").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()
