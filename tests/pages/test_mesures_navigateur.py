"""The pages of measures in a real browser."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from assistant.evaluation.comparison import comparer
from assistant.evaluation.comparison_page import comparaison_en_html
from assistant.evaluation.page import en_html
from assistant.evaluation.report import RapportEvaluation
from assistant.evaluation.run import evaluer
from assistant.evaluation.runs import Execution
from assistant.evaluation.sets import lire_ligne
from assistant.models import PassageClasse, Question, Reponse

TEXTE = "Chaque groupe compte douze enfants. Il se réunit deux fois par semaine."
LIGNES = (
    '{"id": "1", "question": "Combien ?", "faits": [["douze"]], "style": "sms"}',
    (
        '{"id": "2", "question": "Combien ?", "faits": [["quinze"]], '
        '"preuves": [{"source": "001", "extrait": "douze enfants"}]}'
    ),
    '{"id": "3", "question": "Combien ?", "repondable": false}',
)


def _mesurer(texte: str) -> RapportEvaluation:
    """A right answer, a wrong one, and one where the texts are silent."""
    passages = tuple(
        PassageClasse(document="001", debut=debut, fin=fin, texte=TEXTE[debut:fin], score=1)
        for debut, fin in ((36, len(TEXTE)), (0, 35))
    )

    def repondre(question: Question) -> list[Reponse]:
        return [
            Reponse(
                type="reponse", texte=texte, citations=(), passages=passages, portee="nationale",
                confiance=0.9 - int(question.id) / 10,
            )
        ]  # fmt: skip

    questions = [lire_ligne(ligne) for ligne in LIGNES]
    return evaluer(
        questions, repondre, {"001": TEXTE}, portees={"001": "nationale"}, fichier="jeu.jsonl"
    )


def _mesures() -> bytes:
    return en_html(_mesurer("Douze enfants."))


def _comparaison() -> bytes:
    runs = (Execution(tours=_mesurer(texte).tours) for texte in ("Douze.", "Quinze."))
    return comparaison_en_html(comparer(*runs, nom_a="a.json", nom_b="b.json"))


def _sans_faute(page: Page) -> None:
    """Both themes, at the width of a narrow phone, folds open."""
    page.evaluate("document.querySelectorAll('details').forEach(pli => pli.open = true)")
    page.emulate_media(color_scheme="light")
    assert Axe().run(page).response["violations"] == []
    page.emulate_media(color_scheme="dark")
    contrast = Axe().run(page, options={"runOnly": ["color-contrast"]}).response
    assert contrast["violations"] == []
    assert contrast["passes"] != []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.long
@pytest.mark.parametrize("contenu", [_mesures, _comparaison])
def test_the_pages_of_measures_are_accessible_and_fit_a_narrow_phone(
    petit_ecran: BrowserContext, contenu: object
) -> None:
    assert callable(contenu)
    page = petit_ecran.new_page()
    demandes: list[str] = []
    page.on("request", lambda demande: demandes.append(demande.url))
    page.set_content(contenu().decode("utf-8"))
    _sans_faute(page)
    assert demandes == []
    page.close()


def test_every_chart_of_the_measures_is_seen_under_its_name(petit_ecran: BrowserContext) -> None:
    page = petit_ecran.new_page()
    page.set_content(_mesures().decode("utf-8"))
    for nom in (
        "Preuve parmi les premiers passages",
        "Par style : Bien traitées (réponse juste, ou refus à raison)",
        "Par catégorie : Preuve dans les 5 premiers passages",
        "Risque selon la couverture",
        "Fiabilité de la confiance",
        "Temps de réponse",
    ):
        assert page.get_by_role("img", name=nom).is_visible()
    page.close()


def test_the_passages_of_a_miss_are_reached_and_unfolded_by_keyboard(
    petit_ecran: BrowserContext,
) -> None:
    page = petit_ecran.new_page()
    page.set_content(_mesures().decode("utf-8"))
    page.get_by_role("link", name="fait manquant").focus()
    page.keyboard.press("Enter")
    erreur = page.locator("article", has_text="quinze")
    assert erreur.get_by_text("Répondu : type réponse").is_visible()
    tenant = erreur.get_by_text("caractères 0 à 35 ; contient la preuve 1.")
    assert not tenant.is_visible()
    erreur.locator("summary", has_text="Les 2 passages").focus()
    page.keyboard.press("Enter")
    assert tenant.is_visible()
    page.close()
